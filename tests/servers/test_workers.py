"""Real worker processes on real servers: killed, emptied, told everything three times. The children read doubles."""

from __future__ import annotations

import random
from pathlib import Path
from threading import Event

import psutil
import pytest

from pipeline.custody import records
from pipeline.custody.documents import Outcome
from pipeline.custody.receive import receive
from pipeline.custody.status import read_ledger, status
from pipeline.errors import ToolMissing
from pipeline.ports import RecordTask
from tests.custody.doubles import PLACING, AwayQueue
from tests.programs import wait_until
from tests.servers.province import Province, main_processes, reading_processes, supervised, worker_processes
from tests.workers.conftest import MakePool, double
from tests.workers.conftest import make_pool as make_pool
from workers.bench import RecordBench
from workers.keeping import Keeper


def test_what_is_handed_over_is_read_once_and_found(province: Province) -> None:
    for number in range(12):
        province.bring("ok", name=f"{number}")
    with province.crew():
        wait_until(lambda: province.done() == 12 and len(province.indexing.index.generations()) == 12)
    assert province.done() == len(province.results()) == 12
    assert len(province.indexing.index.generations()) == 12
    assert province.custody.queue.waiting() == 0


def test_every_message_three_times_and_shuffled_does_everything_once(province: Province) -> None:
    ids = [province.bring("ok", "ok", name=f"{number}") for number in range(10)]
    further = [RecordTask(record_id, generation) for record_id in ids for generation in (1, 1, 2)]
    random.Random(7).shuffle(further)
    for task in further:
        province.custody.queue.send(task)
    with province.crew():
        wait_until(lambda: province.done() == 10 and province.custody.queue.waiting() == 0)
    assert len(province.results()) == 10
    assert [len(province.history(record_id).started) for record_id in ids] == [1] * 10


def test_a_queue_that_was_emptied_is_filled_again_from_the_store(province: Province) -> None:
    for number in range(10):
        province.bring("ok", name=f"{number}")
    province.emptied_queue()
    assert province.custody.queue.waiting() == 0
    keeper = province.keeper()
    assert keeper.keep()
    assert province.custody.queue.waiting() == 10
    assert keeper.keep()
    assert province.custody.queue.waiting() == 10
    with province.crew():
        wait_until(lambda: province.done() == 10)
    assert province.done() == 10
    assert not keeper.nothing_left()
    assert keeper.keep()
    assert keeper.nothing_left()


def test_a_queue_that_is_emptied_in_the_middle_of_the_work_loses_nothing(province: Province) -> None:
    for number in range(20):
        province.bring("ok", name=f"{number}")
    with province.crew(keep=province.keeper().keep):
        wait_until(lambda: province.done() >= 3)
        province.emptied_queue()
        wait_until(lambda: province.done() == 20, seconds=60)
    assert province.done() == len(province.results()) == 20


def test_a_killed_worker_process_costs_nothing_but_time(province: Province) -> None:
    ids = [province.bring("ok", "ok", "ok", name=f"{number}") for number in range(12)]
    with province.crew(keep=province.keeper().keep):
        wait_until(lambda: province.done() >= 2)
        worker_processes()[0].kill()
        wait_until(lambda: province.done() == 12, seconds=60)
    assert province.done() == len(province.results()) == 12
    ends = {end.outcome for record_id in ids for end in province.history(record_id).ended.values()}
    assert ends <= {Outcome.INTERRUPTED, Outcome.GIVEN_BACK}


def test_a_killed_main_process_takes_nothing_with_it(province: Province) -> None:
    ids = [province.bring("ok", "ok", "ok", name=f"{number}") for number in range(8)]
    with province.crew(keep=province.keeper().keep):
        wait_until(lambda: province.done() >= 2)
        workers = worker_processes()
        main_processes()[0].kill()
        wait_until(lambda: province.done() == 8, seconds=60)
        _, alive = psutil.wait_procs(workers, timeout=10)
    assert alive == []
    assert province.done() == len(province.results()) == 8
    ends = {end.outcome for record_id in ids for end in province.history(record_id).ended.values()}
    assert ends <= {Outcome.GIVEN_BACK}


