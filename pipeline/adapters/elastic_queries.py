"""Conditions and filters -> queries of Elasticsearch. None of them reads words as a language of queries: nothing typed can be an
operator.

A hit's score tells its step and its weight and nothing else: (steps below it) * base + weight, a whole number that a float of 32
bits holds exactly up to 16 million. There are 60 steps at the most and eight weights, with ten million pages 23,300 each: eleven.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from pipeline.conditions import Condition, Either, Every, Keys, Near, Runs, anything
from pipeline.cursor import Place
from pipeline.index import YES
from pipeline.query import Filters
from pipeline.ranking import ENOUGH_WEIGHT, NEAR_WORDS, Where, blocks
from pipeline.terms import Term, Words

Json = dict[str, Any]

NEWEST_FIRST = [{"_score": "desc"}, {"newness": "desc"}, {"record_id": "asc"}]


@dataclass(frozen=True, slots=True)
class Matching:
    """Which records match: all of `filters` and, of the `weighing` blocks, enough weight."""

    filters: tuple[Json, ...]
    weighing: tuple[Json, ...] = ()
    weights: tuple[int, ...] = ()

    @property
    def base(self) -> int:
        """More than any weight."""
        return sum(self.weights) + 1

    def body(self) -> Json:
        """Of a search for all that match. A record on a step holds every block, so its score is always enough."""
        return {"query": self._bool({"should": [*self.weighing]}, int(bool(self.weights))), **self._enough()}

    def body_with_steps(self, steps: list[Condition], first: int | None) -> Json:
        """Of a search whose scores tell the step: for the records on the `first` steps alone, or (None) for all that match."""
        scores = [_scored(condition, (len(steps) - at) * self.base) for at, condition in enumerate(steps[:first])]
        ladder = [{"dis_max": {"queries": scores}}] if scores else []
        parts = {"should": [*ladder, *self.weighing]} if first is None else {"must": ladder, "should": [*self.weighing]}
        return {"query": self._bool(parts, 0), "sort": NEWEST_FIRST, **self._enough()}

    def _bool(self, parts: Json, least: int) -> Json:
        return {"bool": {"filter": [*self.filters], "minimum_should_match": least, **parts}}

    def _enough(self) -> Json:
        return {"min_score": math.ceil(ENOUGH_WEIGHT * sum(self.weights))} if self.weights else {}


def matching_condition(filters: list[Json], condition: Condition | None) -> Matching:
    """Records with a page that holds everything; None: the filters alone."""
    return Matching((*filters, *([on_a_page(condition)] if condition else [])))


def matching_most(filters: list[Json], terms: tuple[Term, ...], weights: tuple[int, ...]) -> Matching:
    """Records that hold blocks of enough weight, on any of their pages."""
    held = [_scored(anything(block), weight) for block, weight in zip(blocks(terms), weights, strict=True)]
    return Matching(tuple(filters), tuple(held), weights)


def score_of(place: Place, steps: int, base: int) -> int:
    """Of a hit in this place."""
    return (steps - place.step) * base + place.weight


def place_of(sort: list[Any], *, steps: int, base: int) -> Place:
    """The place of a hit with these values of NEWEST_FIRST; the server may add one of its own."""
    score, newness, record_id, *_ = sort
    above, weight = divmod(round(score), base)
    return Place(steps - above, weight, newness, record_id)


# --- filters ----------------------------------------------------------------------------------------------------------------


def conditions_of(filters: Filters) -> list[Json]:
    """What a record has to meet. Scope first, and always."""
    parts: list[Json] = [{"term": {"removed": False}}]
    for name, allowed in (("unit", filters.scope.units), ("sector", filters.scope.sectors)):
        if allowed is not None:
            parts.append({"terms": {name: sorted(allowed)}})
    equal = {
        "unit": filters.unit,
        "sector": filters.sector,
        "type_key": filters.type_key,
        "batches": filters.batch,
        "needs_review": YES if filters.needs_review else None,
    }
    parts += [{"term": {name: value}} for name, value in equal.items() if value is not None]
    dates = {"gte": filters.date_from, "lte": filters.date_to}
    if limits := {end: day for end, day in dates.items() if day}:
        parts.append({"range": {"issued_date": limits}})
    if filters.issuer_key:
        parts.append({"prefix": {"issuer_starts": filters.issuer_key}})
    return parts


# --- conditions -------------------------------------------------------------------------------------------------------------


def on_a_page(condition: Condition, inner_hits: Json | None = None) -> Json:
    """Of a record: one of its pages meets the condition."""
    found = {"path": "pages", "query": page_query(condition), "score_mode": "none"}
    return {"nested": {**found, "inner_hits": inner_hits} if inner_hits else found}


def page_query(condition: Condition) -> Json:
    """Of a page."""
    match condition:
        case Every(parts):
            return {"bool": {"filter": [page_query(part) for part in parts]}}
        case Either(parts):
            return _either([page_query(part) for part in parts])
        case Keys(keys):
            return {"terms": {"pages.codes": list(keys)}}
        case Runs(runs, where, marks):
            return _either([query for field in _fields(where, marks=marks) for query in _runs(field, runs)])
        case Near(wordings, where, marks):
            return _either([_near(field, wording) for field in _fields(where, marks=marks) for wording in wordings])


def _scored(condition: Condition, score: int) -> Json:
    return {"constant_score": {"filter": on_a_page(condition), "boost": score}}


def _either(parts: list[Json]) -> Json:
    return parts[0] if len(parts) == 1 else {"bool": {"should": parts, "minimum_should_match": 1}}


def _fields(where: Where, *, marks: bool) -> list[str]:
    kind = "exact" if marks else "folded"
    fields, text = f"pages.fields_{kind}", f"pages.{kind}"
    return {Where.FIELDS: [fields], Where.TEXT: [text], Where.PAGE: [fields, text]}[where]


def _runs(field: str, runs: tuple[Words, ...]) -> list[Json]:
    words = [run[0] for run in runs if len(run) == 1]
    phrases: list[Json] = [{"match_phrase": {field: " ".join(run)}} for run in runs if len(run) > 1]
    return [{"terms": {field: words}}, *phrases] if words else phrases


def _near(field: str, runs: tuple[Words, ...]) -> Json:
    """The server counts the words between all runs, NEAR_WORDS those between the first and the last one: of runs of different
    length, the longest are taken for these two."""
    gaps = NEAR_WORDS - sum(sorted(map(len, runs))[:-2])
    if gaps < 0:  # which the server takes for any number
        return {"match_none": {}}
    parts = [{"match": {"query": " ".join(run), "ordered": True, "max_gaps": 0}} for run in runs]
    return {"intervals": {field: {"all_of": {"intervals": parts, "max_gaps": gaps}}}}
