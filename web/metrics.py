"""`/metrics` for Prometheus. Every figure is read from the store, the queue or a worker's own report when it is asked for.

No label holds anything of a document or a person: units, lanes, stages and error codes only.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from threading import Lock

from fastapi import APIRouter, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from pipeline.custody import Custody
from pipeline.custody.overview import Moment, by_unit, present_moment, reasons_of_quarantine, stage_seconds
from pipeline.custody.status import Counts, status
from pipeline.errors import TransientError
from pipeline.ports import INDEX, READING

SHARE = 20
"""The equation is read off all keys: after each look that takes this many times as long as the look took."""


def metrics_routes(custody: Custody, look_seconds: float) -> APIRouter:
    """`look_seconds`: how old figures may be that cost a look at all records."""
    routes = APIRouter()
    collected = CollectorRegistry()
    collected.register(HouseCollector(custody, look_seconds))

    @routes.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(collected), media_type=CONTENT_TYPE_LATEST)

    return routes


class Equation:
    """The terms by unit, and what is in quarantine for which reason; looked up again when it is old enough."""

    def __init__(self, custody: Custody, look_seconds: float) -> None:
        self._custody = custody
        self._look_seconds = look_seconds
        self._lock = Lock()
        self._next_look = 0.0
        self.at: datetime | None = None
        self.units: dict[str, Counts] = {}
        self.adds_up = True
        self.reasons: Counter[str] = Counter()

    def refresh(self) -> None:
        """Raises StoreUnavailable."""
        with self._lock:
            began = time.monotonic()
            if began < self._next_look:
                return
            found = status(self._custody.store)
            self.reasons = reasons_of_quarantine(self._custody.store)
            self.units, self.adds_up, self.at = by_unit(found), found.total.adds_up, self._custody.clock.now()
            took = time.monotonic() - began
            self._next_look = time.monotonic() + max(self._look_seconds, SHARE * took)


class HouseCollector(Collector):
    """Asked by the registry at each scrape. A store that does not answer leaves one figure: that it does not."""

    def __init__(self, custody: Custody, look_seconds: float) -> None:
        self._custody = custody
        self._equation = Equation(custody, look_seconds)

    def describe(self) -> Iterator[Metric]:
        return iter(())  # nothing is asked of the store before the first scrape

    def collect(self) -> Iterator[Metric]:
        try:
            moment = present_moment(self._custody)
            self._equation.refresh()
        except TransientError:
            yield _figure("sohoa_store_up", "Whether the object store answers.", 0)
            return
        yield _figure("sohoa_store_up", "Whether the object store answers.", 1)
        yield from _work(moment)
        yield from _waiting(moment)
        yield from _equation(self._equation)


def _work(moment: Moment) -> Iterator[Metric]:
    yield _figure("sohoa_workers", "Workers that are alive.", len(moment.reports))
    yield _figure("sohoa_pages_per_minute", "Pages read, over the last ten minutes.", moment.pages_per_minute)
    yield _figure("sohoa_records_per_minute", "Records read, over the last ten minutes.", moment.records_per_minute)
    retries = sum(one.retries for one in moment.reports)
    yield _figure("sohoa_retries", "Records of the last ten minutes that took more than one try.", retries)
    yield _figure("sohoa_disk_free_bytes", "Free space where unfinished copies are kept on this machine.", moment.free_bytes)
    stages = GaugeMetricFamily("sohoa_stage_seconds_per_page", "Seconds of each stage for a page.", labels=["stage"])
    for stage, seconds in stage_seconds(moment.reports).items():
        stages.add_metric([stage], seconds)
    yield stages


def _waiting(moment: Moment) -> Iterator[Metric]:
    pending = GaugeMetricFamily("sohoa_pending_records", "Records that wait to be read.", labels=["lane"])
    age = GaugeMetricFamily("sohoa_queue_age_seconds", "The longest wait of a record to be read.", labels=["lane"])
    queued = GaugeMetricFamily("sohoa_queue_messages", "Messages in the queue; -1: it does not answer.", labels=["lane"])
    for lane, found in moment.lanes.items():
        queued.add_metric([lane], -1 if found.queued is None else found.queued)
        if lane in READING:
            pending.add_metric([lane], found.marked)
            age.add_metric([lane], _seconds(moment.at, found.since))
    yield from (pending, age, queued)
    lag = moment.lanes[INDEX]
    yield _figure("sohoa_index_lag_records", "Results that are not in the index yet.", lag.marked)
    yield _figure("sohoa_index_left_out_records", "Records that the index refuses, or their pages.", moment.left_out)
    yield _figure("sohoa_index_lag_seconds", "The longest wait of a result for the index.", _seconds(moment.at, lag.since))


def _equation(equation: Equation) -> Iterator[Metric]:
    files = GaugeMetricFamily("sohoa_files", "Files handed over, by where they stand.", labels=["unit", "state"])
    for unit, counts in equation.units.items():
        for state, count in asdict(counts).items():
            files.add_metric([unit, state], count)
    yield files
    holds = "Whether received = done + pending + quarantined + rejected + purged."
    yield _figure("sohoa_equation_holds", holds, int(equation.adds_up))
    reasons = GaugeMetricFamily("sohoa_quarantined_records", "Records in quarantine.", labels=["code"])
    for code, count in sorted(equation.reasons.items()):
        reasons.add_metric([code], count)
    yield reasons
    if equation.at is not None:
        yield _figure("sohoa_equation_looked_at", "When the equation was read off, as Unix time.", equation.at.timestamp())


def _figure(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(name, told, value=value)


def _seconds(now: datetime, since: datetime | None) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
