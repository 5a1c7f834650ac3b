"""What the commands make of each file of docs/inputs.md: outcome, code and exit; nothing lost, nothing left running."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests import bad_inputs as bad
from tests.cli.command import Answer, sohoa

REJECTED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty.pdf": (bad.empty_file, "EMPTY_FILE"),
    "random.pdf": (bad.random_bytes, "UNKNOWN_TYPE"),
    "html.pdf": (bad.html_named_pdf, "UNKNOWN_TYPE"),
    "zip.pdf": (bad.zip_named_pdf, "UNKNOWN_TYPE"),
    "exe.pdf": (bad.exe_named_pdf, "UNKNOWN_TYPE"),
}
"""Found by looking: rejected at the door."""

QUARANTINED: dict[str, tuple[Callable[[], bytes], str]] = {
    "password.pdf": (bad.pdf_with_password, "NEEDS_PASSWORD"),
    "no-pages.pdf": (bad.pdf_without_pages, "NO_PAGES"),
    "3000-pages.pdf": (bad.pdf_of_3000_pages, "TOO_MANY_PAGES"),
    "1600-megapixels.png": (bad.png_of_1600_megapixels, "PAGE_TOO_LARGE"),
    "cut.jpg": (bad.truncated_jpeg, "DAMAGED"),
}
"""Found by decoding: taken, kept, and given up with the reason."""

READ: dict[str, tuple[Callable[[], bytes], int]] = {
    "owner-password.pdf": (bad.pdf_with_owner_password, 1),
    "javascript.pdf": (bad.pdf_with_javascript, 1),
    "attachment.pdf": (bad.pdf_with_attachment, 1),
    "garbage-layer.pdf": (bad.scan_with_garbage_text_layer, 1),
    "good-layer.pdf": (bad.born_digital_pdf, 1),
    "sixteen-bit.png": (bad.png_of_16_bits, 1),
    "cmyk.jpg": (bad.jpeg_in_cmyk, 1),
    "alpha.png": (bad.png_with_alpha, 1),
    "palette.png": (bad.png_with_palette, 1),
    "one-bit.png": (bad.png_of_one_bit, 1),
    "exif-6.jpg": (partial(bad.jpeg_turned_by_exif, 6), 1),
    "frames.tif": (bad.tiff_of_three_frames, 3),
    "blank.pdf": (bad.blank_page_pdf, 1),
    "upside-down.pdf": (bad.upside_down_pdf, 1),
    "sideways.pdf": (bad.sideways_pdf, 1),
    "wavelets.jp2": (bad.jpeg_2000, 1),
}
"""Odd and readable: name -> file and number of pages."""


@dataclass(frozen=True, slots=True)
class Table:
    """The answers of one run of each command over all files."""

    scans: Path
    digitized: Answer
    ingested: Answer
    worked: Answer
    status: Answer


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    base = tmp_path_factory.mktemp("table")
    scans, hard = base / "scans", base / "hard"
    scans.mkdir()
    hard.mkdir()
    for name, (make, _) in {**REJECTED, **QUARANTINED, **READ}.items():
        (scans / name).write_bytes(make())
        if name not in READ:  # what can be read is read the same way by `work`
            (hard / name).hardlink_to(scans / name)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SOHOA_HOME", str(base / "home"))
        environment.setenv("SOHOA_JOBS", "2")
        environment.setenv("SOHOA_MIN_FREE_DISK_MB", "1")
        digitized = sohoa("digitize", scans, "-o", base / "out", "--json")
        sohoa("init")
        yield Table(
            scans,
            digitized,
            sohoa("ingest", hard, "--json"),
            sohoa("work", "--once"),
            sohoa("status", "--json"),
        )


@pytest.mark.parametrize("name", [*REJECTED, *QUARANTINED])
def test_digitize_names_each_file_that_cannot_be_read_with_its_code(name: str, table: Table) -> None:
    code = {**REJECTED, **QUARANTINED}[name][1]
    assert table.digitized.code == 3
    assert table.digitized.complaints[str(table.scans / name)] == code


@pytest.mark.parametrize("name", READ)
def test_digitize_reads_each_file_that_is_only_odd(name: str, table: Table) -> None:
    assert str(table.scans / name) not in table.digitized.complaints
    [done] = [one for one in table.digitized.json["done"] if one["path"] == str(table.scans / name)]
    assert done["pages"] == READ[name][1]
    assert (Path(done["folder"]) / "record.json").is_file()


@pytest.mark.parametrize("name", REJECTED)
def test_ingest_rejects_what_is_no_scan_by_its_content(name: str, table: Table) -> None:
    [receipt] = [one for one in table.ingested.json["files"] if Path(one["path"]).name == name]
    assert (table.ingested.code, receipt["outcome"], receipt["code"]) == (3, "rejected", REJECTED[name][1])


@pytest.mark.parametrize("name", QUARANTINED)
def test_work_quarantines_what_cannot_be_decoded_and_keeps_it(name: str, table: Table) -> None:
    [receipt] = [one for one in table.ingested.json["files"] if Path(one["path"]).name == name]
    assert receipt["outcome"] == "received"
    [given_up] = [one for one in table.status.json["quarantine"] if one["record_id"] == receipt["record_id"]]
    assert given_up["code"] == QUARANTINED[name][1]
    assert table.worked.complaints[receipt["record_id"]] == QUARANTINED[name][1]
    assert table.worked.code == 3


def test_nothing_is_lost_and_the_equation_holds(table: Table) -> None:
    counts = table.status.json
    assert (counts["received"], counts["rejected"], counts["quarantined"]) == (10, len(REJECTED), len(QUARANTINED))
    assert (counts["done"], counts["pending"]) == (0, 0)
