"""The Store in a folder: the contract, and what only a folder can get wrong."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipeline.adapters.directory_store import DirectoryStore, create_directory_store
from pipeline.disk import disk_errors, new_locked_file, sweep_abandoned
from pipeline.errors import DiskFull, HomeMissing, HomeReadOnly, HomeTooNew, KeyExists, KeyMissing, StoreUnavailable
from tests.contracts.store_contract import StoreContract
from tests.custody.small_disk import small_disk
from tests.programs import running


@pytest.fixture
def store(tmp_path: Path) -> DirectoryStore:
    create_directory_store(tmp_path / "home" / "store")
    return DirectoryStore(tmp_path / "home" / "store")


class TestDirectoryStore(StoreContract):
    """The contract."""


def test_making_a_store_twice_keeps_what_is_in_it(store: DirectoryStore, tmp_path: Path) -> None:
    store.put_new("kept", b"1")
    create_directory_store(tmp_path / "home" / "store")
    assert DirectoryStore(tmp_path / "home" / "store").get("kept") == b"1"


def test_opening_a_store_that_is_not_there_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(HomeMissing):
        DirectoryStore(tmp_path / "nowhere" / "store")
    assert list(tmp_path.iterdir()) == []


def test_a_store_of_another_version_is_left_alone(store: DirectoryStore, tmp_path: Path) -> None:
    (tmp_path / "home" / "store" / "format").write_text("sohoa store 2\n")
    with pytest.raises(HomeTooNew):
        DirectoryStore(tmp_path / "home" / "store")


def test_objects_are_read_only_files(store: DirectoryStore) -> None:
    store.put_new("originals/x", b"1")
    assert stat.S_IMODE(store.path_of("originals/x").stat().st_mode) & 0o222 == 0


def test_a_file_in_the_stores_own_temp_folder_becomes_the_object_without_a_copy(store: DirectoryStore) -> None:
    spooled = store.temp / "spooled"
    spooled.write_bytes(b"scan")
    inode = spooled.stat().st_ino
    store.put_new("originals/x", spooled)
    assert store.path_of("originals/x").stat().st_ino == inode
    assert not spooled.exists()


def test_no_unfinished_object_stays_after_puts_that_succeed_or_are_refused(store: DirectoryStore, tmp_path: Path) -> None:
    store.put_new("once", b"1")
    with pytest.raises(KeyExists):
        store.put_new("once", b"2")
    with pytest.raises(StoreUnavailable):
        store.put_new("from-nothing", tmp_path / "there-is-no-such-file")
    assert list(store.temp.iterdir()) == []
    with pytest.raises(KeyMissing):
        store.get("from-nothing")


def test_the_sweep_takes_what_the_dead_left_and_nothing_of_the_living(store: DirectoryStore, tmp_path: Path) -> None:
    writer = (
        "import sys, time; from pathlib import Path; from pipeline.adapters.directory_store import DirectoryStore\n"
        "from pipeline.disk import new_locked_file\n"
        "store = DirectoryStore(Path(sys.argv[1]))\n"
        "with new_locked_file(store.temp, 0o444) as (path, file):\n"
        "    file.write(b'half'); file.flush(); print('writing', flush=True); time.sleep(60)\n"
    )
    command = [sys.executable, "-c", writer, str(tmp_path / "home" / "store")]
    with running(command) as living:
        assert living.stdout is not None
        living.stdout.readline()
        assert store.sweep_temp() == 0
        os.kill(living.pid, signal.SIGKILL)
    assert len(list(store.temp.iterdir())) == 1
    assert store.sweep_temp() == 1
    assert list(store.temp.iterdir()) == []


def test_who_sweeps_without_pause_takes_nothing_from_those_who_begin_to_write(tmp_path: Path) -> None:
    ended = threading.Event()

    def sweep() -> None:
        while not ended.is_set():
            sweep_abandoned(tmp_path)

    with ThreadPoolExecutor(2) as sweepers:
        for _ in range(2):
            sweepers.submit(sweep)
        try:
            for _ in range(2_000):
                with new_locked_file(tmp_path, 0o600) as (path, _file):
                    assert path.exists()
        finally:
            ended.set()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_to_be_full_and_leaves_no_half_object() -> None:
    with small_disk(megabytes=4) as folder:
        create_directory_store(folder / "store")
        store = DirectoryStore(folder / "store")
        store.put_new("small", b"1")
        with pytest.raises(DiskFull):
            store.put_new("large", os.urandom(8_000_000))
        assert list(store.list_after("")) == ["small"]
        assert list(store.temp.iterdir()) == []
        assert store.free_bytes() > 1_000_000
        store.put_new("after", b"2")


def test_a_read_only_home_is_said_to_be_read_only() -> None:
    with small_disk(megabytes=4) as folder:
        create_directory_store(folder / "store")
        DirectoryStore(folder / "store").put_new("kept", b"1")
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        store = DirectoryStore(folder / "store")
        with pytest.raises(HomeReadOnly):
            store.put_new("new", b"2")
        assert store.get("kept") == b"1"


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.EROFS, HomeReadOnly),
        (errno.EACCES, HomeReadOnly),
        (errno.EPERM, HomeReadOnly),
        (errno.EIO, StoreUnavailable),
        (errno.EMFILE, StoreUnavailable),
        (errno.ESTALE, StoreUnavailable),
        (errno.ENOENT, StoreUnavailable),
    ],
)
def test_every_error_of_the_disk_has_our_name(number: int, error: type[Exception]) -> None:
    with pytest.raises(error), disk_errors():
        raise OSError(number, os.strerror(number))


def test_listing_opens_no_object(store: DirectoryStore, tmp_path: Path) -> None:
    folder = tmp_path / "home" / "store" / "objects" / "many"
    folder.mkdir()
    for number in range(100):
        os.mkfifo(folder / f"{number:06d}")  # whoever opened one of these would wait for ever
    assert len(list(store.list_after("many/"))) == 100
