"""An index that goes, comes again, and is built anew."""

from __future__ import annotations

import hashlib
import json
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.adapters.elastic_documents import (
    BATCH_DOCUMENTS,
    MAPPINGS,
    SCHEMA_VERSION,
    record_document,
    settings,
)
from pipeline.adapters.elastic_index import ElasticIndex, ElasticPlace
from pipeline.adapters.elastic_rebuild import BEAT_ID
from pipeline.errors import IndexUnavailable
from pipeline.index import IndexEntry
from pipeline.ports import Putting
from pipeline.query import Query
from tests.contracts.index_office import OFFICE
from tests.index.entries import entry
from tests.programs import beside, running, wait_until
from tests.servers.elastic.elastic_doubles import FaultyServer
from tests.servers.elastic_indexes import DIKES, call, indexes_of

ROOT = Path(__file__).parents[3]


def test_asking_makes_no_index(place: ElasticPlace) -> None:
    with pytest.raises(IndexUnavailable) as missing:
        ElasticIndex(place).search(Query("đê"))
    assert "sohoa reindex" in str(missing.value)
    assert ElasticIndex(place).generations() == {}
    assert indexes_of(place) == []


def test_many_may_begin_the_index_at_once(place: ElasticPlace) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda number: ElasticIndex(place).put([entry(f"{number}", "đê")]), range(4)))
    assert ElasticIndex(place).search(Query("đê")).total == 4
    assert len(indexes_of(place)) == 1


def test_an_index_deleted_under_its_readers_is_told_and_healed(index: ElasticIndex, place: ElasticPlace) -> None:
    stop = threading.Event()
    told: list[object] = []

    def keep_asking() -> None:
        while not stop.is_set():
            try:
                told.append(index.search(Query("đê điều")).total)
            except IndexUnavailable as error:
                told.append(error.code)

    with beside(keep_asking, 2, end=stop.set):
        for name in indexes_of(place):
            call(place.url, "DELETE", name)
        with pytest.raises(IndexUnavailable):
            index.search(Query("đê"))
        assert index.generations() == {}
        assert index.rebuild(DIKES) == 10
        assert index.search(Query("đê điều")).total == 10
    assert set(told) <= {10, "INDEX_UNAVAILABLE"}
    assert told[-1] == 10


def test_a_deleted_index_is_begun_again_by_the_next_record(index: ElasticIndex, place: ElasticPlace) -> None:
    for name in indexes_of(place):
        call(place.url, "DELETE", name)
    index.put(DIKES[:3])
    assert index.search(Query("đê")).total == 3


def test_an_index_of_another_version_says_so_and_a_rebuild_heals_it(place: ElasticPlace) -> None:
    name = f"{place.name}-v{SCHEMA_VERSION + 1}-{'0' * 32}"
    call(place.url, "PUT", name, {"aliases": {place.name: {"is_write_index": True}}})
    index = ElasticIndex(place)
    for asked in (lambda: index.search(Query("đê")), index.generations, lambda: index.put(DIKES)):
        with pytest.raises(IndexUnavailable) as other:
            asked()
        assert "phiên bản khác" in str(other.value)
    assert index.rebuild(DIKES) == 10
    assert name not in indexes_of(place)


MADE_BY_VERSION = {2: "58bb03e6a7958f6e"}


def test_other_documents_for_the_same_entry_are_another_version() -> None:
    """Documents made before the change would stand beside others. Give SCHEMA_VERSION and this digest anew."""
    made = [MAPPINGS, settings(1), *(json.loads(record_document(one).content) for one in OFFICE)]
    for page in (page for document in made[2:] for page in document["pages"]):
        del page["packed"]  # how small it gets is a matter of zlib's version
    assert hashlib.sha256(repr(made).encode()).hexdigest()[:16] == MADE_BY_VERSION[SCHEMA_VERSION]


# --- rebuilding ------------------------------------------------------------------------------------------------------------------


def test_only_the_index_in_use_stays_after_a_rebuild(index: ElasticIndex, place: ElasticPlace) -> None:
    before = indexes_of(place)
    index.rebuild(DIKES)
    assert len(indexes_of(place)) == 1
    assert indexes_of(place) != before


def test_a_rebuild_that_fails_leaves_nothing_behind(index: ElasticIndex, place: ElasticPlace) -> None:
    before = indexes_of(place)
    with pytest.raises(ZeroDivisionError):
        index.rebuild(entry(f"{1 // number}") for number in (1, 0))
    assert indexes_of(place) == before


