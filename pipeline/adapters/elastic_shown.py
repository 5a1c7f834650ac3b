"""What is shown of the records that stand: their values, and a stretch of the page that brought each where it stands."""

from __future__ import annotations

from base64 import b64decode
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.adapters.elastic_queries import Json, on_a_page
from pipeline.adapters.elastic_view import ElasticView
from pipeline.conditions import Condition, any_of
from pipeline.cursor import Place
from pipeline.index import YES
from pipeline.packed_page import snippet_of
from pipeline.query import Hit, Snippet
from pipeline.terms import Term

GIVEN_BACK = ("file_name", "type_code", "type_name", "issuer", "code", "issued_date", "subject", "needs_review")

PAGE = "page"


def bodies_of(standing: Sequence[Place], steps: Sequence[Condition]) -> list[Json]:
    """Of the searches whose answers `hits_of` wants."""
    on_step: dict[int, list[str]] = defaultdict(list)
    for place in standing:
        on_step[place.step].append(place.record_id)
    return [_of_these(ids, steps[step] if step < len(steps) else None) for step, ids in on_step.items()]


def hits_of(
    view: ElasticView, standing: Sequence[Place], answers: Sequence[Json], step_count: int, terms: tuple[Term, ...]
) -> tuple[Hit, ...]:
    """In the same order, without what was taken out of the index meanwhile. Raises IndexUnavailable."""
    shown = {hit["_id"]: hit for one in answers for hit in one["hits"]["hits"]}
    snippets = {record_id: _snippet(hit, terms) for record_id, hit in shown.items()}
    if terms and (without := [record_id for record_id, snippet in snippets.items() if snippet is None]):
        (found_any,) = view.searches([_of_these(without, any_of(terms), only=True)])
        snippets |= {hit["_id"]: _snippet(hit, terms) for hit in found_any["hits"]["hits"]}
    here = [place for place in standing if place.record_id in shown]
    return tuple(_hit(place, shown[place.record_id]["_source"], snippets[place.record_id], step_count) for place in here)


def _of_these(record_ids: list[str], condition: Condition | None, *, only: bool = False) -> Json:
    """Of a search for these records, each with its first page that meets the condition; `only`: those that have such a page."""
    first: Json = {
        "name": PAGE, "size": 1, "_source": False, "docvalue_fields": ["pages.packed"], "sort": [{"pages.page_no": "asc"}],
    }  # fmt: skip
    pages = [on_a_page(condition, first)] if condition else []
    query = {"filter": [{"ids": {"values": record_ids}}, *(pages if only else [])], "should": [] if only else pages}
    return {"query": {"bool": query}, "size": len(record_ids), "_source": [*GIVEN_BACK], "track_total_hits": False}


def _snippet(hit: Mapping[str, Any], terms: tuple[Term, ...]) -> Snippet | None:
    """From the page that stands on the hit's step; None when only the record's fields brought it there."""
    pages = hit["inner_hits"][PAGE]["hits"]["hits"] if "inner_hits" in hit else []
    return snippet_of(b64decode(pages[0]["fields"]["pages.packed"][0]), terms) if pages else None


def _hit(place: Place, source: Mapping[str, Any], snippet: Snippet | None, step_count: int) -> Hit:
    values: dict[str, Any] = {name: source.get(name) for name in GIVEN_BACK}
    values["needs_review"] = values["needs_review"] == YES
    return Hit(record_id=place.record_id, score=1.0 - place.step / step_count, snippet=snippet, **values)
