"""A search server that loses its index, refuses records, or is asked by somebody who means it no good."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path

import pytest

from pipeline.adapters.elastic_index import ElasticIndex, ElasticPlace
from pipeline.adapters.minio_connection import S3Place
from pipeline.adapters.minio_store import MinioStore, create_minio_store
from pipeline.custody import Custody, records
from pipeline.custody.attempts import begin_attempt
from pipeline.custody.indexing import Indexing, note_refresh, rebuild_index, refresh_entries
from pipeline.custody.left_out import ALL, PAGES, left_out
from pipeline.custody.lookup import manifest_of
from pipeline.custody.receive import receive
from pipeline.custody.renew import reread
from pipeline.custody.survey import survey
from pipeline.errors import BadQuery, IndexUnavailable
from pipeline.index import IndexEntry, Placement
from pipeline.ports import Putting, RecordTask, Store
from pipeline.query import Query
from tests.contracts.index_office import every_page, untakable
from tests.custody.doubles import PLACING, Office
from tests.custody.reading import committed
from tests.index.entries import entry
from tests.programs import beside
from tests.servers import mixed_records
from tests.servers.buckets import emptied_bucket
from tests.servers.elastic.elastic_doubles import FaultyServer, faulty_server
from tests.servers.elastic_indexes import call, indexes_of
from workers.index_bench import IndexBench

QUESTIONS = [replace(question, limit=10) for question in mixed_records.QUESTIONS]


@dataclass
class Library:
    """Records of a made-up office that are done, on a real object store, and their index on a real search server."""

    office: Office
    custody: Custody
    indexing: Indexing
    search_place: ElasticPlace
    entries: dict[str, IndexEntry]

    @property
    def store(self) -> Store:
        return self.custody.store

    def read(self, count: int, *, bad: int = 0) -> list[str]:
        """Read so many records; the last `bad` of them have a page that no index can hold."""
        new = [one for one, _ in zip(cycle(mixed_records.records()), range(count), strict=False)]
        return [self._read(untakable(one) if number >= count - bad else one) for number, one in enumerate(new)]

    def _read(self, one: IndexEntry) -> str:
        scan = self.office.scan(f"{len(self.entries)}.pdf")
        record_id = receive(self.custody, scan, self.office.handover(), PLACING).record_id or ""
        self.entries[record_id] = one
        self.commit(record_id)
        return record_id

    def commit(self, record_id: str) -> None:
        manifest = manifest_of(self.store, record_id)
        attempt = begin_attempt(self.custody, manifest, "worker")
        assert attempt is not None
        note_refresh(self.store, record_id, manifest.generation, self.custody.clock.now())
        committed(self.office, attempt, store=self.store)

    def index_all(self) -> None:
        IndexBench(self.custody, self.indexing).take(RecordTask("0", 1))

    def answers(self) -> list[list[str]]:
        return [[hit.record_id for hit in self.indexing.index.search(question).hits] for question in QUESTIONS]

    def lose_the_index(self) -> None:
        for name in indexes_of(self.search_place):
            call(self.search_place.url, "DELETE", name)

    def through(self, server: FaultyServer) -> Library:
        index = ElasticIndex(replace(self.search_place, url=server.url))
        return replace(self, indexing=replace(self.indexing, index=index))

    def noted(self) -> dict[str, str]:
        return {note.record_id: note.what for note in left_out(self.store)}


@pytest.fixture
def library(tmp_path: Path, bucket: S3Place, search_place: ElasticPlace) -> Iterator[Library]:
    entries: dict[str, IndexEntry] = {}

    def make_entry(_record: bytes, placement: Placement) -> IndexEntry:
        return replace(entries[placement.record_id], placement=placement)

    create_minio_store(bucket)
    office = Office(tmp_path)
    indexing = Indexing(ElasticIndex(search_place), make_entry)
    yield Library(office, office.custody_over(MinioStore(bucket)), indexing, search_place, entries)
    emptied_bucket(bucket)


@pytest.fixture
def faulty(elastic_url: str) -> Iterator[FaultyServer]:
    with faulty_server(elastic_url) as server:
        yield server


def bulk_calls(server: FaultyServer) -> int:
    return sum("_bulk" in path for path in server.calls)


# --- an index that is gone ----------------------------------------------------------------------------------------------------


def test_an_index_deleted_while_people_search_is_told_and_reindexing_brings_back_the_same_answers(library: Library) -> None:
    library.read(40)
    library.index_all()
    before, stop = library.answers(), threading.Event()
    told: list[object] = []

    def keep_asking() -> None:
        while not stop.is_set():
            try:
                told.append(library.indexing.index.search(Query("đất")).total)
            except IndexUnavailable as error:
                told.append(error.code)

    with beside(keep_asking, 2, end=stop.set):
        library.lose_the_index()
        with pytest.raises(IndexUnavailable, match="sohoa reindex"):
            library.answers()
        assert rebuild_index(library.custody, library.indexing) == 40
        assert library.answers() == before
    assert {type(one) for one in told} <= {int, str}
    assert {one for one in told if isinstance(one, str)} <= {"INDEX_UNAVAILABLE"}
    assert sum(map(len, before)) > 40


def test_a_lost_index_is_healed_by_the_look_through_the_house_alone(library: Library) -> None:
    library.read(40)
    library.index_all()
    before = library.answers()
    library.lose_the_index()
    assert sum(part.indexed for part in survey(library.custody, library.indexing)) == 40
    assert library.answers() == before


# --- records that are refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [40, pytest.param(500, marks=[pytest.mark.slow_servers, pytest.mark.timeout(600)])])
def test_three_bad_records_of_many_are_named_found_by_their_fields_and_hold_nobody_up(
    library: Library, faulty: FaultyServer, count: int
) -> None:
    ids = library.read(count, bad=3)
    library.through(faulty).index_all()
    assert library.indexing.index.generations() == dict.fromkeys(ids, 1)
    assert library.noted() == dict.fromkeys(ids[-3:], PAGES)
    assert list(library.store.list_after(records.REFRESH)) == []
    assert library.indexing.index.search(Query("")).total == count
    asked = bulk_calls(faulty)
    for _ in range(3):
        list(survey(library.custody, library.through(faulty).indexing))
        library.through(faulty).index_all()
    assert bulk_calls(faulty) == asked


def test_a_record_that_is_refused_altogether_is_named_and_not_tried_for_ever(library: Library, faulty: FaultyServer) -> None:
    ids = library.read(6)
    faulty.spoilt, faulty.status = 2, 400
    library.through(faulty).index_all()
    (bad,) = library.noted()
    assert library.noted() == {bad: ALL}
    assert library.indexing.index.generations().keys() >= set(ids) - {bad}
    asked = bulk_calls(faulty)
    for _ in range(3):
        list(survey(library.custody, library.through(faulty).indexing))
    assert bulk_calls(faulty) == asked
    assert rebuild_index(library.custody, library.indexing) == 6
    assert library.noted() == {}


def test_a_call_that_is_too_long_for_what_lies_in_between_goes_in_parts(search_place: ElasticPlace, faulty: FaultyServer) -> None:
    index = ElasticIndex(replace(search_place, url=faulty.url))
    index.create()
    faulty.most_bytes = 20_000
    entries = [entry(f"{number}", "đê điều " * 200) for number in range(20)] + [entry("long", "đê điều " * 2000)]
    done = index.put(entries)
    assert {record_id for record_id, putting in done.items() if putting is Putting.REFUSED} == {"long"}
    assert index.search(Query("đê điều")).total == 20


@pytest.mark.slow_servers
@pytest.mark.timeout(600)
def test_a_record_too_long_for_any_server_is_found_by_its_fields(library: Library) -> None:
    """Sixteen thousand pages are more than the hundred megabytes that Elasticsearch takes in one call."""
    text = " ".join(f"chu{number % 997}" for number in range(400))
    library.entries[record_id := library.read(1)[0]] = entry("x", *[text] * 16_000, subject="Sổ mục kê cả tỉnh")
    library.index_all()
    assert [hit.record_id for hit in library.indexing.index.search(Query("sổ mục kê")).hits] == [record_id]
    assert library.noted() == {record_id: PAGES}


# --- old after new ------------------------------------------------------------------------------------------------------------


def test_an_old_result_that_comes_into_the_index_after_a_newer_one_changes_nothing(library: Library) -> None:
    """Who brings the first reading is slow: the record is read again, and that is indexed, before the first entry is put."""
    (record_id,) = library.read(1)
    began, go_on = threading.Event(), threading.Event()

    def slowly(record: bytes, placement: Placement) -> IndexEntry:
        began.set()
        go_on.wait(60)
        return library.indexing.make_entry(record, placement)

    slow = replace(library, indexing=replace(library.indexing, make_entry=slowly))
    with beside(slow.index_all, end=go_on.set):
        assert began.wait(20)
        reread(library.custody, record_id, {})
        library.entries[record_id] = entry("x", "bản đọc lại")
        library.commit(record_id)
        assert refresh_entries(library.store, library.indexing, library.custody.clock.now()) == 1
        library.entries[record_id] = entry("x", "bản đọc cũ")
    assert library.indexing.index.generations() == {record_id: 2}
    assert [hit.record_id for hit in library.indexing.index.search(Query('"bản đọc lại"')).hits] == [record_id]
    assert list(library.store.list_after(records.REFRESH)) == []


def test_a_late_result_after_a_removal_stays_away_whoever_brings_it(library: Library) -> None:
    (record_id,) = library.read(1)
    library.indexing.index.remove(record_id, 1)
    library.index_all()
    assert library.indexing.index.generations() == {}
    assert list(library.store.list_after(records.REFRESH)) == []


def test_pages_of_an_answer_follow_each_other_while_the_index_is_replaced_again_and_again(search_place: ElasticPlace) -> None:
    index = ElasticIndex(search_place)
    entries = [entry(f"{number:03d}", "đê điều", issued_date=f"20{number % 9:02d}-01-01") for number in range(120)]
    index.put(entries)
    whole = every_page(index, Query("đê điều", limit=200))
    stop = threading.Event()
    rebuilt = []

    def keep_rebuilding() -> None:
        while not stop.is_set():
            rebuilt.append(index.rebuild(reversed(entries)))

    with beside(keep_rebuilding, end=stop.set):
        while len(rebuilt) < 3:
            assert every_page(index, Query("đê điều", limit=7)) == whole
    assert set(rebuilt) == {120}


# --- hostile questions --------------------------------------------------------------------------------------------------------

HOSTILE = [
    Query("a" * 100_000),
    Query("*a*"),
    Query(" OR ".join(["a"] * 5000)),
    Query("/.*[a-z]{1,9999}/"),
    Query("đất~9 OR unit:*"),
    Query('{"match_all": {}}'),
    Query('"}}, "aggs": {"x": {"terms": {"field": "unit"}}}, "q": {"a": "'),
    Query('"' * 999),
    Query("đất", limit=-1),
    Query("đất", limit=10**9),
    Query("đất", limit=0),
    Query("đất", cursor="eyJwIjpbMF19"),
    Query("đất", cursor="A" * 100_000),
    Query("đất", unit='ubnd"}}'),
    Query("đất", issuer='x*"}]'),
    Query("đất", batch="\x00"),
    Query("đất", date_from='2024-01-01"'),
]


@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: ascii(f"{query.text[:12]} {query.limit}"))
def test_a_hostile_question_is_refused_without_asking_the_server_or_answered_harmlessly(
    search_place: ElasticPlace, faulty: FaultyServer, query: Query
) -> None:
    index = ElasticIndex(replace(search_place, url=faulty.url))
    index.put([entry("a", "đất của xã"), entry("b", "đất của huyện", unit="khác")])
    faulty.calls.clear()
    try:
        assert index.search(query).total == 0
    except BadQuery as refused:
        assert [path for path in faulty.calls if "search" in path] == []
        said = str(refused)
        assert not any(word in said.lower() for word in ("exception", "elastic", "lucene", "shard", "index", "aggs", "match_all"))
        assert len(said) < 300
