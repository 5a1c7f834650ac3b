"""A search server that is away, busy, half there, or says what nobody may read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Timer
from uuid import uuid4

import elastic_transport
import elasticsearch
import pytest

from pipeline.adapters.elastic_answers import elastic_errors
from pipeline.adapters.elastic_documents import MAPPINGS, SCHEMA_VERSION, settings
from pipeline.adapters.elastic_index import ElasticIndex, ElasticPlace
from pipeline.adapters.elastic_server import PAUSES
from pipeline.errors import BadSetting, IndexUnavailable
from pipeline.ports import Putting
from pipeline.query import Query
from tests.contracts.index_office import found
from tests.index.entries import entry
from tests.servers.elastic.elastic_doubles import FaultyServer, silent_server
from tests.servers.elastic_indexes import DIKES, call


def test_nothing_is_asked_of_the_server_before_the_first_call() -> None:
    index = ElasticIndex(ElasticPlace("http://127.0.0.1:9", "nobody"))
    with pytest.raises(IndexUnavailable) as refused:
        index.search(Query("đê"))
    assert "không kết nối được" in str(refused.value)


@pytest.mark.parametrize(
    ("url", "name"), [("", "x"), ("no address", "x"), ("http://", "x"), ("http://h:1", "X*"), ("http://h:1", "")]
)
def test_an_address_or_name_that_is_none_is_a_bad_setting(url: str, name: str) -> None:
    with pytest.raises(BadSetting):
        ElasticIndex(ElasticPlace(url, name))


def test_a_certificate_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "ca").write_text("no certificate")
    with pytest.raises(BadSetting, match="SOHOA_ELASTIC_CA_FILE"):
        ElasticIndex(ElasticPlace("https://127.0.0.1:9", "x", ca_file=tmp_path / "ca"))


def test_a_server_that_does_not_answer_is_not_waited_for_without_end() -> None:
    with silent_server() as url, pytest.raises(IndexUnavailable) as silent:
        ElasticIndex(ElasticPlace(url, "x", answer_seconds=0.1)).search(Query("đê"))
    assert "chờ quá lâu" in str(silent.value)


def test_half_an_answer_is_none(index: ElasticIndex, place: ElasticPlace, faulty: FaultyServer) -> None:
    faulty.late = True
    with pytest.raises(IndexUnavailable) as late:
        ElasticIndex(replace(place, url=faulty.url)).search(Query("đê điều"))
    assert "chờ quá lâu" in str(late.value)


@pytest.mark.parametrize("where", ["_bulk", "_msearch", "_pit", "_alias"])
def test_a_busy_server_is_asked_again(index: ElasticIndex, place: ElasticPlace, faulty: FaultyServer, where: str) -> None:
    faulty.where, faulty.refused = where, 2
    asked = ElasticIndex(replace(place, url=faulty.url))
    assert asked.put([entry("new", "đê điều")]) == {"new": Putting.WRITTEN}
    assert asked.search(Query("đê điều")).total == len(asked.generations()) == 11
    assert faulty.refused == 0


def test_a_document_that_a_busy_server_refused_is_written_again(
    index: ElasticIndex, place: ElasticPlace, faulty: FaultyServer
) -> None:
    faulty.spoilt = 2
    outcome = ElasticIndex(replace(place, url=faulty.url)).put([entry("0", "cũ", generation=0), entry("new", "đê")])
    assert outcome == {"0": Putting.NEWER_STANDS, "new": Putting.WRITTEN}


def test_a_server_that_stays_busy_is_told_and_nothing_is_claimed(
    place: ElasticPlace, index: ElasticIndex, faulty: FaultyServer
) -> None:
    faulty.where, faulty.refused = "_bulk", 1000
    with pytest.raises(IndexUnavailable) as busy:
        ElasticIndex(replace(place, url=faulty.url)).put([entry("new", "đê")])
    assert "quá tải" in str(busy.value)
    assert sum("_bulk" in path for path in faulty.calls) == len(PAUSES) + 1
    assert found(index, "new") == []


def made_without_a_part(place: ElasticPlace) -> str:
    """An index in use that the server gives no place yet: as it is for a moment after another process has made it."""
    name = f"{place.name}-v{SCHEMA_VERSION}-{uuid4().hex}"
    nowhere = {"index.routing.allocation.require._name": "nowhere"}
    body = {"settings": {**settings(1), **nowhere}, "mappings": MAPPINGS, "aliases": {place.name: {"is_write_index": True}}}
    call(place.url, "PUT", f"{name}?wait_for_active_shards=0", body)
    return name


def given_a_part(place: ElasticPlace, name: str) -> None:
    call(place.url, "PUT", f"{name}/_settings", {"index.routing.allocation.require._name": None})


def test_an_index_that_was_made_a_moment_ago_is_waited_for(place: ElasticPlace) -> None:
    name = made_without_a_part(place)
    later = Timer(0.3, given_a_part, (place, name))
    later.start()
    assert ElasticIndex(place).generations() == {}
    later.join()
    assert ElasticIndex(place).search(Query("đê")).total == 0


def test_a_search_waits_for_an_index_that_was_made_a_moment_ago(place: ElasticPlace) -> None:
    name = made_without_a_part(place)
    later = Timer(0.3, given_a_part, (place, name))
    later.start()
    assert ElasticIndex(place).search(Query("đê")).total == 0
    later.join()


def test_an_index_whose_part_does_not_come_is_said_to_be_not_ready(place: ElasticPlace) -> None:
    made_without_a_part(place)
    with pytest.raises(IndexUnavailable, match="chưa sẵn sàng"):
        ElasticIndex(place).generations()


@pytest.mark.slow_servers
def test_a_rebuild_outlasts_a_server_that_is_busy_for_longer_than_a_clerk_waits(
    place: ElasticPlace, index: ElasticIndex, faulty: FaultyServer
) -> None:
    faulty.where, faulty.refused = "_bulk", len(PAUSES) + 2
    assert ElasticIndex(replace(place, url=faulty.url)).rebuild(DIKES) == 10
    assert faulty.refused == 0


def test_a_document_that_the_server_could_not_write_now_is_put_off_and_the_others_are_written(
    place: ElasticPlace, index: ElasticIndex, faulty: FaultyServer
) -> None:
    faulty.spoilt, faulty.status = 1, 503
    asked = ElasticIndex(replace(place, url=faulty.url))
    assert asked.put([entry("a", "đê"), entry("b", "đê")]) == {"a": Putting.PUT_OFF, "b": Putting.WRITTEN}
    assert asked.put([entry("a", "đê"), entry("b", "đê")]) == {"a": Putting.WRITTEN, "b": Putting.WRITTEN}


def test_when_all_documents_are_put_off_the_reason_is_told(
    place: ElasticPlace, index: ElasticIndex, faulty: FaultyServer
) -> None:
    faulty.spoilt, faulty.status = 1000, 403
    asked = ElasticIndex(replace(place, url=faulty.url))
    with pytest.raises(IndexUnavailable, match="khóa API"):
        asked.put([entry("a", "đê")])
    with pytest.raises(IndexUnavailable, match="khóa API"):
        asked.remove("a", 1)


ERRORS = {
    f"{library.__name__}.{name}": error
    for library in (elasticsearch, elastic_transport)
    for name, error in vars(library).items()
    if isinstance(error, type) and issubclass(error, Exception) and not issubclass(error, Warning)
}


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
def test_no_error_of_the_library_gets_out(error: type[Exception]) -> None:
    meta = elastic_transport.ApiResponseMeta(
        400, "1.1", elastic_transport.HttpHeaders(), 0.1, elastic_transport.NodeConfig("http", "h", 1)
    )
    body = {"error": {"type": "parsing_exception", "reason": "quotes what was typed"}}
    with pytest.raises(IndexUnavailable) as told, elastic_errors():
        raise error("m", meta, body) if issubclass(error, elastic_transport.ApiError) else error("quotes what was typed")
    assert "quotes" not in str(told.value)
