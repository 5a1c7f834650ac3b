"""What workers tell of themselves with each sign of life: how much they have read of late, and what took how long.

It is for watching, not for counting: a worker that dies takes its report along. What was read on a day stands in the results.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

import structlog

from pipeline.custody.documents import decode, encode
from pipeline.custody.presence import signs_of_the_living
from pipeline.errors import DigestMismatch, KeyMissing
from pipeline.ports import Store

log = structlog.get_logger()

OF_LATE = timedelta(minutes=10)
"""Long enough for a thousand-page record to end in it now and then, short enough to see that something has changed."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A record that was read. `attempt`: the how-manieth try it was; `seconds`: stage -> how long it took."""

    at: datetime
    pages: int
    attempt: int
    seconds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Report:
    """Of one worker, or of all together, over the last `minutes`. `retries`: records that took more than one try."""

    minutes: float = 0.0
    records: int = 0
    pages: int = 0
    retries: int = 0
    seconds: dict[str, float] = field(default_factory=dict)


class Diary:
    """What one worker has read of late. Safe for several threads."""

    def __init__(self, began: datetime) -> None:
        self._began = began
        self._readings: deque[Reading] = deque()
        self._lock = Lock()

    def note(self, reading: Reading) -> None:
        with self._lock:
            self._readings.append(reading)

    def report(self, now: datetime) -> Report:
        """Over OF_LATE, or since it began where that is shorter."""
        with self._lock:
            while self._readings and now - self._readings[0].at > OF_LATE:
                self._readings.popleft()
            readings = tuple(self._readings)
        seconds: Counter[str] = Counter()
        for one in readings:
            seconds.update(one.seconds)
        return Report(
            min(OF_LATE, now - self._began) / timedelta(minutes=1),
            len(readings),
            sum(one.pages for one in readings),
            sum(one.attempt > 1 for one in readings),
            {stage: round(took, 3) for stage, took in seconds.items()},
        )


def report_bytes(report: Report) -> bytes:
    """As it stands in a sign of life."""
    return encode(report)


def reports_of_the_living(store: Store, now: datetime) -> Iterator[Report]:
    """One for each worker that is alive; an empty one where its sign cannot be read."""
    for key in signs_of_the_living(store, now):
        try:
            yield decode(Report, store.get(key), key)
        except (DigestMismatch, KeyMissing):  # a newer sign has taken its place
            log.info("report_unreadable", key=key)
            yield Report()
