"""Which records match a query, kept in the temporary table `matched` (in memory) with their weight.

Asked three times at most, while few are found: for all terms; for all terms, also with a slip in a word; for most of the terms.
Whatever is looked up for that is looked up among the records that the asker may see.
"""

# ruff: noqa: S608  (only names and numbers of our own are put into statements; what was typed is always bound)

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from pipeline.adapters.fts_expressions import anything, as_typed
from pipeline.adapters.sqlite_file import Connection
from pipeline.adapters.sqlite_rows import PAGE_BITS
from pipeline.cursor import Cursor
from pipeline.index import BATCH_END, YES
from pipeline.query import Filters, Understood
from pipeline.ranking import (
    ENOUGH_WEIGHT,
    FEW,
    MOST_RARE,
    MOST_WIDENED,
    RARE_SHARE,
    SYLLABLE,
    Widening,
    blocks,
    one_slip_away,
    slipping_word,
    too_few,
    widened,
)
from pipeline.terms import Term

Conditions = tuple[str, list[Any]]
"""SQL that a record `r` has to meet, and the values bound in it."""


def match(connection: Connection, asked: Understood, cursor: Cursor | None) -> Widening | None:
    """Make `matched` and fill it; returns how the question was widened. Further pages of an answer ask as its first one did."""
    connection.execute("CREATE TEMP TABLE matched (id INTEGER PRIMARY KEY, weight INTEGER NOT NULL)")
    conditions = _conditions(asked.filters)
    if not asked.terms:
        where, values = conditions
        connection.execute(f"INSERT INTO matched SELECT r.id, 0 FROM record r WHERE {where}", values)
        return None
    if asked.exact:
        _match_all(connection, as_typed(asked.terms), conditions)
        return None
    if cursor:
        _match_terms(connection, asked.terms, cursor.widening, conditions)
        return cursor.widening
    if not too_few(_match_terms(connection, asked.terms, None, conditions), asked.terms):
        return None
    pages = _page_count(connection, conditions)
    widening = Widening(tuple(_slips(connection, term, pages, conditions) for term in _may_slip(asked.terms)), ())
    if too_few(_match_terms(connection, asked.terms, widening, conditions), asked.terms):
        widening = replace(widening, weights=_weights(connection, widened(asked.terms, widening), pages, conditions))
        _match_terms(connection, asked.terms, widening, conditions)
    return widening


def _match_terms(connection: Connection, terms: tuple[Term, ...], widening: Widening | None, conditions: Conditions) -> int:
    """Returns how many records match."""
    connection.execute("DELETE FROM matched")
    if widening is None:
        return _match_all(connection, anything(terms), conditions)
    if not widening.weights:
        return _match_all(connection, anything(widened(terms, widening)), conditions)
    return _match_most(connection, widened(terms, widening), widening.weights, conditions)


def _match_all(connection: Connection, expression: str, conditions: Conditions) -> int:
    """Records with a page that holds everything; returns how many."""
    where, values = conditions
    statement = f"""
        INSERT OR IGNORE INTO matched SELECT r.id, 0 FROM words w JOIN record r ON r.id = w.rowid >> {PAGE_BITS}
        WHERE w.words MATCH ? AND {where}
    """
    return connection.execute(statement, [expression, *values]).rowcount


def _match_most(connection: Connection, terms: tuple[Term, ...], weights: tuple[int, ...], conditions: Conditions) -> int:
    """Records that hold blocks of enough weight, on any of their pages; returns how many."""
    where, values = conditions
    held = [f"SELECT DISTINCT rowid >> {PAGE_BITS} AS id, {one:d} AS weight FROM words WHERE words MATCH ?" for one in weights]
    statement = f"""
        INSERT INTO matched SELECT r.id, sum(held.weight) FROM ({" UNION ALL ".join(held)}) AS held
        JOIN record r USING (id) WHERE {where} GROUP BY r.id HAVING sum(held.weight) >= ?
    """
    enough = math.ceil(ENOUGH_WEIGHT * sum(weights))
    return connection.execute(statement, [*map(anything, blocks(terms)), *values, enough]).rowcount


