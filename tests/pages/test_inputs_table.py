"""docs/inputs.md says what comes of every file; here each row is tried."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from pipeline.errors import InputError
from pipeline.intake import measure
from tests import bad_inputs
from tests.pages.opening import opened

TABLE = Path(__file__).resolve().parents[2] / "docs" / "inputs.md"
ROW = re.compile(r"^\| `(\w+)` \| [^|]* \|([^|]*)\| (rejected|quarantined|done) \|$", re.MULTILINE)
ARGUMENTS = {"tenths": range(1, 10), "orientation": range(1, 9)}


class Row(NamedTuple):
    name: str
    codes: frozenset[str]
    outcome: str


def rows() -> list[Row]:
    return [
        Row(name, frozenset(re.findall(r"`(\w+)`", codes)), outcome) for name, codes, outcome in ROW.findall(TABLE.read_text())
    ]


def files(name: str) -> Iterator[bytes]:
    make = getattr(bad_inputs, name)
    parameters = [key for key in inspect.signature(make).parameters if key in ARGUMENTS]
    yield from (make(value) for value in ARGUMENTS[parameters[0]]) if parameters else (make(),)


def outcome(data: bytes, folder: Path) -> tuple[frozenset[str], str]:
    file = folder / "scan.pdf"
    file.write_bytes(data)
    try:
        measure(file, 100_000_000)
    except InputError as error:
        return frozenset({error.code}), "rejected"
    try:
        with opened(data, folder) as source:
            codes = {finding.code for finding in source.findings}
            for number in range(1, source.page_count + 1):
                try:
                    codes |= {finding.code for finding in source.load(number).findings}
                except InputError as error:
                    codes.add(error.code)
            return frozenset(codes), "done"
    except InputError as error:
        return frozenset({error.code}), "quarantined"


@pytest.mark.parametrize("name", sorted({row.name for row in rows()}))
def test_the_table_is_true(name: str, tmp_path: Path) -> None:
    promised = {(row.codes, row.outcome) for row in rows() if row.name == name}
    assert {outcome(data, tmp_path) for data in files(name)} == promised


def test_every_file_has_its_row() -> None:
    made = {
        name
        for name, make in inspect.getmembers(bad_inputs)
        if callable(make)
        and getattr(make, "__module__", "") == bad_inputs.__name__
        and not name.startswith("_")
        and inspect.signature(make).return_annotation == "bytes"
        and set(inspect.signature(make).parameters) <= {"tenths", "orientation", "lines"}
    }
    assert made == {row.name for row in rows()}
