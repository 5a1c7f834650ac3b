"""In which order records that match are shown: bodies of searches for the next ones after a place.

Two ways lead to the same order. Of few matches all are placed at once, by a score that tells step and weight and nothing else:
(steps below it) * base + weight, a whole number that a float of 32 bits holds exactly up to 16 million; there are 60 steps at the
most, and six weights of 14,000 at the most. Of many matches each step is asked for its newest records by itself: the index lies
newest first, so that the server looks at no more records than it takes to find these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.adapters.elastic_matching import Matching, scored
from pipeline.adapters.elastic_queries import Json, either, on_a_page
from pipeline.conditions import Condition
from pipeline.cursor import Place
from pipeline.ranking import enough, levels

NEWEST_FIRST = [{"newness": "desc"}, {"record_id": "asc"}]


@dataclass(frozen=True, slots=True)
class Rung:
    """Records of one step and one weight, the newest first. Among them may be some that stand higher."""

    step: int
    weight: int
    body: Json

    def place(self, sort: Sequence[Any]) -> Place:
        """Of a hit with these values of NEWEST_FIRST; the server may add one of its own."""
        return Place(self.step, self.weight, sort[0], sort[1])


@dataclass(frozen=True, slots=True)
class Ladder:
    """`after`: the last place that was shown already. `whole`: every match stands on one of the steps; else others come last.
    `empty`: so many steps, the highest, are known to have nothing."""

    matching: Matching
    steps: Sequence[Condition]
    after: Place | None
    whole: bool
    empty: int = 0

    @property
    def _base(self) -> int:
        """More than any weight."""
        return sum(self.matching.weights) + 1

    def scored_body(self) -> Json:
        """Of a search for all that match, in their order."""
        steps = [*enumerate(self.steps)][self.empty :]
        scores = [scored(on_a_page(held), (len(self.steps) - at) * self._base) for at, held in steps]
        parts = [*([{"dis_max": {"queries": scores}}] if scores else []), *self.matching.scored_blocks()]
        weights = self.matching.weights
        query = {"filter": self.matching.filters(), "should": parts, "minimum_should_match": int(bool(weights))}
        body: Json = {"query": {"bool": query}, "sort": [{"_score": "desc"}, *NEWEST_FIRST]}
        body |= {"min_score": enough(weights)} if weights else {}
        if self.after:
            score = (len(self.steps) - self.after.step) * self._base + self.after.weight
            body |= {"search_after": [score, self.after.newness, self.after.record_id]}
        return body

    def scored_place(self, sort: Sequence[Any]) -> Place:
        """Of a hit of that search."""
        above, weight = divmod(round(sort[0]), self._base)
        return Place(len(self.steps) - above, weight, sort[1], sort[2])

    def rungs(self) -> Iterator[Rung]:
        """From the place on downwards. Whoever stands above it is on none of them."""
        begun = self.after.step if self.after else 0
        passed = self.steps[: begun + 1] if self.after else ()
        for step in range(max(begun, self.empty), len(self.steps)):
            above = passed[:-1] if step == begun else passed
            held = [*self.matching.wanted, on_a_page(self.steps[step])]  # on a step is only what matches
            yield self._rung(step, sum(self.matching.weights), held, above)
        if self.matching.weights:
            yield from self._levels(passed)
        elif not self.whole:
            yield self._rung(len(self.steps), 0, self.matching.filters(), passed)

    def _levels(self, above: Sequence[Condition]) -> Iterator[Rung]:
        last, total = len(self.steps), sum(self.matching.weights)
        for weight, sets in levels(self.matching.weights).items():
            if self.after is None or self.after.step < last or weight <= self.after.weight:
                held = either([self._holding(blocks) for blocks in sets])
                yield self._rung(last, weight, [*self.matching.wanted, held], above if weight == total else ())

    def _rung(self, step: int, weight: int, held: list[Json], above: Sequence[Condition]) -> Rung:
        query: Json = {"filter": held, "must_not": [on_a_page(one) for one in above]}
        body: Json = {"query": {"bool": query}, "sort": NEWEST_FIRST}
        if self.after and (step, weight) == (self.after.step, self.after.weight):
            query["filter"].append({"range": {"newness": {"lte": self.after.newness}}})  # spares the server those before it
            body["search_after"] = [self.after.newness, self.after.record_id]
        return Rung(step, weight, body)

    def _holding(self, held: frozenset[int]) -> Json:
        """These blocks and no other."""
        blocks = self.matching.blocks
        return {
            "bool": {
                "filter": [blocks[at] for at in sorted(held)],
                "must_not": [block for at, block in enumerate(blocks) if at not in held],
            }
        }
