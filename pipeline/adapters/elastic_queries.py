"""Conditions and filters -> queries of Elasticsearch. None of them reads words as a language of queries: nothing typed can be an
operator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.adapters.elastic_documents import BESIDE
from pipeline.conditions import Condition, Either, Every, Keys, Near, Runs
from pipeline.index import YES, folded_words, pairs_of
from pipeline.query import Filters
from pipeline.ranking import NEAR_WORDS, Where
from pipeline.terms import Words

Json = dict[str, Any]


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
            return either([page_query(part) for part in parts])
        case Keys(keys):
            return _one_of("pages.codes", keys)
        case Runs(runs, where, marks):
            return either([query for field in _fields(where, marks=marks) for query in _runs(field, runs)])
        case Near(wordings, where, marks):
            return either([_near(field, wording) for field in _fields(where, marks=marks) for wording in wordings])


def either(parts: list[Json]) -> Json:
    """One of these, at least."""
    return parts[0] if len(parts) == 1 else {"bool": {"should": parts, "minimum_should_match": 1}}


def _fields(where: Where, *, marks: bool) -> list[str]:
    kind = "exact" if marks else "folded"
    fields, text = f"pages.fields_{kind}", f"pages.{kind}"
    return {Where.FIELDS: [fields], Where.TEXT: [text], Where.PAGE: [fields, text]}[where]


def _runs(field: str, runs: tuple[Words, ...]) -> list[Json]:
    words = [run[0] for run in runs if len(run) == 1]
    phrases = [_phrase(field, run) for run in runs if len(run) > 1]
    return [_one_of(field, words), *phrases] if words else phrases


def _one_of(field: str, terms: Sequence[str]) -> Json:
    """How rare a single term is, the server knows, and begins with the rarest."""
    return {"term": {field: terms[0]}} if len(terms) == 1 else {"terms": {field: [*terms]}}


def _phrase(field: str, run: Words) -> Json:
    """The pairs first: they are rare, and two words without marks are nothing but a pair."""
    beside = field.replace("exact", "pairs").replace("folded", "pairs")
    pairs: list[Json] = [{"term": {beside: pair}} for pair in pairs_of(folded_words(list(run)), BESIDE)]
    if len(pairs) == 1 and field.endswith("folded"):
        return pairs[0]
    return {"bool": {"filter": [*pairs, {"match_phrase": {field: " ".join(run)}}]}}


def _near(field: str, runs: tuple[Words, ...]) -> Json:
    """The server counts the words between all runs, NEAR_WORDS those between the first and the last one: of runs of different
    length, the longest are taken for these two."""
    gaps = NEAR_WORDS - sum(sorted(map(len, runs))[:-2])
    if gaps < 0:  # which the server takes for any number
        return {"match_none": {}}
    parts = [{"match": {"query": " ".join(run), "ordered": True, "max_gaps": 0}} for run in runs]
    return {"intervals": {field: {"all_of": {"intervals": parts, "max_gaps": gaps}}}}
