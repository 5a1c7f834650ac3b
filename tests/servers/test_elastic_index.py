"""Elasticsearch keeps the promises of an Index, answers as the index of one machine does, and what is its own: faults."""

from __future__ import annotations

import hashlib
import json
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import elastic_transport
import elasticsearch
import pytest

from pipeline.adapters.elastic_answers import Document, elastic_errors
from pipeline.adapters.elastic_documents import (
    BATCH_BYTES,
    BATCH_DOCUMENTS,
    MAPPINGS,
    SCHEMA_VERSION,
    in_batches,
    record_document,
    settings,
)
from pipeline.adapters.elastic_index import ElasticIndex, ElasticPlace
from pipeline.adapters.elastic_rebuild import BEAT_ID
from pipeline.adapters.elastic_server import PAUSES
from pipeline.adapters.sqlite_index import SqliteIndex
from pipeline.errors import BadSetting, IndexUnavailable
from pipeline.ports import Putting
from pipeline.query import Query
from pipeline.ranking import BOUNDS, Bounds
from tests.contracts.index_contract import IndexContract
from tests.contracts.index_office import FEW, OFFICE, every_page, found
from tests.index.entries import entry
from tests.programs import beside, running
from tests.servers.elastic_doubles import FaultyServer, faulty_server, silent_server
from tests.servers.elastic_indexes import call, indexes_of, new_index, new_place
from tests.servers.mixed_records import PAGED, QUESTIONS, records

ROOT = Path(__file__).parent.parent.parent
DIKES = [entry(f"{number}", "đê điều") for number in range(10)]


class TestElasticIndex(IndexContract):
    @pytest.fixture
    def index(self, elastic_url: str) -> Iterator[ElasticIndex]:
        with new_index(elastic_url) as index:
            yield index

    @pytest.fixture
    def bounded(self, place: ElasticPlace) -> ElasticIndex:
        return ElasticIndex(place, FEW)

    @pytest.fixture
    def office(self, kept_office: KeptOffice) -> ElasticIndex:
        return kept_office.as_new()


class KeptOffice:
    """The small office in one index for all tests that only ask; whoever changed it leaves the next one a new index."""

    def __init__(self, url: str, until_end: ExitStack) -> None:
        self._url = url
        self._until_end = until_end
        self._as_made: tuple[ElasticPlace, list[str]] | None = None

    def as_new(self) -> ElasticIndex:
        if self._as_made:
            place, indexes = self._as_made
            index = ElasticIndex(place)
            if indexes_of(place) == indexes and index.generations() == {one.placement.record_id: 1 for one in OFFICE}:
                return index
        place = self._until_end.enter_context(new_place(self._url))
        index = ElasticIndex(place)
        index.put(OFFICE)
        self._as_made = place, indexes_of(place)
        return index


@pytest.fixture(scope="module")
def kept_office(elastic_url: str) -> Iterator[KeptOffice]:
    with ExitStack() as until_end:
        yield KeptOffice(elastic_url, until_end)


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


# --- as the index of one machine ----------------------------------------------------------------------------------------------


Both = Callable[[Bounds], tuple[SqliteIndex, ElasticIndex]]

BOUNDED = [BOUNDS, Bounds(counted=20, sampled=30, placed=0)]
"""As in use; and as many records look to it."""


