"""In which order records that match are shown: down the ladder, on each step the newest first, no further than is needed."""

# ruff: noqa: S608  (only names and numbers of our own are put into statements; what was typed is always bound)

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from pipeline.adapters.sqlite_file import Connection
from pipeline.adapters.sqlite_question import Question
from pipeline.adapters.sqlite_rows import Span, day_of, numbers_of_day
from pipeline.adapters.sqlite_wanted import ALL, found
from pipeline.conditions import Condition
from pipeline.cursor import Place
from pipeline.index import RECEIVED_BITS

LOOKED_UP_AT_ONCE = 5_000
"""Numbers in one statement, of which SQLite takes a million characters."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A record in the order of the hits. `page_id`: the first page that stands on its step; None on the last one."""

    row_id: int
    page_id: int | None
    place: Place


@dataclass(frozen=True, slots=True)
class Ladder:
    """`only`: what a match holds on any of its pages, where to be on a step is not enough. `after`: the last place that was shown
    already. `whole`: every match stands on one of the steps; else others come last."""

    connection: Connection
    question: Question
    steps: Sequence[Condition]
    only: Condition | None
    after: Place | None
    whole: bool

    def next_ones(self, limit: int) -> list[Standing]:
        """So many, or all that there are. Who stands on two steps is found on both, and counts for the first."""
        standing: dict[int, Standing] = {}
        for of_step in self._each_step(limit):
            for one in of_step:
                standing.setdefault(one.row_id, one)
                if len(standing) == limit:
                    return [*standing.values()]
        return [*standing.values()]

    def _each_step(self, limit: int) -> Iterator[Iterator[Standing]]:
        begun = self.after.step if self.after else 0
        passed = self.steps[: begun + 1] if self.after else ()
        for step in range(begun, len(self.steps)):
            above = passed[:-1] if step == begun else passed
            yield self._on_step(step, self.steps[step], above, limit)
        if self.question.weights:
            yield self._heaviest(passed, 2 * limit)
        elif not self.whole:
            yield self._on_step(len(self.steps), self.question.held, passed, limit)

    def _on_step(self, step: int, held: Condition | None, above: Sequence[Condition], limit: int) -> Iterator[Standing]:
        """Newest first. Whoever is `above` is passed over."""
        weight = sum(self.question.weights)
        here = self.after if self.after and self.after.step == step else None
        span = Span(numbers_of_day(here.newness >> RECEIVED_BITS).first, ALL.end) if here else ALL
        for days in _whole_days(found(self.connection, self.question.wanted, held, span), limit):
            pages = self._left(dict(days), above)
            known = [(-newness, record_id, row_id) for row_id, newness, record_id in self._looked_up([*pages])]
            for less, record_id, row_id in sorted(known):
                if here is None or (less, record_id) > (-here.newness, here.record_id):
                    page_id = pages[row_id] if step < len(self.steps) else None
                    yield Standing(row_id, page_id, Place(step, weight, -less, record_id))

    def _left(self, pages: dict[int, int], above: Sequence[Condition]) -> dict[int, int]:
        """Without those that stand above, or do not hold what every match has to hold."""
        span = Span(min(pages), max(pages))
        for held in above:
            for row_id, _ in found(self.connection, self.question.wanted, held, span):
                pages.pop(row_id, None)
        if self.only is None:
            return pages
        holding = {row_id for row_id, _ in found(self.connection, self.question.wanted, self.only, span)}
        return {row_id: page_id for row_id, page_id in pages.items() if row_id in holding}

    def _looked_up(self, row_ids: list[int]) -> Iterator[tuple[int, int, str]]:
        """Newness and record_id of each."""
        for start in range(0, len(row_ids), LOOKED_UP_AT_ONCE):
            numbers = ", ".join(map(str, row_ids[start : start + LOOKED_UP_AT_ONCE]))
            yield from self.connection.execute(f"SELECT id, newness, record_id FROM record WHERE id IN ({numbers})")

    def _heaviest(self, passed: Sequence[Condition], limit: int) -> Iterator[Standing]:
        """Of those that hold most of the words, from the heaviest down. On the steps there are too few to be worth a word."""
        above = {row_id for held in passed for row_id, _ in found(self.connection, self.question.wanted, held)}
        beyond, values = "TRUE", []
        if self.after and self.after.step == len(self.steps):
            place = self.after
            beyond = "(m.weight < ? OR m.weight = ? AND (r.newness < ? OR r.newness = ? AND r.record_id > ?))"
            values = [place.weight, place.weight, place.newness, place.newness, place.record_id]
        rows = self.connection.execute(
            f"""
            SELECT m.id, m.weight, r.newness, r.record_id FROM matched m CROSS JOIN record r USING (id) WHERE {beyond}
            ORDER BY m.weight DESC, r.newness DESC, r.record_id LIMIT ?
            """,
            [*values, limit + len(above)],
        )
        for row_id, weight, newness, record_id in rows:
            if row_id not in above:
                yield Standing(row_id, None, Place(len(self.steps), weight, newness, record_id))


def _whole_days(rows: Iterator[tuple[int, int]], size: int) -> Iterator[list[tuple[int, int]]]:
    """`size` rows or a few more, then twice as many, and so on: none of a day is left for the next part."""
    part: list[tuple[int, int]] = []
    for _, of_day in groupby(rows, lambda row: day_of(row[0]).first):
        part += of_day
        if len(part) >= size:
            yield part
            part, size = [], 2 * size
    if part:
        yield part
