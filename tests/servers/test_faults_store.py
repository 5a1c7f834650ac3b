"""A store that lies, stalls, spoils or is behind: nothing is acknowledged that is not there, and nothing is lost that is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Barrier

import pytest

from pipeline.adapters.minio_connection import S3Place
from pipeline.adapters.minio_store import MinioStore, create_minio_store
from pipeline.adapters.s3_answers import TRIES
from pipeline.custody import Custody, records
from pipeline.custody.attempts import Attempt, begin_attempt
from pipeline.custody.lookup import file_digests, manifest_of, result_of
from pipeline.custody.pending import everything
from pipeline.custody.receive import receive
from pipeline.custody.status import status
from pipeline.errors import KeyExists, StoreUnavailable
from pipeline.ports import Store
from tests.cli.command import sohoa
from tests.custody.doubles import PLACING, Office
from tests.custody.reading import committed
from tests.servers.buckets import emptied_bucket
from tests.servers.s3_doubles import FOR_EVER, BadLine, bad_line

LONG = [pytest.mark.slow_servers, pytest.mark.timeout(900)]


@pytest.fixture
def place(bucket: S3Place) -> Iterator[S3Place]:
    create_minio_store(bucket)
    yield bucket
    emptied_bucket(bucket)


@dataclass
class Branch:
    """An office whose store is a bucket; `line`: what lies between the two."""

    office: Office
    custody: Custody
    line: BadLine
    direct: Store

    def bring(self, name: str) -> str | None:
        scan = self.office.scan(name)
        return receive(self.custody, scan, self.office.handover(), PLACING).record_id

    def begin(self, record_id: str, owner: str = "worker") -> Attempt:
        attempt = begin_attempt(self.custody, manifest_of(self.direct, record_id), owner)
        if attempt is None:
            raise LookupError(record_id)
        return attempt


MakeBranch = Callable[..., Branch]


@pytest.fixture
def branch(tmp_path: Path, place: S3Place) -> Iterator[MakeBranch]:
    """`branch("swallowed", under="originals")`: no fault shows before its `line` is given `times`."""
    lines = []

    def make(fault: str, under: str = "") -> Branch:
        line = bad_line(place.endpoint, fault, under=f"{place.bucket}/{under}")
        endpoint, found = line.__enter__()
        lines.append(line)
        office, store = Office(tmp_path), MinioStore(replace(place, endpoint=endpoint))
        return Branch(office, office.custody_over(store), found, MinioStore(place))

    yield make
    for line in lines:
        line.__exit__(None, None, None)


# --- two at once --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rounds", [60, pytest.param(1000, marks=LONG)])
def test_of_two_who_write_one_result_at_once_one_wins_and_the_other_sees_what_is_there(place: S3Place, rounds: int) -> None:
    start = Barrier(2)

    def write(name: str) -> list[bool]:
        store = MinioStore(place)
        won = []
        for number in range(rounds):
            start.wait()
            try:
                store.put_new(f"results/{number}", f"{name} {number}".encode())
            except KeyExists:
                won.append(False)
                assert store.get(f"results/{number}") == f"{other[name]} {number}".encode()
            else:
                won.append(True)
                assert store.get(f"results/{number}") == f"{name} {number}".encode()
        return won

    other = {"a": "b", "b": "a"}
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(write, other)
    assert [one != two for one, two in zip(first, second, strict=True)] == [True] * rounds


@pytest.mark.parametrize("rounds", [8, pytest.param(200, marks=LONG)])
def test_of_two_workers_who_commit_one_record_at_once_one_counts_and_nothing_of_the_other_stays(
    branch: MakeBranch, rounds: int
) -> None:
    at = branch("none")
    for number in range(rounds):
        record_id = at.bring(f"{number}.pdf") or ""
        attempts = [at.begin(record_id, owner) for owner in ("frozen", "next")]
        with ThreadPoolExecutor(2) as threads:
            won = list(threads.map(lambda attempt: committed(at.office, attempt, store=at.direct), attempts))
        assert sorted(won) == [False, True]
        result = result_of(at.direct, record_id)
        assert result is not None
        assert set(at.direct.list_after(records.files_of_generation(record_id, 1))) == file_digests([result]).keys()


# --- answers that are wrong ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["swallowed", "swallowed-untold"])
def test_what_a_server_only_says_it_has_written_is_written_again(branch: MakeBranch, fault: str) -> None:
    at = branch(fault)
    at.line.times = TRIES - 1
    at.custody.store.put_new("a", b"mine")
    assert at.direct.get("a") == b"mine"


@pytest.mark.parametrize("fault", ["swallowed", "swallowed-untold"])
@pytest.mark.parametrize("kind", ["originals", "content", "pending", "manifests", "arrivals"])
def test_a_file_is_not_acknowledged_when_the_store_lied_and_is_counted_once_when_it_does_no_more(
    branch: MakeBranch, kind: str, fault: str
) -> None:
    at = branch(fault, under=kind)
    at.line.times = FOR_EVER
    with pytest.raises(StoreUnavailable):
        at.bring("a.pdf")
    assert status(at.direct).total.received == 0
    at.line.times = 0
    record_id = at.bring("a.pdf")
    counts = status(at.direct).total
    assert (counts.received, counts.pending) == (1, 1)
    assert {one.task.record_id for one in everything(at.direct)} == {record_id}
    assert len(list(at.direct.list_after(records.ORIGINALS))) == 1


@pytest.mark.parametrize("kind", ["originals", "content", "pending", "manifests", "arrivals"])
def test_a_file_whose_answers_were_lost_is_acknowledged_and_counted_once(branch: MakeBranch, kind: str) -> None:
    at = branch("lost-answer", under=kind)
    at.line.times = 1
    record_id = at.bring("a.pdf")
    assert at.line.times == 0
    counts = status(at.direct).total
    assert (counts.received, counts.pending) == (1, 1)
    assert {one.task.record_id for one in everything(at.direct)} == {record_id}


@pytest.mark.parametrize("kind", ["originals", "content", "pending", "manifests", "arrivals"])
def test_a_file_that_was_stored_though_nobody_could_say_so_is_counted_once_when_it_is_brought_again(
    branch: MakeBranch, kind: str
) -> None:
    at = branch("lost-answer", under=kind)
    at.line.times = FOR_EVER
    with pytest.raises(StoreUnavailable):
        at.bring("a.pdf")
    at.line.times = 0
    record_id = at.bring("a.pdf")
    counts = status(at.direct).total
    assert (counts.received, counts.pending) == (1, 1)
    assert {one.task.record_id for one in everything(at.direct)} == {record_id}


@pytest.mark.slow_servers
def test_a_put_that_is_answered_too_late_has_put(branch: MakeBranch) -> None:
    at = branch("late-answer", under="originals")
    at.line.times = 1
    assert at.bring("a.pdf") is not None
    assert at.line.times == 0
    assert status(at.direct).total.received == 1


@pytest.mark.parametrize("kind", ["files", "results"])
def test_a_record_is_not_done_when_the_store_lied_about_its_result(branch: MakeBranch, kind: str) -> None:
    at = branch("swallowed", under=kind)
    record_id = at.bring("a.pdf") or ""
    attempt = at.begin(record_id)
    at.line.times = FOR_EVER
    with pytest.raises(StoreUnavailable):
        committed(at.office, attempt, store=at.custody.store)
    assert (status(at.direct).total.done, status(at.direct).total.pending) == (0, 1)
    at.line.times = 0
    assert committed(at.office, at.begin(record_id), store=at.custody.store)
    result = result_of(at.direct, record_id)
    assert result is not None
    assert set(at.direct.list_after(records.FILES)) == file_digests([result]).keys()
    assert (status(at.direct).total.received, status(at.direct).total.done) == (1, 1)


def test_a_busy_server_is_asked_a_few_times_and_never_by_all_at_the_same_moments(branch: MakeBranch) -> None:
    at = branch("busy")
    at.line.times = FOR_EVER
    took = []
    for number in range(5):
        asked, began = len(at.line.methods), time.monotonic()
        with pytest.raises(StoreUnavailable):
            at.custody.store.put_new(f"a/{number}", b"")
        took.append(time.monotonic() - began)
        assert len(at.line.methods) - asked == TRIES
    assert max(took) - min(took) > 0.02


# --- a store that would lose records ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["init", "ingest", "work", "status"])
def test_every_command_refuses_a_store_that_ignores_conditions(
    place: S3Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    with bad_line(place.endpoint, "ignores-conditions", FOR_EVER) as (endpoint, _):
        settings = {
            "HOME": str(tmp_path / "home"),
            "S3_ENDPOINT": endpoint,
            "S3_BUCKET": place.bucket,
            "S3_ACCESS_KEY": place.access_key,
            "S3_SECRET_KEY": place.secret_key,
            "S3_SECURE": "false",
        }
        for name, value in settings.items():
            monkeypatch.setenv(f"SOHOA_{name}", value)
        (tmp_path / "home" / "spool").mkdir(parents=True)
        more = {"ingest": [str(tmp_path)], "work": ["--once"]}
        answer = sohoa(command, *more.get(command, []))
    assert (answer.code, answer.complaints) == (4, {"sohoa": "STORE_UNSAFE"})
    assert "If-None-Match" in answer.err
    assert status(MinioStore(place)).total.received == 0
