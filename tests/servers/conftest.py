"""Real servers, as `make servers` has started them. One that is missing skips a test, or fails it where they are required."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from pipeline.adapters.elastic_index import ElasticPlace
from pipeline.adapters.minio_connection import S3Place
from tests.servers.elastic_indexes import new_place
from tests.servers.province import Province, new_province

LISTED = Path(__file__).parents[2] / ".servers" / "servers.json"


@dataclass(frozen=True, slots=True)
class Access:
    """An S3 server and who may use it."""

    endpoint: str
    access_key: str
    secret_key: str


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("servers")


def server(name: str) -> dict[str, Any]:
    """What servers.json says of a server that answers."""
    try:
        found: dict[str, Any] = json.loads(LISTED.read_text(encoding="utf-8"))[name]
        address = urlsplit(found["url"] if "url" in found else f"//{found['endpoint']}")
        socket.create_connection((address.hostname or "", address.port or 0), timeout=2).close()
    except (OSError, KeyError) as error:
        if os.environ.get("SOHOA_REQUIRE_SERVERS") == "1":
            pytest.fail(f"{name} is not running ({error!r}): make servers", pytrace=False)
        pytest.skip(f"{name} is not running: make servers")
    return found


def _access(name: str) -> Access:
    found = server(name)
    return Access(found["endpoint"], found["access_key"], found["secret_key"])


@pytest.fixture(scope="session")
def redis_url() -> str:
    return str(server("redis")["url"])


@pytest.fixture(scope="session")
def rabbitmq_url() -> str:
    return str(server("rabbitmq")["url"])


@pytest.fixture(scope="session")
def elastic_url() -> str:
    return str(server("elasticsearch")["url"])


@pytest.fixture(scope="session")
def postgresql_url() -> str:
    return str(server("postgresql")["url"])


@pytest.fixture(scope="session")
def minio_access() -> Access:
    return _access("minio")


@pytest.fixture(scope="session")
def events_arn() -> str:
    """Where the buckets of MinIO may announce what is written."""
    return str(server("minio")["events_arn"])


@pytest.fixture(scope="session")
def seaweedfs_access() -> Access:
    return _access("seaweedfs")


def own_database() -> int:
    """Of Redis's sixteen: one for each process that runs tests at the same time."""
    return 10 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 6


@pytest.fixture
def bucket(minio_access: Access) -> S3Place:
    """Not made yet."""
    return S3Place(minio_access.endpoint, f"test-{uuid4().hex[:12]}", minio_access.access_key, minio_access.secret_key)


@pytest.fixture
def search_place(elastic_url: str) -> Iterator[ElasticPlace]:
    with new_place(elastic_url) as place:
        yield place


@pytest.fixture
def province(
    tmp_path: Path, redis_url: str, bucket: S3Place, search_place: ElasticPlace, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Province]:
    """Everything on real servers, in places of its own."""
    database = f"{redis_url.rsplit('/', 1)[0]}/{own_database()}"
    with new_province(tmp_path, database, bucket, search_place, monkeypatch.setenv) as province:
        yield province
