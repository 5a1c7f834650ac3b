"""Which records match a query, kept in the temporary table `matched` (in memory) with their weight."""

# ruff: noqa: S608  (only names and numbers of our own are put into statements; what was typed is always bound)

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.adapters.fts_expressions import expression
from pipeline.adapters.sqlite_file import Connection
from pipeline.adapters.sqlite_rows import PAGE_BITS
from pipeline.conditions import Condition, anything, as_typed
from pipeline.cursor import Cursor
from pipeline.index import BATCH_END, YES
from pipeline.query import Filters, Understood
from pipeline.ranking import ENOUGH_WEIGHT, Widening, blocks, widened
from pipeline.terms import Term
from pipeline.widening import widen

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
    index = _Matching(connection, conditions)
    if cursor:
        index.match(asked.terms, cursor.widening)
        return cursor.widening
    return widen(index, asked.terms)


class _Matching:
    """One question to one index file, as `widen` asks it."""

    def __init__(self, connection: Connection, conditions: Conditions) -> None:
        self._connection = connection
        self._conditions = conditions

    def match(self, terms: tuple[Term, ...], widening: Widening | None) -> int:
        self._connection.execute("DELETE FROM matched")
        asked = widened(terms, widening) if widening else terms
        if widening and widening.weights:
            return _match_most(self._connection, asked, widening.weights, self._conditions)
        return _match_all(self._connection, anything(asked), self._conditions)

    def page_count(self) -> int:
        where, values = self._conditions
        (pages,) = self._connection.execute(f"SELECT coalesce(sum(r.pages), 0) FROM record r WHERE {where}", values).fetchone()
        return int(pages)

    def pages_with(self, conditions: Sequence[Condition], limit: int) -> list[int]:
        where, values = self._conditions
        statement = f"""
            SELECT count(*) FROM (SELECT 1 FROM words JOIN record r ON r.id = words.rowid >> {PAGE_BITS}
            WHERE words MATCH ? AND {where} LIMIT ?)
        """
        asked = ([expression(condition), *values, limit] for condition in conditions)
        return [int(self._connection.execute(statement, bound).fetchone()[0]) for bound in asked]

    def likely(self, slips: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
        """All: to look up what is nowhere costs nothing."""
        return slips


def _match_all(connection: Connection, held: Condition, conditions: Conditions) -> int:
    """Records with a page that holds everything; returns how many."""
    where, values = conditions
    statement = f"""
        INSERT OR IGNORE INTO matched SELECT r.id, 0 FROM words w JOIN record r ON r.id = w.rowid >> {PAGE_BITS}
        WHERE w.words MATCH ? AND {where}
    """
    return connection.execute(statement, [expression(held), *values]).rowcount


def _match_most(connection: Connection, terms: tuple[Term, ...], weights: tuple[int, ...], conditions: Conditions) -> int:
    """Records that hold blocks of enough weight, on any of their pages; returns how many."""
    where, values = conditions
    held = [f"SELECT DISTINCT rowid >> {PAGE_BITS} AS id, {one:d} AS weight FROM words WHERE words MATCH ?" for one in weights]
    statement = f"""
        INSERT INTO matched SELECT r.id, sum(held.weight) FROM ({" UNION ALL ".join(held)}) AS held
        JOIN record r USING (id) WHERE {where} GROUP BY r.id HAVING sum(held.weight) >= ?
    """
    expressions = [expression(anything(block)) for block in blocks(terms)]
    enough = math.ceil(ENOUGH_WEIGHT * sum(weights))
    return connection.execute(statement, [*expressions, *values, enough]).rowcount


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
