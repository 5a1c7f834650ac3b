"""Homes that may not be written or are full, folders that may not be looked into: said in one line, nothing broken."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cli.inputs import find_inputs
from tests.cli.command import blank_scan, sohoa
from tests.custody.small_disk import small_disk

NOBODY = 65534


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may do everything; who is root becomes nobody for a while."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if before == 0:
            os.seteuid(before)


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that everybody may look into; pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="sohoa-test-"))
    folder.chmod(0o755)
    monkeypatch.setenv("SOHOA_HOME", str(folder / "home"))
    yield folder
    for path in folder.rglob("*"):
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(folder)


def test_a_home_that_may_not_be_made_is_4(place: Path) -> None:
    sohoa("status")
    place.chmod(0o555)
    with as_nobody():
        answer = sohoa("init")
    assert (answer.code, answer.complaints) == (4, {"sohoa": "HOME_READ_ONLY"})


def test_a_home_that_may_only_be_read_can_be_looked_at_but_takes_nothing_in(place: Path) -> None:
    scan = blank_scan(place / "a.png")
    sohoa("init")
    record_id = sohoa("ingest", scan, "--json").json["files"][0]["record_id"]
    _set_modes(place / "home", 0o555, 0o444)
    scan.chmod(0o644)
    with as_nobody():
        assert sohoa("status", "--json").json["pending"] == 1
        assert sohoa("show", record_id).code == 0
        for command in (["ingest", scan], ["work", "--once"], ["retry", "--all"], ["reindex"]):
            answer = sohoa(*command)
            if command[0] != "retry":  # nothing to bring back, so nothing to write
                assert (answer.code, answer.complaints) == (4, {"sohoa": "HOME_READ_ONLY"}), command
        assert sohoa("doctor").code == 4


def test_a_file_that_may_not_be_read_is_rejected_and_counted(place: Path) -> None:
    sohoa("init")
    sohoa("ingest", blank_scan(place / "good.png"))
    _set_modes(place / "home", 0o777, 0o666)
    scan = blank_scan(place / "a.png")
    scan.chmod(0)
    with as_nobody():
        answer = sohoa("ingest", scan)
        assert (answer.code, answer.complaints) == (3, {str(scan): "UNREADABLE"})
        assert sohoa("status", "--json").json["rejected"] == 1


def test_a_folder_that_may_not_be_looked_into_is_named_and_the_rest_goes_on(place: Path) -> None:
    blank_scan(place / "scans" / "closed" / "a.png")
    blank_scan(place / "scans" / "open" / "b.png")
    (place / "scans" / "closed").chmod(0)
    with as_nobody():
        inputs = find_inputs([place / "scans"])
    assert [file.name for file in inputs.files] == ["b.png"]
    assert [(path.name, error.code) for path, error in inputs.failed] == [("closed", "UNREADABLE")]


def test_a_disk_that_fills_up_stops_intake_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scans = [blank_scan(tmp_path / f"{number}.png") for number in range(6)]
    for number, scan in enumerate(scans):
        with scan.open("ab") as file:
            file.write(bytes([number]) * 1_500_000)
    with small_disk(8) as disk:
        monkeypatch.setenv("SOHOA_HOME", str(disk / "home"))
        monkeypatch.setenv("SOHOA_MIN_FREE_DISK_MB", "2")
        sohoa("init")
        answer = sohoa("ingest", *scans)
        assert (answer.code, answer.complaints) == (4, {"sohoa": "DISK_FULL"})
        counts = sohoa("status", "--json").json
        assert 0 < counts["received"] == counts["pending"] == answer.out.count("đã nhận  ") < 6
        assert sohoa("fixity").code == 0


def _set_modes(home: Path, folders: int, files: int) -> None:
    """After root has used the home, so that nobody needs no module of a Python that only root may read."""
    for path in (home, *home.rglob("*")):
        path.chmod(folders if path.is_dir() else files)
