"""A query against one view of the index: what matches, how many of what, and down the ladder until enough hits stand."""

from __future__ import annotations

from itertools import islice

from pipeline.adapters.elastic_ladder import Ladder
from pipeline.adapters.elastic_queries import Json
from pipeline.adapters.elastic_question import Question, facets_of
from pipeline.adapters.elastic_server import ElasticView
from pipeline.adapters.elastic_shown import hits_of
from pipeline.conditions import reaches_all, steps_of
from pipeline.cursor import Cursor, Place, read_cursor, write_cursor
from pipeline.index import FACETS
from pipeline.query import Hits, Query, understand
from pipeline.ranking import Bounds, widened

FEW_MATCHES = 1000
"""So many are placed on all steps at once in less time than it takes to ask step by step."""

STEPS_AT_ONCE = (2, 4, 60)
"""Steps that are asked for together, first, second and then: most answers are full after the first ones."""

NOTHING_BUT_ORDER: Json = {"_source": False, "track_total_hits": False}


def search_view(view: ElasticView, query: Query, bounds: Bounds) -> Hits:
    """Raises BadQuery, IndexUnavailable."""
    asked = understand(query)
    cursor = read_cursor(query)
    question = Question(view, asked, bounds)
    widening = question.ask(cursor)
    if not question.total:
        return Hits(0, (), {name: {} for name in FACETS}, with_marks=0 if asked.with_tones else None)
    terms = widened(asked.terms, widening) if widening else asked.terms
    steps = steps_of(asked.terms, widening, with_marks=asked.with_tones)
    ladder = Ladder(question.matching, steps, cursor.place if cursor else None, whole=reaches_all(steps, terms))
    few = question.total <= FEW_MATCHES
    standing, counted = (_all_at_once if few else _step_by_step)(view, ladder, question.counts_body(), asked.limit + 1)
    shown = standing[: asked.limit]
    hits = hits_of(view, shown, steps, terms)
    following = write_cursor(Cursor(shown[-1], widening), query) if len(standing) > len(shown) else None
    with_marks = counted["with_marks"]["doc_count"] if asked.with_tones else None
    return Hits(question.total, hits, facets_of(counted), following, with_marks, question.at_least)


def _all_at_once(view: ElasticView, ladder: Ladder, counts: Json, limit: int) -> tuple[list[Place], Json]:
    """The next places, and the counts."""
    found, counted = view.searches([{**ladder.scored_body(), **NOTHING_BUT_ORDER, "size": limit}, counts])
    return [ladder.scored_place(hit["sort"]) for hit in found["hits"]["hits"]], counted["aggregations"]


def _step_by_step(view: ElasticView, ladder: Ladder, counts: Json, limit: int) -> tuple[list[Place], Json]:
    """The same, asking for no more steps than are needed. Who stands on two steps is found on both, and counts for the first."""
    standing: dict[str, Place] = {}
    rungs = ladder.rungs()
    asked_beside = [counts]
    counted: Json = {}
    for number in STEPS_AT_ONCE:
        together = list(islice(rungs, number))
        found = view.searches([*({**rung.body, **NOTHING_BUT_ORDER, "size": limit} for rung in together), *asked_beside])
        counted = found.pop()["aggregations"] if asked_beside else counted
        asked_beside = []
        for rung, one in zip(together, found, strict=True):
            for place in (rung.place(hit["sort"]) for hit in one["hits"]["hits"][: limit - len(standing)]):
                standing.setdefault(place.record_id, place)
        if len(standing) >= limit:
            break
    return list(standing.values())[:limit], counted
