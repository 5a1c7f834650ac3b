"""One worker of many, whose store goes away and comes back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.custody import Custody, records
from pipeline.custody.attempts import begin_attempt, read_history
from pipeline.custody.documents import Manifest, Outcome, encode
from pipeline.custody.lookup import manifest_of
from pipeline.custody.moving import BEGUN, DONE, Leaving
from pipeline.custody.presence import GONE_AFTER_SECONDS, show_presence
from pipeline.custody.status import status
from pipeline.errors import DiskFull, HomeMoved, HomeMoving, StoreFull, StoreUnavailable
from pipeline.ports import RecordTask, Store
from tests.custody.doubles import Office, WrappedStore
from tests.programs import wait_until
from tests.workers.conftest import MakePool, double
from workers.bench import RecordBench
from workers.pool import ChildPool

GONE = timedelta(seconds=GONE_AFTER_SECONDS + 1)


class ClosingStore(WrappedStore):
    """Takes nothing whose key has this in it, for so many puts: `refuses[".end.json"] = 2`."""

    def __init__(self, store: Store, error: type[Exception] = StoreUnavailable) -> None:
        super().__init__(store)
        self._error = error
        self.refuses: dict[str, int] = {}

    def put_new(self, key: str, content: bytes | Path) -> None:
        for part, times in self.refuses.items():
            if times and part in key:
                self.refuses[part] -= 1
                raise self._error
        super().put_new(key, content)


def brought(office: Office, *pages: str) -> Manifest:
    return manifest_of(office.store, office.receive(office.scan("a.pdf", double(*pages))).record_id or "")


def outcomes(office: Office, manifest: Manifest) -> list[Outcome]:
    return [end.outcome for end in read_history(office.store, manifest).ended.values()]


def signs(office: Office) -> list[str]:
    return list(office.store.list_after(records.PRESENT))


def bench_of(custody: Custody, pool: ChildPool, left: list[str]) -> RecordBench:
    return RecordBench(custody, pool, sign_every_seconds=0.02, leave=lambda: left.append("left"))


@pytest.mark.parametrize("error", [StoreUnavailable, StoreFull])
def test_a_store_that_takes_neither_a_result_nor_the_end_of_a_try_is_waited_for_and_the_try_costs_nothing(
    office: Office, make_pool: MakePool, error: type[Exception]
) -> None:
    manifest, store, left = brought(office, "ok"), ClosingStore(office.store, error), list[str]()
    bench, task = bench_of(office.custody_over(store), make_pool(), left), RecordTask(manifest.record_id, 1)
    store.refuses |= {"files/": 1, ".end.json": 2}
    with pytest.raises(error):
        bench.take(task)
    assert outcomes(office, manifest) == [Outcome.GIVEN_BACK]
    assert left == []
    bench.take(task)
    assert status(office.store).total.done == 1


def test_a_crash_whose_charge_the_store_did_not_take_is_charged_when_it_does(office: Office, make_pool: MakePool) -> None:
    manifest, store = brought(office, "segfault"), ClosingStore(office.store)
    store.refuses[".end.json"] = 1
    bench_of(office.custody_over(store), make_pool(), []).take(RecordTask(manifest.record_id, 1))
    assert outcomes(office, manifest) == [Outcome.CRASHED]


def test_a_try_that_began_unheard_is_no_obstacle_to_the_same_worker(office: Office, make_pool: MakePool) -> None:
    """The store took its beginning, and the answer was lost."""
    manifest, pool = brought(office, "ok"), make_pool()
    assert begin_attempt(office.custody, manifest, pool.owner) is not None
    bench_of(office.custody, pool, []).take(RecordTask(manifest.record_id, 1))
    assert outcomes(office, manifest) == [Outcome.GIVEN_BACK]
    assert status(office.store).total.done == 1


class LastStore(WrappedStore):
    """Takes no files, and no end of a try: when one comes, the worker is told to stop."""

    bench: RecordBench

    def put_new(self, key: str, content: bytes | Path) -> None:
        if key.endswith(".end.json"):
            self.bench.stop()
        if key.endswith(".end.json") or key.startswith("files/"):
            raise StoreUnavailable
        super().put_new(key, content)


def test_who_is_stopped_while_the_store_is_away_does_not_wait_for_it(office: Office, make_pool: MakePool) -> None:
    manifest, store = brought(office, "ok"), LastStore(office.store)
    store.bench = bench_of(office.custody_over(store), make_pool(), [])
    with pytest.raises(StoreUnavailable):
        store.bench.take(RecordTask(manifest.record_id, 1))
    assert outcomes(office, manifest) == []


def test_only_a_machine_whose_own_disk_is_full_leaves(office: Office, make_pool: MakePool) -> None:
    manifest, left = brought(office, "disk-full"), list[str]()
    with pytest.raises(DiskFull):
        bench_of(office.custody, make_pool(), left).take(RecordTask(manifest.record_id, 1))
    assert left == ["left"]
    assert outcomes(office, manifest) == [Outcome.GIVEN_BACK]


def test_who_was_cut_off_from_the_store_calls_nobody_dead_before_others_could_come_back_too(
    office: Office, make_pool: MakePool
) -> None:
    manifest, store = brought(office, "ok"), ClosingStore(office.store)
    show_presence(office.store, office.clock.now(), "other")
    assert begin_attempt(office.custody, manifest, "other") is not None
    bench = bench_of(office.custody_over(store), make_pool(), [])
    bench.open()
    store.refuses["present/"] = 1_000_000
    office.clock.skip(GONE)  # nobody could leave a sign for so long
    task = RecordTask(manifest.record_id, 1)
    bench.take(task)
    last = signs(office)
    store.refuses.clear()
    wait_until(lambda: signs(office) != last)
    bench.take(task)
    assert outcomes(office, manifest) == []

    def done() -> int:
        bench.take(task)
        return status(office.store).total.done

    wait_until(done)  # every look at the clock is a second
    assert outcomes(office, manifest) == [Outcome.INTERRUPTED]
    bench.close()


def test_a_worker_does_not_open_on_a_home_that_is_moving(office: Office, make_pool: MakePool) -> None:
    office.store.put_new(BEGUN, encode(Leaving("token", "elsewhere", office.clock.now())))
    with pytest.raises(HomeMoving):
        bench_of(office.custody, make_pool(), []).open()


def test_a_worker_that_was_away_while_its_home_moved_reads_nothing_more_and_leaves(office: Office, make_pool: MakePool) -> None:
    manifest = brought(office, "ok")
    left: list[str] = []
    bench = RecordBench(office.custody, make_pool(), sign_every_seconds=3600, leave=lambda: left.append("left"))
    bench.open()
    office.clock.skip(GONE)
    office.store.put_new(DONE, encode(Leaving("token", "elsewhere", office.clock.now())))
    with pytest.raises(HomeMoved):
        bench.take(RecordTask(manifest.record_id, 1))
    bench.close()
    assert left == ["left"]
    assert read_history(office.store, manifest).started == {}
