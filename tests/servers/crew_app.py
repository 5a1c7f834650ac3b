"""Worker processes of tests: the real ones on real servers, whose children read doubles. The variable `TEST_CREW` says where, since
when time runs faster, and at which point they are killed.

As a program it supervises two of them until it is stopped, or killed: `python -m tests.servers.crew_app`.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from pipeline.adapters.dramatiq_queue import DramatiqQueue, open_broker, worker_broker
from pipeline.adapters.elastic_index import ElasticIndex, ElasticPlace
from pipeline.adapters.minio_connection import S3Place
from pipeline.adapters.minio_store import MinioStore
from pipeline.custody import Custody
from pipeline.custody.indexing import Indexing
from pipeline.index import IndexEntry
from pipeline.ports import INDEX, READING, Index, Putting, Store
from tests.custody.doubles import Office, WrappedStore, entry_from, kill_this_process
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


class KilledAt:
    """Ends its process at a named point, once: whoever finds `mark` has lived through it. `point`: what is done to what, and the
    moment, as "put results/ after"."""

    def __init__(self, point: str, mark: Path) -> None:
        self._act, self._kind, self._moment = point.split(" ")
        self._mark = mark

    def __call__(self, act: str, key: str, moment: str) -> None:
        if (act, moment) != (self._act, self._moment) or not key.startswith(self._kind):
            return
        with suppress(FileExistsError):
            self._mark.touch(exist_ok=False)
            kill_this_process()


class MortalStore(WrappedStore):
    """Asks before and after each act whether this is the end."""

    def __init__(self, store: Store, ask: KilledAt) -> None:
        super().__init__(store)
        self._ask = ask

    def put_new(self, key: str, content: bytes | Path) -> None:
        self._ask("put", key, "before")
        super().put_new(key, content)
        self._ask("put", key, "after")

    def open(self, key: str) -> BinaryIO:
        self._ask("open", key, "before")
        return super().open(key)

    def remove(self, key: str) -> None:
        self._ask("remove", key, "before")
        super().remove(key)
        self._ask("remove", key, "after")


class MortalIndex:
    """The same for an index."""

    def __init__(self, index: Index, ask: KilledAt) -> None:
        self._index = index
        self._ask = ask
        self.search, self.generations, self.remove, self.rebuild = index.search, index.generations, index.remove, index.rebuild

    def put(self, entries: Iterable[IndexEntry]) -> dict[str, Putting]:
        self._ask("index", "", "before")
        done = self._index.put(entries)
        self._ask("index", "", "after")
        return done


@dataclass(frozen=True)
class Told:
    """What the variable says."""

    folder: Path
    broker_url: str
    since: float
    store: S3Place
    index: ElasticPlace
    kill: str = ""

    @classmethod
    def now(cls) -> Told:
        told = json.loads(os.environ[NAME])
        places = {"folder": Path(told["folder"]), "store": S3Place(**told["store"]), "index": ElasticPlace(**told["index"])}
        return cls(**told | places)

    def now_there(self) -> datetime:
        """The time as the workers have it."""
        return HurriedClock(self.since).now()

    def variable(self) -> str:
        """As `now` reads it."""
        return json.dumps(asdict(self) | {"folder": str(self.folder)})

    def custody(self) -> Custody:
        office = Office(self.folder)
        store: Store = MinioStore(self.store)
        if self.kill:
            store = MortalStore(store, KilledAt(self.kill, self.folder / "killed"))
        return replace(office.custody_over(store, DramatiqQueue(open_broker(self.broker_url))), clock=HurriedClock(self.since))

    def indexing(self) -> Indexing:
        index: Index = ElasticIndex(self.index)
        if self.kill:
            index = MortalIndex(index, KilledAt(self.kill, self.folder / "killed"))
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
    return IndexBench(told.custody(), told.indexing(), 0.05)


def crews(folder: Path, processes: int = 2) -> list[Crew]:
    """Readers, and one that brings what they read into the index."""
    return [Crew(processes, app=APP, scratch=folder / "scratch"), Crew(1, (INDEX,), INDEX_APP)]


def main() -> None:
    """Supervise until stopped, or killed."""
    with stop_on_signals() as stop:
        supervise(crews(Told.now().folder), stop, keep=lambda: False, keep_every_seconds=60)


if __name__ == "__main__":
    main()
