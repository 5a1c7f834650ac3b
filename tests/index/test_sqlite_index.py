"""What is SQLite's own: files, processes, damage."""

from __future__ import annotations

import errno
import hashlib
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from pipeline.adapters.fts_expressions import columns, keys_column
from pipeline.adapters.sqlite_file import check_sqlite, sqlite_errors
from pipeline.adapters.sqlite_index import SqliteIndex
from pipeline.adapters.sqlite_rows import SCHEMA_VERSION, TABLES, numbers_of_day
from pipeline.errors import DiskFull, HomeReadOnly, IndexUnavailable, SohoaError, ToolMissing
from pipeline.index import RECEIVED_BITS, field_words, newness, own_keys, record_values, searched_words
from pipeline.ports import Putting
from pipeline.query import Query
from tests.contracts.index_office import OFFICE, found
from tests.custody.small_disk import small_disk
from tests.index.entries import entry
from tests.programs import beside, running

ROOT = Path(__file__).parent.parent.parent
DIKES = [entry(f"{number}", "đê điều") for number in range(10)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def index(folder: Path) -> SqliteIndex:
    index = SqliteIndex(folder)
    index.put(DIKES)
    return index


def file_of(folder: Path) -> Path:
    return folder / (folder / "current").read_text()


@contextmanager
def another_process(action: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Killed at the end unless it has ended."""
    command = [sys.executable, "-m", "tests.index.index_process", action, str(folder)]
    with running(command, cwd=ROOT) as process:
        assert process.stdout
        assert process.stdout.readline() == "begun\n"
        yield process


# --- files ------------------------------------------------------------------------------------------------------------------


def test_of_a_record_that_was_removed_neither_fields_nor_text_are_left_in_the_file(folder: Path) -> None:
    """The words of the full-text search go when SQLite merges them, or with `rebuild`."""
    index = SqliteIndex(folder)
    index.put([*DIKES, entry("secret", "nội dung " * 50, subject="Về việc không ai được biết")])
    file = file_of(folder)
    with closing(sqlite3.connect(file)) as connection:
        (packed,) = connection.execute("SELECT packed FROM page ORDER BY length(packed) DESC LIMIT 1").fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = [packed, "Về việc không ai được biết".encode()]
    assert all(one in file.read_bytes() for one in kept)
    index.remove("secret", 1)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert not any(one in file.read_bytes() for one in kept)


def test_asking_makes_no_index(folder: Path) -> None:
    with pytest.raises(IndexUnavailable) as missing:
        SqliteIndex(folder).search(Query("đê"))
    assert "sohoa reindex" in str(missing.value)
    assert SqliteIndex(folder).generations() == {}
    assert not folder.exists()


def test_creating_twice_keeps_what_is_there(index: SqliteIndex) -> None:
    index.create()
    assert index.search(Query("đê điều")).total == 10


@pytest.mark.parametrize("delete", [shutil.rmtree, lambda folder: file_of(folder).unlink()], ids=["folder", "file"])
def test_a_deleted_index_is_begun_again_by_the_next_record(
    index: SqliteIndex, folder: Path, delete: Callable[[Path], None]
) -> None:
    delete(folder)
    with pytest.raises(IndexUnavailable):
        index.search(Query("đê"))
    assert index.generations() == {}
    index.put(DIKES[:3])
    assert index.search(Query("đê")).total == 3


def test_only_the_files_in_use_stay_after_a_rebuild(index: SqliteIndex, folder: Path) -> None:
    index.rebuild(DIKES)
    index.put([entry("late", "đê")])
    names = {file.name.partition(".db")[0] for file in folder.iterdir()}
    assert names == {"current", "rebuild.lock", file_of(folder).stem}


def test_a_rebuild_that_fails_leaves_nothing_behind(index: SqliteIndex, folder: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        index.rebuild(entry(f"{1 // number}") for number in (1, 0))
    assert list(folder.glob("*.db")) == [file_of(folder)]
    assert index.search(Query("đê điều")).total == 10


# --- damage -----------------------------------------------------------------------------------------------------------------


def overwrite(folder: Path, content: Callable[[bytes], bytes]) -> None:
    file = file_of(folder)
    file.write_bytes(content(file.read_bytes()))


DAMAGES: dict[str, Callable[[Path], object]] = {
    "an empty file": lambda folder: overwrite(folder, lambda _: b""),
    "random bytes": lambda folder: overwrite(folder, lambda old: random.Random(1).randbytes(len(old))),
    "zeros after the first page": lambda folder: overwrite(folder, lambda old: old[:8192] + bytes(len(old) - 8192)),
    "half of the file": lambda folder: overwrite(folder, lambda old: old[: len(old) // 2]),
    "a name of nothing": lambda folder: (folder / "current").write_text("../../etc/passwd"),
    "an empty name": lambda folder: (folder / "current").write_bytes(b""),
    "bytes for a name": lambda folder: (folder / "current").write_bytes(b"\xff\x00" * 50),
    "a file of another version": lambda folder: in_file(folder, f"PRAGMA user_version={SCHEMA_VERSION + 1}"),
    "a page that cannot be unpacked": lambda folder: in_file(folder, "UPDATE page SET packed = x'00'"),
}


def in_file(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(file_of(folder))) as connection, connection:
        connection.execute(statement)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_says_so_and_a_rebuild_heals_it(index: SqliteIndex, folder: Path, damage: str) -> None:
    DAMAGES[damage](folder)
    with pytest.raises(IndexUnavailable) as damaged:
        index.search(Query("đê điều"))
    assert "sohoa reindex" in str(damaged.value)
    assert index.rebuild(DIKES) == 10
    assert index.search(Query("đê điều")).total == 10
    assert index.put([entry("new", "đê")]) == {"new": Putting.WRITTEN}


def test_a_damaged_page_of_the_old_index_leaves_no_half_record_in_the_new_one(index: SqliteIndex, folder: Path) -> None:
    def entries() -> Iterator[object]:
        yield from DIKES
        index.put([entry("late", "đê điều")])
        in_file(folder, "UPDATE page SET packed = x'00'")

    index.rebuild(entries())  # type: ignore[arg-type]
    assert sorted(index.generations()) == sorted(found(index, "đê điều")) == sorted(dike.placement.record_id for dike in DIKES)


ERRORS = {name: error for name, error in vars(sqlite3).items() if isinstance(error, type) and issubclass(error, sqlite3.Error)}


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
def test_no_error_of_the_library_gets_out(error: type[sqlite3.Error]) -> None:
    with pytest.raises(IndexUnavailable), sqlite_errors():
        raise error("what the library says")


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (sqlite3.OperationalError("no such module: fts5"), ToolMissing),
        (OSError(errno.ENOSPC, ""), DiskFull),
        (OSError(errno.EROFS, ""), HomeReadOnly),
        (OSError(errno.EIO, ""), IndexUnavailable),
        (DiskFull(), DiskFull),
    ],
)
def test_each_error_has_its_own_words(error: Exception, ours: type[SohoaError]) -> None:
    with pytest.raises(ours), sqlite_errors():
        raise error


def test_a_full_file_is_a_full_disk() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("PRAGMA max_page_count=2")
        with pytest.raises(DiskFull), sqlite_errors():
            connection.execute("CREATE TABLE a AS SELECT randomblob(100000)")


def test_this_sqlite_will_do() -> None:
    assert check_sqlite() == sqlite3.sqlite_version


def test_a_full_disk_stops_writing_and_not_asking() -> None:
    with small_disk(2) as disk:
        index = SqliteIndex(disk / "index")
        index.put(DIKES)
        with pytest.raises(DiskFull):
            index.put(entry(f"more-{number}", random.Random(number).randbytes(3000).hex(" ", 2)) for number in range(2000))
        assert index.search(Query("đê điều")).total == 10
        with pytest.raises(DiskFull):
            index.rebuild(entry(f"more-{number}", random.Random(number).randbytes(3000).hex(" ", 2)) for number in range(2000))
        assert index.search(Query("đê điều")).total == 10


def test_an_index_on_a_read_only_disk_answers() -> None:
    with small_disk(2) as disk:
        index = SqliteIndex(disk / "index")
        index.put(DIKES)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        assert index.search(Query("đê điều")).total == 10
        for change in (lambda: index.put(DIKES), lambda: index.remove("1", 1), lambda: index.rebuild(DIKES)):
            with pytest.raises(HomeReadOnly):
                change()


# --- other processes --------------------------------------------------------------------------------------------------------


def test_readers_in_other_processes_pass_over_to_the_new_index(index: SqliteIndex, folder: Path) -> None:
    with another_process("ask", folder) as reader:
        for times in (2, 3, 4, 5):
            index.rebuild(entry(f"{number}", "đê điều") for number in range(10 * times))
        reader.communicate(input="stop\n", timeout=60)
        assert reader.returncode == 0


def test_a_writer_in_another_process_and_readers_here_do_not_hinder_each_other(index: SqliteIndex, folder: Path) -> None:
    with another_process("put", folder):
        for _ in range(20):
            assert index.search(Query("đê điều")).total == 10


@pytest.mark.parametrize("moment", range(5))
def test_a_writer_killed_at_any_moment_leaves_whole_records(index: SqliteIndex, folder: Path, moment: int) -> None:
    with another_process("put", folder) as writer:
        time.sleep(random.Random(moment).random() / 4)
        writer.kill()
        writer.wait()
    whole = sum(record_id.startswith("r-") for record_id in index.generations())
    assert index.search(Query("trang một")).total == index.search(Query("trang hai")).total == whole
    assert index.put([entry("after", "trang ba")]) == {"after": Putting.WRITTEN}


def test_a_killed_rebuild_leaves_the_old_index_and_the_next_one_clears_up(index: SqliteIndex, folder: Path) -> None:
    with another_process("rebuild", folder) as rebuild:
        with pytest.raises(IndexUnavailable) as busy:
            index.rebuild(DIKES)
        assert "đang được dựng lại" in str(busy.value)
        rebuild.kill()
        rebuild.wait()
    assert len(list(folder.glob("*.db"))) == 2
    assert index.search(Query("đê điều")).total == 10
    assert index.rebuild(DIKES[:4]) == 4
    assert len(list(folder.glob("*.db"))) == 1


def test_records_put_all_through_a_rebuild_are_all_there(index: SqliteIndex, folder: Path) -> None:
    stop = threading.Event()
    put: list[str] = []

    def keep_putting() -> None:
        while not stop.is_set():
            record_id = f"late-{len(put)}"
            assert SqliteIndex(folder).put([entry(record_id, "đến muộn")]) == {record_id: Putting.WRITTEN}
            put.append(record_id)

    with beside(keep_putting, end=stop.set):
        for _ in range(4):
            index.rebuild(DIKES)  # from a store that knows nothing of the late ones
            index.put(entry(record_id, "đến muộn") for record_id in put[:])
    assert index.search(Query("đến muộn")).total == len(put)


# --- versions ---------------------------------------------------------------------------------------------------------------

ROWS_OF_VERSION = {3: "794f208924b20adb"}


def test_other_rows_for_the_same_entry_are_another_version() -> None:
    """An index made before the change would keep words that nobody can take out. Give SCHEMA_VERSION and this digest anew."""
    words = searched_words("Thủy, ỦY BAN – “kỳ” Ðà Nẵng l5/QĐ…")
    rows: list[object] = [TABLES, columns(words, "", words)]
    for one in OFFICE:
        keys = keys_column(own_keys(one), record_values(one))
        rows += [columns(field_words(one), keys, searched_words(page.text)) for page in one.pages]
        rows.append(numbers_of_day(newness(one) >> RECEIVED_BITS))
    assert hashlib.sha256(repr(rows).encode()).hexdigest()[:16] == ROWS_OF_VERSION[SCHEMA_VERSION]
