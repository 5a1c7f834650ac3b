"""A query against one view of the index: what matches, how many of what, and down the ladder until enough hits stand."""

from __future__ import annotations

from base64 import b64decode
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.adapters.elastic_queries import (
    Json,
    Matching,
    conditions_of,
    matching_condition,
    matching_most,
    on_a_page,
    page_query,
    place_of,
    score_of,
)
from pipeline.adapters.elastic_server import ElasticView
from pipeline.conditions import Condition, any_of, anything, as_typed, steps_of
from pipeline.cursor import Cursor, Place, read_cursor, write_cursor
from pipeline.facets import issuers_as_one, most_frequent
from pipeline.index import FACETS, MAX_FACET_VALUES, YES
from pipeline.packed_page import snippet_of
from pipeline.query import Hit, Hits, Query, Snippet, Understood, understand
from pipeline.ranking import Widening, widened
from pipeline.terms import Term
from pipeline.widening import widen

GIVEN_BACK = ("file_name", "type_code", "type_name", "issuer", "code", "issued_date", "subject", "needs_review")

MOST_COUNTED = 1000
"""Values of a facet that each shard counts, the most frequent ones. With one shard the counts are exact all the same."""

MOST_SLIPS = 1000
"""Words of the index one slip away from a word; there are 400 possible ones in a word of seven letters."""

RUNGS = (3, 9)
"""Steps that are asked for first, and then: the best hits are mostly found without asking where all the others stand."""

FEW_MATCHES = 2000
"""So many are placed on all steps at once in less time than it takes to ask twice."""


def search_view(view: ElasticView, query: Query) -> Hits:
    """Raises BadQuery, IndexUnavailable."""
    asked = understand(query)
    cursor = read_cursor(query)
    index = _Question(view, asked)
    widening = _match(index, asked, cursor)
    terms = widened(asked.terms, widening) if widening else asked.terms
    steps = steps_of(asked.terms, widening, with_marks=asked.with_tones)
    standing = _in_order(view, index, steps, cursor.place if cursor else None, asked.limit + 1)
    shown = standing[: asked.limit]
    hits = _hits(view, shown, steps, terms)
    following = write_cursor(Cursor(shown[-1], widening), query) if len(standing) > len(shown) else None
    with_marks = index.found["aggregations"]["with_marks"]["doc_count"] if asked.with_tones else None
    return Hits(index.total, hits, _facets(index.found["aggregations"]), following, with_marks)


# --- what matches -----------------------------------------------------------------------------------------------------------


def _match(index: _Question, asked: Understood, cursor: Cursor | None) -> Widening | None:
    """Returns how the question was widened. Further pages of an answer ask as its first one did."""
    if not asked.terms or asked.exact:
        index.match_condition(as_typed(asked.terms) if asked.terms else None)
        return None
    if cursor:
        index.match(asked.terms, cursor.widening)
        return cursor.widening
    return widen(index, asked.terms)


