"""The only way in."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from pipeline.adapters.directory_store import DirectoryStore
from pipeline.custody import Rules, records
from pipeline.custody.batches import arrivals_in, close_handover, open_handover
from pipeline.custody.documents import Arrival, decode
from pipeline.custody.lookup import manifest_of, open_original, placement_of
from pipeline.custody.receive import Placing, Receiving, receive, take_in
from pipeline.custody.status import status
from pipeline.errors import BadName, DiskFull, FileChanging, HomeReadOnly, QueueUnavailable, StoreUnavailable
from pipeline.ports import BULK, RecordTask
from tests.custody.doubles import PDF, PLACING, FailingStore, Killed, KillingStore, Office, die
from tests.custody.kept import damage_in
from tests.programs import running


def keys(office: Office, prefix: str = "") -> list[str]:
    return list(office.store.list_after(prefix))


def test_a_file_is_received_with_its_bytes_its_manifest_and_its_arrival(office: Office) -> None:
    scan = office.scan("Quyết định 15.pdf", PDF + b"one")
    receipt = office.receive(scan)
    assert receipt.outcome is Receiving.RECEIVED
    manifest = manifest_of(office.store, receipt.record_id or "")
    assert manifest.generation == 1
    assert (manifest.unit, manifest.fonds, manifest.sector, manifest.batch) == ("don-vi", "phong-1", "tu-phap", "dot-1")
    assert manifest.recipe == {"reader": "double"}
    assert manifest.original.name == "Quyết định 15.pdf"
    assert manifest.original.sha256 == hashlib.sha256(PDF + b"one").hexdigest()
    assert manifest.original.media_type == "application/pdf"
    with open_original(office.store, manifest) as original:
        assert original.read() == PDF + b"one"
    assert scan.read_bytes() == PDF + b"one"
    assert arrivals_in(office.store, "don-vi", "dot-1") == 1


def test_a_received_file_is_announced_to_the_worker(office: Office) -> None:
    record_id = office.received("a.pdf")
    assert office.queue.take() == RecordTask(record_id, 1)


def test_a_queue_out_of_reach_does_not_keep_a_file_out(office: Office) -> None:
    class DeafQueue:
        def send(self, task: RecordTask, lane: str = BULK) -> None:
            raise QueueUnavailable

        def waiting(self, lane: str = BULK) -> int:
            return 0

    custody = office.custody_over(office.store, DeafQueue())
    assert receive(custody, office.scan("a.pdf"), office.handover(), PLACING).outcome is Receiving.RECEIVED
    assert status(office.store).total.pending == 1


def test_nothing_of_a_clerks_file_name_gets_into_a_key(office: Office) -> None:
    for name in ("-rf.pdf", "x" * 240 + ".pdf", "a\nb.pdf", "..pdf", unicodedata.normalize("NFD", "Hồ sơ.pdf")):
        receipt = office.receive(office.scan(name))
        assert receipt.outcome is Receiving.RECEIVED
        assert manifest_of(office.store, receipt.record_id or "").original.name == unicodedata.normalize("NFC", name)
    assert not [key for key in keys(office) if "rf" in key.split("/")[-1] or "xxx" in key]


def test_a_file_name_that_is_no_text_is_received(office: Office) -> None:
    path = Path(os.fsdecode(os.fsencode(office.folder) + b"/scans/\xff\xfe.pdf"))
    path.write_bytes(PDF)
    assert office.receive(path).outcome is Receiving.RECEIVED


def test_second_arrival_of_the_same_bytes_is_already_there(office: Office) -> None:
    first = office.receive(office.scan("a.pdf", PDF + b"same"))
    second = office.receive(office.scan("b.pdf", PDF + b"same"))
    assert second.outcome is Receiving.ALREADY
    assert second.record_id == first.record_id
    assert arrivals_in(office.store, "don-vi", "dot-1") == 2
    assert len(keys(office, records.ORIGINALS)) == len(keys(office, records.MANIFESTS)) == 1


def test_a_second_arrival_in_another_batch_belongs_to_both_batches(office: Office) -> None:
    first = office.receive(office.scan("a.pdf", PDF + b"same"), "dot-1")
    office.receive(office.scan("a.pdf", PDF + b"same"), "dot-2")
    placement = placement_of(office.store, manifest_of(office.store, first.record_id or ""))
    assert placement.batches == ("dot-1", "dot-2")
    assert [line.counts.received for line in status(office.store).batches] == [1, 1]


def test_another_unit_or_fonds_learns_nothing_of_a_duplicate(office: Office) -> None:
    scan = office.scan("a.pdf")
    here = receive(office.custody, scan, open_handover(office.custody, "xa-a", "b"), PLACING)
    other_unit = receive(office.custody, scan, open_handover(office.custody, "xa-b", "b"), PLACING)
    other_fonds = receive(office.custody, scan, open_handover(office.custody, "xa-a", "b"), Placing("phong-2", "tu-phap"))
    assert [r.outcome for r in (here, other_unit, other_fonds)] == [Receiving.RECEIVED] * 3
    assert len({r.record_id for r in (here, other_unit, other_fonds)}) == 3
    assert len(keys(office, records.ORIGINALS)) == 1


def test_two_who_bring_one_file_at_the_same_moment_bring_one_record(office: Office) -> None:
    scans = [office.scan(f"{number}.pdf", PDF + b"same") for number in range(8)]
    handover = office.handover()
    receipts = []

    def bring(scan: Path) -> None:
        receipts.append(receive(office.custody, scan, handover, PLACING))

    threads = [threading.Thread(target=bring, args=[scan], daemon=True) for scan in scans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({receipt.record_id for receipt in receipts}) == 1
    assert sorted(receipt.outcome for receipt in receipts) == ["already"] * 7 + ["received"]
    assert arrivals_in(office.store, "don-vi", "dot-1") == 8


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "EMPTY_FILE"),
        (b"<!DOCTYPE html><html>", "UNKNOWN_TYPE"),
        (b"PK\x03\x04 zip", "UNKNOWN_TYPE"),
        (b"MZ\x90 program", "UNKNOWN_TYPE"),
        (PDF + bytes(10_000_001), "TOO_LARGE"),
    ],
)
def test_a_file_that_cannot_be_taken_is_rejected_and_counted(office: Office, content: bytes, code: str) -> None:
    receipt = office.receive(office.scan("bad.pdf", content))
    assert receipt.outcome is Receiving.REJECTED
    assert receipt.error is not None
    assert receipt.error.code == code
    assert receipt.record_id is None
    counts = status(office.store).total
    assert (counts.received, counts.rejected, counts.adds_up) == (1, 1, True)
    assert keys(office, records.ORIGINALS) == keys(office, records.MANIFESTS) == []
    (note,) = keys(office, records.REJECTED)
    assert decode(Arrival, office.store.get(note), note).code == code
    assert list(office.store.temp.iterdir()) == []


def test_what_is_no_file_or_is_not_there_is_unreadable(office: Office) -> None:
    os.mkfifo(office.folder / "scans" / "pipe.pdf")
    for path in (office.folder / "scans" / "pipe.pdf", office.folder / "scans", office.folder / "none.pdf", Path("a\0.pdf")):
        receipt = office.receive(path)
        assert receipt.error is not None
        assert receipt.error.code == "UNREADABLE"
    assert status(office.store).total.rejected == 4


TOUCHING = "import os, sys; n = 0; print('touching', flush=True)\nwhile True: n += 1; os.utime(sys.argv[1], ns=(n, n))"


@contextmanager
def being_written(scan: Path) -> Iterator[None]:
    """Somebody changes the file all the time."""
    with running([sys.executable, "-c", TOUCHING, scan]) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        yield


def taken_again_and_again(office: Office, scan: Path) -> None:
    """A copy takes milliseconds, in which the writer may not have had its turn."""
    for _ in range(200):
        take_in(office.custody, scan, office.handover(), PLACING)


def test_a_file_that_somebody_is_writing_is_not_taken(office: Office) -> None:
    scan = office.scan("a.pdf", PDF + bytes(5_000_000))
    with being_written(scan), pytest.raises(FileChanging):
        taken_again_and_again(office, scan)
    assert list(office.store.temp.iterdir()) == []


def test_intake_stops_before_the_disk_is_full(office: Office) -> None:
    office.rules = Rules(max_file_bytes=10_000_000, min_free_bytes=1_000)
    office.free_bytes = lambda: 1_000 + len(PDF) + len("a.pdf") - 1
    with pytest.raises(DiskFull):
        office.receive(office.scan("a.pdf"))
    assert status(office.store).total.received == 0
    office.free_bytes = lambda: 1_000_000
    assert office.receive(office.scan("a.pdf")).outcome is Receiving.RECEIVED


@pytest.mark.parametrize("error", [DiskFull(), StoreUnavailable(), HomeReadOnly()])
@pytest.mark.parametrize("kind", [records.ORIGINALS, records.CONTENT, records.MANIFESTS, records.ARRIVALS])
def test_nothing_is_acknowledged_when_the_store_fails_and_a_second_try_succeeds(
    office: Office, kind: str, error: Exception
) -> None:
    store = FailingStore(office.store, kind, error)
    custody, handover, scan = office.custody_over(store), office.handover(), office.scan("a.pdf")
    with pytest.raises(type(error)):
        receive(custody, scan, handover, PLACING)
    counts = status(office.store).total
    assert (counts.received, counts.adds_up) == (0, True)
    assert office.queue.take() is None
    store.failing = False
    receipt = receive(custody, scan, handover, PLACING)
    assert receipt.record_id is not None
    assert arrivals_in(office.store, "don-vi", "dot-1") == 1
    assert list(office.store.temp.iterdir()) == []


KINDS = [records.ORIGINALS, records.CONTENT, records.MANIFESTS, records.ARRIVALS]


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_hand_over_killed_anywhere_and_tried_again_is_one_arrival_of_one_record(office: Office, kind: str, moment: str) -> None:
    scans = [office.scan(f"{number}.pdf") for number in range(3)]
    custody = office.custody_over(KillingStore(office.store, kind, moment, turn=2, kill=die))
    handover = open_handover(custody, "don-vi", None, inputs=["scans"])
    with pytest.raises(Killed):
        list(map(partial(receive, custody, handover=handover, placing=PLACING), scans))
    assert status(office.store).total.adds_up

    again = open_handover(office.custody, "don-vi", None, inputs=["scans"])
    assert again == handover
    for scan in scans:
        receive(office.custody, scan, again, PLACING)
    close_handover(office.custody, again)
    counts = status(office.store).total
    assert (counts.received, counts.pending, counts.adds_up) == (3, 3, True)
    assert len(keys(office, records.MANIFESTS)) == len(keys(office, records.ORIGINALS)) == 3


def test_the_same_files_brought_again_after_the_hand_over_are_new_arrivals(office: Office) -> None:
    scan = office.scan("a.pdf")
    for _ in range(2):
        handover = office.handover()
        receive(office.custody, scan, handover, PLACING)
        close_handover(office.custody, handover)
    counts = status(office.store).total
    assert (counts.received, counts.pending) == (2, 2)
    assert len(keys(office, records.MANIFESTS)) == 1


@pytest.mark.parametrize("name", ["", " ", ".", "..", "a/b", "-a", "_a", "a\nb", "a\0", "x" * 65, "a  b", "%41", "+"])
def test_codes_and_names_that_cannot_be_kept_are_refused(office: Office, name: str) -> None:
    with pytest.raises(BadName):
        open_handover(office.custody, "don-vi", name)
    with pytest.raises(BadName):
        open_handover(office.custody, name)
    with pytest.raises(BadName):
        receive(office.custody, office.scan("a.pdf"), office.handover(), Placing(name, "tu-phap"))
    with pytest.raises(BadName):
        receive(office.custody, office.scan("a.pdf"), office.handover(), Placing("phong-1", name))


def test_a_batch_may_have_a_vietnamese_name(office: Office) -> None:
    decomposed = unicodedata.normalize("NFD", "Đợt 1 tháng 11")
    receive(office.custody, office.scan("a.pdf"), office.handover(decomposed), PLACING)
    (line,) = status(office.store).batches
    assert (line.unit, line.batch) == ("don-vi", "Đợt 1 tháng 11")


@pytest.mark.parametrize("harm", [damage_in, DirectoryStore.remove])
def test_an_original_that_has_rotted_or_gone_is_made_whole_by_the_same_file_handed_over_again(
    office: Office, harm: Callable[[DirectoryStore, str], None]
) -> None:
    scan = office.scan("a.pdf")
    record_id = office.receive(scan).record_id or ""
    key = records.original_key(manifest_of(office.store, record_id).original.sha256)
    harm(office.store, key)
    assert office.receive(scan, "dot-2").outcome is Receiving.ALREADY
    assert office.store.get(key) == scan.read_bytes()
