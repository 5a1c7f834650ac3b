"""`ingest`, `work` and `collect` ended by Ctrl-C or kill -9 at any of the points of docs/inputs.md, and given again: all done, once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.adapters.directory_store import DirectoryStore
from pipeline.custody import records
from tests.bad_inputs import empty_file, pdf_without_pages
from tests.cli.command import blank_scan, sohoa
from tests.cli.killed import POINTS
from tests.inputs_table import killing_points

COMMANDS = {"ingest": ["ingest", "scans", "--declared", "5"], "work": ["work", "--once"], "collect": ["collect"]}
CODES = {signal.SIGINT: 130, signal.SIGKILL: -signal.SIGKILL}
ROOT = str(Path(__file__).resolve().parents[2])


@pytest.fixture
def scans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three that are read, one of them twice there, one that nobody can read, one that is rejected."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "scans"
    blank_scan(folder / "1.png", 250)
    blank_scan(folder / "2.png", 251)
    blank_scan(folder / "3.png", 251)
    (folder / "4.pdf").write_bytes(pdf_without_pages())
    (folder / "5.pdf").write_bytes(empty_file())
    sohoa("init")
    return folder


def equation() -> dict[str, int]:
    """What `status` counts, at any time."""
    counts: dict[str, int] = sohoa("status", "--json").json
    assert counts["received"] == counts["done"] + counts["pending"] + counts["quarantined"] + counts["rejected"]
    return {term: counts[term] for term in ("received", "done", "pending", "quarantined", "rejected")}


def ended_at(point: str, number: signal.Signals, command: str) -> tuple[int, str]:
    """Exit code and complaints of the command that got the signal at this point."""
    killed = [sys.executable, "-m", "tests.cli.killed", point, str(int(number)), *COMMANDS[command]]
    ended = subprocess.run(
        killed, env={**os.environ, "PYTHONPATH": ROOT}, capture_output=True, text=True, timeout=90, check=False
    )
    return ended.returncode, ended.stderr


def number_of(kind: str, home: Path) -> int:
    """Objects of a kind; nothing that was begun and not put is left."""
    store = DirectoryStore(home / "store")
    store.sweep_temp()
    assert list(store.temp.iterdir()) == []
    return len(list(store.list_after(kind)))


def test_the_points_are_those_of_the_table() -> None:
    assert {name: point.command for name, point in POINTS.items()} == killing_points()
    assert len(POINTS) == 17


@pytest.mark.parametrize("number", CODES, ids=["ctrl-c", "kill-9"])
@pytest.mark.parametrize("point", [name for name, point in POINTS.items() if point.command == "ingest"])
def test_ingest_ended_anywhere_goes_on_where_it_was(point: str, number: signal.Signals, scans: Path, home: Path) -> None:
    code, complaints = ended_at(point, number, "ingest")
    assert code == CODES[number], complaints
    assert ("sohoa: INTERRUPTED: " in complaints) == (number == signal.SIGINT)
    assert equation()["received"] < 5

    again = sohoa(*COMMANDS["ingest"])
    assert (again.code, again.complaints) == (3, {"scans/5.pdf": "EMPTY_FILE"})
    assert again.out.endswith("đã nhận 5 tệp trên 5 khai báo.\n")
    assert equation() == {"received": 5, "done": 0, "pending": 4, "quarantined": 0, "rejected": 1}
    assert number_of(records.ORIGINALS, home) == number_of(records.MANIFESTS, home) == 3
    assert sohoa("reconcile").code == sohoa("fixity").code == 0


@pytest.fixture
def dropped(scans: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same five in a folder that is shared with others, and how many they are."""
    shared = scans.parent / "shared"
    monkeypatch.setenv("SOHOA_INCOMING_FOLDER", str(shared))
    monkeypatch.setenv("SOHOA_WATCH_SETTLE_SECONDS", "0")
    sohoa("init")
    (shared / "incoming" / "xa-a").mkdir()
    (scans / "5.pdf").write_bytes(b"<html>")
    scans.rename(shared / "incoming" / "xa-a" / "Đợt 1")
    (shared / "incoming" / "xa-a" / "Đợt 1" / "batch.json").write_text('{"declared": 5}')
    return shared


def files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and path.name != "clock")


@pytest.mark.parametrize("number", CODES, ids=["ctrl-c", "kill-9"])
@pytest.mark.parametrize("point", [name for name, point in POINTS.items() if point.command == "collect"])
def test_collect_ended_anywhere_goes_on_where_it_was(point: str, number: signal.Signals, dropped: Path, home: Path) -> None:
    code, complaints = ended_at(point, number, "collect")
    assert code == CODES[number], complaints
    assert ("sohoa: INTERRUPTED: " in complaints) == (number == signal.SIGINT)

    assert sohoa("collect").code in (0, 3)
    assert files_in(dropped) == ["refused/xa-a/Đợt 1/5.pdf", "refused/xa-a/Đợt 1/5.pdf.why.json"]
    assert equation() == {"received": 5, "done": 0, "pending": 4, "quarantined": 0, "rejected": 1}
    assert [(line["unit"], line["batch"], line["declared"]) for line in sohoa("status", "--json").json["by_batch"]] == [
        ("xa-a", "Đợt 1", 5)
    ]
    assert number_of(records.ORIGINALS, home) == number_of(records.MANIFESTS, home) == 3
    assert number_of(records.BATCHES, home) == 2, "opened once, and closed"
    assert sohoa("collect").out.startswith("Đã nhận 0 tệp")
    assert sohoa("fixity").code == 0


@pytest.mark.parametrize("number", CODES, ids=["ctrl-c", "kill-9"])
@pytest.mark.parametrize("point", [name for name, point in POINTS.items() if point.command == "work"])
def test_work_ended_anywhere_goes_on_where_it_was(point: str, number: signal.Signals, scans: Path, home: Path) -> None:
    sohoa(*COMMANDS["ingest"])
    code, complaints = ended_at(point, number, "work")
    assert code == CODES[number], complaints
    assert ("sohoa: INTERRUPTED: " in complaints) == (number == signal.SIGINT)
    assert equation()["received"] == 5

    again = sohoa(*COMMANDS["work"])
    assert set(again.complaints.values()) <= {"NO_PAGES"}
    assert equation() == {"received": 5, "done": 3, "pending": 0, "quarantined": 1, "rejected": 1}
    assert number_of(records.RESULTS, home) == sohoa("search", "", "--json").json["total"] == 2
    assert list((home / "scratch").iterdir()) == []
    assert sohoa("fixity").code == 0
