"""What comes spoilt or late from a store is never read as if it were whole, and a listing that is behind hides nothing for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pipeline.adapters.minio_connection import S3Place
from pipeline.adapters.minio_store import MinioStore, create_minio_store
from pipeline.custody import Custody, records
from pipeline.custody.attempts import read_history
from pipeline.custody.documents import Outcome
from pipeline.custody.indexing import index_missing
from pipeline.custody.lookup import content_of, manifest_of, quarantine_of, result_of
from pipeline.custody.pending import everything
from pipeline.custody.receive import receive
from pipeline.custody.status import status
from pipeline.custody.survey import survey
from pipeline.errors import DigestMismatch, StoreUnavailable
from pipeline.ports import RecordTask, Store
from tests.custody.doubles import PLACING, Office, WrappedStore
from tests.servers.buckets import emptied_bucket
from tests.servers.s3_doubles import FOR_EVER, BadLine, bad_line
from tests.workers.conftest import MakePool, double
from tests.workers.conftest import make_pool as make_pool
from workers.handlers import Handled, digitize_record
from workers.keeping import Keeper
from workers.pool import ChildPool
from workers.publishing import IndexAtOnce


@pytest.fixture
def place(bucket: S3Place) -> Iterator[S3Place]:
    create_minio_store(bucket)
    yield bucket
    emptied_bucket(bucket)


@dataclass
class Desk:
    """One worker with a real child, whose store is a bucket behind a line."""

    office: Office
    custody: Custody
    pool: ChildPool
    direct: Store

    def bring(self, *pages: str, name: str = "a") -> str:
        scan = self.office.scan(f"{name}.pdf", double(*pages, f"ok {name}"))
        return receive(self.custody, scan, self.office.handover(), PLACING).record_id or ""

    def read(self, record_id: str) -> Handled:
        return digitize_record(RecordTask(record_id, 1), self.custody, self.pool, IndexAtOnce(self.office.indexing))

    def outcomes(self, record_id: str) -> list[Outcome]:
        history = read_history(self.direct, manifest_of(self.direct, record_id))
        return [end.outcome for end in history.ended.values()]


def desk(tmp_path: Path, place: S3Place, endpoint: str, pool: ChildPool) -> Desk:
    office = Office(tmp_path)
    custody = office.custody_over(MinioStore(replace(place, endpoint=endpoint)))
    return Desk(office, custody, pool, MinioStore(place))


@pytest.fixture
def at(tmp_path: Path, place: S3Place, make_pool: MakePool, request: pytest.FixtureRequest) -> Iterator[tuple[Desk, BadLine]]:
    """Indirect: the fault of the line, and where it shows."""
    fault, under = request.param
    with bad_line(place.endpoint, fault, under=f"{place.bucket}/{under}") as (endpoint, line):
        yield desk(tmp_path, place, endpoint, make_pool()), line


# --- spoilt on the way --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [("flip-get", "originals"), ("cut-get", "originals")], indirect=True)
def test_an_original_that_came_spoilt_once_is_fetched_again_and_read(at: tuple[Desk, BadLine]) -> None:
    worker, line = at
    record_id = worker.bring("ok")
    line.times = 2
    assert worker.read(record_id) is Handled.DONE
    assert line.times == 0
    assert worker.outcomes(record_id) == []


@pytest.mark.parametrize("at", [("flip-get", "originals")], indirect=True)
def test_an_original_that_always_comes_changed_is_given_up_with_the_reason_and_no_child_sees_it(
    at: tuple[Desk, BadLine], tmp_path: Path
) -> None:
    worker, line = at
    record_id = worker.bring(f"once:ok:{tmp_path}/seen")
    line.times = FOR_EVER
    assert worker.read(record_id) is Handled.FAILED
    assert not (tmp_path / "seen").exists()
    given_up = quarantine_of(worker.direct, manifest_of(worker.direct, record_id))
    assert given_up is not None
    assert given_up.code == "DIGEST_MISMATCH"
    assert (status(worker.direct).total.quarantined, worker.outcomes(record_id)) == (1, [Outcome.FAILED])


@pytest.mark.parametrize("at", [("cut-get", "originals")], indirect=True)
def test_an_original_that_is_always_cut_off_is_put_off_uncharged_and_no_child_sees_it(
    at: tuple[Desk, BadLine], tmp_path: Path
) -> None:
    worker, line = at
    record_id = worker.bring(f"once:ok:{tmp_path}/seen")
    line.times = FOR_EVER
    with pytest.raises(StoreUnavailable):
        worker.read(record_id)
    assert not (tmp_path / "seen").exists()
    assert (status(worker.direct).total.pending, worker.outcomes(record_id)) == (1, [Outcome.GIVEN_BACK])
    line.times = 0
    assert worker.read(record_id) is Handled.DONE


@pytest.mark.parametrize("at", [("flip-get", "files"), ("cut-get", "files")], indirect=True)
def test_a_result_that_comes_spoilt_is_not_indexed_and_is_found_by_the_next_survey(at: tuple[Desk, BadLine]) -> None:
    """One letter of it is another: only its digest tells."""
    worker, line = at
    record_id = worker.bring("ok")
    line.times = FOR_EVER
    assert worker.read(record_id) is Handled.DONE
    assert worker.office.index.entries == {}
    result = result_of(worker.direct, record_id)
    assert result is not None
    with pytest.raises((DigestMismatch, StoreUnavailable)):
        content_of(worker.custody.store, result, "record.json")
    line.times = 0
    assert sum(part.indexed for part in survey(worker.custody, worker.office.indexing)) == 1
    whole = content_of(worker.direct, result, "record.json")
    assert worker.office.index.entries[record_id].code_number == hashlib.sha256(whole).hexdigest()


# --- listings -----------------------------------------------------------------------------------------------------------------


def test_a_listing_of_several_pages_with_keys_put_between_them_skips_and_doubles_none_of_the_others(place: S3Place) -> None:
    store = MinioStore(place)
    keys = [f"n/{number:05d}" for number in range(0, 2200, 2)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda key: store.put_new(key, b""), keys))
    seen = []
    for key in store.list_after("n/"):
        seen.append(key)
        if key in (keys[10], keys[990], keys[1050]):
            for number in (1, 1995, 2001, 2199):
                store.put_new(f"n/{number:05d}.{len(seen)}", b"")
    assert [key for key in seen if "." not in key] == keys
    assert len(seen) == len(set(seen))
    assert len(list(store.list_after("n/"))) == len(keys) + 12


class LateListing(WrappedStore):
    """Keys that were put while `late` is set are listed only when it no longer is."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.late = False
        self.unlisted: set[str] = set()

    def put_new(self, key: str, content: bytes | Path) -> None:
        super().put_new(key, content)
        if self.late:
            self.unlisted.add(key)

    def list_after(self, prefix: str, after: str = "") -> Iterator[str]:
        return (key for key in super().list_after(prefix, after) if not (self.late and key in self.unlisted))


