"""A child that may do what it likes, and a parent that lives on."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import (
    ChildCrashed,
    ChildFault,
    ChildOutOfMemory,
    ChildOutOfSpace,
    ChildTimeout,
    Damaged,
    DiskFull,
    Interrupted,
    NeedsPassword,
    ReaderBroken,
    ToolMissing,
)
from pipeline.jobs import Job
from tests.programs import running, wait_until
from tests.workers.conftest import MakeJob, MakePool


def scratch_files(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "scratch").rglob("*") if path.is_file()]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_record_is_read_and_its_pages_are_told_as_they_begin(make_pool: MakePool, make_job: MakeJob) -> None:
    pages: list[tuple[int, int]] = []
    job = make_job("ok", "ok", "ok")
    summary = make_pool().read_record(job, lambda page_no, page_count: pages.append((page_no, page_count)))
    assert (summary.page_count, summary.needs_review, summary.made_by) == (3, False, {"sohoa": "double"})
    assert pages == [(1, 3), (2, 3), (3, 3)]
    assert {path.name for path in job.folder.iterdir()} == {"record.json", "text.txt", "rendition.pdf", "alto"}


@pytest.mark.parametrize(
    ("page", "fault", "detail"),
    [
        ("segfault", ChildCrashed, "SIGSEGV"),
        ("exit", ChildCrashed, "exit 3"),
        ("bug", ChildCrashed, "ZeroDivisionError"),
        ("greedy", ChildOutOfMemory, ""),
        ("hungry", ChildOutOfMemory, "> 300 MB"),
        ("hungry-tool", ChildOutOfMemory, "> 300 MB"),
        ("litter", ChildOutOfSpace, "> 50 MB"),
        ("endless", ChildOutOfSpace, ""),
    ],
)
def test_a_fault_of_the_child_is_told_with_its_page_and_the_next_record_is_read(
    make_pool: MakePool, make_job: MakeJob, tmp_path: Path, page: str, fault: type[ChildFault], detail: str
) -> None:
    pool = make_pool()
    with pytest.raises(fault) as caught:
        pool.read_record(make_job("ok", page, "ok"))
    assert caught.value.page_no == 2
    assert caught.value.detail == detail
    assert scratch_files(tmp_path) == []
    assert pool.read_record(make_job("ok", name="next")).page_count == 1


@pytest.mark.parametrize("page", ["sleep", "deaf"])
def test_a_page_that_takes_too_long_is_given_up(make_pool: MakePool, make_job: MakeJob, page: str) -> None:
    pool = make_pool(page_seconds=0.3)
    with pytest.raises(ChildTimeout) as caught:
        pool.read_record(make_job("ok", page, "ok"))
    assert caught.value.page_no == 2
    assert pool.read_record(make_job("ok", name="next")).page_count == 1


def test_a_record_that_takes_too_long_is_given_up_however_quick_its_pages_are(make_pool: MakePool, make_job: MakeJob) -> None:
    with pytest.raises(ChildTimeout):
        make_pool(settings={"page_seconds": 0.2}, record_seconds=1.0).read_record(make_job(*["ok"] * 60))


@pytest.mark.parametrize(("page", "error"), [("damaged", Damaged), ("password", NeedsPassword), ("disk-full", DiskFull)])
def test_what_the_journey_raises_comes_out_as_it_was(
    make_pool: MakePool, make_job: MakeJob, page: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        make_pool().read_record(make_job(page))


def test_a_faulty_file_does_not_cost_the_child(make_pool: MakePool, make_job: MakeJob) -> None:
    pool = make_pool()
    jobs = [make_job("surroundings", "damaged", name=name) for name in "abc"]
    for job in jobs:
        with pytest.raises(Damaged):
            pool.read_record(job)
    assert len({told_by(job)["group"] for job in jobs}) == 1


def test_a_child_is_replaced_after_its_number_of_records(make_pool: MakePool, make_job: MakeJob) -> None:
    pool = make_pool(records=2)
    jobs = [make_job("surroundings", name=name) for name in "abcde"]
    for job in jobs:
        pool.read_record(job)
    groups = [told_by(job)["group"] for job in jobs]
    assert groups[0] == groups[1] != groups[2] == groups[3] != groups[4]


def test_a_child_that_has_grown_is_replaced(make_pool: MakePool, make_job: MakeJob) -> None:
    pool = make_pool(memory_bytes=400_000_000)
    jobs = [make_job("surroundings", name="a"), make_job("grow", name="b"), make_job("surroundings", name="c")]
    for job in jobs:
        pool.read_record(job)
    assert told_by(jobs[0])["group"] != told_by(jobs[2])["group"]


def test_a_child_gets_a_group_and_a_folder_of_its_own_and_no_secret(
    make_pool: MakePool, make_job: MakeJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "hush")
    job = make_job("surroundings")
    make_pool().read_record(job)
    told = told_by(job)
    environment = told["env"]
    assert told["group"] == told["parent"] != os.getpgrp()
    assert environment["OMP_THREAD_LIMIT"] == "1"
    assert environment["TMPDIR"] == told["cwd"]
    assert Path(environment["TMPDIR"]).is_relative_to(tmp_path / "scratch")
    assert "hush" not in environment.values()


def test_temporary_files_of_a_record_are_gone_before_the_next(make_pool: MakePool, make_job: MakeJob, tmp_path: Path) -> None:
    pool = make_pool()
    pool.read_record(make_job("temporary", name="a"))
    assert scratch_files(tmp_path) == []
    pool.close()
    assert list((tmp_path / "scratch").iterdir()) == []


def test_who_stops_the_pool_gets_interrupted_from_what_is_under_way(make_pool: MakePool, make_job: MakeJob) -> None:
    pool = make_pool()
    threading.Timer(0.5, pool.stop).start()
    with pytest.raises(Interrupted):
        pool.read_record(make_job("sleep"))
    with pytest.raises(Interrupted):
        pool.read_record(make_job("ok", name="next"))


@pytest.mark.parametrize(("tools", "error"), [("missing", ToolMissing), ("broken", ReaderBroken), ("crashing", ReaderBroken)])
def test_a_reader_that_does_not_start_is_no_records_fault(
    make_pool: MakePool, make_job: MakeJob, tools: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        make_pool(settings={"tools": tools}).read_record(make_job("ok"))


def test_a_child_that_was_killed_while_it_waited_is_replaced_unnoticed(make_pool: MakePool, make_job: MakeJob) -> None:
    pool = make_pool()
    job = make_job("surroundings")
    pool.read_record(job)
    os.killpg(told_by(job)["group"], signal.SIGKILL)
    assert pool.read_record(make_job("ok", name="next")).page_count == 1


@pytest.mark.parametrize("victim", ["guard", "worker"])
def test_whichever_process_of_a_child_is_killed_the_others_die_with_it(
    make_pool: MakePool, make_job: MakeJob, tmp_path: Path, victim: str
) -> None:
    def kill_victim() -> None:
        pids = wait_for_tool(tmp_path)
        os.kill(pids[victim], signal.SIGKILL)
        found.update(pids)

    found: dict[str, int] = {}
    killer = threading.Thread(target=kill_victim, daemon=True)
    killer.start()
    with pytest.raises(ChildCrashed) as caught:
        make_pool().read_record(make_job("ok", "tool"))
    killer.join()
    assert (caught.value.detail, caught.value.page_no) == ("SIGKILL", 2)
    wait_until(lambda: not any(map(is_alive, found.values())))
    assert not any(map(is_alive, found.values()))


PARENT = """
import sys
from pathlib import Path
from pipeline.jobs import Job
from pipeline.model import Original
from workers.child import ChildEntry, ChildLimits
from workers.pool import ChildPool

