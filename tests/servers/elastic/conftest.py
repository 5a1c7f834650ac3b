"""An index of our own on Elasticsearch: ten records about dikes, and a server in between that makes trouble."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipeline.adapters.elastic_index import ElasticIndex, ElasticPlace
from tests.servers.elastic.elastic_doubles import FaultyServer, faulty_server
from tests.servers.elastic_indexes import DIKES, new_place


@pytest.fixture
def place(elastic_url: str) -> Iterator[ElasticPlace]:
    with new_place(elastic_url) as place:
        yield place


@pytest.fixture
def index(place: ElasticPlace) -> ElasticIndex:
    index = ElasticIndex(place)
    index.put(DIKES)
    return index


@pytest.fixture
def faulty(elastic_url: str) -> Iterator[FaultyServer]:
    with faulty_server(elastic_url) as server:
        yield server
