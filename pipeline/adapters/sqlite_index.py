"""The Index in a folder of this machine: SQLite, one writer, many readers in other processes.

    <folder>/current      the name of the index file in use
    <folder>/<name>.db    an index file (and what SQLite keeps beside it); a new one is filled under a new name, then `current`
                          is replaced in one step: whoever asks next reads the new file, whoever is reading goes on with the old
    <folder>/rebuild.lock held while a new file is filled

All of it may be deleted: the next `put` begins a new index, and reconciling fills it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import structlog

from pipeline.adapters.file_lock import FileLock
from pipeline.adapters.sqlite_file import Connection, building, reading, sqlite_errors, writing
from pipeline.adapters.sqlite_rows import SCHEMA_VERSION, copy_record, create_tables, write_entries, write_tombstone
from pipeline.adapters.sqlite_search import search_file
from pipeline.errors import HomeLocked, IndexUnavailable
from pipeline.index import IndexEntry
from pipeline.ports import Putting
from pipeline.query import Hits, Query
from pipeline.ranking import BOUNDS, Bounds

BATCH = 50
"""Entries written at once: a writer in another process waits no longer than that, and no more are in memory."""

BUILT_AT_ONCE = 500
"""Entries of a new file that are sorted before they are written: FTS5 makes fewer and larger parts of them. In memory they take
60 kB a page."""

SWAPS = 5
"""Times that the file may be replaced under one operation before it gives up."""

CREATE_WAIT_SECONDS = 1.0
"""For another process that begins the index at the same moment; a rebuild takes longer and brings the records anyway."""

NAME = re.compile(r"[0-9a-f]{32}\.db")
BESIDE = ("", "-wal", "-shm")
"""What SQLite keeps of one index file."""

T = TypeVar("T")
log = structlog.get_logger()


class SqliteIndex:
    """Keeps nothing open between two calls: any number of threads and processes may share the folder."""

    def __init__(self, folder: Path, bounds: Bounds = BOUNDS) -> None:
        self._folder = folder
        self._bounds = bounds

    def create(self) -> None:
        """Begin an empty index unless there is one. Raises HomeReadOnly, DiskFull, ToolMissing, IndexUnavailable."""
        with self._alone(CREATE_WAIT_SECONDS):
            if self._current() is None:
                with self._new_file() as connection:
                    create_tables(connection)

    def put(self, entries: Iterable[IndexEntry]) -> dict[str, Putting]:
        """Add or replace records; record_id -> what became of it. What was written before an error stays."""
        done: dict[str, Putting] = {}
        waiting = iter(entries)
        while batch := list(islice(waiting, BATCH)):
            done |= self._write(partial(write_entries, entries=batch))
        return done

    def search(self, query: Query) -> Hits:
        """Raises BadQuery, IndexUnavailable."""
        return self._on_current(reading, partial(search_file, query=query, bounds=self._bounds))

    def generations(self, beginning: str = "") -> dict[str, int]:
        """record_id -> generation of the records whose id begins so; empty when there is no index yet."""
        return self._on_current(reading, partial(_generations, beginning=beginning)) if self._current() else {}

    def remove(self, record_id: str, generation: int) -> None:
        """Leave a tombstone: entries of this generation or older stay away."""
        self._write(partial(write_tombstone, record_id=record_id, generation=generation))

    def rebuild(self, entries: Iterable[IndexEntry]) -> int:
        """Fill a new file while the old one serves and takes records; bring over what it took meanwhile and its tombstones; swap.

        Returns the number of records. An error, or a kill, leaves the old one in use. Raises IndexUnavailable when another
        rebuild is under way.
        """
        with self._alone(0.0), ExitStack() as old_one:
            self._sweep()
            since = self._clock()
            with self._new_file() as connection:
                create_tables(connection)
                waiting = iter(entries)
                while batch := list(islice(waiting, BUILT_AT_ONCE)):
                    write_entries(connection, batch)
                connection.execute("INSERT INTO words (words) VALUES ('optimize')")
                if since is not None:
                    self._bring_over(connection, since, old_one)
                (count,) = connection.execute("SELECT count(*) FROM record WHERE NOT removed").fetchone()
        return int(count)

    # --- the file in use --------------------------------------------------------------------------------------------------

    def _current(self) -> Path | None:
        """The index file in use, None when there is none (or somebody deleted it)."""
        while file := self._named():
            if file.exists():
                return file
            if file == self._named():  # else it was replaced between two looks
                return None
        return None

    def _named(self) -> Path | None:
        with sqlite_errors():
            try:
                name = (self._folder / "current").read_text(encoding="ascii", errors="replace").strip()
            except FileNotFoundError:
                return None
        if not NAME.fullmatch(name):
            raise IndexUnavailable("tệp chỉ mục bị hỏng")
        return self._folder / name

    def _on_current(self, opened: Callable[[Path], AbstractContextManager[Connection]], ask: Callable[[Connection], T]) -> T:
        """Ask the file in use; again when it was replaced before or while it was asked (a writer may have waited that long)."""
        for _ in range(SWAPS):
            file = self._in_use()
            try:
                with opened(file) as connection:
                    _check_version(connection)
                    if file == self._current():
                        return ask(connection)
            except IndexUnavailable:
                if file == self._current():
                    raise
        raise IndexUnavailable("đang được thay")

    def _in_use(self) -> Path:
        file = self._current()
        if file is None:
            raise IndexUnavailable("chưa có chỉ mục")
        return file

    def _write(self, change: Callable[[Connection], T]) -> T:
        if self._current() is None:
            self.create()
        return self._on_current(writing, change)

    # --- a new file -------------------------------------------------------------------------------------------------------

    @contextmanager
    def _alone(self, wait_seconds: float) -> Iterator[None]:
        """Nobody else makes a new file meanwhile."""
        with sqlite_errors():
            self._folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as lock:
            try:
                lock.enter_context(FileLock(self._folder / "rebuild.lock", wait_seconds).exclusive())
            except HomeLocked:
                raise IndexUnavailable("đang được dựng lại") from None
            yield

    @contextmanager
    def _new_file(self) -> Iterator[Connection]:
        """A file to be filled; at the end it is the one in use, or gone when an error came."""
        file = self._folder / f"{uuid4().hex}.db"
        old = self._current_or_none()
        try:
            with building(file) as connection:
                yield connection
        except BaseException:
            _delete(file)
            raise
        with sqlite_errors():
            _force_to_disk(file)
            self._publish(file.name)
            if old:
                _delete(old)

    def _publish(self, name: str) -> None:
        """In one step, and on the disk before the old file goes."""
        pointer = self._folder / "current.new"
        pointer.write_text(name, encoding="ascii")
        _force_to_disk(pointer)
        pointer.replace(self._folder / "current")
        _force_to_disk(self._folder)

    def _sweep(self) -> None:
        """Take away what killed rebuilds have left."""
        with sqlite_errors():
            current = self._current_or_none()
            for file in self._folder.iterdir():
                if NAME.match(file.name) and (current is None or not file.name.startswith(current.name)):
                    file.unlink(missing_ok=True)

    def _current_or_none(self) -> Path | None:
        """Also None when `current` is damaged: a rebuild heals that."""
        try:
            return self._current()
        except IndexUnavailable:
            return None

    def _clock(self) -> int | None:
        """What the file in use has counted; None when there is none that can be read."""
        try:
            return self._on_current(reading, _clock)
        except IndexUnavailable:
            return None

    def _bring_over(self, new: Connection, since: int, until_swapped: ExitStack) -> None:
        """Copy what was written to the file in use after `since`, and tombstones; no writer comes in until the swap is done.

        A file that cannot be read is left behind: reconciling finds what is missing.
        """
        try:
            with sqlite_errors():
                old = until_swapped.enter_context(writing(self._in_use()))
                newer = old.execute("SELECT id FROM record WHERE removed OR written > ? ORDER BY written", (since,)).fetchall()
                for (row_id,) in newer:
                    copy_record(old, new, row_id)
        except IndexUnavailable as error:
            log.warning("old_index_left_behind", reason=error.detail)


def _generations(connection: Connection, beginning: str) -> dict[str, int]:
    """The ids are an index of their own: those that begin alike stand side by side."""
    after_all = f"{beginning}{chr(0x10FFFF)}"
    statement = "SELECT record_id, generation FROM record WHERE record_id >= ? AND record_id < ? AND NOT removed"
    return dict(connection.execute(statement, (beginning, after_all)).fetchall())


def _clock(connection: Connection) -> int:
    (written,) = connection.execute("SELECT written FROM clock").fetchone()
    return int(written)


def _check_version(connection: Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != SCHEMA_VERSION:
        raise IndexUnavailable("chỉ mục của phiên bản khác")


def _force_to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _delete(file: Path) -> None:
    for ending in BESIDE:
        file.with_name(file.name + ending).unlink(missing_ok=True)
