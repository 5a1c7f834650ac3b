"""A scanner's folder."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.custody.receive import Receipt
from pipeline.custody.status import status
from pipeline.errors import UnreadableFile
from tests.custody.doubles import PDF, PLACING, Office
from tests.programs import beside
from workers.local import Stop
from workers.watch import NOT_TAKEN, TAKEN, Watcher, Watching, watch_folder


class Desk:
    """A watched folder; nothing has to settle unless a test says so."""

    def __init__(self, office: Office, settle_seconds: float = 0.0) -> None:
        self.office = office
        self.folder = office.folder / "scanner"
        self.folder.mkdir()
        self.receipts: list[Receipt] = []
        self.watching = Watching(self.folder, "don-vi", PLACING, frozenset({".pdf"}), settle_seconds, poll_seconds=0.05)
        self.watcher = Watcher(office.custody, self.watching, self.receipts.append)

    def put(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def files(self) -> set[str]:
        return {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()}

    def outcomes(self) -> list[str]:
        return [receipt.outcome.value for receipt in self.receipts]


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


def test_a_file_is_taken_and_moved_when_it_is_safe(desk: Desk) -> None:
    desk.put("scan1.pdf", PDF + b"1")
    desk.watcher.look()
    assert desk.files() == {f"{TAKEN}/scan1.pdf"}
    assert desk.outcomes() == ["received"]
    desk.watcher.look()
    assert desk.outcomes() == ["received"]


def test_a_file_that_cannot_be_taken_is_moved_aside_and_counted(desk: Desk) -> None:
    desk.put("letter.pdf", b"<html>")
    desk.watcher.look()
    assert desk.files() == {f"{NOT_TAKEN}/letter.pdf"}
    assert status(desk.office.store).total.rejected == 1


def test_other_files_hidden_files_and_links_are_left_alone(desk: Desk) -> None:
    others = {"Thumbs.db", "notes.txt", ".hidden.pdf", "scan.pdf.part", ".tmp/x.pdf"}
    for name in others:
        desk.put(name, PDF)
    (desk.folder / "link.pdf").symlink_to("/etc/passwd")
    desk.watcher.look()
    assert desk.files() == others | {"link.pdf"}
    assert desk.receipts == []


def test_a_file_that_still_grows_waits(office: Office) -> None:
    desk = Desk(office, settle_seconds=0.3)
    for size in range(4):
        desk.put("scan.pdf", PDF + b"x" * size)
        desk.watcher.look()
        time.sleep(0.15)
    assert desk.receipts == []
    time.sleep(0.3)
    desk.watcher.look()
    assert desk.outcomes() == ["received"]


def test_a_name_without_a_byte_waits_longer_and_is_then_rejected(office: Office) -> None:
    desk = Desk(office, settle_seconds=0.05)
    desk.put("scan.pdf", b"")
    desk.watcher.look()
    time.sleep(0.1)
    desk.watcher.look()
    assert desk.receipts == []
    time.sleep(0.6)
    desk.watcher.look()
    assert desk.outcomes() == ["rejected"]


def test_a_subfolder_is_a_batch_and_files_beside_it_are_of_the_day(desk: Desk) -> None:
    desk.put("loose.pdf", PDF + b"1")
    desk.put("Đợt 1/a.pdf", PDF + b"2")
    desk.put("Đợt 1/sâu/b.pdf", PDF + b"3")
    desk.watcher.look()
    assert {(line.batch, line.counts.received) for line in status(desk.office.store).batches} == {
        ("2026-11-23-001", 1),
        ("Đợt 1", 2),
    }
    assert desk.files() == {f"{TAKEN}/loose.pdf", f"{TAKEN}/Đợt 1/a.pdf", f"{TAKEN}/Đợt 1/sâu/b.pdf"}


def test_the_next_day_has_its_own_batch(desk: Desk) -> None:
    desk.put("a.pdf", PDF + b"1")
    desk.watcher.look()
    desk.office.clock.skip(timedelta(days=1))
    desk.put("b.pdf", PDF + b"2")
    desk.watcher.look()
    assert [line.batch for line in status(desk.office.store).batches] == ["2026-11-23-001", "2026-11-24-001"]


def test_a_watcher_that_was_killed_before_it_moved_a_file_counts_it_once(desk: Desk) -> None:
    path = desk.put("scan.pdf", PDF + b"1")
    desk.watcher.look()
    (desk.folder / TAKEN / "scan.pdf").rename(path)
    again = Watcher(desk.office.custody, desk.watching, desk.receipts.append)
    again.look()
    assert desk.outcomes() == ["received", "already"]
    assert status(desk.office.store).total.received == 1
    assert desk.files() == {f"{TAKEN}/scan.pdf"}


def test_names_that_were_used_before_are_kept_apart(desk: Desk) -> None:
    for number in range(3):
        desk.put("scan.pdf", PDF + b"%d" % number)
        desk.watcher.look()
    assert desk.files() == {f"{TAKEN}/scan.pdf", f"{TAKEN}/scan-2.pdf", f"{TAKEN}/scan-3.pdf"}
    assert status(desk.office.store).total.pending == 3


def test_a_file_that_cannot_be_moved_is_taken_once(desk: Desk) -> None:
    desk.put("scan.pdf", PDF + b"1")
    (desk.folder / TAKEN).write_text("a file where the folder should be")
    for _ in range(3):
        desk.watcher.look()
    assert desk.outcomes() == ["received"]
    assert "scan.pdf" in desk.files()
    desk.put("scan.pdf", PDF + b"2")
    desk.watcher.look()
    assert desk.outcomes() == ["received", "received"]


def test_what_takes_the_place_of_a_taken_file_stays_until_it_is_taken_too(desk: Desk) -> None:
    path = desk.put("scan.pdf", PDF + b"1")

    def overwrite(receipt: Receipt) -> None:
        desk.receipts.append(receipt)
        if len(desk.receipts) == 1:
            path.unlink()
            desk.put("scan.pdf", PDF + b"another")

    watcher = Watcher(desk.office.custody, desk.watching, overwrite)
    watcher.look()
    assert desk.files() == {"scan.pdf"}
    watcher.look()
    assert desk.outcomes() == ["received", "received"]
    assert desk.files() == {f"{TAKEN}/scan.pdf"}


def test_a_watched_folder_that_is_gone_is_told(desk: Desk) -> None:
    desk.folder.rmdir()
    with pytest.raises(UnreadableFile):
        desk.watcher.look()


def test_watching_ends_when_it_is_told_to(desk: Desk) -> None:
    stop = Stop()
    with beside(lambda: watch_folder(desk.office.custody, desk.watching, stop, desk.receipts.append), end=stop.request):
        desk.put("a.pdf.new", PDF + b"1").rename(desk.folder / "a.pdf")
        until = time.monotonic() + 20
        while not desk.receipts and time.monotonic() < until:
            time.sleep(0.02)
    assert desk.outcomes() == ["received"]