folder = Path(sys.argv[1])
(folder / "results").mkdir()
limits = ChildLimits(60, 60, 10**9, 10**9, 10)
job = Job("x", folder / "double.pdf", Original("x", "0", 1, "application/pdf"), folder / "results")
ChildPool(1, ChildEntry("tests.workers.journeys:load_double", {}), limits, folder / "scratch").read_record(job)
"""


def test_when_the_parent_is_killed_no_process_stays(tmp_path: Path) -> None:
    (tmp_path / "double.pdf").write_bytes(b"%PDF-1.7\ntool")
    with running([sys.executable, "-c", PARENT, tmp_path]):
        pids = wait_for_tool(tmp_path)
        assert all(map(is_alive, pids.values()))
    wait_until(lambda: not any(map(is_alive, pids.values())))
    assert not any(map(is_alive, pids.values()))


def told_by(job: Job) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((job.folder / "surroundings.json").read_text())
    return told


def wait_for_tool(tmp_path: Path) -> dict[str, int]:
    """The processes of a child that reads the page `tool`, once all have started."""
    notes = tmp_path / "scratch"
    wait_until(lambda: [note for note in notes.rglob("tool.pid") if note.read_text()])
    (note,) = notes.rglob("tool.pid")
    tool = int(note.read_text())
    worker = int(Path(f"/proc/{tool}/stat").read_text().rsplit(")", 1)[1].split()[1])
    return {"tool": tool, "worker": worker, "guard": os.getpgid(worker)}