def test_what_a_late_listing_leaves_out_is_found_by_the_next_round(tmp_path: Path, place: S3Place) -> None:
    office, store = Office(tmp_path), LateListing(MinioStore(place))
    custody = office.custody_over(store)
    keeper = Keeper(custody, office.indexing, "keeper", 0.0)
    store.late = True
    ids = {receive(custody, office.scan(f"{number}.pdf"), office.handover(), PLACING).record_id for number in range(3)}
    assert not keeper.keep()  # its own lease is not listed
    assert status(store).total.received == 0
    store.late = False
    assert keeper.keep()
    assert {one.task.record_id for one in everything(store)} == ids
    assert (status(store).total.received, status(store).total.pending) == (3, 3)


def test_a_survey_over_a_late_listing_heals_nothing_wrongly_and_the_next_one_heals_all(tmp_path: Path, place: S3Place) -> None:
    office, store = Office(tmp_path), LateListing(MinioStore(place))
    custody = office.custody_over(store)
    store.late = True
    scan = office.scan("a.pdf")
    ids = [receive(custody, scan, office.handover(), PLACING).record_id for _ in range(2)]
    assert ids[0] == ids[1]
    for key in list(store.inner.list_after(records.PENDING)):
        store.remove(key)
    assert sum(part.marked for part in survey(custody, office.indexing)) == 0
    assert index_missing(custody, office.indexing) == 0
    store.late = False
    assert sum(part.marked for part in survey(custody, office.indexing)) == 1
    assert status(store).total.pending == 1
