"""Index entries as rows of SQLite: the tables, and how a record comes in and goes out.

    record   one row a record, also of removed ones (a tombstone keeps the generation and nothing else): what filters, counts
             and orders, narrow, because a search reads as many of these rows as there are matches
    shown    the rest of a record's values
    clock    one number, one more with every record written: what was written after another is known
    page     a page's text and the places of its words, packed
    words    the full-text search (FTS5), a row a page; keeps no text of its own

A page's number in `page` and `words` holds its record's: record << PAGE_BITS | page_no. So the records of many pages are known
without looking them up. And a record's number begins with its day of issue, counted backwards: whoever reads pages or records in
the order of their numbers reads the newest first, day by day, and may stop when he has enough.
"""

# ruff: noqa: S608  (only names and numbers of our own are put into statements; what was typed is always bound)

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from pipeline.adapters.fts_expressions import COLUMNS, columns, keys_column
from pipeline.adapters.sqlite_file import Connection
from pipeline.index import (
    RECEIVED_BITS,
    RECORD_FIELDS,
    IndexedPage,
    IndexEntry,
    Kind,
    field_words,
    newness,
    own_keys,
    record_values,
    searched_words,
)
from pipeline.packed_page import pack, unpack_words
from pipeline.ports import Putting

log = structlog.get_logger()

SCHEMA_VERSION = 3
"""In the file's `user_version`. One more whenever tables, columns, keys or the normaliser give other rows for the same entry:
words are taken out of FTS5 by naming them again."""

PAGE_BITS = 17
"""131,071 pages a record, above the largest SOHOA_MAX_PAGES."""

SERIAL_BITS = 24
"""16 million records of one day, or undated."""

LAST_DAY = (1 << 22) - 1
"""Beyond the year 9999. Day, serial number and page number together take 63 bits."""

NO_PAGE = IndexedPage(0, 0, 0, "", ())
"""Stands for a record without pages, whose fields are to be found all the same."""

NARROW = tuple(name for name, kind in RECORD_FIELDS.items() if kind is not Kind.SHOWN)
SHOWN = ("field_words", "keys", *(name for name, kind in RECORD_FIELDS.items() if kind is Kind.SHOWN))

TABLES = f"""
    CREATE TABLE record (
        id INTEGER PRIMARY KEY, record_id TEXT NOT NULL UNIQUE, generation INTEGER NOT NULL, removed INTEGER NOT NULL,
        written INTEGER NOT NULL, pages INTEGER NOT NULL, newness INTEGER NOT NULL, {", ".join(f"{name} TEXT" for name in NARROW)}
    );
    CREATE INDEX record_written ON record (written);
    CREATE TABLE shown (record INTEGER PRIMARY KEY, {", ".join(SHOWN)});
    CREATE TABLE clock (written INTEGER NOT NULL);
    INSERT INTO clock VALUES (0);
    CREATE TABLE page (id INTEGER PRIMARY KEY, packed BLOB NOT NULL);
    CREATE VIRTUAL TABLE words USING fts5({", ".join(COLUMNS)}, content='', tokenize='ascii');
    PRAGMA user_version={SCHEMA_VERSION};
"""

Values = dict[str, Any]
"""Of NARROW and SHOWN."""

NOTHING: Values = dict.fromkeys((*NARROW, *SHOWN))


