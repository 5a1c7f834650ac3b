"""A query against one open index file: what matches, how many of what, and down the ladder until enough hits stand.

The temporary table `placed` (in memory) holds the records of which the step is known already, with the first page that stands
on it.
"""

# ruff: noqa: S608  (only names and numbers of our own are put into statements; what was typed is always bound)

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pipeline.adapters.fts_expressions import expression
from pipeline.adapters.sqlite_file import Connection
from pipeline.adapters.sqlite_matches import match
from pipeline.adapters.sqlite_rows import PAGE_BITS, page_range
from pipeline.conditions import any_of, as_typed, steps_of
from pipeline.cursor import Cursor, Place, read_cursor, write_cursor
from pipeline.facets import issuers_as_one, most_frequent
from pipeline.index import BATCH_END, FACETS, YES
from pipeline.packed_page import snippet_of
from pipeline.query import Hit, Hits, Query, Snippet, Understood, understand
from pipeline.ranking import Widening, widened
from pipeline.terms import Term

GIVEN_BACK = ("file_name", "type_code", "type_name", "issuer", "code", "issued_date", "subject", "needs_review")

SEPARATOR = "\x1f"
"""Between values of many records in one string; `clean` leaves it in no value."""

_STANDING = "SELECT m.id, {page}, m.weight, r.newness, r.record_id FROM {first} CROSS JOIN record r USING (id) WHERE {condition}"
ON_STEP = _STANDING.format(page="p.page", first="placed p CROSS JOIN matched m USING (id)", condition="p.step = {step:d}")
ON_NO_STEP = _STANDING.format(page="NULL", first="matched m", condition="m.id NOT IN (SELECT id FROM placed)")
"""The records of one step; those of none."""


def search_file(connection: Connection, query: Query) -> Hits:
    """Raises BadQuery."""
    asked = understand(query)
    cursor = read_cursor(query)
    connection.execute("CREATE TEMP TABLE placed (id INTEGER PRIMARY KEY, step INTEGER NOT NULL, page INTEGER NOT NULL)")
    widening = match(connection, asked, cursor)
    (total,) = connection.execute("SELECT count(*) FROM matched").fetchone()
    expressions = _expressions(asked, widening)
    standing = _in_order(connection, expressions, cursor.place if cursor else None, asked.limit + 1)
    terms = widened(asked.terms, widening) if widening else asked.terms
    shown = standing[: asked.limit]
    hits = tuple(_hit(connection, one, len(expressions) + 1, terms) for one in shown)
    following = write_cursor(Cursor(shown[-1].place, widening), query) if len(standing) > len(shown) else None
    with_marks = _count_as_typed(connection, asked.terms) if asked.with_tones else None
    return Hits(total, hits, _facets(connection), following, with_marks)


# --- how many of what ------------------------------------------------------------------------------------------------------


def _facets(connection: Connection) -> dict[str, dict[str, int]]:
    """Counted from one string a field: a row a record would take three times as long."""
    columns = ", ".join(f"group_concat(r.{column}, '{SEPARATOR}')" for column in FACETS.values())
    values = connection.execute(f"SELECT {columns} FROM matched JOIN record r USING (id)").fetchone()
    counts = {name: Counter((of_all or "").split(SEPARATOR)) for name, of_all in zip(FACETS, values, strict=True)}
    counts["issuer"] = issuers_as_one(counts["issuer"])
    counts["batch"] = _one_by_one(counts["batch"])
    return {name: most_frequent(count) for name, count in counts.items()}


def _count_as_typed(connection: Connection, terms: tuple[Term, ...]) -> int:
    """Of the matches, those with a page that holds every word with the marks typed."""
    statement = f"""
        SELECT count(DISTINCT rowid >> {PAGE_BITS}) FROM words
        WHERE words MATCH ? AND rowid >> {PAGE_BITS} IN (SELECT id FROM matched)
    """
    (count,) = connection.execute(statement, (expression(as_typed(terms)),)).fetchone()
    return int(count)


