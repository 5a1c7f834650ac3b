"""What every Queue promises: at least once or not at all. An adapter's test class inherits QueueContract.

It gives the fixture `queue`, and `taken(queue)`: all tasks that the adapter's takers get, in any order.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from pipeline.ports import BULK, INDEX, INTERACTIVE, LANES, Queue, RecordTask


class QueueContract:
    def taken(self, queue: Queue) -> Iterable[RecordTask]:
        raise AssertionError("the adapter's test class says how its tasks are taken")

    def test_a_task_that_was_sent_is_taken_with_its_ids(self, queue: Queue) -> None:
        task = RecordTask(str(uuid4()), 3)
        queue.send(task)
        assert task in set(self.taken(queue))

    def test_nothing_is_taken_that_was_not_sent(self, queue: Queue) -> None:
        tasks = {RecordTask(str(uuid4()), number) for number in range(1, 6)}
        for task in tasks:
            queue.send(task)
            queue.send(task)
        assert set(self.taken(queue)) <= tasks

    def test_it_tells_how_many_wait(self, queue: Queue) -> None:
        assert queue.waiting() == 0
        queue.send(RecordTask(str(uuid4()), 1))
        assert queue.waiting() == 1
        list(self.taken(queue))
        assert queue.waiting() == 0

    def test_each_lane_tells_what_waits_in_it(self, queue: Queue) -> None:
        for lane, count in ((INTERACTIVE, 1), (BULK, 2), (INDEX, 3)):
            for _ in range(count):
                queue.send(RecordTask(str(uuid4()), 1), lane)
        assert [queue.waiting(lane) for lane in LANES] == [1, 2, 3]

    def test_many_may_send_at_once(self, queue: Queue) -> None:
        tasks = [RecordTask(str(uuid4()), 1) for _ in range(100)]
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(queue.send, tasks))
        assert set(self.taken(queue)) == set(tasks)
