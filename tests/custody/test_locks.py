"""Locks of a home, and its list of tasks."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest

from pipeline.adapters.file_lock import FileLock
from pipeline.adapters.local_queue import LocalQueue
from pipeline.errors import HomeLocked, HomeMissing, QueueUnavailable
from pipeline.ports import Queue, RecordTask
from tests.contracts.queue_contract import QueueContract
from tests.custody.small_disk import small_disk
from tests.programs import beside, running


@pytest.fixture
def queue(tmp_path: Path) -> LocalQueue:
    return LocalQueue(tmp_path / "bell")


class TestLocalQueue(QueueContract):
    def taken(self, queue: Queue) -> Iterable[RecordTask]:
        if not isinstance(queue, LocalQueue):
            raise TypeError
        while task := queue.take():
            yield task


def test_the_list_is_bounded_and_forgets_what_has_no_room(tmp_path: Path) -> None:
    queue = LocalQueue(tmp_path / "bell", capacity=2)
    tasks = [RecordTask(str(number), 1) for number in range(3)]
    for task in tasks:
        queue.send(task)
    assert queue.waiting() == 2
    assert not queue.remember(tasks[2])
    assert queue.take() == tasks[0]
    assert queue.remember(tasks[2])


def test_a_task_sent_twice_waits_once(queue: LocalQueue) -> None:
    for _ in range(2):
        queue.send(RecordTask("a", 1))
    assert queue.waiting() == 1


def test_the_bell_is_heard_in_another_process(queue: LocalQueue, tmp_path: Path) -> None:
    before = queue.last_rung()
    ringer = (
        "import sys; from pathlib import Path; from pipeline.ports import RecordTask\n"
        "from pipeline.adapters.local_queue import LocalQueue\n"
        "LocalQueue(Path(sys.argv[1])).send(RecordTask('a', 1))\n"
    )
    subprocess.run([sys.executable, "-c", ringer, tmp_path / "bell"], check=True)
    assert queue.last_rung() != before
    assert queue.waiting() == 0


def test_a_bell_that_cannot_be_rung_is_told(tmp_path: Path) -> None:
    with pytest.raises(QueueUnavailable):
        LocalQueue(tmp_path / "nowhere" / "bell").send(RecordTask("a", 1))


def test_a_lock_is_held_by_one_alone(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "lock")
    with lock.exclusive(), pytest.raises(HomeLocked), lock.exclusive():
        pytest.fail("held twice")
    with lock.exclusive():
        pass


def test_who_waits_for_a_lock_gets_it_when_it_is_given_up(tmp_path: Path) -> None:
    held, wished = threading.Event(), threading.Event()

    def hold() -> None:
        with FileLock(tmp_path / "lock").exclusive():
            held.set()
            wished.wait(10)

    with beside(hold, end=wished.set):
        held.wait(10)
        threading.Timer(0.2, wished.set).start()
        with FileLock(tmp_path / "lock", wait_seconds=10).exclusive():
            assert wished.is_set()


def test_many_share_what_nobody_holds_alone(tmp_path: Path) -> None:
    lock = FileLock(tmp_path / "lock")
    with lock.shared(), lock.shared(), pytest.raises(HomeLocked), lock.exclusive():
        pytest.fail("held alone beside others")


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    holder = (
        "import sys, time; from pathlib import Path; from pipeline.adapters.file_lock import FileLock\n"
        "with FileLock(Path(sys.argv[1])).exclusive():\n    print('held', flush=True); time.sleep(60)\n"
    )
    with running([sys.executable, "-c", holder, tmp_path / "lock"]) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with pytest.raises(HomeLocked), FileLock(tmp_path / "lock").exclusive():
            pytest.fail("held twice")
    with FileLock(tmp_path / "lock").exclusive():
        pass


def test_a_lock_in_a_home_that_is_not_there_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(HomeMissing), FileLock(tmp_path / "nowhere" / "lock").exclusive():
        pytest.fail("held in no home")
    assert not (tmp_path / "nowhere").exists()


def test_a_lock_on_a_read_only_disk_is_told() -> None:
    from pipeline.errors import HomeReadOnly

    with small_disk(megabytes=1) as folder:
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        with pytest.raises(HomeReadOnly), FileLock(folder / "lock").exclusive():
            pytest.fail("held on a read-only disk")
        assert os.listdir(folder) == []  # noqa: PTH208