@pytest.fixture(scope="module")
def of_both(elastic_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """The same 150 records in both, one of them removed, one read anew."""
    folder = tmp_path_factory.mktemp("both") / "index"
    with new_place(elastic_url) as place:
        for index in (SqliteIndex(folder), ElasticIndex(place)):
            index.put(records())
            index.remove("r007", 9)
            index.put([entry("r008", "đọc lại: thu hồi đất", generation=9)])
        yield lambda bounds: (SqliteIndex(folder, bounds), ElasticIndex(place, bounds))


@pytest.fixture
def both(of_both: Both) -> tuple[SqliteIndex, ElasticIndex]:
    return of_both(BOUNDS)


@pytest.mark.parametrize("bounds", BOUNDED, ids=["all", "few"])
@pytest.mark.parametrize("query", QUESTIONS, ids=lambda query: ascii(query.text)[:40])
def test_both_indexes_give_one_answer(of_both: Both, query: Query, bounds: Bounds) -> None:
    """The same hits in the same order, with the same snippets, counts and cursor."""
    embedded, server = of_both(bounds)
    assert server.search(query) == embedded.search(query)


@pytest.mark.parametrize("bounds", BOUNDED, ids=["all", "few"])
@pytest.mark.parametrize("text", [*PAGED, *(f'"{text}"' for text in PAGED[:1])])
def test_both_indexes_lead_through_the_pages_of_an_answer_alike(of_both: Both, text: str, bounds: Bounds) -> None:
    embedded, server = of_both(bounds)
    query = Query(text, limit=7)
    whole = found(embedded, text, limit=200)
    assert every_page(server, query) == every_page(embedded, query) == whole
    assert every_page(server, replace(query, exact=True)) == every_page(embedded, replace(query, exact=True))


@pytest.mark.parametrize("query", QUESTIONS, ids=lambda query: ascii(query.text)[:40])
def test_what_is_counted_changes_no_hit(of_both: Both, query: Query) -> None:
    """As many as ever are shown stand in the same order, whichever way they were found."""
    (exact, _), (_, bounded) = of_both(BOUNDS), of_both(Bounds(counted=20, placed=0))
    assert bounded.search(query).hits == exact.search(query).hits


@pytest.mark.parametrize("bounds", BOUNDED, ids=["all", "few"])
def test_an_index_in_several_parts_gives_the_same_answers(of_both: Both, place: ElasticPlace, bounds: Bounds) -> None:
    whole, _ = of_both(bounds)
    parts = ElasticIndex(replace(place, shards=3), bounds)
    parts.put(records())
    parts.remove("r007", 9)
    parts.put([entry("r008", "đọc lại: thu hồi đất", generation=9)])
    different = [query.text for query in QUESTIONS if parts.search(query) != whole.search(query)]
    assert different == []


def test_an_answer_may_be_begun_in_one_index_and_ended_in_the_other(both: tuple[SqliteIndex, ElasticIndex]) -> None:
    embedded, server = both
    first = embedded.search(Query("thu hồi đất", limit=7))
    rest = every_page(server, Query("thu hồi đất", limit=200, cursor=first.next_cursor))
    assert [hit.record_id for hit in first.hits] + rest == found(embedded, "thu hồi đất", limit=200)


# --- generations --------------------------------------------------------------------------------------------------------------


def test_an_old_result_after_a_newer_one_brings_nothing_of_it_back(index: ElasticIndex) -> None:
    index.put([entry("a", *(f"bản cũ trang {number}" for number in range(9)), generation=2)])
    index.put([entry("a", "bản mới", generation=3)])
    assert index.put([entry("a", *(f"bản cũ trang {number}" for number in range(9)), generation=2)]) == {
        "a": Putting.NEWER_STANDS
    }
    assert (found(index, "bản mới"), found(index, "trang"), found(index, "bản cũ")) == (["a"], [], [])


def test_a_late_result_after_a_removal_stays_away_when_the_server_forgets_what_is_deleted(
    index: ElasticIndex, place: ElasticPlace
) -> None:
    call(place.url, "PUT", f"{place.name}/_settings", {"index": {"gc_deletes": "0s"}})
    index.remove("3", 1)
    call(place.url, "POST", f"{place.name}/_forcemerge?max_num_segments=1")
    assert index.put([DIKES[3]]) == {"3": Putting.NEWER_STANDS}
    assert index.search(Query("đê điều")).total == 9


def test_a_batch_is_no_larger_than_a_server_likes() -> None:
    small = [Document(str(number), 1, b"x") for number in range(BATCH_DOCUMENTS + 1)]
    large = [Document(str(number), 1, b"x" * (BATCH_BYTES // 2)) for number in range(5)]
    huge = Document("huge", 1, b"x" * (2 * BATCH_BYTES))
    assert [len(batch) for batch in in_batches(small)] == [BATCH_DOCUMENTS, 1]
    assert [len(batch) for batch in in_batches([*large, huge])] == [2, 2, 1, 1]
    assert list(in_batches([])) == []


def test_two_hundred_records_are_one_call_and_are_shown_by_one_more(place: ElasticPlace, faulty: FaultyServer) -> None:
    ElasticIndex(place).create()
    index = ElasticIndex(replace(place, url=faulty.url))
    assert len(index.put(entry(f"{number}", "đê điều") for number in range(200))) == 200
    assert [sum(part in path for path in faulty.calls) for part in ("_bulk", "_refresh")] == [1, 1]
    assert index.search(Query("đê điều", limit=200)).total == 200


def test_values_beyond_every_measure_are_taken(index: ElasticIndex) -> None:
    long = "Ủy ban " * 20_000
    index.put([entry("long", long, subject=long, issuer=long, file_name=long, code_number="9", code_notation=long[:1000])])
    (hit,) = index.search(Query("ủy ban")).hits
    assert hit.issuer == hit.subject == long.strip()


# --- a server in trouble ------------------------------------------------------------------------------------------------------


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


# --- an index that goes, and comes again --------------------------------------------------------------------------------------


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


# --- rebuilding ---------------------------------------------------------------------------------------------------------------


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
    with running([sys.executable, "-m", "tests.servers.elastic_process", place.url, place.name], cwd=ROOT) as process:
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
