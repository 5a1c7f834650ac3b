"""The only place that knows the library sqlite3: opening files, and its errors in our words."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from pipeline.disk import FULL, NOT_WRITABLE
from pipeline.errors import DiskFull, HomeReadOnly, IndexUnavailable, SohoaError, ToolMissing

Connection = sqlite3.Connection

WAIT_SECONDS = 10.0
"""For another writer; it holds the file for one batch of records, well under a second."""

READ_CACHE_KIB = 64 * 1024
"""A search passes several times over the rows of its matches; those of 100,000 pages take 10 MB."""

EARLIEST = (3, 34, 0)
"""SQLite of Debian 11; what we use of FTS5 is all there."""

log = structlog.get_logger()


def check_sqlite() -> str:
    """The version of SQLite. Raises ToolMissing when it is too old or was built without full-text search (FTS5)."""
    with sqlite_errors(), _closing(sqlite3.connect(":memory:")) as connection:
        if sqlite3.sqlite_version_info < EARLIEST:
            raise ToolMissing(f"SQLite {sqlite3.sqlite_version}, cần từ {'.'.join(map(str, EARLIEST))}")
        connection.execute("CREATE VIRTUAL TABLE probe USING fts5(words)")
    return sqlite3.sqlite_version


@contextmanager
def reading(file: Path) -> Iterator[Connection]:
    """One unchanging view of the file, beside a writer in another process. Never makes or changes a file.

    Its temporary tables are in memory: a full disk stops no search. Nor does a read-only one, where nobody writes.
    """
    mode = "ro" if _writable(file) else "ro&immutable=1"
    with sqlite_errors(), _closing(_connect(file, mode)) as connection:
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute(f"PRAGMA cache_size=-{READ_CACHE_KIB}")
        connection.execute("BEGIN")
        yield connection


@contextmanager
def writing(file: Path) -> Iterator[Connection]:
    """Alone among writers; all that is done is kept at the end, or nothing of it when an error comes."""
    if not _writable(file):
        raise HomeReadOnly  # SQLite would only say that it cannot open something
    with sqlite_errors(), _closing(_connect(file, "rw")) as connection:
        connection.execute("PRAGMA secure_delete=ON")  # the default of Debian's SQLite, not of every other
        connection.execute("PRAGMA synchronous=NORMAL")  # with a write-ahead log a power cut loses the last batch, not the file
        connection.execute("BEGIN IMMEDIATE")
        yield connection
        connection.execute("COMMIT")


@contextmanager
def building(file: Path) -> Iterator[Connection]:
    """A new file, filled fast and whole on the disk at the end. What an error leaves behind is for the caller to take away."""
    with sqlite_errors(), _closing(_connect(file, "rwc")) as connection:
        connection.execute("PRAGMA page_size=8192")  # a packed page is 3 kB: smaller ones of 4 kB would stay a quarter empty
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        yield connection
        connection.execute("COMMIT")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA journal_mode=WAL")


@contextmanager
def sqlite_errors() -> Iterator[None]:
    """Around all use of the library. Raises DiskFull, HomeReadOnly, ToolMissing, IndexUnavailable."""
    try:
        yield
    except SohoaError:
        raise
    except sqlite3.Error as error:
        raise _in_our_words(error) from error
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull from error
        if error.errno in NOT_WRITABLE:
            raise HomeReadOnly from error
        raise IndexUnavailable(type(error).__name__) from error


def _in_our_words(error: sqlite3.Error) -> SohoaError:
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    if "no such module: fts5" in str(error):
        return ToolMissing("SQLite không có FTS5")
    if name.startswith("SQLITE_FULL"):
        return DiskFull()
    if name.startswith("SQLITE_READONLY"):
        return HomeReadOnly()
    log.warning("index_failed", reason=name)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return IndexUnavailable("đang bận ghi")
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return IndexUnavailable("tệp chỉ mục bị hỏng")
    return IndexUnavailable(name)


def _writable(file: Path) -> bool:
    return os.access(file.parent, os.W_OK)


def _connect(file: Path, mode: str) -> Connection:
    where = f"{file.resolve().as_uri()}?mode={mode}"
    return sqlite3.connect(where, uri=True, timeout=WAIT_SECONDS, isolation_level=None)


@contextmanager
def _closing(connection: Connection) -> Iterator[Connection]:
    try:
        yield connection
    finally:
        connection.close()
