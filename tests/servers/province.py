"""A province of tests: real Redis, MinIO and Elasticsearch, real worker processes. Only the reading is a double's."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil
import redis

from pipeline.adapters.dramatiq_queue import DramatiqQueue, open_broker
from pipeline.adapters.elastic_index import ElasticIndex, ElasticPlace
from pipeline.adapters.minio_connection import S3Place
from pipeline.adapters.minio_store import MinioStore, create_minio_store
from pipeline.custody import Custody, records
from pipeline.custody.attempts import History, read_history
from pipeline.custody.batches import open_handover
from pipeline.custody.indexing import Indexing
from pipeline.custody.lookup import manifest_of
from pipeline.custody.receive import receive
from pipeline.custody.status import status
from pipeline.errors import IndexUnavailable
from pipeline.ports import Store
from tests.custody.doubles import PLACING, Office, entry_from
from tests.programs import beside, running
from tests.servers.buckets import emptied_bucket
from tests.servers.crew_app import APP, NAME, Told, crews
from tests.workers.conftest import double
from workers.keeping import Keeper
from workers.local import Stop
from workers.supervisor import supervise


@dataclass
class Province:
    """A store, a broker, and crews."""

    office: Office
    custody: Custody
    indexing: Indexing
    told: Told
    environment: Callable[[str, str], None]

    @property
    def store(self) -> Store:
        return self.custody.store

    def bring(self, *pages: str, name: str, unit: str = "don-vi", urgent: bool = False) -> str:
        scan = self.office.scan(f"{name}.pdf", double(*pages, f"ok {name}"))
        handover = open_handover(self.custody, unit, "dot-1")
        record_id = receive(self.custody, scan, handover, replace(PLACING, urgent=urgent)).record_id
        if record_id is None:
            raise LookupError(name)
        return record_id

    def done(self) -> int:
        counts = status(self.store).total
        assert counts.received == counts.done + counts.pending + counts.quarantined + counts.rejected
        return counts.done

    def indexed(self) -> dict[str, int]:
        """record_id -> generation; nothing while the first of its documents is just making the index."""
        try:
            return self.indexing.index.generations()
        except IndexUnavailable:
            return {}

    def results(self) -> list[str]:
        return list(self.store.list_after(records.RESULTS))

    def history(self, record_id: str) -> History:
        return read_history(self.store, manifest_of(self.store, record_id))

    def reading_has_begun(self) -> bool:
        return any(True for _ in self.store.list_after(records.ATTEMPTS))

    def keeper(self, owner: str = "keeper", round_seconds: float = 1.0) -> Keeper:
        return Keeper(self.custody, self.indexing, owner, round_seconds)

    @contextmanager
    def crew(self, processes: int = 2, keep: Callable[[], object] = lambda: None) -> Iterator[None]:
        stop = Stop()

        def keep_on() -> bool:
            keep()
            return False

        told = crews(self.office.folder, processes)
        with beside(lambda: supervise(told, stop, keep=keep_on, keep_every_seconds=0.2), end=stop.request):
            yield

    def killed_at(self, point: str) -> None:
        """Crews that are started from now on have one of their workers killed there, once."""
        self.environment(NAME, replace(self.told, kill=point).variable())

    def crew_was_killed(self) -> bool:
        return (self.office.folder / "killed").exists()

    def emptied_queue(self) -> None:
        emptied(self.told.broker_url)


def emptied(url: str) -> None:
    """Every queue, and all that Dramatiq knows."""
    client = redis.Redis.from_url(url)
    client.flushdb()
    client.close()


@contextmanager
def new_province(
    folder: Path, broker_url: str, store: S3Place, index: ElasticPlace, environment: Callable[[str, str], None]
) -> Iterator[Province]:
    """`environment`: sets a variable for what is started. The bucket and the index go at the end."""
    emptied(broker_url)
    create_minio_store(store)
    told = Told(folder, broker_url, time.time(), store, index)
    environment(NAME, told.variable())
    environment("PYTHONPATH", str(Path(__file__).parents[2]))
    broker: Any = open_broker(broker_url)
    office = Office(folder)
    custody = office.custody_over(MinioStore(store), DramatiqQueue(broker))
    try:
        yield Province(office, custody, Indexing(ElasticIndex(index), entry_from), told, environment)
    finally:
        broker.client.connection_pool.disconnect()  # Dramatiq leaves connections open whose server went away
        emptied_bucket(store)


@contextmanager
def supervised() -> Iterator[psutil.Process]:
    """A supervisor in a process of its own. All that is below it ends with the test."""
    with running([sys.executable, "-m", "tests.servers.crew_app"]) as program:
        supervisor = psutil.Process(program.pid)
        try:
            yield supervisor
        finally:
            for process in supervisor.children(recursive=True) if supervisor.is_running() else ():
                with suppress(psutil.NoSuchProcess):
                    process.kill()


def below(word: str, of: Collection[int] = ()) -> list[psutil.Process]:
    """Processes below this test with this word in their command, of these parents if any are named; none that has ended by now."""
    found = []
    for one in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if word in one.cmdline() and (not of or one.ppid() in of):
                found.append(one)
    return found


def main_processes() -> list[psutil.Process]:
    """Dramatiq's own, which start the workers that read."""
    return below(APP, [os.getpid()])


def worker_processes() -> list[psutil.Process]:
    mains = {one.pid for one in main_processes()}
    return below("dramatiq", mains) if mains else []


def reading_processes() -> list[psutil.Process]:
    return below("workers.child_main")
