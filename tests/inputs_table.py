"""docs/inputs.md as the tests read it: what it promises is what they try."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests import bad_images, bad_inputs

PAGE = Path(__file__).resolve().parents[1] / "docs" / "inputs.md"
FILE_ROW = re.compile(
    r"^\| `(\w+)` \| [^|]+ \|([^|]*)\| (rejected|quarantined|done) \| (\d+) \| (\d+) \| (\d+|-) \|$", re.MULTILINE
)
CASE_ROW = re.compile(r"^\| `(\w+)` \| [^|]+ \| (?:`(\w+)`)? ?\| (\d+|-) \| (\d+|-) \| (\d+|-) \|$", re.MULTILINE)
POINT_ROW = re.compile(r"^\| `([\w-]+)` \| (ingest|work|collect) \| [^|]+ \|$", re.MULTILINE)
ROOMS = (bad_inputs, bad_images)
ARGUMENTS = {"tenths": range(1, 10), "orientation": range(1, 9)}

Exits = tuple[int | None, int | None, int | None]
"""Exit codes of digitize, ingest and work; None where the command has nothing to do with it."""


class FileRow(NamedTuple):
    """What is promised of a file: findings or the code of its refusal, and what becomes of it."""

    name: str
    codes: frozenset[str]
    outcome: str
    exits: Exits


class CaseRow(NamedTuple):
    """What is promised of a name, a folder, a disk."""

    name: str
    code: str
    exits: Exits


def file_rows() -> list[FileRow]:
    return [
        FileRow(name, frozenset(re.findall(r"`(\w+)`", codes)), outcome, _exits(exits))
        for name, codes, outcome, *exits in FILE_ROW.findall(_page())
    ]


def case_rows() -> list[CaseRow]:
    return [CaseRow(name, code, _exits(exits)) for name, code, *exits in CASE_ROW.findall(_page())]


def killing_points() -> dict[str, str]:
    """Name of a point -> the command that is killed there."""
    return dict(POINT_ROW.findall(_page()))


def rows_of_any_kind() -> list[str]:
    """The first cells of all tables but for their headings: none may be written so that no test sees it."""
    return re.findall(r"^\| `([^`]+)` \|", _page(), re.MULTILINE)


def files_of(name: str) -> Iterator[bytes]:
    """The files of a row: one, or one for each tenth or orientation."""
    make = next(getattr(room, name) for room in ROOMS if hasattr(room, name))
    parameters = [key for key in inspect.signature(make).parameters if key in ARGUMENTS]
    yield from (make(value) for value in ARGUMENTS[parameters[0]]) if parameters else (make(),)


def functions_that_make_files() -> set[str]:
    return {
        name
        for room in ROOMS
        for name, make in inspect.getmembers(room)
        if callable(make)
        and getattr(make, "__module__", "") == room.__name__
        and not name.startswith("_")
        and inspect.signature(make).return_annotation == "bytes"
        and set(inspect.signature(make).parameters) <= {"tenths", "orientation", "lines"}
    }


def _page() -> str:
    return PAGE.read_text(encoding="utf-8")


def _exits(cells: list[str]) -> Exits:
    digitize, ingest, work = (None if cell == "-" else int(cell) for cell in cells)
    return digitize, ingest, work
