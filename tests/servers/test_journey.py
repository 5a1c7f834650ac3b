"""The real command on an object store, a broker and a search cluster gives what it gives on a folder."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import redis
from elasticsearch import Elasticsearch

from pipeline.text import fold
from tests.cli.command import Answer, sohoa
from tests.servers.conftest import Access
from tests.servers.test_minio_store import emptied

DATABASE = 3


def questions(samples: Path, count: int) -> list[str]:
    """What people type who look for these documents: words of theirs with and without tones, phrases, numbers, slips."""
    chance = random.Random(5)
    truths = [
        json.loads(file.read_text(encoding="utf-8")) for file in sorted(samples.glob("*.json")) if ".words" not in file.name
    ]
    texts = [file.read_text(encoding="utf-8").split() for file in sorted(samples.glob("*.txt"))]
    asked: list[str] = ["quyet dinh", "Quyết định", "ủy ban nhân dân", "uy ban", "2024", "ke hoach", "số 1"]
    while len(asked) < count:
        words = chance.choice(texts)
        at = chance.randrange(max(1, len(words) - 4))
        some = " ".join(words[at : at + chance.randint(1, 4)])
        fields = chance.choice(truths)["fields"]
        number = f"{fields.get('codeNumber', '1')}/{fields.get('codeNotation', 'UBND')}"
        asked.append(chance.choice([some, fold(some), f'"{some}"', number, slip(fold(some), chance)]))
    return asked[:count]


def slip(text: str, chance: random.Random) -> str:
    """One letter is another."""
    at = chance.randrange(len(text)) if text else 0
    return text[:at] + chance.choice("bcdghklmnprstx") + text[at + 1 :]


@pytest.fixture(scope="module")
def make_samples(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int, str], Path]:
    def make(count: int, degrade: str) -> Path:
        folder = tmp_path_factory.mktemp("samples") / "scans"
        assert sohoa("samples", folder, "--count", str(count), "--seed", "11", "--degrade", degrade).code == 0
        return folder

    return make


@pytest.fixture(scope="module")
def samples(make_samples: Callable[[int, str], Path]) -> Path:
    return make_samples(4, "none")


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
    """File name -> record.json, without what differs from home to home.

    Handed over one by one: of records of one day that came in the same hundredth of a second none is the newer one.
    """
    assert sohoa("init").code == 0
    files = [file for file in sorted(scans.iterdir()) if file.suffix not in (".json", ".txt")]
    taken = [sohoa("ingest", file, "--batch", "b", "--json").json["files"][0] for file in files]
    worked = sohoa("work", "--once")
    assert worked.code == 0, worked.err
    return {Path(one["path"]).name: record_of(sohoa("show", one["record_id"], "--json")) for one in taken}


def record_of(answer: Answer) -> str:
    return json.dumps(answer.json["record"], sort_keys=True)


def top_hits(question: str) -> list[str]:
    """File names; what is no question to one index is none to the other."""
    answer = sohoa("search", "--json", "--", question)
    return [hit["file_name"] for hit in answer.json["hits"]] if answer.code == 0 else [answer.err]


@pytest.mark.parametrize(
    ("count", "degrade", "asked"),
    [(4, "none", 20), pytest.param(100, "mixed", 200, marks=[pytest.mark.slow_servers, pytest.mark.timeout(1800)])],
)
def test_on_servers_the_records_and_the_hits_are_those_of_a_folder(
    make_samples: Callable[[int, str], Path],
    count: int,
    degrade: str,
    asked: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    samples = make_samples(count, degrade)
    monkeypatch.setenv("SOHOA_HOME", str(tmp_path / "embedded"))
    embedded = digitized(samples)
    assert len(embedded) == count
    hits = {question: top_hits(question) for question in questions(samples, asked)}
    assert sum(map(bool, hits.values())) > asked / 2
    request.getfixturevalue("servers")
    assert os.environ["SOHOA_HOME"] == str(tmp_path / "machine")
    assert digitized(samples) == embedded
    found = {question: top_hits(question) for question in hits}
    assert found == hits
    assert sohoa("status", "--json").json["done"] == count
    assert sohoa("fixity").code == 0
    assert sohoa("reindex").code == 0
    assert {question: top_hits(question) for question in list(hits)[:10]} == dict(list(hits.items())[:10])


def test_an_original_is_opened_from_the_bucket(samples: Path, servers: None) -> None:
    scan = min(samples.glob("*.pdf"))
    sohoa("init")
    [taken] = sohoa("ingest", scan, "--json").json["files"]
    opened = sohoa("open", taken["record_id"], "--json").json
    assert Path(opened["original"]).read_bytes() == scan.read_bytes()
    assert opened["rendition"] is None
