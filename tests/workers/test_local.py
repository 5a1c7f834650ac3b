"""The worker of one machine."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.adapters.file_lock import FileLock
from pipeline.adapters.local_queue import LocalQueue
from pipeline.custody import records
from pipeline.custody.attempts import read_history
from pipeline.custody.batches import open_handover
from pipeline.custody.documents import Outcome
from pipeline.custody.lookup import manifest_of
from pipeline.custody.receive import receive
from pipeline.custody.renew import reread
from pipeline.custody.status import status
from pipeline.errors import DiskFull, HomeLocked, Interrupted
from pipeline.ports import BULK
from tests.custody.doubles import PLACING, Office
from tests.custody.reading import begun, committed
from tests.programs import beside, wait_until
from tests.workers.conftest import MakePool, double
from workers.handlers import Handled
from workers.local import Stop, Worked, Workshop, stop_on_signals, work


def bring(office: Office, *pages: str, name: str = "a", batch: str = "dot-1") -> str:
    return office.receive(office.scan(f"{name}.pdf", double(*pages)), batch).record_id or ""


def bring_for(office: Office, unit: str, count: int) -> list[str]:
    handover = open_handover(office.custody, unit, "dot-1")
    files = [office.scan(f"{unit}/{number}.pdf", double(f"ok {unit} {number}")) for number in range(count)]
    return [receive(office.custody, file, handover, PLACING).record_id or "" for file in files]


def shop(office: Office, make_pool: MakePool, jobs: int = 2, capacity: int = 1000, **settings: object) -> Workshop:
    tasks = LocalQueue(office.folder / "home" / "bell", capacity)
    lock = FileLock(office.folder / "home" / "work.lock")
    return Workshop(office.custody, make_pool(jobs=jobs, settings=settings), office.indexing, tasks, lock, poll_seconds=0.05)


class Noted:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.pages: list[tuple[str, int, int]] = []
        self.records: list[tuple[str, Handled]] = []

    def page_started(self, record_id: str, page_no: int, page_count: int) -> None:
        self.pages.append((record_id, page_no, page_count))

    def record_ended(self, record_id: str, handled: Handled) -> None:
        self.records.append((record_id, handled))


def test_once_reads_all_that_is_pending_however_it_ends_and_stops(office: Office, make_pool: MakePool) -> None:
    for number in range(4):
        bring(office, "ok", f"ok {number}", name=f"{number}")
    bring(office, "ok", "segfault", name="poison-page")
    bring(office, "segfault", "exit", "ok", name="poison")
    bring(office, "password", name="locked")
    told = Noted()
    worked = work(shop(office, make_pool), Stop(), once=True, progress=told)
    counts = status(office.store).total
    assert (counts.done, counts.quarantined, counts.pending, counts.adds_up) == (5, 2, 0, True)
    assert worked == Worked(done=5, failed=6)
    assert len(office.index.entries) == 5
    assert sorted(office.index.puts) == sorted(set(office.index.puts))
    assert len(told.records) == 11
    assert {page_no for _, page_no, _ in told.pages} == {1, 2}


def test_once_with_nothing_to_do_is_done(office: Office, make_pool: MakePool) -> None:
    assert work(shop(office, make_pool), Stop(), once=True) == Worked(0, 0)


def test_the_list_in_memory_may_be_shorter_than_the_work(office: Office, make_pool: MakePool) -> None:
    for number in range(7):
        bring(office, f"ok {number}", name=f"{number}")
    work(shop(office, make_pool, capacity=2), Stop(), once=True)
    assert status(office.store).total.done == 7


def test_what_another_process_brings_is_found_while_it_waits(office: Office, make_pool: MakePool) -> None:
    stop = Stop()

    def work_until_stopped() -> None:
        with suppress(Interrupted):
            work(shop(office, make_pool), stop, once=False)

    with beside(work_until_stopped, end=stop.request):
        bring(office, "ok", name="early")
        wait_until(lambda: status(office.store).total.done == 1)
        bring(office, "ok late", name="late")
        wait_until(lambda: status(office.store).total.done == 2)
    assert status(office.store).total.done == 2


def test_a_wish_to_stop_gives_back_what_is_under_way_and_the_next_worker_reads_it(
    office: Office, make_pool: MakePool, tmp_path: Path
) -> None:
    record_id = bring(office, f"once:sleep:{tmp_path}/slept")
    stop = Stop()
    threading.Timer(0.8, stop.request).start()
    with pytest.raises(Interrupted):
        work(shop(office, make_pool), stop, once=False)
    history = read_history(office.store, manifest_of(office.store, record_id))
    assert history.count(Outcome.GIVEN_BACK) == 1
    work(shop(office, make_pool), Stop(), once=True)
    assert status(office.store).total.done == 1


def test_a_home_has_one_worker(office: Office, make_pool: MakePool) -> None:
    with FileLock(office.folder / "home" / "work.lock").exclusive(), pytest.raises(HomeLocked):
        work(shop(office, make_pool), Stop(), once=True)


def test_a_full_disk_ends_the_work_and_charges_nobody(office: Office, make_pool: MakePool) -> None:
    ids = [bring(office, "disk-full", name="a"), bring(office, "sleep", name="b")]
    with pytest.raises(DiskFull):
        work(shop(office, make_pool), Stop(), once=True)
    for record_id in ids:
        history = read_history(office.store, manifest_of(office.store, record_id))
        assert set(history.started) == set(history.ended)
        assert history.count(Outcome.CRASHED) == history.count(Outcome.INTERRUPTED) == 0
    assert status(office.store).total.pending == 2


def test_records_that_were_tried_before_wait_until_the_others_had_their_turn(office: Office, make_pool: MakePool) -> None:
    tried = [bring(office, f"ok {number}", name=f"{number}") for number in range(3)]
    for turn, record_id in ((0, tried[0]), (1, tried[0]), (2, tried[2])):
        begun(office, record_id, f"dead worker {turn}")
    fresh = [bring(office, f"ok new {number}", name=f"new-{number}") for number in range(2)]
    told = Noted()
    work(shop(office, make_pool, jobs=1), Stop(), once=True, progress=told)
    order = [record_id for record_id, _ in told.records]
    assert set(order[:3]) == {tried[1], *fresh}
    assert order[3:] == [tried[2], tried[0]]


def test_what_is_urgent_is_read_before_the_batch_that_was_there_first(office: Office, make_pool: MakePool) -> None:
    bulk = [bring(office, f"ok {number}", name=f"{number}") for number in range(4)]
    scan = office.scan("urgent.pdf", double("ok urgent"))
    urgent = receive(office.custody, scan, office.handover(), replace(PLACING, urgent=True)).record_id
    told = Noted()
    work(shop(office, make_pool, jobs=1), Stop(), once=True, progress=told)
    assert [record_id for record_id, _ in told.records] == [urgent, *bulk]


def test_units_have_their_turns(office: Office, make_pool: MakePool) -> None:
    many = bring_for(office, "lon", 5)
    few = bring_for(office, "nho", 2)
    told = Noted()
    work(shop(office, make_pool, jobs=1), Stop(), once=True, progress=told)
    order = [record_id for record_id, _ in told.records]
    assert max(map(order.index, few)) < 4
    assert sorted(order) == sorted([*many, *few])


def test_a_mark_that_was_left_behind_is_taken_away_and_counts_for_nothing(office: Office, make_pool: MakePool) -> None:
    record_id = bring(office, "ok")
    (mark,) = office.store.list_after(records.PENDING)
    committed(office, begun(office, record_id))
    office.store.put_new(mark, b"")
    assert work(shop(office, make_pool), Stop(), once=True) == Worked(0, 0)
    assert list(office.store.list_after(records.PENDING)) == []


def test_a_mark_of_what_is_not_there_yet_ends_no_work_and_stays(office: Office, make_pool: MakePool) -> None:
    record_id, at = "00000000-0000-4000-8000-000000000000", office.clock.now()
    office.store.put_new(records.pending_key(BULK, "don-vi", at, record_id, 1), b"")
    bring(office, "ok")
    assert work(shop(office, make_pool), Stop(), once=True) == Worked(1, 0)
    assert len(list(office.store.list_after(records.PENDING))) == 1


def test_while_it_works_it_tells_those_who_watch_and_signs_off_in_the_end(
    office: Office, make_pool: MakePool, tmp_path: Path
) -> None:
    bring(office, f"once:sleep:{tmp_path}/slept")
    stop = Stop()

    def work_until_stopped() -> None:
        with suppress(Interrupted):
            work(shop(office, make_pool), stop, once=False)

    with beside(work_until_stopped, end=stop.request):
        wait_until((tmp_path / "slept").exists)
        assert len(list(office.store.list_after(records.PRESENT))) == 1
    assert list(office.store.list_after(records.PRESENT)) == []


def test_the_index_is_brought_up_to_the_store_at_the_start(office: Office, make_pool: MakePool) -> None:
    record_id = bring(office, "ok")
    committed(office, begun(office, record_id))
    work(shop(office, make_pool), Stop(), once=True)
    assert set(office.index.entries) == {record_id}


def test_a_broken_index_keeps_nothing_from_being_read(office: Office, make_pool: MakePool) -> None:
    bring(office, "ok")
    office.index.broken = True
    assert work(shop(office, make_pool), Stop(), once=True) == Worked(1, 0)


def test_a_record_that_came_in_a_further_batch_is_indexed_again(office: Office, make_pool: MakePool) -> None:
    record_id = bring(office, "ok", batch="dot-1")
    work(shop(office, make_pool), Stop(), once=True)
    bring(office, "ok", batch="dot-2")
    work(shop(office, make_pool), Stop(), once=True)
    assert office.index.entries[record_id].placement.batches == ("dot-1", "dot-2")


def test_what_dead_workers_left_in_the_scratch_folder_is_removed(office: Office, make_pool: MakePool, tmp_path: Path) -> None:
    left = tmp_path / "scratch" / "pool-dead" / "record-x"
    left.mkdir(parents=True)
    (left / "original").write_bytes(b"x")
    work(shop(office, make_pool), Stop(), once=True)
    assert not left.exists()


def test_reading_again_gives_the_same_bytes(office: Office, make_pool: MakePool) -> None:
    record_id = bring(office, "ok", "ok")
    work(shop(office, make_pool), Stop(), once=True)
    first = office.index.entries[record_id].code_number
    reread(office.custody, record_id, {"reader": "double"})
    work(shop(office, make_pool), Stop(), once=True)
    assert office.index.entries[record_id].placement.generation == 2
    assert office.index.entries[record_id].code_number == first
    assert len(list(office.store.list_after(records.RESULTS))) == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_whoever_stops_the_program_is_heard_and_the_handlers_from_before_come_back(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with stop_on_signals() as stop:
        os.kill(os.getpid(), number)
        wait_until(lambda: stop.requested)
    assert stop.requested
    assert signal.getsignal(number) == before
