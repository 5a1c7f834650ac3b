"""What is done for one message, whatever the message and whatever happens."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.custody import Custody, Rules, records
from pipeline.custody.attempts import read_history
from pipeline.custody.documents import Manifest, Outcome
from pipeline.custody.lookup import file_of, manifest_of, quarantine_of, result_of
from pipeline.custody.purge import Decision, purge
from pipeline.custody.renew import reread, retry
from pipeline.custody.secrecy import clear
from pipeline.custody.status import status
from pipeline.errors import DiskFull, Interrupted, StoreUnavailable, ToolMissing
from pipeline.ports import RecordTask
from tests.custody.doubles import FailingStore, Office
from tests.custody.test_commit import damage
from tests.workers.conftest import MakePool, double
from tests.workers.journeys import SECRET_TEXT
from workers.handlers import Handled, digitize_record
from workers.pool import ChildPool
from workers.publishing import IndexAtOnce


def brought(office: Office, *pages: str, name: str = "a") -> Manifest:
    receipt = office.receive(office.scan(f"{name}.pdf", double(*pages)))
    return manifest_of(office.store, receipt.record_id or "")


def handled(office: Office, manifest: Manifest, pool: ChildPool) -> Handled:
    return digitize_record(
        RecordTask(manifest.record_id, manifest.generation), office.custody, pool, IndexAtOnce(office.indexing)
    )


def reason(office: Office, manifest: Manifest) -> str | None:
    found = quarantine_of(office.store, manifest)
    return found.code if found else None


def test_a_record_is_read_committed_and_indexed(office: Office, make_pool: MakePool, tmp_path: Path) -> None:
    manifest = brought(office, "ok", "review")
    assert handled(office, manifest, make_pool()) is Handled.DONE
    result = result_of(office.store, manifest.record_id)
    assert result is not None
    assert (result.page_count, result.needs_review) == (2, True)
    record = json.loads(office.store.get(file_of(result, "record.json")))
    assert record["sha256"] == manifest.original.sha256
    assert record["recipe"] == {"reader": "double"}
    assert set(office.index.entries) == {manifest.record_id}
    counts = status(office.store).total
    assert (counts.done, counts.needs_review, counts.adds_up) == (1, 1, True)
    assert not [path for path in (tmp_path / "scratch").rglob("*") if path.is_file()]


def test_a_message_that_comes_again_or_late_or_about_nothing_is_dropped(office: Office, make_pool: MakePool) -> None:
    pool = make_pool()
    manifest = brought(office, "ok")
    assert handled(office, manifest, pool) is Handled.DONE
    assert handled(office, manifest, pool) is Handled.DROPPED
    reread(office.custody, manifest.record_id, {})
    assert handled(office, manifest, pool) is Handled.DROPPED
    for record_id in ("00000000-0000-4000-8000-000000000000", "nonsense", "../../x"):
        assert digitize_record(RecordTask(record_id, 1), office.custody, pool, IndexAtOnce(office.indexing)) is Handled.DROPPED
    assert office.index.puts == [manifest.record_id]


def test_a_message_about_a_record_that_is_being_read_is_dropped(office: Office, make_pool: MakePool) -> None:
    pool, manifest = make_pool(), brought(office, "ok")
    with pool.held(RecordTask(manifest.record_id, manifest.generation)):
        assert handled(office, manifest, pool) is Handled.DROPPED
    assert list(office.store.list_after(records.ATTEMPTS)) == []
    assert handled(office, manifest, pool) is Handled.DONE


def test_a_mark_of_secrecy_quarantines_and_nothing_that_was_read_is_left_anywhere(
    office: Office, make_pool: MakePool, tmp_path: Path
) -> None:
    pool, manifest = make_pool(), brought(office, "ok", "secret", "ok")
    assert handled(office, manifest, pool) is Handled.FAILED
    note = quarantine_of(office.store, manifest)
    assert note is not None
    assert (note.code, note.detail) == ("SECRET_MARK", "page 2: TỐI MẬT")
    assert not [path for path in (tmp_path / "scratch").rglob("*") if path.is_file()]
    kept = [key for key in office.store.list_after("") if SECRET_TEXT.encode() in office.store.get(key)]
    assert kept == []
    assert office.index.entries == {}
    assert handled(office, brought(office, "ok", name="b"), pool) is Handled.DONE


def test_a_mark_that_a_later_reading_finds_takes_the_older_result_out_of_the_index(
    office: Office, make_pool: MakePool, tmp_path: Path
) -> None:
    """A better reader sees what the first one overlooked."""
    switch = tmp_path / "seen"
    switch.touch()
    pool, manifest = make_pool(), brought(office, f"once:secret:{switch}")
    assert handled(office, manifest, pool) is Handled.DONE
    assert set(office.index.entries) == {manifest.record_id}
    switch.unlink()
    reread(office.custody, manifest.record_id, {})
    again = manifest_of(office.store, manifest.record_id)
    assert handled(office, again, pool) is Handled.FAILED
    assert office.index.entries == {}
    assert result_of(office.store, manifest.record_id) is not None


def test_a_record_that_a_person_has_cleared_is_read(office: Office, make_pool: MakePool) -> None:
    pool, manifest = make_pool(), brought(office, "secret")
    assert handled(office, manifest, pool) is Handled.FAILED
    clear(office.custody, manifest.record_id, "Nguyễn Thị Lan", "đã xem bản giấy", "lan", every_page=False)
    again = manifest_of(office.store, manifest.record_id)
    assert handled(office, again, pool) is Handled.DONE
    assert set(office.index.entries) == {manifest.record_id}


def test_a_record_that_was_destroyed_while_it_was_read_is_dropped_without_a_word_of_it(
    office: Office, make_pool: MakePool, tmp_path: Path
) -> None:
    pool, manifest = make_pool(), brought(office, "ok")

    class DestroyedMeanwhile(IndexAtOnce):
        def expect(self, custody: Custody, task: RecordTask) -> None:
            purge(custody, office.index, [task.record_id], Decision("Nguyễn Văn An", "Trần Thị Bình", "nộp nhầm", "an"))

    task = RecordTask(manifest.record_id, manifest.generation)
    assert digitize_record(task, office.custody, pool, DestroyedMeanwhile(office.indexing)) is Handled.DROPPED
    left = {key.split("/")[0] for key in office.store.list_after("") if manifest.record_id in key}
    assert left == {"arrivals", "purged"}
    assert not [path for path in (tmp_path / "scratch").rglob("*") if path.is_file()]


@pytest.mark.parametrize(("page", "code"), [("damaged", "DAMAGED"), ("password", "NEEDS_PASSWORD")])
def test_a_file_that_cannot_be_read_is_quarantined_at_once_and_kept(
    office: Office, make_pool: MakePool, page: str, code: str
) -> None:
    manifest = brought(office, page)
    assert handled(office, manifest, make_pool()) is Handled.FAILED
    assert reason(office, manifest) == code
    assert list(office.store.list_after(records.ORIGINALS)) == [records.original_key(manifest.original.sha256)]
    assert status(office.store).total.quarantined == 1


@pytest.mark.parametrize("fault", ["segfault", "bug"])
def test_one_page_that_brings_the_child_down_never_blocks_the_others(office: Office, make_pool: MakePool, fault: str) -> None:
    pool, manifest = make_pool(), brought(office, "ok", fault, "ok")
    assert [handled(office, manifest, pool) for _ in range(3)] == [Handled.FAILED, Handled.FAILED, Handled.DONE]
    result = result_of(office.store, manifest.record_id)
    assert result is not None
    assert result.attempt == 3
    assert json.loads(office.store.get(file_of(result, "record.json")))["skipped"] == 1
    counts = status(office.store).total
    assert (counts.done, counts.needs_review, counts.quarantined) == (1, 1, 0)


def test_a_record_that_kills_the_child_whatever_is_left_out_is_quarantined_and_comes_back_by_retry(
    office: Office, make_pool: MakePool, tmp_path: Path
) -> None:
    mended = tmp_path / "mended"
    pool, manifest = make_pool(), brought(office, "segfault", f"once:ok:{mended}", "exit")
    for _ in range(3):
        assert handled(office, manifest, pool) is Handled.FAILED
    assert reason(office, manifest) == "CRASHED"
    assert handled(office, manifest, pool) is Handled.DROPPED
    assert retry(office.custody, manifest.record_id) == 2
    again = manifest_of(office.store, manifest.record_id)
    assert handled(office, again, pool) is Handled.FAILED
    assert read_history(office.store, again).count(Outcome.CRASHED) == 1


def test_a_fault_of_the_program_is_counted_and_then_named_in_the_quarantine(office: Office, make_pool: MakePool) -> None:
    pool, manifest = make_pool(), brought(office, "bug", "bug")
    assert [handled(office, manifest, pool) for _ in range(3)] == [Handled.FAILED] * 3
    given_up = quarantine_of(office.store, manifest)
    assert given_up is not None
    assert (given_up.code, given_up.detail) == ("CRASHED", "ZeroDivisionError")
    assert list(office.store.list_after(records.ORIGINALS)) == [records.original_key(manifest.original.sha256)]


def test_a_crash_that_does_not_come_again_costs_no_page(office: Office, make_pool: MakePool, tmp_path: Path) -> None:
    pool, manifest = make_pool(), brought(office, "ok", f"once:segfault:{tmp_path}/crashed")
    assert [handled(office, manifest, pool) for _ in range(2)] == [Handled.FAILED, Handled.DONE]
    assert status(office.store).total.needs_review == 0


def test_a_poison_record_leaves_the_pool_working(office: Office, make_pool: MakePool) -> None:
    pool = make_pool()
    poison, good = brought(office, "segfault", name="poison"), brought(office, "ok", name="good")
    assert handled(office, poison, pool) is Handled.FAILED
    assert handled(office, good, pool) is Handled.DONE


def test_a_reader_that_does_not_start_is_not_even_an_attempt(office: Office, make_pool: MakePool) -> None:
    pool, manifest = make_pool(settings={"tools": "missing"}), brought(office, "ok")
    for _ in range(4):
        with pytest.raises(ToolMissing):
            handled(office, manifest, pool)
    assert read_history(office.store, manifest).started == {}
    assert status(office.store).total.pending == 1


def test_what_is_not_the_records_fault_costs_it_nothing(office: Office, make_pool: MakePool) -> None:
    pool, manifest = make_pool(), brought(office, "disk-full")
    for _ in range(4):
        with pytest.raises(DiskFull):
            handled(office, manifest, pool)
    history = read_history(office.store, manifest)
    assert history.count(Outcome.GIVEN_BACK) == len(history.started) == 4
    assert status(office.store).total.pending == 1


def test_work_stops_before_the_disk_is_full(office: Office, make_pool: MakePool) -> None:
    manifest = brought(office, "ok")
    office.rules = Rules(max_file_bytes=10_000_000, min_free_bytes=1_000)
    office.free_bytes = lambda: 999
    with pytest.raises(DiskFull):
        handled(office, manifest, make_pool())
    assert read_history(office.store, manifest).started == {}


def test_a_store_that_fails_while_a_result_is_kept_costs_no_try(office: Office, make_pool: MakePool) -> None:
    pool, manifest = make_pool(), brought(office, "ok")
    store = FailingStore(office.store, records.FILES, StoreUnavailable("EIO"))
    task = RecordTask(manifest.record_id, 1)
    with pytest.raises(StoreUnavailable):
        digitize_record(task, office.custody_over(store), pool, IndexAtOnce(office.indexing))
    assert read_history(office.store, manifest).count(Outcome.GIVEN_BACK) == 1
    assert handled(office, manifest, pool) is Handled.DONE


def test_parking_gives_the_record_back(office: Office, make_pool: MakePool) -> None:
    import threading

    pool, manifest = make_pool(), brought(office, "sleep")
    threading.Timer(0.7, pool.stop).start()
    with pytest.raises(Interrupted):
        handled(office, manifest, pool)
    assert read_history(office.store, manifest).count(Outcome.GIVEN_BACK) == 1


def test_an_index_out_of_reach_does_not_hold_work_up(office: Office, make_pool: MakePool) -> None:
    office.index.broken = True
    manifest = brought(office, "ok")
    assert handled(office, manifest, make_pool()) is Handled.DONE
    assert status(office.store).total.done == 1


def test_files_that_are_no_part_of_a_result_are_not_kept(office: Office, make_pool: MakePool) -> None:
    manifest = brought(office, "odd-files")
    assert handled(office, manifest, make_pool()) is Handled.DONE
    kept = {key.split("/", 4)[4] for key in office.store.list_after(records.FILES)}
    assert kept == {"record.json", "text.txt", "rendition.pdf", "alto/0001.xml"}


def test_a_child_that_says_it_is_done_and_has_left_nothing_is_not_believed(office: Office, make_pool: MakePool) -> None:
    manifest = brought(office, "ok")
    assert handled(office, manifest, make_pool(settings={"results": "none"})) is Handled.FAILED
    assert read_history(office.store, manifest).count(Outcome.CRASHED) == 1
    assert list(office.store.list_after(records.RESULTS)) == []


def test_a_damaged_original_is_never_read_and_is_quarantined(office: Office, make_pool: MakePool) -> None:
    pool, manifest = make_pool(), brought(office, "ok")
    damage(office, records.original_key(manifest.original.sha256))
    assert handled(office, manifest, pool) is Handled.FAILED
    assert reason(office, manifest) == "DIGEST_MISMATCH"


def test_a_missing_original_is_quarantined(office: Office, make_pool: MakePool) -> None:
    pool, manifest = make_pool(), brought(office, "ok")
    office.store.remove(records.original_key(manifest.original.sha256))
    assert handled(office, manifest, pool) is Handled.FAILED
    assert reason(office, manifest) == "KEY_MISSING"


def test_a_damaged_manifest_is_quarantined_and_counted(office: Office, make_pool: MakePool) -> None:
    pool, manifest = make_pool(), brought(office, "ok")
    damage(office, records.manifest_key(manifest.record_id, 1))
    assert handled(office, manifest, pool) is Handled.FAILED
    counts = status(office.store).total
    assert (counts.quarantined, counts.adds_up) == (1, True)
