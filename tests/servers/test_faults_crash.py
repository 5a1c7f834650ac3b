"""Whoever dies, and wherever: on real servers everything is done once, and the index says what the store says."""

from __future__ import annotations

import time
from pathlib import Path

import psutil
import pytest

from pipeline.custody import records
from pipeline.custody.documents import Outcome
from pipeline.custody.lease import CLOCKS_DIFFER, LASTS
from pipeline.custody.lookup import manifest_of, quarantine_of, result_of
from pipeline.custody.pending import everything
from pipeline.custody.status import status
from tests.programs import wait_until
from tests.servers.province import Province, supervised, worker_processes
from workers.keeping import Keeper

POINTS = [
    "put attempts/ before",
    "put attempts/ after",
    "open originals/ before",
    "put files/ before",
    "put files/ after",
    "put refresh/ before",
    "put refresh/ after",
    "put results/ before",
    "put results/ after",
    "remove pending/ before",
    "remove pending/ after",
    "index  before",
    "index  after",
    "remove refresh/ before",
    "remove refresh/ after",
]
"""In the order in which a record passes them. A page's own point is `kill-worker`."""


def settled(province: Province, count: int) -> bool:
    """All done, in the index, and nothing left to do."""
    return (
        province.done() == count
        and len(province.indexed()) == count
        and not list(province.store.list_after(records.REFRESH))
        and not list(everything(province.store))
    )


def check_all_done_once(province: Province, ids: list[str]) -> None:
    results = [records.parse_generation_key(key) for key in province.results()]
    assert sorted(result.record_id for result in results) == sorted(ids)
    assert province.indexing.index.generations() == dict.fromkeys(ids, 1)
    counts = status(province.store).total
    assert (counts.received, counts.done) == (len(ids), len(ids))
    for record_id in ids:
        committed = result_of(province.store, record_id)
        assert committed is not None
        left = set(province.store.list_after(records.files_of_generation(record_id, 1)))
        assert left == {records.file_key(record_id, 1, committed.attempt, file.name) for file in committed.files}


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_that_dies_at_any_point_costs_nothing_but_time(province: Province, point: str) -> None:
    province.killed_at(point)
    ids = [province.bring("ok", name=f"{number}") for number in range(3)]
    with province.crew(processes=1, keep=province.keeper().keep):
        wait_until(province.crew_was_killed, seconds=40)
        wait_until(lambda: settled(province, 3), seconds=60)
    assert province.crew_was_killed()
    check_all_done_once(province, ids)


def test_a_worker_that_dies_in_the_middle_of_a_page_costs_nothing_but_time(province: Province, tmp_path: Path) -> None:
    ids = [province.bring("ok", f"once:kill-worker:{tmp_path}/killed", "ok", name="killer"), province.bring("ok", name="other")]
    with province.crew(processes=1, keep=province.keeper().keep):
        wait_until(lambda: settled(province, 2), seconds=60)
    assert province.crew_was_killed()
    check_all_done_once(province, ids)
    assert Outcome.CRASHED not in {end.outcome for end in province.history(ids[0]).ended.values()}


def test_a_killed_supervisor_leaves_no_process_and_the_next_start_clears_its_folder(province: Province, tmp_path: Path) -> None:
    province.bring("sleep", name="long")
    with supervised() as supervisor:
        wait_until(province.reading_has_begun, seconds=40)
        crew = supervisor.children(recursive=True)
        supervisor.kill()
        _, alive = psutil.wait_procs(crew, timeout=15)
    assert alive == []
    left = tmp_path / "scratch" / "pool-of-the-dead" / "record"
    left.mkdir(parents=True)
    with supervised():
        wait_until(lambda: not left.exists(), seconds=40)
    assert not left.exists()


def test_who_is_told_to_stop_in_a_long_record_gives_it_back_in_time_and_uncharged(province: Province) -> None:
    record_id = province.bring("sleep", name="long")
    with province.crew(processes=1):
        wait_until(province.reading_has_begun, seconds=40)
        told_at = time.monotonic()
    assert time.monotonic() - told_at < 30
    assert [end.outcome for end in province.history(record_id).ended.values()] == [Outcome.GIVEN_BACK]


def test_a_record_that_takes_all_memory_is_given_up_with_a_reason_and_the_others_go_on(province: Province) -> None:
    hungry = province.bring("hungry", "hungry", "hungry", name="hungry")
    others = [province.bring("ok", name=f"{number}") for number in range(5)]
    with province.crew(processes=1, keep=province.keeper().keep):
        wait_until(lambda: status(province.store).total.pending == 0, seconds=60)
        workers = {worker.pid for worker in worker_processes()}
    given_up = quarantine_of(province.store, manifest_of(province.store, hungry))
    assert given_up is not None
    assert given_up.code == "OUT_OF_MEMORY"
    assert {records.parse_generation_key(key).record_id for key in province.results()} == {*others}
    assert len(workers) == 1


def test_a_record_that_kills_every_reader_is_given_up_after_three_tries_and_the_crew_runs_on(province: Province) -> None:
    poison = province.bring("segfault", "exit", name="poison")
    others = [province.bring("ok", name=f"{number}") for number in range(8)]
    with province.crew(processes=2, keep=province.keeper().keep):
        wait_until(worker_processes, seconds=40)
        began_with = {worker.pid for worker in worker_processes()}
        wait_until(lambda: status(province.store).total.pending == 0, seconds=60)
        assert {worker.pid for worker in worker_processes()} >= began_with
    assert [end.outcome for end in province.history(poison).ended.values()] == [Outcome.CRASHED] * 3
    assert status(province.store).total.quarantined == 1
    assert {records.parse_generation_key(key).record_id for key in province.results()} == {*others}


class Alone(Keeper):
    """Believes that it holds the lease, whatever the store says."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.lease = type(self.lease)(self.custody.store, self.custody.clock, self.owner, self.owner)


def test_two_who_keep_the_house_at_once_do_nothing_twice_that_counts(province: Province) -> None:
    ids = [province.bring("ok", name=f"{number}") for number in range(20)]
    keepers = [Alone(province.custody, province.indexing, owner, 1.0) for owner in ("a", "b")]

    def keep() -> None:
        for keeper in keepers:
            keeper.keep()

    with province.crew(processes=2, keep=keep):
        wait_until(lambda: settled(province, 20), seconds=60)
    check_all_done_once(province, ids)
    assert max(len(province.history(record_id).started) for record_id in ids) <= 2


def test_who_keeps_the_house_is_killed_in_the_middle_of_it_and_another_goes_on(province: Province) -> None:
    ids = [province.bring("ok", name=f"{number}") for number in range(6)]
    for key in list(province.store.list_after(records.PENDING)):
        province.store.remove(key)
    province.emptied_queue()
    assert province.keeper("first").keep()  # and is never heard of again
    second = province.keeper("second")
    assert not second.keep()
    province.office.clock.skip(LASTS + CLOCKS_DIFFER)
    with province.crew(processes=2, keep=second.keep):
        wait_until(lambda: settled(province, 6), seconds=60)
    check_all_done_once(province, ids)