def _conditions(filters: Filters) -> Conditions:
    """Scope first, and always."""
    parts: list[str] = ["NOT r.removed"]
    values: list[Any] = []
    for name, allowed in (("unit", filters.scope.units), ("sector", filters.scope.sectors)):
        if allowed is not None:
            parts.append(f"r.{name} IN ({', '.join('?' * len(allowed))})")
            values += sorted(allowed)
    equal = (("r.unit = ?", filters.unit), ("r.sector = ?", filters.sector), ("r.type_key = ?", filters.type_key))
    dates = (("r.issued_date >= ?", filters.date_from), ("r.issued_date <= ?", filters.date_to))
    others = (
        ("instr(' ' || r.issuer_key, ' ' || ?)", filters.issuer_key),
        ("r.needs_review = ?", YES if filters.needs_review else None),
        ("instr(r.batches, ?)", None if filters.batch is None else f"{BATCH_END}{filters.batch}{BATCH_END}"),
    )
    for condition, value in (*equal, *dates, *others):
        if value is not None:
            parts.append(condition)
            values.append(value)
    return " AND ".join(parts), values


def _page_count(connection: Connection, conditions: Conditions) -> int:
    """Pages that the asker may see and wants."""
    where, values = conditions
    (pages,) = connection.execute(f"SELECT coalesce(sum(r.pages), 0) FROM record r WHERE {where}", values).fetchone()
    return int(pages)


def _may_slip(terms: tuple[Term, ...]) -> list[str]:
    """For each term the word of which slips are looked up, or "": the longest MOST_WIDENED words."""
    words = [slipping_word(term) for term in terms]
    longest = sorted(words, key=len, reverse=True)[:MOST_WIDENED]
    return [word if word in longest else "" for word in words]


def _weights(connection: Connection, terms: tuple[Term, ...], pages: int, conditions: Conditions) -> tuple[int, ...]:
    """Of each block: the rarer the heavier. What is nowhere weighs as the others do on average, for nobody can hold it."""
    counts = [_pages_with(connection, anything(block), pages, conditions) for block in blocks(terms)]
    known = [round(1000 * math.log2((pages + 2) / (count + 1))) for count in counts if count]
    unknown = round(sum(known) / len(known)) if known else 1
    weights = iter(known)
    return tuple(next(weights) if count else unknown for count in counts)


def _slips(connection: Connection, word: str, pages: int, conditions: Conditions) -> tuple[str, ...]:
    """Words that are there and one slip away: any when the word itself is not there, else only those that readers make."""
    if not word:
        return ()
    there = _pages_with(connection, _single(word), 1, conditions)
    rare = min(MOST_RARE, max(FEW, math.floor(RARE_SHARE * pages)))
    possible = [slip for slip in one_slip_away(word) if not (there and SYLLABLE.fullmatch(slip))]
    counted = [(_pages_with(connection, _single(slip), MOST_RARE + 1, conditions), slip) for slip in possible]
    fitting = [(count, slip) for count, slip in counted if count and (count <= rare or not there)]
    return tuple(slip for _, slip in sorted(fitting, key=lambda one: (-one[0], one[1]))[:MOST_WIDENED])


def _single(word: str) -> str:
    return anything([Term(((word,),), ((word,),))])


def _pages_with(connection: Connection, expression: str, limit: int, conditions: Conditions) -> int:
    """How many of the asker's pages match; stops counting at `limit`."""
    where, values = conditions
    statement = f"""
        SELECT count(*) FROM (SELECT 1 FROM words JOIN record r ON r.id = words.rowid >> {PAGE_BITS}
        WHERE words MATCH ? AND {where} LIMIT ?)
    """
    (count,) = connection.execute(statement, [expression, *values, limit]).fetchone()
    return int(count)
