"""Index entries as rows of SQLite: the tables, and how a record comes in and goes out.

    record   one row a record, also of removed ones (a tombstone keeps the generation and nothing else): what filters, counts
             and orders, narrow, because a search reads as many of these rows as there are matches
    shown    the rest of a record's values
    clock    one number, one more with every record written: what was written after another is known
    page     a page's text and the places of its words, packed
    words    the full-text search (FTS5), a row a page; keeps no text of its own

A page's number in `page` and `words` holds its record's: record << PAGE_BITS | page_no. So the records of many pages are known
without looking them up.
"""

# ruff: noqa: S608  (only names and numbers of our own are put into statements; what was typed is always bound)

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog

from pipeline.adapters.fts_expressions import COLUMNS, code_word
from pipeline.adapters.sqlite_file import Connection
from pipeline.index import (
    RECORD_FIELDS,
    IndexedPage,
    IndexEntry,
    Kind,
    field_words,
    folded_words,
    own_keys,
    record_values,
    searched_words,
)
from pipeline.packed_page import pack, unpack_words
from pipeline.ports import Putting

log = structlog.get_logger()

SCHEMA_VERSION = 2
"""In the file's `user_version`. One more whenever tables, columns, keys or the normaliser give other rows for the same entry:
words are taken out of FTS5 by naming them again."""

PAGE_BITS = 17
"""131,071 pages a record, above the largest SOHOA_MAX_PAGES."""

NO_PAGE = IndexedPage(0, 0, 0, "", ())
"""Stands for a record without pages, whose fields are to be found all the same."""

NARROW = tuple(name for name, kind in RECORD_FIELDS.items() if kind is not Kind.SHOWN)
SHOWN = ("field_words", "codes", *(name for name, kind in RECORD_FIELDS.items() if kind is Kind.SHOWN))

TABLES = f"""
    CREATE TABLE record (
        id INTEGER PRIMARY KEY, record_id TEXT NOT NULL UNIQUE, generation INTEGER NOT NULL, removed INTEGER NOT NULL,
        written INTEGER NOT NULL, pages INTEGER NOT NULL, {", ".join(f"{name} TEXT" for name in NARROW)}
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


def write_entry(connection: Connection, entry: IndexEntry) -> Putting:
    """Add a record or replace it whole, unless a newer generation, or its tombstone, stands."""
    place = entry.placement
    if any(page.page_no >> PAGE_BITS for page in entry.pages):  # it would lie among another record's
        log.warning("entry_refused", record_id=place.record_id, generation=place.generation, reason="page_no")
        return Putting.REFUSED
    fields, codes = " ".join(field_words(entry)), " ".join(map(code_word, own_keys(entry)))
    values = {"field_words": fields, "codes": codes, **record_values(entry)}
    exact = [" ".join(searched_words(page.text)) for page in entry.pages or (NO_PAGE,)]
    pages = [Page(page.page_no, pack(page, words), words) for page, words in zip(entry.pages or (NO_PAGE,), exact, strict=True)]
    head = Head(place.record_id, place.generation, removed=False)
    return Putting.WRITTEN if _write(connection, head, values, pages) else Putting.NEWER_STANDS


def write_tombstone(connection: Connection, record_id: str, generation: int) -> None:
    """Take a record out and keep its entries of this generation or older away."""
    _write(connection, Head(record_id, generation, removed=True), NOTHING, [])


def copy_record(source: Connection, target: Connection, row_id: int) -> None:
    """A record or tombstone from another index with the same SCHEMA_VERSION, unless a newer one stands there."""
    record_id, generation, removed, *narrow = source.execute(
        f"SELECT record_id, generation, removed, {', '.join(NARROW)} FROM record WHERE id = ?", (row_id,)
    ).fetchone()
    shown = source.execute(f"SELECT {', '.join(SHOWN)} FROM shown WHERE record = ?", (row_id,)).fetchone()
    values = dict(zip((*NARROW, *SHOWN), (*narrow, *shown), strict=True))
    pages = [Page(page_id - (row_id << PAGE_BITS), packed, unpack_words(packed)) for page_id, packed in _pages(source, row_id)]
    _write(target, Head(record_id, generation, removed=bool(removed)), values, pages)


@dataclass(frozen=True, slots=True)
class Head:
    record_id: str
    generation: int
    removed: bool


@dataclass(frozen=True, slots=True)
class Page:
    """`exact`: the words by which it is found."""

    page_no: int
    packed: bytes
    exact: str


def _write(connection: Connection, head: Head, values: Values, pages: list[Page]) -> bool:
    if not _make_room(connection, head):
        return False
    connection.execute("UPDATE clock SET written = written + 1")
    found = connection.execute(
        f"""
        INSERT INTO record (record_id, generation, removed, written, pages, {", ".join(NARROW)})
        VALUES (?, ?, ?, (SELECT written FROM clock), ?, {", ".join("?" * len(NARROW))})
        """,
        (head.record_id, head.generation, int(head.removed), len(pages), *(values[name] for name in NARROW)),
    )
    row_id = found.lastrowid or 0
    shown = (row_id, *(values[name] for name in SHOWN))
    connection.execute(f"INSERT INTO shown VALUES ({', '.join('?' * len(shown))})", shown)
    for page in pages:
        page_id = row_id << PAGE_BITS | page.page_no
        connection.execute("INSERT INTO page VALUES (?, ?)", (page_id, page.packed))
        columns = _columns(values["field_words"], values["codes"], page.exact)
        connection.execute(f"INSERT INTO words (rowid, {', '.join(COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?)", (page_id, *columns))
    return True


def _make_room(connection: Connection, head: Head) -> bool:
    """Take the older record away. A tombstone stands against records of its own generation; else equal replaces equal."""
    found = connection.execute("SELECT id, generation, removed FROM record WHERE record_id = ?", (head.record_id,)).fetchone()
    if found is None:
        return True
    row_id, standing, is_tombstone = found
    if standing > head.generation or (standing == head.generation and is_tombstone and not head.removed):
        return False
    _erase(connection, row_id)
    return True


def _erase(connection: Connection, row_id: int) -> None:
    """FTS5 without content takes words out when it is told them again."""
    fields, codes = connection.execute("SELECT field_words, codes FROM shown WHERE record = ?", (row_id,)).fetchone()
    for page_id, packed in _pages(connection, row_id):
        columns = _columns(fields, codes, unpack_words(packed))
        statement = f"INSERT INTO words (words, rowid, {', '.join(COLUMNS)}) VALUES ('delete', ?, ?, ?, ?, ?, ?)"
        connection.execute(statement, (page_id, *columns))
    connection.execute("DELETE FROM page WHERE id BETWEEN ? AND ?", page_range(row_id))
    connection.execute("DELETE FROM shown WHERE record = ?", (row_id,))
    connection.execute("DELETE FROM record WHERE id = ?", (row_id,))


def _columns(fields: str, codes: str, exact: str) -> tuple[str, str, str, str, str]:
    """COLUMNS of a page, from the words of the fields, the keys of the number, and the words of the page."""
    return fields, " ".join(folded_words(fields.split())), codes, exact, " ".join(folded_words(exact.split()))


def page_range(row_id: int) -> tuple[int, int]:
    """First and last number that a page of this record can have."""
    return row_id << PAGE_BITS, (row_id + 1 << PAGE_BITS) - 1


def _pages(connection: Connection, row_id: int) -> list[tuple[int, bytes]]:
    return connection.execute("SELECT id, packed FROM page WHERE id BETWEEN ? AND ?", page_range(row_id)).fetchall()
