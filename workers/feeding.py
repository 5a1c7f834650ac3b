"""From the list of what is pending into the queue: by turns, a little ahead of the workers.

A queue is first in, first out. So no more is put into it than the workers take in the next seconds, and which of the units comes
next is decided when there is room: fifty thousand files of one of them stand in nobody's way.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from pipeline.custody import Custody
from pipeline.custody.pending import AT_ONCE, Waiting, in_turn, is_settled
from pipeline.ports import READING, RecordTask

log = structlog.get_logger()

AHEAD_OF_EACH = 8
"""Tasks in the queue for each worker: some seconds of small records."""

LOST_SOONER_SECONDS = 5.0
"""With nothing at all in the queue what was sent and is still pending got lost, unless it was taken just now."""


@dataclass(slots=True)
class Feeder:
    """Remembers what it has sent. `lost_after_seconds`: what is still pending then is sent again when its turn comes."""

    custody: Custody
    lost_after_seconds: float
    now: Callable[[], float] = time.monotonic
    sent: dict[RecordTask, float] = field(default_factory=dict)
    served_last: dict[str, str] = field(default_factory=dict)
    saw_pending: bool = False
    """Whether anything was, as far as the lanes were looked through last."""

    def feed(self, workers: int) -> int:
        """Fill the lanes for so many workers; returns how many tasks were sent. Raises QueueUnavailable, StoreUnavailable.

        A lane that is more than half full is left for the next time: a look at the list costs as much as some records' marks.
        """
        ahead = AT_ONCE + AHEAD_OF_EACH * workers
        self.saw_pending = False
        sent = sum(self._feed(lane, ahead) for lane in READING)
        self._forget()
        return sent

    def _feed(self, lane: str, ahead: int) -> int:
        there = self.custody.queue.waiting(lane)
        if 2 * there > ahead:
            self.saw_pending = True
            return 0
        lost_after = self.lost_after_seconds if there else min(LOST_SOONER_SECONDS, self.lost_after_seconds)
        sent = 0
        for one in in_turn(self.custody.store, lane, self.served_last.get(lane, "")):
            self.saw_pending = True
            if there + sent >= ahead:
                break
            if self._is_due(one, lost_after):
                self.custody.queue.send(one.task, lane)
                self.sent[one.task] = self.now()
                self.served_last[lane] = one.unit
                sent += 1
        return sent

    def _is_due(self, one: Waiting, lost_after: float) -> bool:
        """What was sent long ago may be done, with only its mark left behind."""
        before = self.sent.get(one.task)
        if before is None:
            return True
        if self.now() - before < lost_after:
            return False
        if is_settled(self.custody.store, one, self.custody.clock.now()):
            self.custody.store.remove(one.key)
            return False
        return True

    def _forget(self) -> None:
        """What is done long since."""
        oldest = self.now() - 10 * max(self.lost_after_seconds, LOST_SOONER_SECONDS)
        for task in [task for task, at in self.sent.items() if at < oldest]:
            del self.sent[task]
