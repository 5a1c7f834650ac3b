"""Elasticsearch keeps the promises of an Index, and answers as the index of one machine does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from config.settings import read_settings
from config.wiring.servers import open_index
from pipeline.adapters.elastic_answers import Document
from pipeline.adapters.elastic_documents import (
    BATCH_BYTES,
    BATCH_DOCUMENTS,
    in_batches,
)
from pipeline.adapters.elastic_index import ElasticIndex, ElasticPlace
from pipeline.adapters.sqlite_index import SqliteIndex
from pipeline.ports import Putting
from pipeline.query import Query
from pipeline.ranking import BOUNDS, Bounds
from tests.contracts.index_contract import IndexContract
from tests.contracts.index_office import FEW, OFFICE, every_page, found
from tests.index.entries import entry
from tests.servers.elastic.elastic_doubles import FaultyServer
from tests.servers.elastic_indexes import DIKES, call, indexes_of, new_index, new_place
from tests.servers.mixed_records import PAGED, QUESTIONS, records


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


def test_an_index_is_made_of_as_many_parts_as_the_settings_say(place: ElasticPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"URL": place.url, "NAME": place.name, "SHARDS": "3"}.items():
        monkeypatch.setenv(f"SOHOA_ELASTIC_{name}", value)
    open_index(read_settings()).create()
    [index] = indexes_of(place)
    assert call(place.url, "GET", f"{index}/_settings")[index]["settings"]["index"]["number_of_shards"] == "3"


def test_an_answer_may_be_begun_in_one_index_and_ended_in_the_other(both: tuple[SqliteIndex, ElasticIndex]) -> None:
    embedded, server = both
    first = embedded.search(Query("thu hồi đất", limit=7))
    rest = every_page(server, Query("thu hồi đất", limit=200, cursor=first.next_cursor))
    assert [hit.record_id for hit in first.hits] + rest == found(embedded, "thu hồi đất", limit=200)


# --- generations -----------------------------------------------------------------------------------------------------------------


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
