"""One question to one view of the index, as pipeline/widening.py asks it: which records match, and how many of what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from pipeline.adapters.elastic_matching import Matching, matching_most
from pipeline.adapters.elastic_queries import Json, conditions_of, on_a_page, page_query
from pipeline.adapters.elastic_view import ElasticView
from pipeline.conditions import Condition, anything, as_typed, single, steps_of
from pipeline.cursor import Cursor
from pipeline.facets import most_frequent
from pipeline.index import FACETS, MAX_FACET_VALUES
from pipeline.query import Understood
from pipeline.ranking import Bounds, Widening, one_slip_away, widened
from pipeline.terms import Term
from pipeline.widening import Neighbours, Sample, widen

MOST_VALUES = 200
"""Values of a facet that each shard tells, the most frequent ones. With one shard the counts are exact all the same."""

MOST_SLIPS = 1000
"""Words of the index one slip away from a word; there are 400 possible ones in a word of seven letters."""


class Question:
    """`matching`: what was asked last; `total` records match, or, `at_least`, more than are counted. `empty_steps`: so many steps
    of the ladder, the highest, have nothing, because nothing matched when it was asked more strictly."""

    matching: Matching
    total: int
    at_least: bool
    empty_steps: int

    def __init__(self, view: ElasticView, asked: Understood, bounds: Bounds) -> None:
        self._view = view
        self._asked = asked
        self._bounds = bounds
        self._wanted = conditions_of(asked.filters)
        self._since: int | None = None
        self._sampled: Json | None = None
        self.empty_steps = 0
        self._ahead: Sequence[Json] = ()
        self._of_ahead: list[Json] = []

    def ask(self, cursor: Cursor | None, ahead: Sequence[Json]) -> tuple[Widening | None, list[Json]]:
        """Returns how the question was widened, and the answers to other searches that were sent with the first one.

        Further pages of an answer ask as its first one did.
        """
        self._ahead = ahead
        terms = self._asked.terms
        if terms and not cursor and not self._asked.exact:
            return widen(self, terms), self._of_ahead
        widening = cursor.widening if cursor else None
        self.match(terms, widening)
        return widening, self._of_ahead

    def match(self, terms: tuple[Term, ...], widening: Widening | None) -> int:
        self.matching = self.matching_of(widening)
        body, ahead = _newest_body(self.matching.body(), self._bounds.counted), self._ahead
        found, *of_ahead = self._view.searches([body, *ahead])
        if ahead:
            self._ahead, self._of_ahead = (), of_ahead
        number, self._since = _newest(found, self._bounds.counted)
        self.total, self.at_least = min(number, self._bounds.counted), number > self._bounds.counted
        if not self.total and not (widening and widening.weights):
            self.empty_steps = len(steps_of(terms, widening, with_marks=self._asked.with_tones))
        return self.total

    def matching_of(self, widening: Widening | None) -> Matching:
        """What matches when it is asked so."""
        terms, wanted = self._asked.terms, tuple(self._wanted)
        if not terms:
            return Matching(wanted)
        if self._asked.exact:
            return Matching((*wanted, on_a_page(as_typed(terms))))
        asked = widened(terms, widening) if widening else terms
        if widening and widening.weights:
            return matching_most(wanted, asked, widening.weights)
        return Matching(wanted, anything(asked))

    def sample(self, conditions: Sequence[Condition]) -> Sample:
        wanted = Matching(tuple(self._wanted))
        if self._sampled is None:
            self._sampled = self._view.search(self._sampled_body())
        _, since = _newest(self._sampled, self._bounds.sampled)
        newest = wanted.body(since)["query"]
        pages = {"query": newest, "size": 0, "aggs": {"pages": {"sum": {"field": "page_count"}}}}
        met = [_pages_meeting([newest], condition) for condition in conditions]
        counted, *of_each = self._view.searches([pages, *met])
        return Sample(int(counted["aggregations"]["pages"]["value"]), tuple(map(_number_meeting, of_each)))

    def pages_with(self, conditions: Sequence[Condition], limit: int) -> list[int]:
        return [min(limit, _number_meeting(one)) for one in self._view.searches(self._pages_bodies(conditions, limit))]

    def neighbours(self, words: Sequence[str]) -> Mapping[str, Neighbours]:
        """The server finds slips that are among the words of the index faster than by being asked for each. What a sample begins
        with is asked along with them: it will be wanted."""
        if not words:
            return {}
        suggested: Json = {"size": 0, "suggest": _suggestions(words)}
        bodies = [self._sampled_body(), suggested, *self._pages_bodies([single(word) for word in words], 1)]
        self._sampled, suggestions, *standing = self._view.searches(bodies)
        found = {name: {option["text"] for option in one[0]["options"]} for name, one in suggestions["suggest"].items()}
        near = {}
        for at, (word, one) in enumerate(zip(words, standing, strict=True)):
            there = found[f"fields {at}"] | found[f"text {at}"]
            near[word] = Neighbours(_number_meeting(one) > 0, [slip for slip in one_slip_away(word) if slip in there])
        return near

    def _sampled_body(self) -> Json:
        return _newest_body(Matching(tuple(self._wanted)).body(), self._bounds.sampled)

    def _pages_bodies(self, conditions: Sequence[Condition], limit: int) -> list[Json]:
        return [{**_pages_meeting(self._wanted, condition), "terminate_after": limit} for condition in conditions]

    def counts_body(self) -> Json:
        """Of a search for the counts of all facets and of what has the marks as typed, among the matches that are counted."""
        shown: Json = {"size": MAX_FACET_VALUES + 1, "shard_size": MOST_VALUES, "order": [{"_count": "desc"}, {"_key": "asc"}]}
        counted: Json = {name: {"terms": {"field": field, **shown}} for name, field in FACETS.items()}
        names = {"terms": {"field": "issuer", **shown, "size": 1}}
        counted["issuer"] = {"terms": {"field": "issuer_key", **shown}, "aggs": {"name": names}}
        if self._asked.with_tones:
            counted["with_marks"] = {"filter": on_a_page(as_typed(self._asked.terms))}
        return {**self.matching.body(self._since), "size": 0, "track_total_hits": False, "aggs": counted}


def facets_of(counted: Json) -> dict[str, dict[str, int]]:
    """From the answer to Question.counts_body."""
    counts = {name: Counter({one["key"]: one["doc_count"] for one in counted[name]["buckets"]}) for name in FACETS}
    issuers = [one for one in counted["issuer"]["buckets"] if one["key"]][:MAX_FACET_VALUES]
    named = Counter({name["key"]: one["doc_count"] for one in issuers for name in one["name"]["buckets"]})
    counts["issuer"] = named
    return {name: most_frequent(count) for name, count in counts.items()}


def _newest_body(body: Json, count: int) -> Json:
    """Of a search for how many records there are, up to one more than `count`, and for the one with this number."""
    place: Json = {"sort": [{"newness": "desc"}], "from": count - 1, "size": 1}
    return {**body, **place, "_source": False, "track_total_hits": count + 1}


def _newest(found: Json, count: int) -> tuple[int, int | None]:
    """From its answer: how many, and the newness of that one where there are more."""
    total = int(found["hits"]["total"]["value"])
    return total, found["hits"]["hits"][0]["sort"][0] if total > count else None


def _pages_meeting(wanted: Sequence[Json], condition: Condition) -> Json:
    query = {"bool": {"filter": [*wanted, on_a_page(condition)]}}
    met = {"nested": {"path": "pages"}, "aggs": {"met": {"filter": page_query(condition)}}}
    return {"query": query, "size": 0, "track_total_hits": False, "aggs": {"pages": met}}


def _number_meeting(found: Json) -> int:
    return int(found["aggregations"]["pages"]["met"]["doc_count"])


def _suggestions(words: Sequence[str]) -> Json:
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
