"""Worker processes of tests: the real ones, whose children read doubles. The variable `TEST_CREW` is JSON: folder, broker_url, and
since when time runs faster.

As a program it supervises two of them until it is stopped, or killed: `python -m tests.servers.crew_app`.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.adapters.dramatiq_queue import DramatiqQueue, open_broker, worker_broker
from pipeline.adapters.sqlite_index import SqliteIndex
from pipeline.custody import Custody
from pipeline.custody.indexing import Indexing
from pipeline.ports import INDEX, READING
from tests.custody.doubles import Office, entry_from
from tests.workers.conftest import LIMITS
from tests.workers.journeys import ENTRY
from workers.app import OpenBench, in_worker
from workers.bench import RecordBench
from workers.child import ChildEntry, ChildLimits
from workers.index_bench import IndexBench
from workers.local import stop_on_signals
from workers.pool import ChildPool
from workers.supervisor import Crew, supervise

NAME = "TEST_CREW"
APP = "tests.servers.crew_app:make_broker"
INDEX_APP = "tests.servers.crew_app:make_index_broker"
HEARTBEAT_SECONDS = 3.0


@dataclass(frozen=True)
class HurriedClock:
    """A minute a second, for all processes alike: who is dead is missed after two seconds."""

    since: float

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.since, UTC) + timedelta(minutes=time.time() - self.since)


@dataclass(frozen=True)
class Told:
    """What the variable says."""

    folder: Path
    broker_url: str
    clock: HurriedClock

    @classmethod
    def now(cls) -> Told:
        told = json.loads(os.environ[NAME])
        return cls(Path(told["folder"]), told["broker_url"], HurriedClock(told["since"]))

    def custody(self) -> Custody:
        office = Office(self.folder)
        return replace(
            office.custody_over(office.store, DramatiqQueue(open_broker(self.broker_url))),
            clock=self.clock,
        )

    def indexing(self) -> Indexing:
        index = SqliteIndex(self.folder / "index")
        index.create()
        return Indexing(index, entry_from)


def make_broker() -> Any:
    return _broker(record_bench, READING)


def make_index_broker() -> Any:
    return _broker(index_bench, (INDEX,))


def _broker(make: Callable[[], OpenBench], lanes: Sequence[str]) -> Any:
    return worker_broker(Told.now().broker_url, in_worker(make), lanes, heartbeat_seconds=HEARTBEAT_SECONDS)


def record_bench() -> OpenBench:
    told = Told.now()
    pool = ChildPool(1, ChildEntry(ENTRY, {"page_seconds": 0.05}), ChildLimits(**LIMITS), told.folder / "scratch")
    return RecordBench(told.custody(), pool, sign_every_seconds=0.4)


def index_bench() -> OpenBench:
    told = Told.now()
    return IndexBench(told.custody(), told.indexing())


def crews(folder: Path, processes: int = 2) -> list[Crew]:
    """Readers, and one that brings what they read into the index."""
    return [Crew(processes, app=APP, scratch=folder / "scratch"), Crew(1, (INDEX,), INDEX_APP)]


def main() -> None:
    """Supervise until stopped, or killed."""
    with stop_on_signals() as stop:
        supervise(crews(Told.now().folder), stop, keep=lambda: False, keep_every_seconds=60)


if __name__ == "__main__":
    main()
