"""One process of many that brings what was read into the index."""

from __future__ import annotations

from threading import Event

import structlog

from pipeline.custody import Custody
from pipeline.custody.indexing import AT_ONCE, Indexing, count_out_of_date, refresh_entries
from pipeline.errors import IndexUnavailable
from pipeline.ports import RecordTask
from workers.lifeline import end_with_supervisor

log = structlog.get_logger()

LINGER_SECONDS = 1.0
"""Before each call: what is read meanwhile goes into the index by the same one. Nobody looks for it sooner."""

MOST_LINGERS = 5
"""While more and more comes: a call of the index with ten records costs it little more than one with two."""


class IndexBench:
    """A message says that there is something to do; what, the store says. So one call does the work of many messages."""

    def __init__(self, custody: Custody, indexing: Indexing, linger_seconds: float = LINGER_SECONDS) -> None:
        self._custody = custody
        self._indexing = indexing
        self._linger_seconds = linger_seconds
        self._stopping = Event()

    def open(self) -> None:
        end_with_supervisor()

    def take(self, task: RecordTask) -> None:
        """Write entries until none is out of date; those of this record and behind it first, so that several who do this meet
        seldom. Raises StoreUnavailable for the broker to try again later.

        A message whose work an earlier call did costs one look. An index that does not answer is not waited for: the keeper sends
        word again as long as there are marks.
        """
        try:
            while self._gather():
                if not refresh_entries(self._custody.store, self._indexing, self._custody.clock.now(), after=task.record_id):
                    return
        except IndexUnavailable as error:
            log.warning("index_lags", code=error.code)

    def _gather(self) -> bool:
        """Whether there is something to do, once no more comes, a call is full or the first has waited long."""
        before = 0
        for _ in range(MOST_LINGERS):
            found = count_out_of_date(self._custody.store, AT_ONCE)
            if found in (0, before, AT_ONCE):
                return found > 0 and not self._stopping.is_set()
            if self._stopping.wait(self._linger_seconds):
                return False
            before = found
        return True

    def stop(self) -> None:
        self._stopping.set()

    def close(self) -> None:
        """Nothing is held."""
