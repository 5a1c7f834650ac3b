"""Whenever the power goes, no object is half there, and none is there before what it rests on."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from pipeline.custody.status import status
from tests.custody.disk_trace import Act, Disk, acts_of, traced
from tests.custody.doubles import Office
from tests.workers.conftest import double

needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed: tools/setup.sh dev")


def program(office: Office, command: str) -> list[str | Path]:
    """`tests.workers.killed`: the real ingest and work over this home."""
    return [sys.executable, "-m", "tests.workers.killed", office.folder, command]


@needs_strace
def test_a_received_file_is_safe_step_by_step(office: Office, tmp_path: Path) -> None:
    for number in range(2):
        office.scan(f"{number}.pdf", double("ok", f"ok {number}"))
    acts = traced(program(office, "ingest"), os.environ, tmp_path / "log")
    objects = str(office.folder / "home" / "store" / "objects")
    assert sum(act.kind == "link" and act.path.startswith(objects) for act in acts) >= 2 * 4
    assert Disk(objects).follow(acts) == []
    assert status(office.store).total.pending == 2


@needs_strace
def test_a_result_is_safe_step_by_step(office: Office, tmp_path: Path) -> None:
    office.receive(office.scan("a.pdf", double("ok", "ok")))
    acts = traced(program(office, "work"), os.environ, tmp_path / "log")
    objects = str(office.folder / "home" / "store" / "objects")
    assert any(act.kind == "link" and "/results/" in act.path for act in acts)
    assert Disk(objects).follow(acts) == []
    assert status(office.store).total.done == 1


WHOLE = [
    Act("write", "/t/1"),
    Act("sync", "/t/1"),
    Act("mkdir", "/o/a"),
    Act("sync", "/o"),
    Act("link", "/o/a/x", "/t/1"),
    Act("sync", "/o/a"),
    Act("link", "/o/b", "/t/1"),
    Act("sync", "/o"),
]


def test_the_model_finds_nothing_wrong_where_nothing_is() -> None:
    assert Disk("/o").follow(WHOLE) == []


@pytest.mark.parametrize("forgotten", [1, 3, 5, 7])
def test_the_model_finds_every_forgotten_sync(forgotten: int) -> None:
    assert Disk("/o").follow(WHOLE[:forgotten] + WHOLE[forgotten + 1 :]) != []


def test_calls_that_threads_interrupt_are_read_too() -> None:
    log = [
        '12 write(5</t/1>, "x", 1 <unfinished ...>',
        '13 mkdir("/o/a", 0777) = 0',
        "12 <... write resumed>) = 1",
        "12 fsync(5</t/1>) = 0",
        '12 linkat(AT_FDCWD</>, "/t/1", AT_FDCWD</>, "/o/a/x", 0) = 0',
        '12 linkat(AT_FDCWD</>, "/t/1", AT_FDCWD</>, "/o/a/x", 0) = -1 EEXIST (File exists)',
        "12 +++ exited with 0 +++",
    ]
    assert list(acts_of(log)) == [
        Act("mkdir", "/o/a"),
        Act("write", "/t/1"),
        Act("sync", "/t/1"),
        Act("link", "/o/a/x", "/t/1"),
    ]
