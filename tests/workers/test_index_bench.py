"""Bringing what was read into the index, apart from the reading."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from pipeline.adapters.local_queue import LocalQueue
from pipeline.custody import records
from pipeline.custody.indexing import AT_ONCE, NEVER_CAME, note_refresh, oldest_refresh, refresh_entries
from pipeline.errors import IndexUnavailable, QueueUnavailable
from pipeline.ports import BULK, INDEX, RecordTask, Store
from tests.custody.doubles import Office, WrappedStore
from tests.custody.reading import begun, committed
from workers.index_bench import IndexBench
from workers.publishing import WORDS_ENOUGH, IndexAtOnce, IndexByLane


def read_records(office: Office, count: int, name: object = "") -> list[RecordTask]:
    """Records that are done and not yet in the index, as a worker of many leaves them."""
    tasks = [RecordTask(office.received(f"{name}-{number}.pdf"), 1) for number in range(count)]
    for task in tasks:
        IndexByLane().expect(office.custody, task)
        committed(office, begun(office, task.record_id))
    return tasks


def marks(office: Office) -> list[str]:
    return list(office.store.list_after(records.REFRESH))


def test_one_message_does_the_work_of_many(office: Office) -> None:
    tasks = read_records(office, 7)
    IndexBench(office.custody, office.indexing, 0).take(tasks[3])
    assert {*office.index.puts} == {task.record_id for task in tasks}
    assert len(office.index.puts) == 7
    assert marks(office) == []


class FillingStore(WrappedStore):
    """Where `more` happens each time that somebody looks at what is out of date; `looks` counts it."""

    def __init__(self, store: Store, more: Callable[[], object]) -> None:
        super().__init__(store)
        self._more = more
        self.looks = 0

    def list_after(self, prefix: str, after: str = "") -> Iterator[str]:
        if prefix == records.REFRESH:
            self.looks += 1
            self._more()
        return super().list_after(prefix, after)


def test_while_more_comes_it_is_gathered_for_one_call(office: Office) -> None:
    (first,) = read_records(office, 1)
    coming = iter(range(2))
    store = FillingStore(office.store, lambda: read_records(office, 1, next(coming)) if store.looks in (2, 3) else None)
    IndexBench(office.custody_over(store), office.indexing, 0).take(first)
    assert office.index.calls == [3]


def test_what_keeps_coming_is_not_waited_for_without_end(office: Office) -> None:
    (first,) = read_records(office, 1)
    store = FillingStore(office.store, lambda: read_records(office, 1, store.looks) if store.looks < 12 else None)
    IndexBench(office.custody_over(store), office.indexing, 0).take(first)
    assert len(office.index.calls) > 1
    assert sum(office.index.calls) == len(office.index.entries) == 12
    assert marks(office) == []


def test_a_result_that_is_announced_and_not_there_yet_keeps_its_mark(office: Office) -> None:
    task = RecordTask(office.received("a.pdf"), 1)
    IndexByLane().expect(office.custody, task)
    bench = IndexBench(office.custody, office.indexing, 0)
    bench.take(task)
    assert office.index.puts == []
    committed(office, begun(office, task.record_id))
    bench.take(task)
    assert office.index.puts == [task.record_id]


def test_a_mark_whose_result_never_came_goes_in_the_end(office: Office) -> None:
    task = RecordTask(office.received("a.pdf"), 1)
    IndexByLane().expect(office.custody, task)
    office.clock.skip(NEVER_CAME)
    IndexBench(office.custody, office.indexing, 0).take(task)
    assert marks(office) == []


def test_an_index_that_is_away_costs_no_mark_and_is_caught_up_with(office: Office) -> None:
    tasks = read_records(office, 3)
    bench = IndexBench(office.custody, office.indexing, 0)
    office.index.broken = True
    bench.take(tasks[0])
    assert len(marks(office)) == 3
    since = oldest_refresh(office.store)
    assert since is not None
    office.index.broken = False
    bench.take(RecordTask("00000000-0000-0000-0000-000000000000", 1))
    assert len(office.index.entries) == 3
    assert oldest_refresh(office.store) is None


def test_no_more_than_one_call_takes_are_read_at_a_time(office: Office) -> None:
    read_records(office, 5)
    assert refresh_entries(office.store, office.indexing, office.clock.now(), most=2) == 2
    assert len(marks(office)) == 3
    assert AT_ONCE > 2


def test_those_behind_a_record_come_first_and_then_the_others(office: Office) -> None:
    tasks = sorted(read_records(office, 6), key=lambda task: task.record_id)
    now = office.clock.now()
    refresh_entries(office.store, office.indexing, now, after=tasks[4].record_id, most=2)
    assert {*office.index.puts} == {task.record_id for task in tasks[4:]}
    refresh_entries(office.store, office.indexing, now, after=tasks[4].record_id)
    assert len(office.index.puts) == 6


def test_a_bench_that_is_to_stop_begins_no_further_call(office: Office) -> None:
    tasks = read_records(office, 2)
    bench = IndexBench(office.custody, office.indexing, 0)
    bench.stop()
    bench.take(tasks[0])
    assert office.index.puts == []


def test_somebody_elses_file_among_the_marks_is_left_alone(office: Office) -> None:
    office.store.put_new(f"{records.REFRESH}x", b"")
    tasks = read_records(office, 1)
    IndexBench(office.custody, office.indexing, 0).take(tasks[0])
    assert marks(office) == [f"{records.REFRESH}x"]


def test_where_many_work_the_lane_of_the_index_is_told(office: Office) -> None:
    (task,) = read_records(office, 1)
    IndexByLane().publish(office.custody, task)
    assert office.queue.waiting(INDEX) == 1


def test_the_lane_of_the_index_is_told_no_more_when_word_enough_waits_there(office: Office) -> None:
    (task,) = read_records(office, 1)
    for _ in range(2 * WORDS_ENOUGH):
        IndexByLane().publish(office.custody, task)
    assert office.queue.waiting(INDEX) <= WORDS_ENOUGH


def test_on_one_machine_an_index_that_is_away_leaves_a_mark(office: Office) -> None:
    task = RecordTask(office.received("a.pdf"), 1)
    publishing = IndexAtOnce(office.indexing)
    publishing.expect(office.custody, task)
    committed(office, begun(office, task.record_id))
    office.index.broken = True
    publishing.publish(office.custody, task)
    assert len(marks(office)) == 1
    with pytest.raises(IndexUnavailable):
        refresh_entries(office.store, office.indexing, office.clock.now())
    office.index.broken = False
    assert refresh_entries(office.store, office.indexing, office.clock.now()) == 1


class DeafQueue(LocalQueue):
    """Does not take word."""

    def send(self, task: RecordTask, lane: str = BULK) -> None:
        raise QueueUnavailable


def test_a_broker_that_is_away_loses_nothing_for_the_index(office: Office) -> None:
    (task,) = read_records(office, 1)
    IndexByLane().publish(office.custody_over(office.store, DeafQueue(office.folder / "bell")), task)
    assert len(marks(office)) == 1


def test_two_marks_of_one_record_make_one_entry(office: Office) -> None:
    (task,) = read_records(office, 1)
    note_refresh(office.store, task.record_id, 0, office.clock.now())
    assert refresh_entries(office.store, office.indexing, office.clock.now()) == 1
    assert marks(office) == []