def create_tables(connection: Connection) -> None:
    """In a file that is empty."""
    for statement in TABLES.strip().split(";"):
        connection.execute(statement)


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers of records, both inclusive."""

    first: int
    end: int

    def within(self, other: Span) -> Span:
        return Span(max(self.first, other.first), min(self.end, other.end))


@dataclass(frozen=True, slots=True)
class Head:
    record_id: str
    generation: int
    removed: bool
    newness: int


@dataclass(frozen=True, slots=True)
class Page:
    """`exact`: the words by which it is found."""

    page_no: int
    packed: bytes
    exact: str


@dataclass(frozen=True, slots=True)
class Row:
    """A record as it is written, or a tombstone."""

    head: Head
    values: Values
    pages: tuple[Page, ...]


def write_entries(connection: Connection, entries: Sequence[IndexEntry]) -> dict[str, Putting]:
    """Add records or replace them whole, unless a newer generation, or its tombstone, stands; record_id -> what became of it."""
    refused = {entry.placement.record_id for entry in entries if _is_refused(entry)}
    done = dict.fromkeys(refused, Putting.REFUSED)
    for rows in _each_once(_row(entry) for entry in entries if entry.placement.record_id not in refused):
        written = _write(connection, rows)
        done |= {record_id: Putting.WRITTEN if one else Putting.NEWER_STANDS for record_id, one in written.items()}
    return done


def _is_refused(entry: IndexEntry) -> bool:
    """A page with such a number would lie among another record's."""
    place = entry.placement
    refused = any(page.page_no >> PAGE_BITS for page in entry.pages)
    if refused:
        log.warning("entry_refused", record_id=place.record_id, generation=place.generation, reason="page_no")
    return refused


def write_tombstone(connection: Connection, record_id: str, generation: int) -> None:
    """Take a record out and keep its entries of this generation or older away."""
    _write(connection, [Row(Head(record_id, generation, removed=True, newness=0), NOTHING, ())])


def copy_record(source: Connection, target: Connection, row_id: int) -> None:
    """A record or tombstone from another index with the same SCHEMA_VERSION, unless a newer one stands there."""
    record_id, generation, removed, newness, *narrow = source.execute(
        f"SELECT record_id, generation, removed, newness, {', '.join(NARROW)} FROM record WHERE id = ?", (row_id,)
    ).fetchone()
    shown = source.execute(f"SELECT {', '.join(SHOWN)} FROM shown WHERE record = ?", (row_id,)).fetchone()
    values = dict(zip((*NARROW, *SHOWN), (*narrow, *shown), strict=True))
    pages = tuple(
        Page(page_id - (row_id << PAGE_BITS), packed, unpack_words(packed)) for page_id, packed in _pages(source, row_id)
    )
    _write(target, [Row(Head(record_id, generation, removed=bool(removed), newness=newness), values, pages)])


def _row(entry: IndexEntry) -> Row:
    values = record_values(entry)
    beside = {"field_words": " ".join(field_words(entry)), "keys": keys_column(own_keys(entry), values)}
    exact = [" ".join(searched_words(page.text)) for page in entry.pages or (NO_PAGE,)]
    pages = tuple(
        Page(page.page_no, pack(page, words), words) for page, words in zip(entry.pages or (NO_PAGE,), exact, strict=True)
    )
    head = Head(entry.placement.record_id, entry.placement.generation, removed=False, newness=newness(entry))
    return Row(head, {**beside, **values}, pages)


