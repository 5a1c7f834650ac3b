"""A query against one open index file: what matches, how many of what, and down the ladder until enough hits stand."""

# ruff: noqa: S608  (only names and numbers of our own are put into statements; what was typed is always bound)

from __future__ import annotations

from collections import Counter

from pipeline.adapters.fts_expressions import expression
from pipeline.adapters.sqlite_file import Connection
from pipeline.adapters.sqlite_ladder import Ladder, Standing
from pipeline.adapters.sqlite_question import Question
from pipeline.adapters.sqlite_rows import Span, page_range
from pipeline.adapters.sqlite_wanted import RECORD_OF_PAGE, pages
from pipeline.conditions import any_of, as_typed, reaches_all, steps_of
from pipeline.cursor import Cursor, read_cursor, write_cursor
from pipeline.facets import issuers_as_one, most_frequent
from pipeline.index import BATCH_END, FACETS, YES
from pipeline.packed_page import snippet_of
from pipeline.query import Hit, Hits, Query, Snippet, understand
from pipeline.ranking import Bounds, widened
from pipeline.terms import Term

GIVEN_BACK = ("file_name", "type_code", "type_name", "issuer", "code", "issued_date", "subject", "needs_review")

SEPARATOR = "\x1f"
"""Between values of many records in one string; `clean` leaves it in no value."""


def search_file(connection: Connection, query: Query, bounds: Bounds) -> Hits:
    """Raises BadQuery."""
    asked = understand(query)
    cursor = read_cursor(query)
    question = Question(connection, asked, bounds)
    widening = question.ask(cursor)
    terms = widened(asked.terms, widening) if widening else asked.terms
    steps = steps_of(asked.terms, widening, with_marks=asked.with_tones)
    only = question.held if asked.exact else None
    ladder = Ladder(connection, question, steps, only, cursor.place if cursor else None, whole=reaches_all(steps, terms))
    standing = ladder.next_ones(asked.limit + 1)
    shown = standing[: asked.limit]
    hits = tuple(_hit(connection, one, len(steps) + 1, terms) for one in shown)
    following = write_cursor(Cursor(shown[-1].place, widening), query) if len(standing) > len(shown) else None
    with_marks = _count_as_typed(connection, question, asked.terms) if asked.with_tones else None
    return Hits(question.total, hits, _facets(connection), following, with_marks, question.at_least)


# --- how many of what ------------------------------------------------------------------------------------------------------


def _facets(connection: Connection) -> dict[str, dict[str, int]]:
    """Counted from one string a field: a row a record would take three times as long."""
    columns = ", ".join(f"group_concat(r.{column}, '{SEPARATOR}')" for column in FACETS.values())
    values = connection.execute(f"SELECT {columns} FROM counted CROSS JOIN record r USING (id)").fetchone()
    counts = {name: Counter((of_all or "").split(SEPARATOR)) for name, of_all in zip(FACETS, values, strict=True)}
    counts["issuer"] = issuers_as_one(counts["issuer"])
    counts["batch"] = _one_by_one(counts["batch"])
    return {name: most_frequent(count) for name, count in counts.items()}


def _count_as_typed(connection: Connection, question: Question, terms: tuple[Term, ...]) -> int:
    """Of the matches that are counted, those with a page that holds every word with the marks typed."""
    (first, end) = connection.execute("SELECT coalesce(min(id), 0), coalesce(max(id), 0) FROM counted").fetchone()
    source, values = pages(expression(as_typed(terms)), question.wanted, Span(first, end))
    statement = f"SELECT count(DISTINCT {RECORD_OF_PAGE}) {source} AND {RECORD_OF_PAGE} IN (SELECT id FROM counted)"
    return int(connection.execute(statement, values).fetchone()[0])


def _one_by_one(batches: Counter[str]) -> Counter[str]:
    split: Counter[str] = Counter()
    for names, count in batches.items():
        for name in names.split(BATCH_END):
            split[name] += count
    return split


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
