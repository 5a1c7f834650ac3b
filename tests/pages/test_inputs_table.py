"""docs/inputs.md says what comes of every file; here each row is tried on what opens it, in tests/cli on the commands."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.intake import measure
from tests.inputs_table import case_rows, file_rows, files_of, functions_that_make_files, killing_points, rows_of_any_kind
from tests.pages.opening import opened


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


@pytest.mark.parametrize("name", sorted({row.name for row in file_rows()}))
def test_the_table_is_true(name: str, tmp_path: Path) -> None:
    promised = {(row.codes, row.outcome) for row in file_rows() if row.name == name}
    assert {outcome(data, tmp_path) for data in files_of(name)} == promised


def test_every_file_has_its_row() -> None:
    assert functions_that_make_files() == {row.name for row in file_rows()}


def test_no_row_is_written_so_that_no_test_sees_it() -> None:
    seen = [*(row.name for row in file_rows()), *(row.name for row in case_rows()), *killing_points()]
    assert sorted(rows_of_any_kind()) == sorted(seen)
