"""What one of all machines does for all: it feeds the queue, brings word of what the index lacks, and looks through the store.

Who does it holds a lease; the others wait to take it over, and go on with the survey where it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from pipeline.custody import Custody
from pipeline.custody.indexing import Indexing, oldest_refresh
from pipeline.custody.lease import Lease
from pipeline.custody.moving import refuse_moved
from pipeline.custody.pending import everything
from pipeline.custody.presence import signs_of_the_living
from pipeline.custody.survey import Healed, survey
from pipeline.errors import QueueUnavailable
from pipeline.ports import INDEX, RecordTask
from workers.feeding import Feeder

log = structlog.get_logger()

POST = "keeper"

SURVEY_SHARE = 20
"""A survey rests twenty times as long as it took: it never takes more than a twentieth of a core, however large the store."""

INDEX_WORD_AFTER = timedelta(seconds=10)
"""A mark this old has lost its message, or the index was away."""


@dataclass(slots=True)
class Keeper:
    """`round_seconds`: how often the store is looked through, at the most, and after which a message that came to nothing is sent
    again."""

    custody: Custody
    indexing: Indexing
    owner: str
    round_seconds: float
    now: Callable[[], float] = time.monotonic
    lease: Lease = field(init=False)
    feeder: Feeder = field(init=False)
    _survey: Iterator[Healed] | None = field(init=False, default=None)
    _survey_began: float = field(init=False, default=0.0)
    _survey_next: float = field(init=False, default=0.0)
    _index_word_next: float = field(init=False, default=0.0)
    _part: str = field(init=False, default="")
    surveys: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.lease = Lease(self.custody.store, self.custody.clock, POST, self.owner)
        self.feeder = Feeder(self.custody, self.round_seconds, self.now)

    def keep(self) -> bool:
        """One look, of a second or two; False: another one keeps the house. Raises StoreUnavailable, HomeMoved and its like."""
        held = self.lease.hold(self._part)
        if held is None:
            self._survey = None
            return False
        self._go_on_with_survey(held.note)
        try:
            self.feeder.feed(sum(1 for _ in signs_of_the_living(self.custody.store, self.custody.clock.now())))
            self._send_index_word()
        except QueueUnavailable as error:
            log.warning("queue_not_filled", code=error.code)
        return True

    def nothing_left(self) -> bool:
        """Whether nothing is to be read any more, as the marks tell after a survey. The queue is not asked: it may be away."""
        return self.surveys > 0 and not self.feeder.saw_pending and next(everything(self.custody.store), None) is None

    def leave(self) -> None:
        """Let another one keep the house at once."""
        self.lease.give_up(self._part)

    def _go_on_with_survey(self, begin_at: str) -> None:
        """The next part, where one is due."""
        if self._survey is None:
            if self.now() < self._survey_next:
                return
            refuse_moved(self.custody.store)
            self._survey = survey(self.custody, self.indexing, begin_at)
            self._survey_began = self.now()
        healed = next(self._survey, None)
        if healed is None:
            took = self.now() - self._survey_began
            self._survey, self._part = None, ""
            self._survey_next = self.now() + max(self.round_seconds, SURVEY_SHARE * took)
            self.surveys += 1
            return
        self._part = healed.part
        if healed.marked or healed.arrivals or healed.indexed:
            log.info("house_mended", part=healed.part, marked=healed.marked, arrivals=healed.arrivals, indexed=healed.indexed)

    def _send_index_word(self) -> None:
        """Those who bring results into the index are told that there is something to do, if they seem not to know."""
        if self.now() < self._index_word_next:
            return
        self._index_word_next = self.now() + INDEX_WORD_AFTER.total_seconds()
        since = oldest_refresh(self.custody.store)
        if since is not None and self.custody.clock.now() - since > INDEX_WORD_AFTER:
            self.custody.queue.send(RecordTask(NO_RECORD_IN_PARTICULAR, 1), INDEX)


NO_RECORD_IN_PARTICULAR = "00000000-0000-0000-0000-000000000000"
"""Before all others: what is out of date is brought from the beginning."""
