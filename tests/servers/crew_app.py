"""Worker processes of tests: the real ones, whose children read doubles. The variable `TEST_CREW` is JSON: folder, broker_url, and
since when time runs faster.

As a program it supervises two of them until it is stopped, or killed: `python -m tests.servers.crew_app`.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.adapters.dramatiq_queue import Bench, DramatiqQueue, open_broker, worker_broker
from pipeline.adapters.sqlite_index import SqliteIndex
from pipeline.custody.indexing import Indexing
from pipeline.ports import RecordTask
from tests.custody.doubles import Office, entry_from
from tests.workers.conftest import LIMITS
from tests.workers.journeys import ENTRY
from workers.bench import RecordBench
from workers.child import ChildEntry, ChildLimits
from workers.local import stop_on_signals
from workers.pool import ChildPool
from workers.supervisor import Crew, supervise

NAME = "TEST_CREW"
APP = "tests.servers.crew_app:make_broker"
HEARTBEAT_SECONDS = 3.0


@dataclass(frozen=True)
class HurriedClock:
    """A minute a second, for all processes alike: who is dead is missed after two seconds."""

    since: float

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.since, UTC) + timedelta(minutes=time.time() - self.since)


def make_broker() -> Any:
    told = json.loads(os.environ[NAME])
    crew = _Crew(Path(told["folder"]), told["broker_url"], HurriedClock(told["since"]))
    return worker_broker(
        told["broker_url"], Bench(crew.open, crew.digitize, crew.stop, crew.close), heartbeat_seconds=HEARTBEAT_SECONDS
    )


class _Crew:
    def __init__(self, folder: Path, broker_url: str, clock: HurriedClock) -> None:
        self._folder = folder
        self._broker_url = broker_url
        self._clock = clock
        self._bench: RecordBench | None = None

    def open(self) -> None:
        office = Office(self._folder)
        queue = DramatiqQueue(open_broker(self._broker_url))
        pool = ChildPool(1, ChildEntry(ENTRY, {"page_seconds": 0.05}), ChildLimits(**LIMITS), self._folder / "scratch")
        index = SqliteIndex(self._folder / "index")
        index.create()
        custody = replace(office.custody_over(office.store, queue), clock=self._clock)
        self._bench = RecordBench(custody, pool, Indexing(index, entry_from), sign_every_seconds=0.4)
        self._bench.open()

    def digitize(self, task: RecordTask) -> None:
        if self._bench is None:
            raise RuntimeError("a message before the worker was ready")
        self._bench.digitize(task)

    def stop(self) -> None:
        if self._bench is not None:
            self._bench.stop()

    def close(self) -> None:
        if self._bench is not None:
            self._bench.close()


def main() -> None:
    folder = Path(json.loads(os.environ[NAME])["folder"])
    with stop_on_signals() as stop:
        supervise(Crew(2, app=APP, scratch=folder / "scratch"), stop, keep=lambda: False, keep_every_seconds=60)


if __name__ == "__main__":
    main()