def test_a_killed_child_is_charged_to_its_record_which_is_read_again(province: Province, tmp_path: Path) -> None:
    record_id = province.bring(f"once:sleep:{tmp_path}/slept", name="long")
    with province.crew(processes=1):
        wait_until((tmp_path / "slept").exists)
        for child in reading_processes():
            child.kill()
        wait_until(lambda: province.done() == 1)
    history = province.history(record_id)
    assert [end.outcome for end in history.ended.values()] == [Outcome.CRASHED]
    assert len(history.started) == 2
    assert len(province.results()) == 1


def test_a_killed_supervisor_leaves_no_process_behind_and_charges_nobody(province: Province) -> None:
    record_id = province.bring("sleep", name="long")
    with supervised() as supervisor:
        wait_until(province.reading_has_begun)
        crew = supervisor.children(recursive=True)
        supervisor.kill()
        _, alive = psutil.wait_procs(crew, timeout=15)
        for process in alive:
            process.kill()
    assert len(crew) >= 4
    assert alive == []
    assert [end.outcome for end in province.history(record_id).ended.values()] == [Outcome.GIVEN_BACK]


def test_what_killed_workers_left_half_done_on_the_disk_is_swept(province: Province, tmp_path: Path) -> None:
    left = tmp_path / "scratch" / "pool-dead" / "record-x"
    left.mkdir(parents=True)
    province.bring("ok", name="a")
    with province.crew():
        wait_until(lambda: province.done() == 1)
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_machine_that_can_read_nothing_leaves_the_work_to_others(province: Province, make_pool: MakePool) -> None:
    left: list[str] = []
    pool = make_pool(settings={"tools": "missing"})
    bench = RecordBench(province.custody, pool, leave=lambda: left.append("left"))
    with pytest.raises(ToolMissing):
        bench.take(RecordTask(province.bring("ok", name="a"), 1))
    assert left == ["left"]


def test_a_long_look_into_the_store_keeps_nobody_from_stopping(province: Province) -> None:
    looking, enough = Event(), Event()

    def look_long() -> None:
        looking.set()
        enough.wait(60)

    with province.crew(processes=1, keep=look_long):
        assert looking.wait(20)
        wait_until(worker_processes)
    enough.set()
    assert worker_processes() == []


def test_a_page_that_kills_its_child_is_left_out_of_the_third_try_and_holds_nobody_up(province: Province) -> None:
    poison = province.bring("segfault", name="poison")
    for number in range(4):
        province.bring("ok", name=f"{number}")
    with province.crew(processes=1):
        wait_until(lambda: status(province.store).total.pending == 0, seconds=40)
    counts = status(province.store).total
    assert (counts.done, counts.needs_review) == (5, 1)
    assert [end.outcome for end in province.history(poison).ended.values()] == [Outcome.CRASHED] * 2


def test_who_stops_a_crew_gets_back_what_was_under_way_uncharged(province: Province) -> None:
    record_id = province.bring("sleep", name="long")
    with province.crew(processes=1):
        wait_until(province.reading_has_begun)
    assert [end.outcome for end in province.history(record_id).ended.values()] == [Outcome.GIVEN_BACK]
    assert province.custody.queue.waiting() >= 1
    assert [task.record_id for task in read_ledger(province.store).pending()] == [record_id]


def test_nobody_of_a_crew_outlives_its_end(province: Province) -> None:
    province.bring("sleep", name="long")
    with province.crew():
        wait_until(province.reading_has_begun)
        crew = psutil.Process().children(recursive=True)
    assert crew
    _, alive = psutil.wait_procs(crew, timeout=10)
    assert alive == []
    assert list(province.store.list_after(records.PRESENT)) == []


def test_one_of_all_keepers_keeps_the_house(province: Province) -> None:
    first, second = province.keeper("a"), province.keeper("b")
    assert first.keep()
    assert not second.keep()
    first.leave()
    assert second.keep()
    assert not first.keep()


def test_files_are_taken_while_the_broker_is_away_and_sent_when_it_is_back(province: Province) -> None:
    cut_off = province.office.custody_over(province.store, AwayQueue())
    scan = province.office.scan("a.pdf", double("ok"))
    assert receive(cut_off, scan, province.office.handover(), PLACING).record_id is not None
    keeper = Keeper(cut_off, province.indexing, "keeper", 1.0)
    assert keeper.keep()
    keeper.leave()
    assert province.custody.queue.waiting() == 0
    assert province.keeper("another").keep()
    assert province.custody.queue.waiting() == 1
