"""Which records match: parts of searches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from pipeline.adapters.elastic_queries import Json, on_a_page
from pipeline.conditions import Condition, anything
from pipeline.ranking import blocks, enough
from pipeline.terms import Term


@dataclass(frozen=True, slots=True)
class Matching:
    """Records that meet `wanted` and have a page that holds `held` (None: nothing is asked of pages), or, where there are
    `weights`, that hold `blocks` of enough weight on any of their pages."""

    wanted: tuple[Json, ...]
    held: Condition | None = None
    blocks: tuple[Json, ...] = ()
    weights: tuple[int, ...] = ()

    def body(self, since: int | None = None) -> Json:
        """Of a search for all that match; `since`: of this newness at least."""
        newer = [{"range": {"newness": {"gte": since}}}] if since is not None else []
        if self.weights:
            return self._most([*self.wanted, *newer])
        return {"query": {"bool": {"filter": [*self.filters(), *newer]}}}

    def filters(self) -> list[Json]:
        """What a record has to meet, but for the weights."""
        return [*self.wanted, *([on_a_page(self.held)] if self.held else [])]

    def scored_blocks(self) -> list[Json]:
        """Each with its weight for a score."""
        return [scored(block, weight) for block, weight in zip(self.blocks, self.weights, strict=True)]

    def _most(self, filters: list[Json]) -> Json:
        """Blocks that none can do without lead; of the others so many as are needed beside them at the least."""
        need, total = enough(self.weights), sum(self.weights)
        weighed = list(zip(self.scored_blocks(), self.weights, strict=True))
        must = [(block, weight) for block, weight in weighed if total - weight < need]
        should = [(block, weight) for block, weight in weighed if total - weight >= need]
        left = need - sum(weight for _, weight in must)
        heaviest = accumulate(sorted((weight for _, weight in should), reverse=True))
        least = next((count for count, held in enumerate(heaviest, 1) if held >= left), len(should)) if left > 0 else 0
        parts = {"must": [block for block, _ in must], "should": [block for block, _ in should]}
        query = {"filter": filters, **parts, "minimum_should_match": max(least, int(not must))}
        return {"query": {"bool": query}, "min_score": need}


def matching_most(wanted: Sequence[Json], terms: tuple[Term, ...], weights: tuple[int, ...]) -> Matching:
    """Records that hold blocks of enough weight."""
    return Matching(tuple(wanted), blocks=tuple(on_a_page(anything(block)) for block in blocks(terms)), weights=weights)


def scored(query: Json, score: int) -> Json:
    """What meets the query has this score, and no other."""
    return {"constant_score": {"filter": query, "boost": score}}
