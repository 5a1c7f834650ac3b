"""What those who watch the house are told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from pipeline.adapters.sqlite_index import SqliteIndex
from pipeline.custody import Custody, records
from pipeline.custody.attempts import give_up
from pipeline.custody.indexing import Indexing, note_refresh
from pipeline.custody.left_out import PAGES
from pipeline.custody.presence import show_presence
from pipeline.custody.reports import OF_LATE, Diary, Reading, report_bytes
from pipeline.errors import Damaged, StoreUnavailable
from tests.custody.doubles import AwayQueue, Office, WrappedStore, entry_from
from tests.custody.reading import begun, committed
from tests.custody.test_pending import bring
from web.app import Services, create_app

Figures = dict[tuple[str, tuple[str, ...]], float]


@pytest.fixture
def indexing(office: Office) -> Indexing:
    index = SqliteIndex(office.folder / "index")
    index.create()
    return Indexing(index, entry_from)


def client(custody: Custody, indexing: Indexing, look_seconds: float = 0.0) -> TestClient:
    return TestClient(create_app(Services(custody, indexing, look_seconds=look_seconds)))


def figures(asked: TestClient) -> Figures:
    """(name, label values in the order of their names) -> value, as Prometheus reads them."""
    answer = asked.get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, tuple(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


class AwayStore(WrappedStore):
    """A store that nobody reaches."""

    def list_after(self, prefix: str, after: str = "") -> Iterator[str]:
        raise StoreUnavailable


def test_a_house_in_order_is_ready(office: Office, indexing: Indexing) -> None:
    asked = client(office.custody, indexing)
    assert asked.get("/healthz").json() == {"status": "good"}
    ready = asked.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"status": "good", "store": "good", "queue": "good", "index": "good"})


def test_without_its_store_it_is_not_ready_but_alive(office: Office, indexing: Indexing) -> None:
    asked = client(office.custody_over(AwayStore(office.store)), indexing)
    assert asked.get("/healthz").status_code == 200
    ready = asked.get("/readyz")
    assert (ready.status_code, ready.json()["status"], ready.json()["store"]) == (503, "down", "STORE_UNAVAILABLE")


def test_without_queue_or_index_it_is_degraded_and_still_takes_files(office: Office, indexing: Indexing) -> None:
    office.index.broken = True
    asked = client(office.custody_over(office.store, AwayQueue()), office.indexing)
    ready = asked.get("/readyz")
    assert ready.status_code == 200
    assert ready.json() == {"status": "degraded", "store": "good", "queue": "QUEUE_UNAVAILABLE", "index": "INDEX_UNAVAILABLE"}


def test_the_equation_is_told_by_unit(office: Office, indexing: Indexing) -> None:
    first, second = bring(office, "so-tu-phap", 2)
    bring(office, "so-noi-vu", 1)
    committed(office, begun(office, first), review=True)
    give_up(office.custody, begun(office, second), Damaged())
    office.receive(office.scan("empty.pdf", b""))
    told = figures(client(office.custody, indexing))
    states = ("received", "done", "pending", "quarantined", "rejected", "needs_review")
    assert [told["sohoa_files", (state, "so-tu-phap")] for state in states] == [2, 1, 0, 1, 0, 1]
    assert [told["sohoa_files", (state, "so-noi-vu")] for state in states] == [1, 0, 1, 0, 0, 0]
    assert [told["sohoa_files", (state, "don-vi")] for state in states] == [1, 0, 0, 0, 1, 0]
    assert told["sohoa_equation_holds", ()] == 1
    assert told["sohoa_quarantined_records", ("DAMAGED",)] == 1


def test_what_waits_and_for_how_long_is_told_by_lane(office: Office, indexing: Indexing) -> None:
    bring(office, "a", 3)
    bring(office, "a", 1, urgent=True)
    office.clock.skip(timedelta(minutes=5))
    told = figures(client(office.custody, indexing))
    assert told["sohoa_pending_records", ("bulk",)] == 3
    assert told["sohoa_pending_records", ("interactive",)] == 1
    assert 300 <= told["sohoa_queue_age_seconds", ("bulk",)] < 400
    assert told["sohoa_queue_messages", ("bulk",)] == 3
    assert told["sohoa_index_lag_records", ()] == 0


def test_how_far_the_index_lags_is_told(office: Office, indexing: Indexing) -> None:
    (record_id,) = bring(office, "a", 1)
    note_refresh(office.store, record_id, 1, office.clock.now())
    office.clock.skip(timedelta(minutes=2))
    told = figures(client(office.custody, indexing))
    assert told["sohoa_index_lag_records", ()] == 1
    assert 120 <= told["sohoa_index_lag_seconds", ()] < 180


def test_what_the_index_refuses_is_told(office: Office, indexing: Indexing) -> None:
    (record_id,) = bring(office, "a", 1)
    office.store.put_new(records.left_out_key(record_id, 1, PAGES, office.clock.now()), b"")
    assert figures(client(office.custody, indexing))["sohoa_index_left_out_records", ()] == 1


def test_a_queue_that_does_not_answer_is_told_from_an_empty_one(office: Office, indexing: Indexing) -> None:
    told = figures(client(office.custody_over(office.store, AwayQueue()), indexing))
    assert told["sohoa_queue_messages", ("bulk",)] == -1


def test_a_store_that_does_not_answer_leaves_one_figure(office: Office, indexing: Indexing) -> None:
    assert figures(client(office.custody_over(AwayStore(office.store)), indexing)) == {("sohoa_store_up", ()): 0}


def test_what_workers_read_of_late_is_added_up(office: Office, indexing: Indexing) -> None:
    now = office.clock.now()
    for owner, attempt in (("a", 1), ("b", 2)):
        diary = Diary(now - OF_LATE)
        diary.note(Reading(now - OF_LATE - timedelta(seconds=1), 1000, 1, {"read": 1000.0}))
        for _ in range(10):
            diary.note(Reading(now, 3, attempt, {"read": 6.0, "load": 0.3}))
        show_presence(office.store, now, owner, report_bytes(diary.report(now)))
    told = figures(client(office.custody, indexing))
    assert told["sohoa_workers", ()] == 2
    assert told["sohoa_pages_per_minute", ()] == pytest.approx(6)
    assert told["sohoa_records_per_minute", ()] == pytest.approx(2)
    assert told["sohoa_retries", ()] == 10
    assert told["sohoa_stage_seconds_per_page", ("read",)] == pytest.approx(2)
    assert told["sohoa_stage_seconds_per_page", ("load",)] == pytest.approx(0.1)


def test_a_sign_that_cannot_be_read_is_still_a_worker(office: Office, indexing: Indexing) -> None:
    show_presence(office.store, office.clock.now(), "a", b"?")
    assert figures(client(office.custody, indexing))["sohoa_workers", ()] == 1


def test_costly_figures_are_not_looked_up_at_every_scrape(office: Office, indexing: Indexing) -> None:
    asked = client(office.custody, indexing, look_seconds=3600)
    figures(asked)
    bring(office, "a", 1)
    told = figures(asked)
    assert ("sohoa_files", ("received", "a")) not in told
    assert told["sohoa_pending_records", ("bulk",)] == 1


def test_nothing_of_a_file_or_a_record_is_in_the_figures(office: Office, indexing: Indexing) -> None:
    record_id = office.receive(office.scan("Nguyễn Văn A.pdf")).record_id
    text = client(office.custody, indexing).get("/metrics").text
    assert str(record_id) not in text
    assert "Nguy" not in text
