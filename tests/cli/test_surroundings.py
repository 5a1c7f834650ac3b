"""Odd names, folders and disks: each case of docs/inputs.md played through the commands; nothing broken, nothing lost."""

from __future__ import annotations

import os
import subprocess
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cli.as_nobody import as_nobody, open_to_all
from tests.cli.command import Answer, blank_scan, sohoa
from tests.custody.small_disk import small_disk
from tests.inputs_table import CaseRow, Exits, case_rows

LONGEST_NAME = "\u1ea5" * 83 + "xx.png"
NO_TEXT = os.fsdecode(b"C\xf4ng v\xabn.png")
NAMES = {
    "name_in_nfd": unicodedata.normalize("NFD", "Quyết định số 5 (bản sao).png"),
    "name_with_spaces": " số  5 .png",
    "name_with_line_break": "a\nb.png",
    "name_with_leading_dash": "-rf.png",
    "name_of_dots": "...png",
    "name_of_255_bytes": LONGEST_NAME,
    "name_that_is_no_text": NO_TEXT,
    "path_with_dots": "dots.png",
}
"""Case -> name of a file."""


@dataclass(frozen=True, slots=True)
class NamedFiles:
    """The answers of the commands to a folder of odd names, and to one file that is named with dots in its path."""

    paths: dict[str, Path]
    out: Path
    answers: tuple[Answer, Answer, Answer]
    names_in_home: set[str]


@pytest.fixture(scope="module")
def named_files(tmp_path_factory: pytest.TempPathFactory) -> NamedFiles:
    base = tmp_path_factory.mktemp("names")
    paths = {
        case: blank_scan(base / ("outside" if case == "path_with_dots" else "scans") / name, 200 + number)
        for number, (case, name) in enumerate(NAMES.items())
    }
    paths["path_with_dots"] = base / "scans" / ".." / "outside" / "dots.png"
    given, out = [base / "scans", paths["path_with_dots"]], base / "results"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SOHOA_HOME", str(base / "home"))
        environment.setenv("SOHOA_JOBS", "2")
        environment.setenv("SOHOA_MIN_FREE_DISK_MB", "1")
        sohoa("init")
        answers = sohoa("digitize", *given, "-o", out, "--json"), sohoa("ingest", *given, "--json"), sohoa("work", "--once")
        records = [receipt["record_id"] for receipt in answers[1].json["files"]]
        shown = {sohoa("show", record_id, "--json").json["record"]["source"]["name"] for record_id in records}
    return NamedFiles(paths, out, answers, shown)


@pytest.mark.parametrize("case", NAMES)
def test_a_file_is_taken_whatever_its_name(case: str, named_files: NamedFiles) -> None:
    [row] = [row for row in case_rows() if row.name == case]
    assert tuple(answer.code for answer in named_files.answers) == row.exits
    assert [answer.err for answer in named_files.answers] == ["", "", ""]
    digitized, ingested, _ = (answer for answer in named_files.answers)
    [made] = [one for one in digitized.json["done"] if one["path"] == str(named_files.paths[case])]
    assert Path(made["folder"]).parent == named_files.out
    [receipt] = [one for one in ingested.json["files"] if one["path"] == str(named_files.paths[case])]
    assert receipt["outcome"] == "received"
    recorded = unicodedata.normalize("NFC", os.fsencode(NAMES[case]).decode("utf-8", "replace"))
    assert recorded in named_files.names_in_home


# other cases: each plays the commands in a folder of its own and tells how they ended

Case = Callable[[Path, pytest.MonkeyPatch], tuple[str, Exits]]
CASES: dict[str, Case] = {}


def case(play: Case) -> Case:
    """Registers a case under its name in docs/inputs.md."""
    CASES[play.__name__] = play
    return play


@pytest.mark.parametrize("row", [row for row in case_rows() if row.name not in NAMES], ids=lambda row: row.name)
def test_the_commands_end_as_promised(row: CaseRow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert CASES[row.name](tmp_path, monkeypatch) == (row.code, row.exits)


def test_every_case_has_its_row() -> None:
    assert {*CASES, *NAMES} == {row.name for row in case_rows()}


def the_code(answers: Iterable[Answer]) -> str:
    """The one code of all complaints."""
    [code] = {code for answer in answers for code in answer.complaints.values()}
    return code


def refused(path: Path, tmp_path: Path) -> tuple[str, Exits]:
    """By digitize and ingest alike; what stands beside it is taken."""
    good = blank_scan(tmp_path / "beside" / "good.png")
    sohoa("init")
    digitized, ingested = sohoa("digitize", path, good, "-o", tmp_path / "out"), sohoa("ingest", path, good, "--json")
    assert set(digitized.complaints) == set(ingested.complaints) == {str(path)}
    assert (tmp_path / "out" / "good" / "record.json").is_file()
    assert sohoa("status", "--json").json["pending"] == 1
    return the_code([digitized, ingested]), (digitized.code, ingested.code, None)


@case
def dash_taken_for_an_option(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Exits]:
    monkeypatch.chdir(tmp_path)
    blank_scan(tmp_path / "-rf.png")
    sohoa("init")
    answers = sohoa("digitize", "-rf.png", "-o", "out"), sohoa("ingest", "-rf.png")
    assert sohoa("ingest", "--", "-rf.png").code == sohoa("ingest", "./-rf.png").code == 0
    return the_code(answers), (answers[0].code, answers[1].code, None)


@case
def name_of_300_characters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Exits]:
    return refused(tmp_path / ("n" * 296 + ".png"), tmp_path)


