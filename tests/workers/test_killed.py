"""Killed at any of twelve points of receiving and reading, then started again: all done, nothing twice, nothing lost."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.custody import records
from pipeline.custody.fixity import check_fixity
from pipeline.custody.lookup import manifest_of, open_original
from pipeline.custody.status import Counts, status
from tests.custody.doubles import Office
from tests.workers.conftest import double
from tests.workers.killed import POINTS, ingest, work_once
from workers.local import Stop


def fill(office: Office) -> dict[bytes, str]:
    """Three that are read, one of them twice there, one that nobody can read, one that is rejected."""
    contents = {
        "1.pdf": double("ok 1", "ok"),
        "2.pdf": double("ok 2", "review"),
        "3.pdf": double("ok 3"),
        "4.pdf": double("ok 3"),
        "5.pdf": double("password"),
        "6.pdf": b"",
    }
    for name, content in contents.items():
        office.scan(name, content)
    return {content: name for name, content in contents.items() if content}


def never() -> None:
    raise AssertionError("nobody is killed here")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=["kill-9", "ctrl-c"])
@pytest.mark.parametrize("name", POINTS)
def test_killed_and_started_again(tmp_path: Path, name: str, number: signal.Signals) -> None:
    office = Office(tmp_path)
    contents = fill(office)
    if POINTS[name].action == "work":
        ingest(office, never, None)
    killed = [sys.executable, "-m", "tests.workers.killed", str(tmp_path), name, str(int(number))]
    ended = subprocess.run(killed, capture_output=True, text=True, check=False)
    assert ended.returncode == -number, ended.stderr
    assert status(office.store).total.adds_up

    if POINTS[name].action == "ingest":
        ingest(office, never, None)
    assert status(office.store).total.adds_up
    work_once(office, never, None, Stop())

    assert status(office.store).total == Counts(received=6, done=4, pending=0, quarantined=1, rejected=1, needs_review=1)
    record_ids = {records.parse_generation_key(key).record_id for key in office.store.list_after(records.MANIFESTS)}
    assert len(record_ids) == 4
    assert len(office.index.entries) == 3
    for record_id in record_ids:
        with open_original(office.store, manifest_of(office.store, record_id)) as original:
            assert contents.pop(original.read()) is not None
    assert contents == {}
    assert check_fixity(office.custody).problems == ()
    office.store.sweep_temp(older_than_seconds=0)
    assert list(office.store.temp.iterdir()) == []
    assert list((tmp_path / "home" / "scratch").iterdir()) == []
