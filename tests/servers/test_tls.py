"""Every server over TLS with an authority of the province's own: it is believed where it is named, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from pipeline.adapters.dramatiq_queue import DramatiqQueue, open_broker
from pipeline.adapters.elastic_index import ElasticIndex, ElasticPlace
from pipeline.adapters.minio_connection import S3Place
from pipeline.adapters.minio_store import MinioStore, create_minio_store
from pipeline.errors import IndexUnavailable, QueueUnavailable, StoreUnavailable
from tests.cli.command import sohoa
from tests.servers.conftest import Access
from tests.servers.test_journey import make_samples, samples, servers
from tests.servers.test_minio_store import emptied, new_place
from tests.servers.tls_doubles import certificates, tls_front

__all__ = ["make_samples", "samples", "servers"]


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two authorities, a certificate of the first for this machine and one for another machine of that name."""
    folder = tmp_path_factory.mktemp("tls")
    certificates(folder / "other", "strange")
    return certificates(folder / "ours", "server")


@pytest.fixture
def place(minio_access: Access, tls: Path) -> Iterator[S3Place]:
    with tls_front(minio_access.endpoint, tls / "server") as endpoint:
        place = replace(new_place(minio_access), endpoint=endpoint, secure=True, ca_file=tls / "ca.pem")
        create_minio_store(place)
        yield place
    emptied(minio_access, place.bucket)


def test_a_store_over_tls_keeps_what_it_is_given(place: S3Place) -> None:
    store = MinioStore(place)
    store.put_new("a", b"1")
    assert MinioStore(place).get("a") == b"1"


def test_a_store_whose_authority_is_not_named_is_not_believed(place: S3Place, tls: Path) -> None:
    for authority in (None, tls.parent / "other" / "ca.pem"):
        with pytest.raises(StoreUnavailable, match="chứng chỉ"):
            MinioStore(replace(place, ca_file=authority))


def test_a_broker_over_tls_answers(redis_url: str, tls: Path) -> None:
    with tls_front(urlsplit(redis_url).netloc, tls / "server") as address:
        url = f"rediss://{address}/9"
        assert counted(url, tls / "ca.pem") == 0
        with pytest.raises(QueueUnavailable, match="chứng chỉ"):
            counted(url, None)


@pytest.mark.slow_servers
def test_rabbitmq_over_tls_answers(rabbitmq_url: str, tls: Path) -> None:
    address = urlsplit(rabbitmq_url)
    with tls_front(f"{address.hostname}:{address.port}", tls / "server") as front:
        url = f"amqps://{address.username}:{address.password}@{front}"
        assert counted(url, tls / "ca.pem") == 0
        with pytest.raises(QueueUnavailable, match="chứng chỉ"):
            counted(url, None)


def counted(url: str, ca_file: Path | None) -> int:
    """What waits there in a lane that nobody else uses, over a connection that is closed again."""
    with closing(open_broker(url, ca_file=ca_file)) as broker:
        return DramatiqQueue(broker).waiting(f"tls-{uuid4().hex}")


def test_an_index_over_tls_answers(elastic_url: str, tls: Path) -> None:
    with tls_front(urlsplit(elastic_url).netloc, tls / "server") as address:
        place = ElasticPlace(url=f"https://{address}", name=f"test-{uuid4().hex[:12]}", ca_file=tls / "ca.pem")
        assert ElasticIndex(place).generations() == {}
        with pytest.raises(IndexUnavailable, match="chứng chỉ"):
            ElasticIndex(replace(place, ca_file=None)).generations()


def test_the_journey_over_tls(
    samples: Path,
    servers: None,
    redis_url: str,
    elastic_url: str,
    minio_access: Access,
    tls: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The command and its worker processes, with all three over TLS."""
    redis = urlsplit(redis_url)
    with (
        tls_front(minio_access.endpoint, tls / "server") as store,
        tls_front(redis.netloc, tls / "server") as broker,
        tls_front(urlsplit(elastic_url).netloc, tls / "server") as index,
    ):
        for name in ("S3", "BROKER", "ELASTIC"):
            monkeypatch.setenv(f"SOHOA_{name}_CA_FILE", str(tls / "ca.pem"))
        monkeypatch.setenv("SOHOA_S3_SECURE", "true")
        monkeypatch.setenv("SOHOA_S3_ENDPOINT", store)
        monkeypatch.setenv("SOHOA_BROKER_URL", f"rediss://{broker}/3")
        monkeypatch.setenv("SOHOA_ELASTIC_URL", f"https://{index}")
        assert sohoa("init").code == 0
        assert sohoa("ingest", min(samples.glob("*.pdf"))).code == 0
        worked = sohoa("work", "--once")
        assert worked.code == 0, worked.err
        assert sohoa("search", "", "--json").json["hits"]