class _Question:
    """One question to one view, as `widen` asks it. `matching` and `found`: what was asked last, and the answer."""

    matching: Matching
    found: Json

    def __init__(self, view: ElasticView, asked: Understood) -> None:
        self._view = view
        self._filters = conditions_of(asked.filters)
        self._counts = _counts(as_typed(asked.terms) if asked.with_tones else None)

    @property
    def total(self) -> int:
        return int(self.found["hits"]["total"]["value"])

    def match_condition(self, condition: Condition | None) -> int:
        return self._ask(matching_condition(self._filters, condition))

    def match(self, terms: tuple[Term, ...], widening: Widening | None) -> int:
        asked = widened(terms, widening) if widening else terms
        if widening and widening.weights:
            return self._ask(matching_most(self._filters, asked, widening.weights))
        return self.match_condition(anything(asked))

    def _ask(self, matching: Matching) -> int:
        self.matching = matching
        self.found = self._view.search(**matching.body(), size=0, track_total_hits=True, aggs=self._counts)
        return self.total

    def page_count(self) -> int:
        body = {"query": {"bool": {"filter": self._filters}}, "size": 0, "aggs": {"pages": {"sum": {"field": "page_count"}}}}
        return int(self._view.search(**body)["aggregations"]["pages"]["value"])

    def pages_with(self, conditions: Sequence[Condition], limit: int) -> list[int]:
        found = self._view.searches([self._pages_with(condition) for condition in conditions])
        return [min(limit, one["aggregations"]["pages"]["met"]["doc_count"]) for one in found]

    def _pages_with(self, condition: Condition) -> Json:
        query = {"bool": {"filter": [*self._filters, on_a_page(condition)]}}
        met = {"nested": {"path": "pages"}, "aggs": {"met": {"filter": page_query(condition)}}}
        return {"query": query, "size": 0, "aggs": {"pages": met}}

    def likely(self, slips: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
        """Those that are among the words of the index, which the server finds faster than by asking for each."""
        if not slips:
            return {}
        found = self._view.search(size=0, suggest=_suggestions(list(slips)))["suggest"]
        words = {name: {option["text"] for option in one[0]["options"]} for name, one in found.items()}
        there = {word: words[f"fields {at}"] | words[f"text {at}"] for at, word in enumerate(slips)}
        return {word: [slip for slip in possible if slip in there[word]] for word, possible in slips.items()}


def _suggestions(words: list[str]) -> Json:
    """Words one slip away, for each word and each field with words."""
    near = {
        "suggest_mode": "always", "max_edits": 1, "prefix_length": 0, "min_word_length": 1, "accuracy": 0.0,
        "max_term_freq": 2**31 - 1, "size": MOST_SLIPS, "shard_size": MOST_SLIPS,
    }  # fmt: skip
    fields = {"fields": "pages.fields_folded", "text": "pages.folded"}
    return {
        f"{name} {at}": {"text": word, "term": {"field": field, **near}}
        for at, word in enumerate(words)
        for name, field in fields.items()
    }


# --- how many of what -------------------------------------------------------------------------------------------------------


def _counts(typed: Condition | None) -> Json:
    most_first = [{"_count": "desc"}, {"_key": "asc"}]
    shown = {"size": MAX_FACET_VALUES, "shard_size": MOST_COUNTED, "exclude": [""], "order": most_first}
    counted: Json = {name: {"terms": {"field": field, **shown}} for name, field in FACETS.items()}
    names = {"terms": {"field": "issuer", "size": 1, "order": most_first}}
    issuers = {"field": "issuer_key", "size": MOST_COUNTED, "order": most_first}
    counted["issuer"] = {"terms": issuers, "aggs": {"name": names}}
    return {**counted, "with_marks": {"filter": on_a_page(typed)}} if typed else counted


def _facets(counted: Json) -> dict[str, dict[str, int]]:
    counts = {name: Counter({one["key"]: one["doc_count"] for one in counted[name]["buckets"]}) for name in FACETS}
    named: Counter[str] = Counter()
    for one in counted["issuer"]["buckets"]:
        for name in one["name"]["buckets"]:
            named[name["key"]] = one["doc_count"]
    counts["issuer"] = issuers_as_one(named)
    return {name: most_frequent(count) for name, count in counts.items()}


# --- in which order ---------------------------------------------------------------------------------------------------------


def _in_order(view: ElasticView, index: _Question, steps: list[Condition], after: Place | None, limit: int) -> list[Place]:
    """The next places; no more steps are asked for than they need."""
    standing: list[Place] = []
    rungs = RUNGS if index.total > FEW_MATCHES else ()
    first = after.step if after else 0
    for rung in (*(rung for rung in rungs if first < rung < len(steps)), None):
        body = index.matching.body_with_steps(steps, rung)
        if last := standing[-1] if standing else after:
            body["search_after"] = [score_of(last, len(steps), index.matching.base), last.newness, last.record_id]
        found = view.search(**body, size=limit - len(standing), source=False, track_total_hits=False)
        standing += [place_of(hit["sort"], steps=len(steps), base=index.matching.base) for hit in found["hits"]["hits"]]
        if len(standing) == limit:
            break
    return standing


# --- what is shown ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Shown:
    """A record's values, and packed pages of it: on which step each stands, or that it has a word of the question."""

    values: Json
    pages: Mapping[str, bytes]


ANY = "any"
"""The first page with a word of the question."""


def _hits(view: ElasticView, standing: list[Place], steps: list[Condition], terms: tuple[Term, ...]) -> tuple[Hit, ...]:
    if not standing:
        return ()
    wanted = {str(place.step): steps[place.step] for place in standing if place.step < len(steps)}
    if terms:
        wanted[ANY] = any_of(terms)
    shown = _read(view, [place.record_id for place in standing], wanted)
    return tuple(_hit(place, shown[place.record_id], len(steps) + 1, terms) for place in standing)


def _read(view: ElasticView, record_ids: list[str], wanted: Mapping[str, Condition]) -> dict[str, _Shown]:
    """Of each record its values and, for each condition, the first page that meets it."""
    first: Json = {"size": 1, "_source": False, "docvalue_fields": ["pages.packed"], "sort": [{"pages.page_no": "asc"}]}
    pages = [on_a_page(condition, {"name": name, **first}) for name, condition in wanted.items()]
    query = {"bool": {"filter": [{"ids": {"values": record_ids}}], "should": pages}}
    found = view.search(query=query, size=len(record_ids), source=[*GIVEN_BACK], track_total_hits=False)
    return {hit["_id"]: _Shown(hit["_source"], _packed(hit.get("inner_hits", {}))) for hit in found["hits"]["hits"]}


def _packed(inner_hits: Json) -> dict[str, bytes]:
    pages = {name: one["hits"]["hits"] for name, one in inner_hits.items()}
    return {name: b64decode(found[0]["fields"]["pages.packed"][0]) for name, found in pages.items() if found}


def _hit(place: Place, shown: _Shown, step_count: int, terms: tuple[Term, ...]) -> Hit:
    values: dict[str, Any] = {name: shown.values.get(name) for name in GIVEN_BACK}
    values["needs_review"] = values["needs_review"] == YES
    snippet = _snippet(shown.pages, str(place.step), terms)
    return Hit(record_id=place.record_id, score=1.0 - place.step / step_count, snippet=snippet, **values)


def _snippet(pages: Mapping[str, bytes], step: str, terms: tuple[Term, ...]) -> Snippet | None:
    """From the page that stands on the hit's step; when only the record's fields brought it there, from the first with a word."""
    for name in (step, ANY):
        if name in pages and (snippet := snippet_of(pages[name], terms)):
            return snippet
    return None
