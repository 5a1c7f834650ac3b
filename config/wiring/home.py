"""Store, index, queue and custody of one home."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from config.settings import Settings
from config.wiring.servers import create_s3_store, open_index, open_queue, open_s3_store, store_place
from pipeline.adapters.directory_store import DirectoryStore, create_directory_store
from pipeline.adapters.file_lock import FileLock
from pipeline.adapters.local_queue import LocalQueue
from pipeline.adapters.sqlite_file import check_sqlite
from pipeline.custody import Custody, Rules, records
from pipeline.custody.fetching import fetched
from pipeline.custody.indexing import Indexing
from pipeline.disk import disk_errors, overwrite, sweep_abandoned, wipe
from pipeline.errors import BackupMissing, DigestMismatch, HomeMissing
from pipeline.index import IndexEntry, Placement, entry_of
from pipeline.ports import Store
from pipeline.record_json import read_record

MEGABYTE = 1_000_000
SPOOL = "spool"
OPENED = "opened"
"""Folders of this machine beside an object store: copies on their way in, and copies made to be opened."""

GATE_WAIT_SECONDS = 60.0
"""How long the sweep of orphans waits for a file that is just being received: 2 GB from a slow stick."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Home:
    """Everything that works with one store.

    `folder`: this machine's; all there is of an embedded home, unfinished work beside servers. `tasks`: what the worker of this
    machine takes from, None where a broker hands tasks out. `work_lock`: held by that one worker. `scratch`: its unfinished
    results. `path_of`: where the object of a key, with its SHA-256, can be opened as a file; raises KeyMissing, and where it
    has to be copied DigestMismatch. `alone`: no other machine has this store.
    """

    folder: Path
    store: Store
    tasks: LocalQueue | None
    custody: Custody
    indexing: Indexing
    work_lock: FileLock
    scratch: Path
    path_of: Callable[[str, str], Path]
    alone: bool

    def sweep(self) -> None:
        """Remove what died writers of this machine left."""
        sweep_abandoned(self.custody.spool)


def forget_opened(home: Home, record_id: str, sha256: str) -> None:
    """Copies of a record that were made on this machine to be opened."""
    copies = home.folder / OPENED
    if (original := copies / records.original_key(sha256)).exists():
        with disk_errors():
            overwrite(original)
            original.unlink()
    for prefix in records.everything_of(record_id):
        if prefix.endswith("/"):
            wipe(copies / prefix)


def create_home(settings: Settings) -> None:
    """Make folders, bucket and index; harmless where they are.

    Raises FolderUnusable, HomeReadOnly, DiskFull, HomeTooNew, ToolMissing, StoreUnavailable, IndexUnavailable, BadSetting.
    """
    if place := store_place(settings):
        create_s3_store(place)
        with disk_errors():
            (settings.home / SPOOL).mkdir(parents=True, exist_ok=True)
    else:
        create_directory_store(settings.home / "store")
    open_index(settings).create()


def open_home(settings: Settings) -> Home:
    """Work with a home that is there; nothing is made.

    Raises HomeMissing, HomeTooNew, HomeReadOnly, StoreUnavailable, BadSetting, ToolMissing.
    """
    folder = settings.home
    store, spool, path_of = _open_store(settings)
    tasks = None if settings.broker_url.get_secret_value() else LocalQueue(folder / "work.bell")
    rules = Rules(
        settings.max_file_mb * MEGABYTE,
        settings.min_free_disk_mb * MEGABYTE,
        settings.crash_attempts,
        settings.interrupted_attempts,
    )
    gate = FileLock(folder / "intake.lock", GATE_WAIT_SECONDS)
    queue = tasks or open_queue(settings)
    custody = Custody(store, queue, SystemClock(), rules, gate, spool, partial(_free_bytes, spool))
    indexing = Indexing(open_index(settings), entry_from_record)
    return Home(
        folder,
        store,
        tasks,
        custody,
        indexing,
        FileLock(folder / "work.lock"),
        folder / "scratch",
        path_of,
        not settings.s3_endpoint,
    )


def _open_store(settings: Settings) -> tuple[Store, Path, Callable[[str, str], Path]]:
    """The store, a folder for unfinished copies, and how an object becomes a file."""
    if place := store_place(settings):
        spool = settings.home / SPOOL
        if not spool.is_dir():
            raise HomeMissing(str(settings.home))
        shared = open_s3_store(place)
        return shared, spool, lambda key, sha256: fetched(shared, key, sha256, settings.home / OPENED)
    own = DirectoryStore(settings.home / "store")
    return own, own.temp, lambda key, _: own.path_of(key)


def store_there(settings: Settings) -> Store | None:
    """The store of a home as far as it has been made; None where there is none yet. Nothing is made."""
    try:
        place = store_place(settings)
        return open_s3_store(place) if place else DirectoryStore(settings.home / "store")
    except HomeMissing:
        return None


def place_name(settings: Settings) -> str:
    """Where the store of a home is, for people: a folder, or server and bucket."""
    return f"{settings.s3_endpoint}/{settings.s3_bucket}" if settings.s3_endpoint else os.path.realpath(settings.home)


def free_space(settings: Settings) -> int | None:
    """Bytes that are free where the store of a home is, made or not; None: its server does not tell."""
    if settings.s3_endpoint:
        return None
    home = settings.home.absolute()
    return _free_bytes(next(folder for folder in (home, *home.parents) if folder.is_dir()))


def _free_bytes(folder: Path) -> int:
    with disk_errors():
        return shutil.disk_usage(folder).free


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
