"""The real command on an object store, a broker and a search cluster gives what it gives on a folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import redis
from elasticsearch import Elasticsearch

from tests.cli.command import Answer, sohoa
from tests.servers.conftest import Access
from tests.servers.test_minio_store import emptied

QUESTIONS = ("quyet dinh", "Quyết định", "ủy ban nhân dân", "uy ban", "2024", "ke hoach", "số 1")
DATABASE = 3


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples") / "scans"
    assert sohoa("samples", folder, "--count", "4", "--seed", "11", "--degrade", "none").code == 0
    return folder


@pytest.fixture
def servers(
    tmp_path: Path, redis_url: str, elastic_url: str, minio_access: Access, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """The settings of a province."""
    broker_url = f"{redis_url.rsplit('/', 1)[0]}/{DATABASE}"
    client = redis.Redis.from_url(broker_url)
    client.flushdb()
    bucket = name = f"test-{uuid4().hex[:12]}"
    (tmp_path / "secret").write_text(minio_access.secret_key)
    for variable, value in {
        "HOME": str(tmp_path / "machine"),
        "S3_ENDPOINT": minio_access.endpoint,
        "S3_BUCKET": bucket,
        "S3_ACCESS_KEY": minio_access.access_key,
        "S3_SECRET_KEY_FILE": str(tmp_path / "secret"),
        "S3_SECURE": "false",
        "BROKER_URL": broker_url,
        "ELASTIC_URL": elastic_url,
        "ELASTIC_NAME": name,
        "POLL_SECONDS": "0.2",
    }.items():
        monkeypatch.setenv(f"SOHOA_{variable}", value)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    yield
    client.close()
    emptied(minio_access, bucket)
    with Elasticsearch(elastic_url) as cluster:
        for index in cluster.indices.get(index=f"{name}*"):
            cluster.indices.delete(index=index)


def digitized(scans: Path) -> dict[str, str]:
    """File name -> record.json, without what differs from home to home."""
    assert sohoa("init").code == 0
    assert sohoa("ingest", *sorted(scans.glob("*.pdf")), "--batch", "b").code == 0
    worked = sohoa("work", "--once")
    assert worked.code == 0, worked.err
    found = sohoa("search", "", "--json").json["hits"]
    return {hit["file_name"]: record_of(sohoa("show", hit["record_id"], "--json")) for hit in found}


def record_of(answer: Answer) -> str:
    return json.dumps(answer.json["record"], sort_keys=True)


def top_hits(question: str) -> list[str]:
    answer = sohoa("search", question, "--json")
    assert answer.code == 0, answer.err
    return [hit["file_name"] for hit in answer.json["hits"]]


def test_on_servers_the_records_and_the_hits_are_those_of_a_folder(
    samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv("SOHOA_HOME", str(tmp_path / "embedded"))
    embedded = digitized(samples)
    hits = {question: top_hits(question) for question in QUESTIONS}
    request.getfixturevalue("servers")
    assert os.environ["SOHOA_HOME"] == str(tmp_path / "machine")
    assert digitized(samples) == embedded
    assert len(embedded) == 4
    assert {question: top_hits(question) for question in QUESTIONS} == hits
    assert sohoa("status", "--json").json["done"] == 4
    assert sohoa("fixity").code == 0
    assert sohoa("reindex").code == 0
    assert top_hits("quyet dinh") == hits["quyet dinh"]


def test_an_original_is_opened_from_the_bucket(samples: Path, servers: None) -> None:
    scan = min(samples.glob("*.pdf"))
    sohoa("init")
    [taken] = sohoa("ingest", scan, "--json").json["files"]
    opened = sohoa("open", taken["record_id"], "--json").json
    assert Path(opened["original"]).read_bytes() == scan.read_bytes()
    assert opened["rendition"] is None