def _one_by_one(batches: Counter[str]) -> Counter[str]:
    split: Counter[str] = Counter()
    for names, count in batches.items():
        for name in names.split(BATCH_END):
            split[name] += count
    return split


# --- in which order ---------------------------------------------------------------------------------------------------------


def _expressions(asked: Understood, widening: Widening | None) -> list[str]:
    """One for each step; the records that reach none of them come last."""
    return [expression(condition) for condition in steps_of(asked.terms, widening, with_marks=asked.with_tones)]


@dataclass(frozen=True, slots=True)
class Standing:
    """A record in the order of the hits. `page_id`: the first page that stands on its step; None on the last one."""

    row_id: int
    page_id: int | None
    place: Place


def _in_order(connection: Connection, expressions: list[str], after: Place | None, limit: int) -> list[Standing]:
    """The next records; the ladder is climbed down no further than they need."""
    standing: list[Standing] = []
    (unplaced,) = connection.execute("SELECT count(*) FROM matched").fetchone()
    for step, held in enumerate((*expressions, None)):
        if not unplaced:
            break
        if held:
            unplaced -= _place(connection, step, held)
        if after is None or step >= after.step:
            here = after if after and step == after.step else None
            source = ON_STEP.format(step=step) if held else ON_NO_STEP
            standing += _newest(connection, source, step, here, limit - len(standing))
        if len(standing) == limit:
            break
    return standing


def _place(connection: Connection, step: int, held: str) -> int:
    """Those who reach this step and no higher one; returns how many."""
    matched_id = f"rowid >> {PAGE_BITS}"
    statement = f"""
        INSERT OR IGNORE INTO placed SELECT {matched_id}, {step:d}, rowid FROM words
        WHERE words MATCH ? AND {matched_id} IN (SELECT id FROM matched) ORDER BY rowid
    """
    return connection.execute(statement, (held,)).rowcount


def _newest(connection: Connection, source: str, step: int, after: Place | None, limit: int) -> list[Standing]:
    """Of one step, the heaviest and newest after `after`."""
    beyond, values = "TRUE", []
    if after:
        beyond = "(m.weight < ? OR m.weight = ? AND (r.newness < ? OR r.newness = ? AND r.record_id > ?))"
        values = [after.weight, after.weight, after.newness, after.newness, after.record_id]
    rows = connection.execute(
        f"{source} AND {beyond} ORDER BY m.weight DESC, r.newness DESC, r.record_id LIMIT ?", [*values, limit]
    )
    return [Standing(row_id, page, Place(step, weight, newness, record_id)) for row_id, page, weight, newness, record_id in rows]


# --- what is shown ----------------------------------------------------------------------------------------------------------


def _hit(connection: Connection, standing: Standing, step_count: int, terms: tuple[Term, ...]) -> Hit:
    found = connection.execute(
        f"SELECT {', '.join(GIVEN_BACK)} FROM record r JOIN shown s ON s.record = r.id WHERE r.id = ?", (standing.row_id,)
    ).fetchone()
    values = dict(zip(GIVEN_BACK, found, strict=True))
    values["needs_review"] = values["needs_review"] == YES
    snippet = _snippet(connection, standing.row_id, standing.page_id, terms)
    return Hit(record_id=standing.place.record_id, score=1.0 - standing.place.step / step_count, snippet=snippet, **values)


def _snippet(connection: Connection, row_id: int, page_id: int | None, terms: tuple[Term, ...]) -> Snippet | None:
    """From the page that stands on the hit's step; when only the record's fields brought it there, from the first with a word."""
    if not terms:
        return None
    snippet = _cut_out(connection, page_id, terms) if page_id else None
    if snippet is None:
        statement = "SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ? LIMIT 1"
        found = connection.execute(statement, (expression(any_of(terms)), *page_range(row_id))).fetchone()
        snippet = _cut_out(connection, found[0], terms) if found else None
    return snippet


def _cut_out(connection: Connection, page_id: int, terms: tuple[Term, ...]) -> Snippet | None:
    (packed,) = connection.execute("SELECT packed FROM page WHERE id = ?", (page_id,)).fetchone()
    return snippet_of(packed, terms)
