"""Indexes on a real server for one test each, removed at the end; and what the adapter has no words for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

from pipeline.adapters.elastic_index import ElasticIndex, ElasticPlace
from tests.index.entries import entry

DIKES = [entry(f"{number}", "đê điều") for number in range(10)]


@contextmanager
def new_place(url: str) -> Iterator[ElasticPlace]:
    """A name that nobody uses; whatever was made under it is removed at the end."""
    place = ElasticPlace(url, f"test-{uuid4().hex[:12]}")
    try:
        yield place
    finally:
        for name in indexes_of(place):
            call(url, "DELETE", name)


@contextmanager
def new_index(url: str) -> Iterator[ElasticIndex]:
    """A new, empty one."""
    with new_place(url) as place:
        index = ElasticIndex(place)
        index.create()
        yield index


def indexes_of(place: ElasticPlace) -> list[str]:
    """All that are there, in use or not."""
    return sorted(call(place.url, "GET", f"{place.name}-*/_alias"))


def call(url: str, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """The server's answer."""
    content = None if body is None else json.dumps(body).encode()
    request = Request(f"{url}/{path}", content, {"content-type": "application/json"}, method=method)
    with urlopen(request, timeout=30) as answer:
        return json.load(answer)
