"""A search server that is too busy, or loses its index, while workers read: reading goes on, and the index catches up."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.adapters.elastic_index import ElasticPlace
from pipeline.adapters.minio_connection import S3Place
from pipeline.custody import records
from pipeline.custody.documents import Outcome
from tests.cli.command import blank_scan, sohoa
from tests.programs import wait_until
from tests.servers.conftest import own_database
from tests.servers.elastic.elastic_doubles import FaultyServer, faulty_server
from tests.servers.elastic_indexes import call, indexes_of
from tests.servers.province import Province, new_province
from tests.servers.s3_doubles import FOR_EVER
from tests.servers.test_faults_crash import check_all_done_once, settled

LONG = [pytest.mark.slow_servers, pytest.mark.timeout(600)]


@pytest.fixture
def faulty(elastic_url: str) -> Iterator[FaultyServer]:
    with faulty_server(elastic_url) as server:
        yield server


@pytest.fixture
def far(
    tmp_path: Path,
    redis_url: str,
    bucket: S3Place,
    search_place: ElasticPlace,
    faulty: FaultyServer,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Province]:
    """A province whose search server is behind the faulty one."""
    database, place = f"{redis_url.rsplit('/', 1)[0]}/{own_database()}", replace(search_place, url=faulty.url)
    with new_province(tmp_path, database, bucket, place, monkeypatch.setenv) as province:
        yield province


@pytest.mark.parametrize(("count", "seconds"), [(8, 5), pytest.param(60, 60, marks=LONG)])
def test_a_server_that_is_too_busy_keeps_nobody_from_reading_and_gets_everything_when_it_is_not(
    far: Province, faulty: FaultyServer, count: int, seconds: float
) -> None:
    ids = [far.bring("ok", name=f"{number}") for number in range(count)]
    faulty.where, faulty.refused = "_bulk", FOR_EVER
    with far.crew(processes=1, keep=far.keeper().keep):
        wait_until(lambda: far.done() == count, seconds=120)
        time.sleep(seconds)
        assert far.done() == count
        assert far.indexed() == {}
        assert len(list(far.store.list_after(records.REFRESH))) == count
        faulty.refused = 0
        wait_until(lambda: settled(far, count), seconds=120)
    check_all_done_once(far, ids)
    assert [outcome for record_id in ids for outcome in far.history(record_id).ended.values()] == []


def test_single_records_that_a_busy_server_puts_off_come_later_and_hold_nobody_up(far: Province, faulty: FaultyServer) -> None:
    ids = [far.bring("ok", name=f"{number}") for number in range(8)]
    faulty.spoilt = 12
    with far.crew(processes=1, keep=far.keeper().keep):
        wait_until(lambda: settled(far, 8), seconds=120)
    assert faulty.spoilt == 0
    check_all_done_once(far, ids)


def test_an_index_deleted_in_the_middle_of_the_work_is_whole_again_at_its_end(
    province: Province, search_place: ElasticPlace
) -> None:
    ids = [province.bring("ok", name=f"{number}") for number in range(12)]
    with province.crew(processes=1, keep=province.keeper().keep):
        wait_until(lambda: len(province.indexed()) >= 3, seconds=60)
        for name in indexes_of(search_place):
            call(search_place.url, "DELETE", name)
        wait_until(lambda: settled(province, 12), seconds=120)
    check_all_done_once(province, ids)
    assert Outcome.INTERRUPTED not in {end.outcome for one in ids for end in province.history(one).ended.values()}


# --- as the clerk sees it -----------------------------------------------------------------------------------------------------


@pytest.fixture
def elastic_home(tmp_path: Path, search_place: ElasticPlace, monkeypatch: pytest.MonkeyPatch) -> ElasticPlace:
    """A home with a folder for its store and the search server for its index."""
    settings = {"HOME": str(tmp_path / "home"), "ELASTIC_URL": search_place.url, "ELASTIC_NAME": search_place.name}
    for name, value in settings.items():
        monkeypatch.setenv(f"SOHOA_{name}", value)
    assert sohoa("init").code == 0
    return search_place


def test_who_searches_a_deleted_index_is_told_what_brings_it_back(elastic_home: ElasticPlace, tmp_path: Path) -> None:
    sohoa("ingest", blank_scan(tmp_path / "quyet dinh 15.png"))
    assert sohoa("work", "--once").code == 0
    before = sohoa("search", "quyet dinh", "--json").json
    assert before["total"] == 1
    for name in indexes_of(elastic_home):
        call(elastic_home.url, "DELETE", name)
    told = sohoa("search", "quyet dinh")
    assert (told.code, told.complaints) == (4, {"sohoa": "INDEX_UNAVAILABLE"})
    assert "sohoa reindex" in told.err
    assert sohoa("reindex").code == 0
    assert sohoa("search", "quyet dinh", "--json").json == before


def test_reindexing_names_the_records_that_the_server_refuses(
    elastic_home: ElasticPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scans = [blank_scan(tmp_path / f"{number}.png", 200 + number) for number in range(2)]
    ids = {one["record_id"] for one in sohoa("ingest", *scans, "--json").json["files"]}
    assert sohoa("work", "--once").code == 0
    with faulty_server(elastic_home.url) as server:
        monkeypatch.setenv("SOHOA_ELASTIC_URL", server.url)
        server.most_bytes = 300
        rebuilt = sohoa("reindex")
    assert rebuilt.code == 3
    assert rebuilt.complaints == dict.fromkeys(ids, "NOT_INDEXED")
    assert "không tìm được" in rebuilt.err
    monkeypatch.setenv("SOHOA_ELASTIC_URL", elastic_home.url)
    assert sohoa("search", "--json").json["total"] == 0
    assert sohoa("reindex", "--json").json == {"records": 2, "left_out": {}}


@pytest.mark.parametrize(
    "asked",
    [
        ["a" * 100_000],
        [" OR ".join(["a"] * 5000)],
        ["***"],
        ["x", "--cursor", "e30"],
        ["x", "--from", "2024-01-01'"],
        ["x", "--limit", "-1"],
        ["x", "--page", "1000000000"],
    ],
    ids=lambda asked: ascii(" ".join(asked)[-20:]),
)
def test_a_hostile_question_ends_as_wrong_usage_without_a_word_of_the_server(
    elastic_home: ElasticPlace, asked: list[str]
) -> None:
    answer = sohoa("search", *asked)
    assert answer.code == 2
    assert not any(word in answer.err.lower() for word in ("exception", "lucene", "shard", "traceback", "http"))
    assert len(answer.err) < 1000
