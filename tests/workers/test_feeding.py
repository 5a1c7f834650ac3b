"""From what is pending into the queue: by turns, a little ahead, and again when it got lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.adapters.local_queue import LocalQueue
from pipeline.custody import Custody, records
from pipeline.custody.pending import AT_ONCE, everything
from pipeline.errors import QueueUnavailable
from pipeline.ports import BULK, INTERACTIVE, RecordTask
from tests.custody.doubles import Office, WrappedStore
from tests.custody.reading import begun, committed
from tests.custody.test_pending import bring
from workers.feeding import AHEAD_OF_EACH, Feeder


class Watch:
    """Time that a test moves on."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def queue(tmp_path: Path) -> LocalQueue:
    return LocalQueue(tmp_path / "other-bell")


@pytest.fixture
def feeder(office: Office, queue: LocalQueue, watch: Watch) -> Feeder:
    return Feeder(office.custody_over(office.store, queue), 60.0, watch)


def emptied(queue: LocalQueue) -> list[RecordTask]:
    taken = []
    while (task := queue.take()) is not None:
        taken.append(task)
    return taken


def test_ten_urgent_files_of_one_unit_are_begun_before_the_many_of_another(
    office: Office, feeder: Feeder, queue: LocalQueue
) -> None:
    bring(office, "lon", 60)
    feeder.feed(workers=1)
    urgent = bring(office, "nho", 10, urgent=True)
    feeder.feed(workers=1)
    assert [task.record_id for task in emptied(queue)[:10]] == urgent


def test_a_small_unit_waits_for_no_more_than_what_was_ahead_of_the_workers(
    office: Office, feeder: Feeder, queue: LocalQueue
) -> None:
    bring(office, "lon", 80)
    feeder.feed(workers=2)
    ahead = queue.waiting(BULK)
    assert ahead == AT_ONCE + 2 * AHEAD_OF_EACH
    small = bring(office, "nho", 5)
    order = []
    while (task := queue.take()) is not None:
        order.append(task.record_id)
        feeder.feed(workers=2)
    assert max(map(order.index, small)) < ahead + 2 * len(small)
    assert len(order) == len({*order}) == 85


class ListedStore(WrappedStore):
    """Counts how often somebody looks through what is pending."""

    looks = 0

    def list_after(self, prefix: str, after: str = "") -> Iterator[str]:
        self.looks += prefix.startswith(f"{records.PENDING}{BULK}")
        return super().list_after(prefix, after)


def test_the_list_is_looked_through_again_when_the_workers_have_taken_half(
    office: Office, queue: LocalQueue, watch: Watch
) -> None:
    store = ListedStore(office.store)
    feeder = Feeder(office.custody_over(store, queue), 60.0, watch)
    bring(office, "lon", 80)
    ahead = feeder.feed(workers=1)
    store.looks = 0
    while 2 * queue.waiting(BULK) > ahead:
        assert feeder.feed(workers=1) == 0
        queue.take()
    assert store.looks == 0
    assert feeder.feed(workers=1) == ahead // 2
    assert store.looks > 0


def test_it_knows_whether_it_saw_anything_pending(office: Office, feeder: Feeder, queue: LocalQueue, watch: Watch) -> None:
    (record_id,) = bring(office, "a", 1)
    feeder.feed(workers=1)
    assert feeder.saw_pending
    emptied(queue)
    feeder.feed(workers=1)
    assert feeder.saw_pending  # under way
    committed(office, begun(office, record_id))
    feeder.feed(workers=1)
    assert not feeder.saw_pending


def test_nothing_is_sent_twice_while_it_may_be_under_way(office: Office, feeder: Feeder, queue: LocalQueue, watch: Watch) -> None:
    bring(office, "don-vi", 3)
    assert feeder.feed(workers=1) == 3
    emptied(queue)
    watch.seconds += 4
    assert feeder.feed(workers=1) == 0


def test_what_came_to_nothing_is_sent_again(office: Office, feeder: Feeder, queue: LocalQueue, watch: Watch) -> None:
    bring(office, "don-vi", 3)
    feeder.feed(workers=1)
    emptied(queue)
    watch.seconds += 6
    assert feeder.feed(workers=1) == 3


def test_beside_other_work_a_lost_task_is_sent_again_later(
    office: Office, feeder: Feeder, queue: LocalQueue, watch: Watch
) -> None:
    lost = bring(office, "a", 1)
    feeder.feed(workers=1)
    emptied(queue)
    bring(office, "b", 1)
    feeder.feed(workers=1)
    watch.seconds += 30
    assert feeder.feed(workers=1) == 0
    watch.seconds += 31
    feeder.feed(workers=1)
    assert lost[0] in {task.record_id for task in emptied(queue)}


def test_a_mark_that_was_left_behind_goes_when_its_turn_comes_again(
    office: Office, feeder: Feeder, queue: LocalQueue, watch: Watch
) -> None:
    (record_id,) = bring(office, "a", 1)
    feeder.feed(workers=1)
    (mark,) = everything(office.store)
    committed(office, begun(office, record_id))
    office.store.put_new(mark.key, b"")  # as if its worker had died just before it could take it away
    emptied(queue)
    watch.seconds += 61
    assert feeder.feed(workers=1) == 0
    assert list(office.store.list_after(records.PENDING)) == []


class LostQueue:
    """A broker that is lost between a question and a message."""

    def send(self, task: RecordTask, lane: str = BULK) -> None:
        raise QueueUnavailable

    def waiting(self, lane: str = BULK) -> int:
        return 0


def test_what_could_not_be_sent_does_not_count_as_sent(office: Office, watch: Watch, queue: LocalQueue) -> None:
    bring(office, "a", 1)
    feeder = Feeder(office.custody_over(office.store, LostQueue()), 60.0, watch)
    with pytest.raises(QueueUnavailable):
        feeder.feed(workers=1)
    back: Custody = office.custody_over(office.store, queue)
    feeder.custody = back
    assert feeder.feed(workers=1) == 1


def test_both_lanes_are_fed(office: Office, feeder: Feeder, queue: LocalQueue) -> None:
    bring(office, "a", 1)
    bring(office, "a", 1, urgent=True)
    assert feeder.feed(workers=1) == 2
    assert (queue.waiting(INTERACTIVE), queue.waiting(BULK)) == (1, 1)
