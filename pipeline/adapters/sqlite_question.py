"""One question to one index file, as pipeline/widening.py asks it: which records match, and how many of what.

Temporary tables in memory hold what was found:

    counted   the matches that are counted, the newest ones
    sampled   the newest records that are wanted, whatever they hold
    matched   where most of the words are enough: all matches, each with the weight that it holds
"""

# ruff: noqa: S608  (only names and numbers of our own are put into statements; what was typed is always bound)

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pipeline.adapters.fts_expressions import expression
from pipeline.adapters.sqlite_file import Connection
from pipeline.adapters.sqlite_rows import Span, day_of
from pipeline.adapters.sqlite_wanted import ALL, RECORD_OF_PAGE, Sql, pages, records, wanted_by
from pipeline.conditions import Condition, anything, as_typed, single
from pipeline.cursor import Cursor
from pipeline.query import Understood
from pipeline.ranking import Bounds, Widening, blocks, enough, one_slip_away, widened
from pipeline.terms import Term
from pipeline.widening import Neighbours, Sample, widen


class Question:
    """`held`: what a page of each match holds, None where nothing is asked of pages. `total` records match, or, `at_least`, more
    than are counted. `weights`: of the blocks, where most of them are enough; then `matched` is filled."""

    held: Condition | None
    weights: tuple[int, ...]
    total: int
    at_least: bool

    def __init__(self, connection: Connection, asked: Understood, bounds: Bounds) -> None:
        self._connection = connection
        self._asked = asked
        self._bounds = bounds
        self.wanted = wanted_by(asked.filters)
        connection.execute("CREATE TEMP TABLE counted (id INTEGER PRIMARY KEY)")
        connection.execute("CREATE TEMP TABLE sampled (id INTEGER PRIMARY KEY)")
        connection.execute("CREATE TEMP TABLE matched (id INTEGER PRIMARY KEY, weight INTEGER NOT NULL)")

    def ask(self, cursor: Cursor | None) -> Widening | None:
        """Returns how the question was widened. Further pages of an answer ask as its first one did."""
        terms = self._asked.terms
        if not terms or self._asked.exact:
            self._match(as_typed(terms) if terms else None)
            return None
        if cursor:
            self.match(terms, cursor.widening)
            return cursor.widening
        return widen(self, terms)

    def match(self, terms: tuple[Term, ...], widening: Widening | None) -> int:
        asked = widened(terms, widening) if widening else terms
        if widening and widening.weights:
            return self._match_most(asked, widening.weights)
        return self._match(anything(asked))

    def _match(self, held: Condition | None) -> int:
        self.held, self.weights = held, ()
        return self._count(lambda span: records(self.wanted, held, span))

    def _match_most(self, terms: tuple[Term, ...], weights: tuple[int, ...]) -> int:
        """Records that hold blocks of enough weight, on any of their pages."""
        self.held, self.weights = None, weights
        asked = [pages(expression(anything(block)), self.wanted, ALL) for block in blocks(terms)]
        held = " UNION ALL ".join(
            f"SELECT DISTINCT {RECORD_OF_PAGE} AS id, {weight:d} AS weight {source}"
            for (source, _), weight in zip(asked, weights, strict=True)
        )
        self._connection.execute(
            f"INSERT INTO matched SELECT id, sum(weight) FROM ({held}) GROUP BY id HAVING sum(weight) >= ?",
            [*(value for _, values in asked for value in values), enough(weights)],
        )
        of_span = "SELECT id FROM matched WHERE id BETWEEN ? AND ? ORDER BY id"
        return self._count(lambda span: (of_span, [span.first, span.end]))

    def _count(self, of_span: Callable[[Span], Sql]) -> int:
        number = self._newest("counted", of_span, self._bounds.counted)
        self.total, self.at_least = min(number, self._bounds.counted), number > self._bounds.counted
        return self.total

    def _newest(self, table: str, of_span: Callable[[Span], Sql], count: int) -> int:
        """Fill the table anew with so many records, and all that are as new as the last of them; returns how many there are, no
        more than one beyond `count`."""
        statement, values = of_span(ALL)
        self._connection.execute(f"DELETE FROM {table}")
        number = self._connection.execute(f"INSERT INTO {table} {statement} LIMIT ?", [*values, count + 1]).rowcount
        if number <= count:
            return number
        (last,) = self._connection.execute(f"SELECT id FROM {table} ORDER BY id LIMIT 1 OFFSET ?", (count - 1,)).fetchone()
        day = day_of(last)
        self._connection.execute(f"DELETE FROM {table} WHERE id >= ?", (day.first,))
        (earlier,) = self._connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        statement, values = of_span(day)
        self._connection.execute(f"INSERT INTO {table} {statement}", values)
        of_day = f"SELECT r.newness FROM {table} t CROSS JOIN record r USING (id) WHERE t.id >= ?"
        (since,) = self._connection.execute(
            f"{of_day} ORDER BY r.newness DESC LIMIT 1 OFFSET ?", (day.first, count - earlier - 1)
        ).fetchone()
        older = "SELECT r.id FROM record r WHERE r.id BETWEEN ? AND ? AND r.newness < ?"
        self._connection.execute(f"DELETE FROM {table} WHERE id IN ({older})", (day.first, day.end, since))
        return number

    def sample(self, conditions: Sequence[Condition]) -> Sample:
        self._newest("sampled", lambda span: records(self.wanted, None, span), self._bounds.sampled)
        of_all = (
            "SELECT coalesce(sum(r.pages), 0), coalesce(min(id), 0), coalesce(max(id), 0) "
            "FROM sampled CROSS JOIN record r USING (id)"
        )
        number, first, end = self._connection.execute(of_all).fetchone()
        return Sample(number, tuple(self._sampled_pages_with(condition, Span(first, end)) for condition in conditions))

    def _sampled_pages_with(self, condition: Condition, span: Span) -> int:
        source, values = pages(expression(condition), self.wanted, span)
        statement = f"SELECT count(*) {source} AND {RECORD_OF_PAGE} IN (SELECT id FROM sampled)"
        return int(self._connection.execute(statement, values).fetchone()[0])

    def pages_with(self, conditions: Sequence[Condition], limit: int) -> list[int]:
        counts = []
        for condition in conditions:
            source, values = pages(expression(condition), self.wanted, ALL)
            statement = f"SELECT count(*) FROM (SELECT 1 {source} LIMIT ?)"
            counts.append(int(self._connection.execute(statement, [*values, limit]).fetchone()[0]))
        return counts

    def neighbours(self, words: Sequence[str]) -> Mapping[str, Neighbours]:
        """With all slips: to look up what is nowhere costs nothing."""
        standing = self.pages_with([single(word) for word in words], 1)
        return {word: Neighbours(count > 0, one_slip_away(word)) for word, count in zip(words, standing, strict=True)}
