"""Homes that may not be written or are full, folders that may not be looked into: said in one line, nothing broken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.as_nobody import as_nobody, place_of_all, set_modes
from tests.cli.command import blank_scan, sohoa
from tests.custody.small_disk import small_disk


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with place_of_all(monkeypatch) as folder:
        yield folder


def test_a_home_that_may_not_be_made_is_4(place: Path) -> None:
    sohoa("status")
    place.chmod(0o555)
    with as_nobody():
        answer = sohoa("init")
    assert (answer.code, answer.complaints) == (4, {"sohoa": "FOLDER_UNUSABLE"})


def test_a_home_that_may_only_be_read_can_be_looked_at_but_takes_nothing_in(place: Path) -> None:
    scan = blank_scan(place / "a.png")
    sohoa("init")
    record_id = sohoa("ingest", scan, "--json").json["files"][0]["record_id"]
    set_modes(place / "home", 0o555, 0o444)
    scan.chmod(0o644)
    with as_nobody():
        assert sohoa("status", "--json").json["pending"] == 1
        assert sohoa("show", record_id).code == 0
        for command in (["ingest", scan], ["work", "--once"], ["retry", "--all"], ["reindex"]):
            answer = sohoa(*command)
            if command[0] != "retry":  # nothing to bring back, so nothing to write
                assert (answer.code, answer.complaints) == (4, {"sohoa": "HOME_READ_ONLY"}), command
        assert sohoa("doctor").code == 4


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