def _each_once(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """In the same order, in parts none of which has a record twice."""
    part: dict[str, Row] = {}
    for row in rows:
        if row.head.record_id in part:
            yield [*part.values()]
            part = {}
        part[row.head.record_id] = row
    yield [*part.values()]


def _write(connection: Connection, rows: Sequence[Row]) -> dict[str, bool]:
    """No record twice. In the order of their numbers: FTS5 writes out what it has gathered whenever a smaller one comes."""
    standing = {row.head.record_id: _standing(connection, row.head) for row in rows}
    coming = [row for row in rows if not standing[row.head.record_id].newer]
    for row_id in sorted(one.row_id for row in coming if (one := standing[row.head.record_id]).row_id is not None):
        _erase(connection, row_id)
    for row_id, row in sorted(_numbered(connection, coming), key=lambda one: one[0]):
        _insert(connection, row_id, row)
    return {record_id: not one.newer for record_id, one in standing.items()}


@dataclass(frozen=True, slots=True)
class _Standing:
    """What there is of a record: where, and whether what comes must stay away."""

    row_id: int | None
    newer: bool


def _standing(connection: Connection, head: Head) -> _Standing:
    """A tombstone stands against records of its own generation; else equal replaces equal."""
    found = connection.execute("SELECT id, generation, removed FROM record WHERE record_id = ?", (head.record_id,)).fetchone()
    if found is None:
        return _Standing(None, newer=False)
    row_id, generation, is_tombstone = found
    newer = generation > head.generation or (generation == head.generation and is_tombstone and not head.removed)
    return _Standing(row_id, newer=newer)


def _numbered(connection: Connection, rows: Iterable[Row]) -> Iterator[tuple[int, Row]]:
    """Each with a number that is free."""
    last: dict[int, int] = {}
    for row in rows:
        day = row.head.newness >> RECEIVED_BITS
        if day not in last:
            free = numbers_of_day(day)
            (found,) = connection.execute(
                "SELECT max(id) FROM record WHERE id BETWEEN ? AND ?", (free.first, free.end)
            ).fetchone()
            last[day] = free.first if found is None else found
        last[day] += 1
        yield last[day], row


def numbers_of_day(day: int) -> Span:
    """Those that a record may have that was issued on this day (as pipeline/index.py counts them)."""
    return _span(LAST_DAY - day)


def day_of(row_id: int) -> Span:
    """All numbers of the same day as this one."""
    return _span(row_id >> SERIAL_BITS)


def _span(day: int) -> Span:
    first = day << SERIAL_BITS
    return Span(first, first + (1 << SERIAL_BITS) - 1)


def _insert(connection: Connection, row_id: int, row: Row) -> None:
    head, values = row.head, row.values
    connection.execute("UPDATE clock SET written = written + 1")
    connection.execute(
        f"""
        INSERT INTO record (id, record_id, generation, removed, newness, pages, written, {", ".join(NARROW)})
        VALUES (?, ?, ?, ?, ?, ?, (SELECT written FROM clock), {", ".join("?" * len(NARROW))})
        """,
        (row_id, head.record_id, head.generation, int(head.removed), head.newness, len(row.pages), *(values[n] for n in NARROW)),
    )
    shown = (row_id, *(values[name] for name in SHOWN))
    connection.execute(f"INSERT INTO shown VALUES ({', '.join('?' * len(shown))})", shown)
    for page in row.pages:
        page_id = row_id << PAGE_BITS | page.page_no
        connection.execute("INSERT INTO page VALUES (?, ?)", (page_id, page.packed))
        words = columns(values["field_words"].split(), values["keys"], page.exact.split())
        connection.execute(f"INSERT INTO words (rowid, {', '.join(COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?)", (page_id, *words))


def _erase(connection: Connection, row_id: int) -> None:
    """FTS5 without content takes words out when it is told them again."""
    fields, keys = connection.execute("SELECT field_words, keys FROM shown WHERE record = ?", (row_id,)).fetchone()
    for page_id, packed in _pages(connection, row_id):
        words = columns(fields.split(), keys, unpack_words(packed).split())
        statement = f"INSERT INTO words (words, rowid, {', '.join(COLUMNS)}) VALUES ('delete', ?, ?, ?, ?, ?, ?)"
        connection.execute(statement, (page_id, *words))
    connection.execute("DELETE FROM page WHERE id BETWEEN ? AND ?", page_range(row_id))
    connection.execute("DELETE FROM shown WHERE record = ?", (row_id,))
    connection.execute("DELETE FROM record WHERE id = ?", (row_id,))


def page_range(row_id: int) -> tuple[int, int]:
    """First and last number that a page of this record can have."""
    return row_id << PAGE_BITS, (row_id + 1 << PAGE_BITS) - 1


def _pages(connection: Connection, row_id: int) -> list[tuple[int, bytes]]:
    return connection.execute("SELECT id, packed FROM page WHERE id BETWEEN ? AND ?", page_range(row_id)).fetchall()