def test_of_two_rebuilds_at_once_one_is_refused(index: ElasticIndex) -> None:
    def entries() -> Iterator[object]:
        yield DIKES[0]
        with pytest.raises(IndexUnavailable) as busy:
            index.rebuild(DIKES)
        assert "đang được dựng lại" in str(busy.value)
        yield DIKES[1]

    assert index.rebuild(entries()) == 2  # type: ignore[arg-type]


@contextmanager
def another_rebuild(place: ElasticPlace) -> Iterator[object]:
    with running([sys.executable, "-m", "tests.servers.elastic.elastic_process", place.url, place.name], cwd=ROOT) as process:
        assert process.stdout
        assert process.stdout.readline() == "begun\n"
        yield process


def test_a_killed_rebuild_leaves_the_old_index_and_the_next_one_clears_up(index: ElasticIndex, place: ElasticPlace) -> None:
    with another_rebuild(place):
        with pytest.raises(IndexUnavailable) as busy:
            index.rebuild(DIKES)
        assert "đang được dựng lại" in str(busy.value)
    assert len(indexes_of(place)) == 2
    assert index.search(Query("đê điều")).total == 10
    assert index.put([entry("late", "đê điều")]) == {"late": Putting.WRITTEN}
    assert index.rebuild(DIKES[:4]) == 4
    assert len(indexes_of(place)) == 1


def test_a_rebuild_whose_index_was_taken_away_fails_and_harms_nothing(index: ElasticIndex, place: ElasticPlace) -> None:
    def entries() -> Iterator[object]:
        yield DIKES[0]
        (building,) = call(place.url, "GET", f"_alias/{place.name}-building")
        call(place.url, "DELETE", building)
        yield DIKES[1]

    with pytest.raises(IndexUnavailable):
        index.rebuild(entries())  # type: ignore[arg-type]
    assert index.search(Query("đê điều")).total == 10


def test_records_put_all_through_a_rebuild_are_all_there(index: ElasticIndex, place: ElasticPlace) -> None:
    stop = threading.Event()
    put: list[str] = []

    def keep_putting() -> None:
        while not stop.is_set():
            record_id = f"late-{len(put)}"
            assert ElasticIndex(place).put([entry(record_id, "đến muộn")]) == {record_id: Putting.WRITTEN}
            put.append(record_id)

    with beside(keep_putting, end=stop.set):
        for _ in range(4):
            index.rebuild(DIKES)  # from a store that knows nothing of the late ones
            index.put(entry(record_id, "đến muộn") for record_id in put[:])
    assert index.search(Query("đến muộn")).total == len(put)


def test_readers_pass_over_to_the_new_index(index: ElasticIndex) -> None:
    stop = threading.Event()
    totals: set[int] = set()

    def keep_asking() -> None:
        while not stop.is_set():
            totals.add(index.search(Query("đê điều")).total)

    with beside(keep_asking, 2, end=stop.set):
        for times in (2, 3, 4):
            index.rebuild(entry(f"{number}", "đê điều") for number in range(10 * times))
    assert totals <= {10, 20, 30, 40}


def test_the_sign_of_life_of_a_rebuild_is_no_record(index: ElasticIndex) -> None:
    index.rebuild(DIKES)
    assert BEAT_ID not in index.generations()
    assert index.search(Query("")).total == 10


# --- parts -----------------------------------------------------------------------------------------------------------------------


def test_a_rebuilt_index_becomes_one_part(index: ElasticIndex, place: ElasticPlace) -> None:
    """Every question looks into each part."""

    def in_parts() -> Iterator[IndexEntry]:
        for number in range(3 * BATCH_DOCUMENTS):
            if number % BATCH_DOCUMENTS == 0:
                call(place.url, "POST", f"{place.name}-*/_refresh")
            yield entry(f"{number}", "đê điều")

    assert index.rebuild(in_parts()) == 3 * BATCH_DOCUMENTS
    wait_until(lambda: parts_of(place) == 1, 30)
    assert parts_of(place) == 1


def test_an_index_that_cannot_be_merged_is_in_use_all_the_same(place: ElasticPlace, faulty: FaultyServer) -> None:
    faulty.where, faulty.refused = "_forcemerge", 1_000
    assert ElasticIndex(replace(place, url=faulty.url)).rebuild(DIKES) == 10
    assert ElasticIndex(place).search(Query("đê")).total == 10


def parts_of(place: ElasticPlace) -> int:
    return int(call(place.url, "GET", f"{place.name}/_stats/segments")["_all"]["primaries"]["segments"]["count"])
