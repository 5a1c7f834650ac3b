"""A shared folder in which others drop files."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from pipeline.adapters.directory_incoming import OURS, DirectoryIncoming, create_directory_incoming
from pipeline.errors import FileChanging, FolderUnusable, IncomingMissing, KeyMissing, UnreadableFile
from tests.cli.as_nobody import as_nobody, place_of_all
from tests.contracts.incoming_contract import BIG, DropSite, IncomingContract


@dataclass(frozen=True, slots=True)
class FolderDropper:
    root: Path

    def drop(self, key: str, content: bytes) -> None:
        path = self.root / key
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".{uuid4().hex}")
        new.write_bytes(content)
        new.replace(path)

    def content(self, key: str) -> bytes | None:
        with suppress(FileNotFoundError):
            return (self.root / key).read_bytes()
        return None

    def seen(self) -> list[str]:
        """Folders may come and go meanwhile."""
        found = [Path(parent, name) for parent, _, names in os.walk(self.root) for name in names]
        keys = sorted(path.relative_to(self.root).as_posix() for path in found)
        return [key for key in keys if not key.startswith(OURS)]


@pytest.fixture
def drop_site(tmp_path: Path) -> DropSite:
    create_directory_incoming(tmp_path / "shared")
    return DropSite(DirectoryIncoming(tmp_path / "shared"), FolderDropper(tmp_path / "shared"))


@pytest.fixture
def root(drop_site: DropSite, tmp_path: Path) -> Path:
    return tmp_path / "shared"


class TestInAFolder(IncomingContract):
    @pytest.fixture
    def drop_site(self, drop_site: DropSite) -> DropSite:
        return drop_site


def test_making_the_folders_twice_changes_nothing(root: Path, drop_site: DropSite) -> None:
    drop_site.dropper.drop("incoming/a/b/c.pdf", b"1")
    create_directory_incoming(root)
    assert drop_site.dropper.seen() == ["incoming/a/b/c.pdf"]


def test_a_folder_that_is_not_there_or_not_made_is_told(tmp_path: Path) -> None:
    for folder in (tmp_path / "none", tmp_path):
        with pytest.raises(IncomingMissing):
            DirectoryIncoming(folder)
    (tmp_path / "file").write_text("x")
    with pytest.raises(FolderUnusable):
        create_directory_incoming(tmp_path / "file")


def test_links_and_pipes_are_left_alone(root: Path, drop_site: DropSite, tmp_path: Path) -> None:
    (tmp_path / "secret.pdf").write_bytes(b"%PDF secret")
    batch = root / "incoming" / "a" / "b"
    batch.mkdir(parents=True)
    (batch / "link.pdf").symlink_to(tmp_path / "secret.pdf")
    (batch / "folder").symlink_to(tmp_path)
    os.mkfifo(batch / "pipe.pdf")
    assert list(drop_site.incoming.list_after("incoming/")) == []
    assert drop_site.incoming.look("incoming/a/b/link.pdf") is None
    through = drop_site.incoming.look("incoming/a/b/folder/secret.pdf")
    assert through is not None
    with pytest.raises(KeyMissing):
        drop_site.incoming.open(through)


def test_a_file_that_is_written_to_while_it_is_read_has_no_end(root: Path, drop_site: DropSite) -> None:
    lying = drop_site.dropped("incoming/a/b/c.pdf", BIG)
    with drop_site.incoming.open(lying) as stream:
        assert stream.read(10) == BIG[:10]
        with (root / lying.key).open("ab") as file:
            file.write(b"more")
        with pytest.raises(FileChanging):
            stream.read()


def test_its_age_is_that_of_its_last_change_whatever_time_its_writer_gave_it(root: Path, drop_site: DropSite) -> None:
    drop_site.dropper.drop("incoming/a/b/c.pdf", b"1")
    os.utime(root / "incoming/a/b/c.pdf", (1, 1))
    lying = drop_site.incoming.look("incoming/a/b/c.pdf")
    assert lying is not None
    assert lying.age_seconds < 60


def test_what_a_dead_taker_left_on_its_way_out_is_put_back(root: Path, drop_site: DropSite) -> None:
    drop_site.dropper.drop("incoming/a/b/c.pdf", b"newer")
    for number, age in ((1, 120), (2, 0)):
        place = root / OURS / "leaving" / f"{number}"
        (place / "incoming/a/b").mkdir(parents=True)
        (place / "incoming/a/b/c.pdf").write_bytes(b"left %d" % number)
        os.utime(place, (time.time() - age,) * 2)
    DirectoryIncoming(root)
    assert drop_site.dropper.seen() == ["incoming/a/b/c-2.pdf", "incoming/a/b/c.pdf"]
    assert drop_site.dropper.content("incoming/a/b/c-2.pdf") == b"left 1"
    assert [path.name for path in (root / OURS / "leaving").iterdir()] == ["2"], "who is alive is not disturbed"


def test_nothing_of_ours_stays_behind(root: Path, drop_site: DropSite) -> None:
    for number in range(3):
        drop_site.incoming.remove(drop_site.dropped(f"incoming/a/b/{number}.pdf", b"1"))
    assert list((root / OURS / "leaving").iterdir()) == []


def test_a_file_that_may_not_be_read_is_told_and_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    with place_of_all(monkeypatch) as place:
        create_directory_incoming(place / "shared")
        site = DropSite(DirectoryIncoming(place / "shared"), FolderDropper(place / "shared"))
        lying = site.dropped("incoming/a/b/c.pdf", b"1")
        (place / "shared" / lying.key).chmod(0)
        with as_nobody(), pytest.raises(UnreadableFile):
            site.incoming.open(lying)
        assert site.incoming.look(lying.key) is not None
