"""Stand-ins for what custody works with: a clock, an index, a store that breaks when told to, and a home put together of them."""

from __future__ import annotations

import hashlib
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from pipeline.adapters.directory_store import DirectoryStore, create_directory_store
from pipeline.adapters.file_lock import FileLock
from pipeline.adapters.local_queue import LocalQueue
from pipeline.custody import Custody, Rules
from pipeline.custody.batches import Handover, declare, open_handover
from pipeline.custody.documents import Declared
from pipeline.custody.indexing import Indexing
from pipeline.custody.receive import Placing, Receipt, receive
from pipeline.errors import IndexUnavailable, QueueUnavailable
from pipeline.index import IndexEntry, Placement
from pipeline.ports import BULK, Kept, Putting, Queue, RecordTask, Store
from pipeline.query import Hits, Query

PDF = b"%PDF-1.7\n"
"""The beginning that makes bytes a PDF to intake; nothing here decodes the rest."""

PLACING = Placing("phong-1", "tu-phap", {"reader": "double"})


class SteppingClock:
    """A second later at every look."""

    def __init__(self, start: datetime = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)) -> None:
        self._now = start

    def now(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now

    def skip(self, time: timedelta) -> None:
        self._now += time


class MemoryIndex:
    """Keeps entries in a dictionary, by the rules of the port. `answers`: what becomes of a record whatever is put of it. `calls`:
    how many were put by each."""

    def __init__(self) -> None:
        self.entries: dict[str, IndexEntry] = {}
        self.puts: list[str] = []
        self.calls: list[int] = []
        self.answers: dict[str, Putting] = {}
        self.broken = False
        self.removed: dict[str, int] = {}

    def put(self, entries: Iterable[IndexEntry]) -> dict[str, Putting]:
        if self.broken:
            raise IndexUnavailable
        done = {entry.placement.record_id: self._put(entry) for entry in entries}
        self.calls.append(len(done))
        return done

    def _put(self, entry: IndexEntry) -> Putting:
        place = entry.placement
        self.puts.append(place.record_id)
        if place.record_id in self.answers:
            return self.answers[place.record_id]
        if self.removed.get(place.record_id, 0) >= place.generation:
            return Putting.NEWER_STANDS
        before = self.entries.get(place.record_id)
        if before is not None and before.placement.generation > place.generation:
            return Putting.NEWER_STANDS
        self.entries[place.record_id] = entry
        return Putting.WRITTEN

    def search(self, query: Query) -> Hits:
        raise IndexUnavailable

    def generations(self, beginning: str = "") -> dict[str, int]:
        if self.broken:
            raise IndexUnavailable
        return {one: entry.placement.generation for one, entry in self.entries.items() if one.startswith(beginning)}

    def remove(self, record_id: str, generation: int) -> None:
        if self.broken:
            raise IndexUnavailable
        self.removed[record_id] = max(generation, self.removed.get(record_id, 0))
        self.entries.pop(record_id, None)

    def rebuild(self, entries: Iterable[IndexEntry]) -> int:
        self.entries = {entry.placement.record_id: entry for entry in entries}
        return len(self.entries)


def entry_from(record: bytes, placement: Placement) -> IndexEntry:
    """An entry that carries the digest of record.json where a real one has the number, so that a test sees what was indexed."""
    digest = hashlib.sha256(record).hexdigest()
    return IndexEntry(placement, "", None, None, None, digest, None, None, None, None, None, False, ())


class AwayQueue:
    """A broker that nobody reaches."""

    def send(self, task: RecordTask, lane: str = BULK) -> None:
        raise QueueUnavailable

    def waiting(self, lane: str = BULK) -> int:
        raise QueueUnavailable


class WrappedStore:
    """Passes everything on; the doubles below override what they break."""

    def __init__(self, store: Store) -> None:
        self.inner = store

    def put_new(self, key: str, content: bytes | Path) -> None:
        self.inner.put_new(key, content)

    def get(self, key: str) -> bytes:
        return self.inner.get(key)

    def open(self, key: str) -> BinaryIO:
        return self.inner.open(key)

    def list_after(self, prefix: str, after: str = "") -> Iterator[str]:
        return self.inner.list_after(prefix, after)

    def remove(self, key: str) -> None:
        self.inner.remove(key)

    def erase(self, prefix: str) -> list[Kept]:
        return self.inner.erase(prefix)


class Killed(BaseException):
    """What kill -9 is to a test that has to live on: nothing catches it."""


class KillingStore(WrappedStore):
    """Ends its process when an object of a kind is put: `moment` is before or after, `turn` the how-manieth of its kind."""

    def __init__(self, store: Store, kind: str, moment: str, turn: int = 1, kill: Callable[[], None] | None = None) -> None:
        super().__init__(store)
        self._kind = kind
        self._moment = moment
        self._turns_left = turn
        self._kill = kill or kill_this_process

    def put_new(self, key: str, content: bytes | Path) -> None:
        if key.startswith(self._kind):
            self._turns_left -= 1
        due = key.startswith(self._kind) and self._turns_left == 0
        if due and self._moment == "before":
            self._kill()
        try:
            self.inner.put_new(key, content)
        finally:
            if due and self._moment == "after":
                self._kill()


class FailingStore(WrappedStore):
    """Every put of one kind raises `error`, as long as `failing` is set."""

    def __init__(self, store: Store, kind: str, error: Exception) -> None:
        super().__init__(store)
        self._kind = kind
        self._error = error
        self.failing = True

    def put_new(self, key: str, content: bytes | Path) -> None:
        if self.failing and key.startswith(self._kind):
            raise self._error
        self.inner.put_new(key, content)


def kill_this_process() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die() -> None:
    raise Killed


class OpenGate:
    """Lets everybody through: for tests in which nothing runs beside."""

    @contextmanager
    def shared(self) -> Iterator[None]:
        yield

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        yield


@dataclass
class Office:
    """A home in a folder, and a clerk with files in it."""

    folder: Path
    clock: SteppingClock = field(default_factory=SteppingClock)
    rules: Rules = field(default_factory=lambda: Rules(max_file_bytes=10_000_000, min_free_bytes=0))
    gate_wait_seconds: float = 5
    index: MemoryIndex = field(default_factory=MemoryIndex)

    def __post_init__(self) -> None:
        create_directory_store(self.folder / "home" / "store")
        self.store = DirectoryStore(self.folder / "home" / "store")
        self.queue = LocalQueue(self.folder / "home" / "bell")
        self.free_bytes: Callable[[], int] = self.store.free_bytes
        self.indexing = Indexing(self.index, entry_from)
        (self.folder / "scans").mkdir(exist_ok=True)

    @property
    def custody(self) -> Custody:
        return self.custody_over(self.store)

    def custody_over(self, store: Store, queue: Queue | None = None) -> Custody:
        gate = FileLock(self.folder / "home" / "intake.lock", self.gate_wait_seconds)
        return Custody(store, queue or self.queue, self.clock, self.rules, gate, self.store.temp, lambda: self.free_bytes())

    def custody_among(self, is_alive: Callable[[str], bool]) -> Custody:
        """As one of several workers."""
        return replace(self.custody, is_alive=is_alive)

    def scan(self, name: str, content: bytes | None = None) -> Path:
        """A file in the clerk's folder; without `content` one that is like no other."""
        path = self.folder / "scans" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PDF + name.encode() if content is None else content)
        return path

    def handover(self, batch: str = "dot-1", declared: int | None = None) -> Handover:
        return open_handover(self.custody, "don-vi", batch, declared)

    def declare(self, unit: str, batch: str, count: int) -> None:
        """As a clerk does with `ingest --declared`."""
        declare(self.custody, unit, batch, Declared(count, self.clock.now()))

    def receive(self, path: Path, batch: str = "dot-1") -> Receipt:
        return receive(self.custody, path, self.handover(batch), PLACING)

    def received(self, name: str, batch: str = "dot-1") -> str:
        """Record id of a new file that was taken."""
        record_id = self.receive(self.scan(name), batch).record_id
        if record_id is None:
            raise LookupError(name)
        return record_id
