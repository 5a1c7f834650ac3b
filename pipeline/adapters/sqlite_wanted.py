"""What the asker may see and wants, and the records that hold something of it, by their numbers: newest day first."""

# ruff: noqa: S608  (only names and numbers of our own are put into statements; what was typed is always bound)

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pipeline.adapters.fts_expressions import expression, filters_expression
from pipeline.adapters.sqlite_file import Connection
from pipeline.adapters.sqlite_rows import PAGE_BITS, Span, numbers_of_day, page_range
from pipeline.conditions import Condition
from pipeline.index import BATCH_END, YES, day_number
from pipeline.query import Filters

Sql = tuple[str, list[Any]]
"""A condition, and the values bound in it."""

RECORD_OF_PAGE = f"w.rowid >> {PAGE_BITS}"


ALL = Span(0, numbers_of_day(0).end)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters. `words`: what a page has to hold (None: nothing); `span`: of the dates; `issuer`: what a record `r` has to meet
    besides these two; `everything`: what a record has to meet, where nothing is asked of its pages."""

    words: str | None
    span: Span
    issuer: Sql
    everything: Sql


def wanted_by(filters: Filters) -> Wanted:
    """Undated records are out where a date is asked for."""
    newest, oldest = day_number(filters.date_to), day_number(filters.date_from)
    first = numbers_of_day(newest).first if newest else ALL.first
    end = numbers_of_day(max(oldest, 1)).end if newest or oldest else ALL.end
    issuer = [] if filters.issuer_key is None else [("instr(' ' || r.issuer_key, ' ' || ?)", [filters.issuer_key])]
    return Wanted(filters_expression(filters), Span(first, end), _all(issuer), _all([*_conditions(filters), *issuer]))


def pages(held: str, wanted: Wanted, span: Span) -> Sql:
    """The part of a statement after SELECT that finds pages `w`, and where an issuer is asked for their records `r`."""
    words = f"({wanted.words}) AND ({held})" if wanted.words else held
    limits = span.within(wanted.span)
    bound = [words, page_range(limits.first)[0], page_range(limits.end)[1]]
    where, values = wanted.issuer
    record = f"CROSS JOIN record r ON r.id = {RECORD_OF_PAGE}" if values else ""
    return f"FROM words w {record} WHERE w.words MATCH ? AND w.rowid BETWEEN ? AND ? AND {where}", [*bound, *values]


def found(connection: Connection, wanted: Wanted, held: Condition | None, span: Span = ALL) -> Iterator[tuple[int, int]]:
    """Records with a page that holds this, each with the first such page; None: all that are wanted."""
    if held is None:
        statement, values = records(wanted, None, span)
        yield from ((row_id, 0) for (row_id,) in connection.execute(statement, values))
        return
    source, values = pages(expression(held), wanted, span)
    rows = connection.execute(f"SELECT {RECORD_OF_PAGE}, w.rowid {source} ORDER BY w.rowid", values)
    for _, of_one in groupby(rows, lambda row: row[0]):
        yield next(of_one)


def records(wanted: Wanted, held: Condition | None, span: Span = ALL) -> Sql:
    """A statement for the numbers of such records, in their order."""
    if held is None:
        where, values = wanted.everything
        limits = span.within(wanted.span)
        statement = f"SELECT r.id FROM record r WHERE r.id BETWEEN ? AND ? AND {where} ORDER BY r.id"
        return statement, [limits.first, limits.end, *values]
    source, values = pages(expression(held), wanted, span)
    return f"SELECT DISTINCT id FROM (SELECT {RECORD_OF_PAGE} AS id {source} ORDER BY w.rowid)", values


def _conditions(filters: Filters) -> list[Sql]:
    """Scope first, and always."""
    parts: list[Sql] = [("NOT r.removed", [])]
    for name, allowed in (("unit", filters.scope.units), ("sector", filters.scope.sectors)):
        if allowed is not None:
            parts.append((f"r.{name} IN ({', '.join('?' * len(allowed))})", sorted(allowed)))
    equal = {
        "r.unit = ?": filters.unit,
        "r.sector = ?": filters.sector,
        "r.type_key = ?": filters.type_key,
        "r.needs_review = ?": YES if filters.needs_review else None,
        "instr(r.batches, ?)": None if filters.batch is None else f"{BATCH_END}{filters.batch}{BATCH_END}",
    }
    return [*parts, *((condition, [value]) for condition, value in equal.items() if value is not None)]


def _all(parts: list[Sql]) -> Sql:
    return " AND ".join(part for part, _ in parts) or "TRUE", [value for _, values in parts for value in values]
