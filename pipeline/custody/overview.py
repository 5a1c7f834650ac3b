"""How the house stands, for those who watch it: the equation, what waits where and since when, who is at work.

What is asked often (`present_moment`) costs as much as there is work; the equation (`status`) as much as there are records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from datetime import datetime

from pipeline.custody import Custody, records
from pipeline.custody.indexing import oldest_refresh
from pipeline.custody.left_out import left_out
from pipeline.custody.lookup import quarantined
from pipeline.custody.pending import in_turn, oldest
from pipeline.custody.reports import Report, reports_of_the_living
from pipeline.custody.status import Counts, State, Status, read_ledger
from pipeline.errors import QueueUnavailable
from pipeline.ports import LANES, READING, Store


@dataclass(frozen=True, slots=True)
class Lane:
    """`marked`: records of the lane that wait; `queued`: messages of it in the queue (None: it does not answer); `since`: when
    the one came that has waited longest (None: none waits)."""

    marked: int
    queued: int | None
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Moment:
    """`lanes`: for reading and, under INDEX, what is to go into the index. `left_out`: records that the index refuses, or their
    pages. `reports`: one for each worker that is alive."""

    at: datetime
    lanes: Mapping[str, Lane]
    left_out: int
    reports: tuple[Report, ...]
    free_bytes: int

    @property
    def pages_per_minute(self) -> float:
        return sum(one.pages / one.minutes for one in self.reports if one.minutes)

    @property
    def records_per_minute(self) -> float:
        return sum(one.records / one.minutes for one in self.reports if one.minutes)


def present_moment(custody: Custody) -> Moment:
    """Raises StoreUnavailable."""
    store, now = custody.store, custody.clock.now()
    reading = {lane: _lane(custody, lane, sum(1 for _ in in_turn(store, lane)), oldest(store, lane)) for lane in READING}
    index_lane = LANES[-1]
    lagging = sum(1 for _ in store.list_after(records.REFRESH))
    lanes = {**reading, index_lane: _lane(custody, index_lane, lagging, oldest_refresh(store))}
    return Moment(now, lanes, len(left_out(store)), tuple(reports_of_the_living(store, now)), custody.free_bytes())


def reasons_of_quarantine(store: Store) -> Counter[str]:
    """Code -> how many records are in quarantine for it now."""
    ledger = read_ledger(store)
    return Counter(
        one.code
        for one in quarantined(store)
        if ledger.state_of(one.record_id) is State.QUARANTINED and one.generation == ledger.quarantine[one.record_id]
    )


def by_unit(found: Status) -> dict[str, Counts]:
    """The terms of the equation for each unit."""
    units = {one.unit for one in found.batches}
    return {unit: _added(one.counts for one in found.batches if one.unit == unit) for unit in sorted(units)}


def stage_seconds(reports: Iterable[Report]) -> dict[str, float]:
    """Stage -> seconds of it for each page that was read of late; empty when none was."""
    reports = list(reports)
    pages = sum(one.pages for one in reports)
    stages = sorted({stage for one in reports for stage in one.seconds})
    return {stage: sum(one.seconds.get(stage, 0.0) for one in reports) / pages for stage in stages} if pages else {}


def _lane(custody: Custody, lane: str, marked: int, since: datetime | None) -> Lane:
    try:
        queued = custody.queue.waiting(lane)
    except QueueUnavailable:
        return Lane(marked, None, since)
    return Lane(marked, queued, since)


def _added(counts: Iterable[Counts]) -> Counts:
    return Counts(*map(sum, zip(*map(astuple, counts), strict=True)))
