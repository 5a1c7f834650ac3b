"""The Queue of one machine: a bounded list in memory, and a bell that other processes hear.

It is a cache of the truth: whoever takes from it looks into the store again whenever the bell has rung or the list is empty.
So nothing is lost when it forgets, and `send` never has to refuse.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from pathlib import Path
from threading import Lock

from pipeline.errors import QueueUnavailable
from pipeline.ports import BULK, LANES, RecordTask


class LocalQueue:
    """`bell`: a file of the home whose time of change says that somebody sent something. `capacity`: of each lane."""

    def __init__(self, bell: Path, capacity: int = 100) -> None:
        self._bell = bell
        self._capacity = capacity
        self._tasks: dict[str, OrderedDict[RecordTask, None]] = {lane: OrderedDict() for lane in LANES}
        self._lock = Lock()

    def send(self, task: RecordTask, lane: str = BULK) -> None:
        """Remember the task if there is room, and ring. Raises QueueUnavailable when the bell cannot be rung."""
        self.remember(task, lane)
        try:
            self._bell.touch()
        except OSError as error:
            raise QueueUnavailable(type(error).__name__) from error

    def remember(self, task: RecordTask, lane: str = BULK) -> bool:
        """Keep a task that the store has; False: there is no room now."""
        with self._lock:
            tasks = self._tasks[lane]
            if len(tasks) < self._capacity:
                tasks[task] = None
            return task in tasks

    def take(self) -> RecordTask | None:
        """What is urgent first, of each lane the task that waits longest; None when none does."""
        with self._lock:
            return next((tasks.popitem(last=False)[0] for tasks in self._tasks.values() if tasks), None)

    def waiting(self, lane: str = BULK) -> int:
        with self._lock:
            return len(self._tasks[lane])

    def last_rung(self) -> int:
        """Changes whenever anybody, in any process, has sent something."""
        try:
            return os.stat(self._bell).st_mtime_ns  # noqa: PTH116 - a plain call: this is polled
        except OSError:
            return 0