@case
def missing_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Exits]:
    (tmp_path / "link.png").symlink_to(tmp_path / "nowhere.png")
    return refused(tmp_path / "link.png", tmp_path)


@case
def pipe_for_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Exits]:
    os.mkfifo(tmp_path / "pipe.png")
    return refused(tmp_path / "pipe.png", tmp_path)


@case
def file_over_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Exits]:
    monkeypatch.setenv("SOHOA_MAX_FILE_MB", "1")
    scan = blank_scan(tmp_path / "large.png")
    with scan.open("ab") as file:
        file.write(bytes(1_000_000))
    return refused(scan, tmp_path)


@case
def unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Exits]:
    with open_to_all(monkeypatch) as place:
        scan = blank_scan(place / "closed.png")
        scan.chmod(0)
        return refused_to_nobody(scan, scan, place, counted=1)


@case
def unreadable_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Exits]:
    with open_to_all(monkeypatch) as place:
        blank_scan(place / "scans" / "closed" / "a.png")
        (place / "scans" / "closed").chmod(0)
        return refused_to_nobody(place / "scans", place / "scans" / "closed", place, counted=0)


def refused_to_nobody(named: Path, closed: Path, place: Path, *, counted: int) -> tuple[str, Exits]:
    """Nobody may start no child (Python may lie where only its owner looks), so that what stands beside it is an empty file."""
    (place / "empty.png").touch()
    with as_nobody():
        answers = sohoa("digitize", named, place / "empty.png", "-o", place / "out"), sohoa("ingest", named, place / "empty.png")
        assert sohoa("status", "--json").json["rejected"] == counted + 1
    for answer in answers:
        assert answer.complaints == {str(closed): "UNREADABLE", str(place / "empty.png"): "EMPTY_FILE"}
    return "UNREADABLE", (answers[0].code, answers[1].code, None)


@case
def no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Exits]:
    scan = blank_scan(tmp_path / "a.png")
    answers = sohoa("digitize", scan, "-o", tmp_path / "out"), sohoa("ingest", scan), sohoa("work", "--once")
    assert not (tmp_path / "home").exists()
    return the_code(answers), exits(answers)


@case
def read_only_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Exits]:
    scan = blank_scan(tmp_path / "a.png")
    with small_disk(8) as disk:
        monkeypatch.setenv("SOHOA_HOME", str(disk / "home"))
        sohoa("init")
        sohoa("ingest", scan)
        make_read_only(disk)
        answers = sohoa("digitize", scan, "-o", tmp_path / "out"), sohoa("ingest", scan), sohoa("work", "--once")
        assert sohoa("status", "--json").json["pending"] == 1
        assert sohoa("search", "x").code == 0
    return the_code(answers), exits(answers)


@case
def read_only_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Exits]:
    with small_disk(8) as disk:
        make_read_only(disk)
        answer = sohoa("digitize", blank_scan(tmp_path / "a.png"), "-o", disk / "out")
    return the_code([answer]), (answer.code, None, None)


@case
def full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Exits]:
    scan = blank_scan(tmp_path / "a.png")
    with small_disk(8) as disk:
        monkeypatch.setenv("SOHOA_HOME", str(disk / "home"))
        monkeypatch.setenv("SOHOA_MIN_FREE_DISK_MB", "2")
        sohoa("init")
        sohoa("ingest", scan)
        fill(disk, leave=1_000_000)
        answers = sohoa("digitize", scan, "-o", disk / "out"), sohoa("ingest", scan), sohoa("work", "--once")
        counts = sohoa("status", "--json").json
        assert (counts["received"], counts["pending"]) == (1, 1)
        (disk / "ballast").unlink()
        assert sohoa("work", "--once").code == 0
    return the_code(answers), exits(answers)


@case
def disk_full_while_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Exits]:
    noise = np.random.default_rng(1).integers(0, 256, (1500, 1500), np.uint8)
    Image.fromarray(noise).save(tmp_path / "a.png")
    size = (tmp_path / "a.png").stat().st_size
    with small_disk(16) as disk:
        monkeypatch.setenv("SOHOA_HOME", str(disk / "home"))
        monkeypatch.setenv("SOHOA_MIN_FREE_DISK_MB", "0")
        sohoa("init")
        sohoa("ingest", tmp_path / "a.png")
        fill(disk, leave=size // 2)
        digitized = sohoa("digitize", tmp_path / "a.png", "-o", disk / "out")
        assert list((disk / "out").iterdir()) == []
        fill(disk, leave=size + size // 2)  # enough to bring the original to the child, not for the rendition
        worked = sohoa("work", "--once")
        assert sohoa("status", "--json").json["pending"] == 1
        (disk / "ballast").unlink()
        assert sohoa("work", "--once").code == 0
        assert sohoa("status", "--json").json["done"] == 1
        assert sohoa("fixity").code == 0
    return the_code([digitized, worked]), (digitized.code, None, worked.code)


def exits(answers: tuple[Answer, Answer, Answer]) -> Exits:
    digitized, ingested, worked = (answer.code for answer in answers)
    return digitized, ingested, worked


def make_read_only(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)


def fill(disk: Path, leave: int) -> None:
    """All but `leave` bytes."""
    ballast = disk / "ballast"
    ballast.unlink(missing_ok=True)
    room = os.statvfs(disk)
    ballast.write_bytes(bytes(room.f_bavail * room.f_frsize - leave))
