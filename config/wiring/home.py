"""Store, index, queue and custody of one home."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from config.settings import Settings
from pipeline.adapters.directory_store import DirectoryStore, create_directory_store
from pipeline.adapters.file_lock import FileLock
from pipeline.adapters.local_queue import LocalQueue
from pipeline.adapters.sqlite_file import check_sqlite
from pipeline.adapters.sqlite_index import SqliteIndex
from pipeline.custody import Custody, Rules
from pipeline.custody.indexing import Indexing
from pipeline.errors import BackupMissing, DigestMismatch, HomeMissing
from pipeline.index import IndexEntry, Placement, entry_of
from pipeline.record_json import read_record

MEGABYTE = 1_000_000
GATE_WAIT_SECONDS = 60.0
"""How long the sweep of orphans waits for a file that is just being received: 2 GB from a slow stick."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Home:
    """Everything that works with one home. `work_lock`: held by the one worker. `scratch`: its unfinished results."""

    folder: Path
    store: DirectoryStore
    queue: LocalQueue
    custody: Custody
    indexing: Indexing
    work_lock: FileLock
    scratch: Path


def create_home(settings: Settings) -> None:
    """Make the home's folders; harmless where they are. Raises HomeReadOnly, DiskFull, HomeTooNew, ToolMissing."""
    create_directory_store(settings.home / "store")
    SqliteIndex(settings.home / "index").create()


def open_home(settings: Settings) -> Home:
    """Work with a home that is there; nothing is made. Raises HomeMissing, HomeTooNew, HomeReadOnly."""
    folder = settings.home
    store = DirectoryStore(folder / "store")
    queue = LocalQueue(folder / "work.bell")
    rules = Rules(
        settings.max_file_mb * MEGABYTE,
        settings.min_free_disk_mb * MEGABYTE,
        settings.crash_attempts,
        settings.interrupted_attempts,
    )
    gate = FileLock(folder / "intake.lock", GATE_WAIT_SECONDS)
    custody = Custody(store, queue, SystemClock(), rules, gate, store.temp, store.free_bytes)
    indexing = Indexing(SqliteIndex(folder / "index"), entry_from_record)
    return Home(folder, store, queue, custody, indexing, FileLock(folder / "work.lock"), folder / "scratch")


def index_version() -> str:
    """What the index is built on. Raises ToolMissing where this Python's SQLite will not do."""
    return check_sqlite()


def open_backup(folder: Path, *, create: bool) -> DirectoryStore:
    """The store of a backup; made where there is none if `create`. Raises BackupMissing, HomeTooNew, HomeReadOnly, DiskFull."""
    if create:
        create_directory_store(folder)
    try:
        return DirectoryStore(folder)
    except HomeMissing:
        raise BackupMissing(str(folder)) from None


def entry_from_record(record: bytes, placement: Placement) -> IndexEntry:
    """What the index holds of a record.json. Raises DigestMismatch for one that is not as sohoa wrote it."""
    try:
        return entry_of(read_record(record), placement)
    except ValueError as error:
        raise DigestMismatch(placement.record_id) from error


def folder_lock(file: Path) -> AbstractContextManager[None]:
    """Hold a folder alone through a lock file in it. Raises HomeLocked when somebody else does."""
    return FileLock(file).exclusive()
