"""What stands in an index, read off it part by part."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.adapters.elastic_answers import Json
from pipeline.adapters.elastic_view import ElasticView

READ_AT_ONCE = 5000
"""Generations of one answer."""


def count_standing(view: ElasticView) -> int:
    """Records, without tombstones."""
    found = view.search({"query": {"term": {"removed": False}}, "size": 0, "track_total_hits": True})
    return int(found["hits"]["total"]["value"])


def generations_standing(view: ElasticView, beginning: str = "", *, removed: bool = False) -> Iterator[tuple[str, int]]:
    """record_id and generation of all records, or of all tombstones, whose id begins so.

    By the beginning the server goes to the ids themselves: they are sorted.
    """
    wanted: list[Json] = [{"term": {"removed": removed}}]
    wanted += [{"prefix": {"record_id": beginning}}] if beginning else []
    after: list[int] | None = None
    body: Json = {
        "query": {"bool": {"filter": wanted}}, "sort": ["_shard_doc"], "size": READ_AT_ONCE,
        "_source": False, "docvalue_fields": ["generation"], "track_total_hits": False,
    }  # fmt: skip
    while True:
        found = view.search({**body, **({"search_after": after} if after else {})})["hits"]["hits"]
        yield from ((hit["_id"], hit["fields"]["generation"][0]) for hit in found)
        if len(found) < READ_AT_ONCE:
            return
        after = found[-1]["sort"]
