"""Several children at once, for those who keep no store."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import DiskFull, Interrupted, ToolMissing
from pipeline.jobs import Job
from tests.workers.conftest import MakeJob, MakePool
from workers.pool import Finished


def by_name(finished: Iterator[Finished]) -> dict[str, Finished]:
    return {one.job.job_id: one for one in finished}


def test_many_records_are_read_and_each_is_given_out_with_its_own_result(make_pool: MakePool, make_job: MakeJob) -> None:
    jobs = [make_job(*["ok"] * (number + 1), name=f"{number}") for number in range(6)]
    finished = by_name(make_pool(jobs=2).read_all(jobs))
    assert {name: one.summary.page_count for name, one in finished.items() if one.summary} == {
        f"{number}": number + 1 for number in range(6)
    }
    assert not any(one.error for one in finished.values())


def test_a_record_that_cannot_be_read_does_not_stop_the_others(make_pool: MakePool, make_job: MakeJob) -> None:
    jobs = [make_job("ok", name="a"), make_job("password", name="b"), make_job("damaged", name="c"), make_job("ok", name="d")]
    finished = by_name(make_pool(jobs=2).read_all(jobs))
    assert {name: one.error.code if one.error else None for name, one in finished.items()} == {
        "a": None,
        "b": "NEEDS_PASSWORD",
        "c": "DAMAGED",
        "d": None,
    }


def test_a_page_that_kills_its_child_is_left_out_on_the_last_try_and_the_others_are_read(
    make_pool: MakePool, make_job: MakeJob
) -> None:
    job = make_job("ok", "segfault", "ok")
    pages: list[int] = []
    (finished,) = make_pool().read_all([job], lambda _job, page_no, _count: pages.append(page_no))
    assert finished.summary is not None
    assert finished.summary.needs_review
    assert pages == [1, 2, 1, 2, 1, 2, 3]
    assert '"skipped": 1' in (job.folder / "record.json").read_text()


def test_a_record_with_too_many_fatal_pages_is_given_up_and_leaves_no_result(make_pool: MakePool, make_job: MakeJob) -> None:
    job = make_job("segfault", "exit", "ok")
    (finished,) = make_pool().read_all([job])
    assert finished.error is not None
    assert finished.error.code == "CRASHED"
    assert list(job.folder.iterdir()) == []


@pytest.mark.parametrize("tries", [1, 2, 4])
def test_a_record_is_tried_as_often_as_the_office_wants(make_pool: MakePool, make_job: MakeJob, tries: int) -> None:
    pages: list[int] = []
    (finished,) = make_pool(crash_attempts=tries).read_all([make_job("segfault")], lambda _job, page, _count: pages.append(page))
    assert pages == [1] * tries
    assert (finished.error is None) == (tries > 1)  # the last of several leaves the fatal page out


def test_jobs_are_drawn_as_they_are_needed(make_pool: MakePool, make_job: MakeJob) -> None:
    drawn: list[str] = []

    def jobs() -> Iterator[Job]:
        for number in range(6):
            drawn.append(f"{number}")
            yield make_job("ok", name=f"{number}")

    for seen, _ in enumerate(make_pool(jobs=2).read_all(jobs()), 1):
        assert len(drawn) <= seen + 2


@pytest.mark.parametrize(("page", "settings", "error"), [("disk-full", {}, DiskFull), ("ok", {"tools": "missing"}, ToolMissing)])
def test_what_is_no_records_fault_ends_it_all(
    make_pool: MakePool, make_job: MakeJob, page: str, settings: dict[str, str], error: type[Exception]
) -> None:
    jobs = [make_job(page, name="a"), make_job("sleep", name="b")]
    with pytest.raises(error):
        list(make_pool(jobs=2, settings=settings).read_all(jobs))


def test_stopping_ends_what_is_under_way(make_pool: MakePool, make_job: MakeJob, tmp_path: Path) -> None:
    pool = make_pool(jobs=2)
    threading.Timer(0.7, pool.stop).start()
    with pytest.raises(Interrupted):
        list(pool.read_all([make_job("sleep", name="a"), make_job("sleep", name="b"), make_job("ok", name="c")]))
    pool.close()
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_caller_who_stops_asking_waits_for_nothing(make_pool: MakePool, make_job: MakeJob) -> None:
    finished = make_pool(jobs=2).read_all([make_job("ok", name="a"), make_job("sleep", name="b")])
    assert next(finished).job.job_id == "a"
    finished.close()  # type: ignore[attr-defined]
