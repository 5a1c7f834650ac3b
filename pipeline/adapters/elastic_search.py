"""A query against one index: what matches, how many of what, and down the ladder until enough hits stand.

Every call of the server costs as much as a small search: what does not depend on each other is asked together. With the count of
the matches the first steps of the ladder are asked, with the facets what is shown of the hits, or what is still to be known of
their places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from pipeline.adapters.elastic_ladder import Ladder, Rung
from pipeline.adapters.elastic_queries import Json
from pipeline.adapters.elastic_question import Question, facets_of
from pipeline.adapters.elastic_shown import bodies_of, hits_of
from pipeline.adapters.elastic_view import ElasticView
from pipeline.conditions import Condition, reaches_all, steps_of
from pipeline.cursor import Cursor, Place, read_cursor, write_cursor
from pipeline.index import FACETS
from pipeline.query import Hits, Query, Understood, understand
from pipeline.ranking import Bounds, Widening, widened
from pipeline.terms import Term

STEPS_AT_ONCE = (2, 4, 60)
"""Steps that are asked for together, first, second and then: most answers are full after the first ones."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A question as it is asked. `whole`: every match stands on one of the steps."""

    widening: Widening | None
    terms: tuple[Term, ...]
    steps: Sequence[Condition]
    whole: bool


def search_view(view: ElasticView, query: Query, bounds: Bounds) -> Hits:
    """Raises BadQuery, IndexUnavailable."""
    asked = understand(query)
    cursor = read_cursor(query)
    after = cursor.place if cursor else None
    question = Question(view, asked, bounds)
    plan = _plan(asked, cursor.widening if cursor else None)
    climb = Climb(Ladder(question.matching_of(plan.widening), plan.steps, after, plan.whole), asked.limit + 1)
    widening, answers = question.ask(cursor, climb.bodies(STEPS_AT_ONCE[0]))
    if not question.total:
        return Hits(0, (), {name: {} for name in FACETS}, with_marks=0 if asked.with_tones else None)
    if widening != plan.widening:
        plan = _plan(asked, widening)
        climb = Climb(Ladder(question.matching, plan.steps, after, plan.whole, question.empty_steps), asked.limit + 1)
    else:
        climb.take(answers)
    asking = _Asking(view, question.counts_body())
    _climb_on(asking, climb, few=question.total <= bounds.placed)
    shown = climb.places[: asked.limit]
    answers = asking.searches(bodies_of(shown, plan.steps))
    hits = hits_of(view, shown, answers, len(plan.steps) + 1, plan.terms)
    following = write_cursor(Cursor(shown[-1], widening), query) if len(climb.places) > len(shown) else None
    with_marks = asking.counted["with_marks"]["doc_count"] if asked.with_tones else None
    return Hits(question.total, hits, facets_of(asking.counted), following, with_marks, question.at_least)


def _plan(asked: Understood, widening: Widening | None) -> Plan:
    terms = widened(asked.terms, widening) if widening else asked.terms
    steps = steps_of(asked.terms, widening, with_marks=asked.with_tones)
    return Plan(widening, terms, steps, whole=reaches_all(steps, terms))


class Climb:
    """Down the ladder, until `limit` places are known. Who stands on two steps is found on both, and counts for the first."""

    def __init__(self, ladder: Ladder, limit: int) -> None:
        self._ladder = ladder
        self._limit = limit
        self._rungs = ladder.rungs()
        self._asked: list[Rung] = []
        self._standing: dict[str, Place] = {}

    @property
    def places(self) -> list[Place]:
        return [*self._standing.values()][: self._limit]

    @property
    def full(self) -> bool:
        return len(self._standing) >= self._limit

    def bodies(self, count: int) -> list[Json]:
        """Of searches for the next steps, so many or fewer."""
        self._asked = [*islice(self._rungs, count)]
        return [self._only_places(rung.body) for rung in self._asked]

    def take(self, answers: Sequence[Json]) -> None:
        """The answers to these."""
        for rung, one in zip(self._asked, answers, strict=True):
            for hit in one["hits"]["hits"]:
                self._standing.setdefault(hit["sort"][1], rung.place(hit["sort"]))

    def body_for_all(self) -> Json:
        """Of one search for all places at once."""
        return self._only_places(self._ladder.scored_body())

    def take_all(self, answer: Json) -> None:
        """The answer to that."""
        places = [self._ladder.scored_place(hit["sort"]) for hit in answer["hits"]["hits"]]
        self._standing = {place.record_id: place for place in places}

    def _only_places(self, body: Json) -> Json:
        return {**body, "_source": False, "track_total_hits": False, "size": self._limit}


class _Asking:
    """Asks for the counts along with whatever is asked first."""

    def __init__(self, view: ElasticView, counts_body: Json) -> None:
        self._view = view
        self._waiting = [counts_body]
        self.counted: Json = {}

    def searches(self, bodies: Sequence[Json]) -> list[Json]:
        answers = self._view.searches([*bodies, *self._waiting])
        if self._waiting:
            self.counted = answers.pop()["aggregations"]
            self._waiting = []
        return answers


def _climb_on(asking: _Asking, climb: Climb, *, few: bool) -> None:
    """Until all places are known."""
    if few and not climb.full:
        climb.take_all(asking.searches([climb.body_for_all()])[0])
    for count in STEPS_AT_ONCE[1:]:
        if few or climb.full:
            return
        climb.take(asking.searches(climb.bodies(count)))
