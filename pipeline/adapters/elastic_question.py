"""One question to one view of the index, as pipeline/widening.py asks it: which records match, and how many of what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from pipeline.adapters.elastic_matching import Matching, matching_most
from pipeline.adapters.elastic_queries import Json, conditions_of, on_a_page, page_query
from pipeline.adapters.elastic_server import ElasticView
from pipeline.conditions import Condition, anything, as_typed
from pipeline.cursor import Cursor
from pipeline.facets import issuers_as_one, most_frequent
from pipeline.index import FACETS, MAX_FACET_VALUES
from pipeline.query import Understood
from pipeline.ranking import Bounds, Widening, widened
from pipeline.terms import Term
from pipeline.widening import Sample, widen

MOST_VALUES = 1000
"""Values of a facet that each shard counts, the most frequent ones. With one shard the counts are exact all the same."""

MOST_SLIPS = 1000
"""Words of the index one slip away from a word; there are 400 possible ones in a word of seven letters."""


class Question:
    """`matching`: what was asked last; `total` records match, or, `at_least`, more than are counted."""

    matching: Matching
    total: int
    at_least: bool

    def __init__(self, view: ElasticView, asked: Understood, bounds: Bounds) -> None:
        self._view = view
        self._asked = asked
        self._bounds = bounds
        self._wanted = conditions_of(asked.filters)
        self._since: int | None = None

    def ask(self, cursor: Cursor | None) -> Widening | None:
        """Returns how the question was widened. Further pages of an answer ask as its first one did."""
        terms = self._asked.terms
        if not terms or self._asked.exact:
            self._match(Matching((*self._wanted, *([on_a_page(as_typed(terms))] if terms else []))))
            return None
        if cursor:
            self.match(terms, cursor.widening)
            return cursor.widening
        return widen(self, terms)

    def match(self, terms: tuple[Term, ...], widening: Widening | None) -> int:
        asked = widened(terms, widening) if widening else terms
        if widening and widening.weights:
            return self._match(matching_most(self._wanted, asked, widening.weights))
        return self._match(Matching(tuple(self._wanted), anything(asked)))

    def _match(self, matching: Matching) -> int:
        self.matching = matching
        self.total, self._since = self._newest(matching.body(), self._bounds.counted)
        self.at_least = self.total > self._bounds.counted
        self.total = min(self.total, self._bounds.counted)
        return self.total

    def _newest(self, body: Json, count: int) -> tuple[int, int | None]:
        """How many records there are, or more than `count`, and then the newness of the one with this number."""
        place: Json = {"sort": [{"newness": "desc"}], "from": count - 1, "size": 1, "_source": False, "track_total_hits": count + 1}
        found = self._view.search({**body, **place})["hits"]
        total = int(found["total"]["value"])
        return total, found["hits"][0]["sort"][0] if total > count else None

    def sample(self, conditions: Sequence[Condition]) -> Sample:
        wanted = Matching(tuple(self._wanted))
        _, since = self._newest(wanted.body(), self._bounds.sampled)
        newest = wanted.body(since)["query"]
        pages = {"query": newest, "size": 0, "aggs": {"pages": {"sum": {"field": "page_count"}}}}
        met = [_pages_meeting([newest], condition) for condition in conditions]
        counted, *found = self._view.searches([pages, *met])
        return Sample(int(counted["aggregations"]["pages"]["value"]), tuple(map(_number_meeting, found)))

    def pages_with(self, conditions: Sequence[Condition], limit: int) -> list[int]:
        bodies = [{**_pages_meeting(self._wanted, condition), "terminate_after": limit} for condition in conditions]
        return [min(limit, _number_meeting(one)) for one in self._view.searches(bodies)]

    def likely(self, slips: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
        """Those that are among the words of the index, which the server finds faster than by asking for each."""
        if not slips:
            return {}
        found = self._view.search({"size": 0, "suggest": _suggestions(list(slips))})["suggest"]
        words = {name: {option["text"] for option in one[0]["options"]} for name, one in found.items()}
        there = {word: words[f"fields {at}"] | words[f"text {at}"] for at, word in enumerate(slips)}
        return {word: [slip for slip in possible if slip in there[word]] for word, possible in slips.items()}

    def counts_body(self) -> Json:
        """Of a search for the counts of all facets and of what has the marks as typed, among the matches that are counted."""
        most_first = [{"_count": "desc"}, {"_key": "asc"}]
        shown = {"size": MAX_FACET_VALUES, "shard_size": MOST_VALUES, "exclude": [""], "order": most_first}
        counted: Json = {name: {"terms": {"field": field, **shown}} for name, field in FACETS.items()}
        names = {"terms": {"field": "issuer", "size": 1, "order": most_first}}
        issuers = {"field": "issuer_key", "size": MOST_VALUES, "order": most_first}
        counted["issuer"] = {"terms": issuers, "aggs": {"name": names}}
        if self._asked.with_tones:
            counted["with_marks"] = {"filter": on_a_page(as_typed(self._asked.terms))}
        return {**self.matching.body(self._since), "size": 0, "track_total_hits": False, "aggs": counted}


def facets_of(counted: Json) -> dict[str, dict[str, int]]:
    """From the answer to Question.counts_body."""
    counts = {name: Counter({one["key"]: one["doc_count"] for one in counted[name]["buckets"]}) for name in FACETS}
    named: Counter[str] = Counter()
    for one in counted["issuer"]["buckets"]:
        for name in one["name"]["buckets"]:
            named[name["key"]] = one["doc_count"]
    counts["issuer"] = issuers_as_one(named)
    return {name: most_frequent(count) for name, count in counts.items()}


def _pages_meeting(wanted: Sequence[Json], condition: Condition) -> Json:
    query = {"bool": {"filter": [*wanted, on_a_page(condition)]}}
    met = {"nested": {"path": "pages"}, "aggs": {"met": {"filter": page_query(condition)}}}
    return {"query": query, "size": 0, "track_total_hits": False, "aggs": {"pages": met}}


def _number_meeting(found: Json) -> int:
    return int(found["aggregations"]["pages"]["met"]["doc_count"])


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
