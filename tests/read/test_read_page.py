"""From a page's picture to its lines, and what is told of a page that holds none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.model import BoundingBox, Finding, Region, RegionKind, Zone
from pipeline.read import HARD_TO_READ, read_page
from tests.drawn import line, rows_of_print
from tests.drawn import paper as grey_sheet
from tests.read.doubles import KnowingPages
from tests.read.sheets import empty_sheet, fused, sample, scan_of, sealed, shares_of, signed, texts_of


@pytest.mark.parametrize("colour", [True, False])
def test_an_empty_page_is_blank_and_said_to_be(colour: bool) -> None:
    page, findings = read_page(scan_of(empty_sheet() if colour else grey_sheet(), page_no=4), fused(), None)
    assert (page.blank, page.lines, page.confidence, page.text) == (True, (), None, "")
    assert findings == (Finding("BLANK_PAGE", 4),)


def test_nothing_is_read_on_a_blank_page() -> None:
    reader = KnowingPages([line("Điều 1", 300, 300)])
    page, _ = read_page(scan_of(empty_sheet()), reader, None)
    assert (page.blank, page.lines, reader.shown) == (True, (), [])


def test_a_page_with_ink_and_no_word_is_not_blank_and_a_person_is_to_look() -> None:
    page, findings = read_page(scan_of(signed(empty_sheet(), 900, 1200)), fused(), None)
    assert (page.blank, page.lines) == (False, ())
    assert findings == (Finding("NO_TEXT", 1),)


def test_a_page_with_a_seal_alone_is_not_blank() -> None:
    page, findings = read_page(scan_of(sealed(empty_sheet(), 1000, 1500)), fused(), None)
    assert (page.blank, page.lines) == (False, ())
    assert [region.kind for region in page.regions] == [RegionKind.SEAL]
    assert findings == (Finding("NO_TEXT", 1),)


@pytest.mark.parametrize(
    ("confidence", "codes"), [(HARD_TO_READ + 0.01, []), (HARD_TO_READ - 0.01, ["LOW_CONFIDENCE"]), (None, [])]
)
def test_a_page_that_is_hard_to_read_is_told_from_one_that_is_not(confidence: float | None, codes: list[str]) -> None:
    reader = KnowingPages([line("Điều này có hiệu lực", 210, 300 + 50 * row, confidence=confidence) for row in range(3)])
    page, findings = read_page(scan_of(rows_of_print(grey_sheet())), reader, None)
    assert len(page.lines) == 3
    assert [finding.code for finding in findings] == codes


def test_a_clean_page_is_read_word_for_word() -> None:
    drawn = sample(1, "holes")
    page, findings = read_page(scan_of(drawn.pages[0].pixels), fused(), None)
    assert shares_of(page, drawn.pages[0].text.split()) > 0.97
    assert findings == ()
    assert (page.orientation, page.blank, page.from_text_layer) == (0, False, False)


def test_a_skewed_page_is_straightened_to_read_and_its_boxes_are_on_the_page_as_seen() -> None:
    drawn = sample(2, "skew")
    true_page = drawn.pages[0]
    page, _ = read_page(scan_of(true_page.pixels), fused(), None)
    assert page.skew == pytest.approx(true_page.skew, abs=0.15)
    assert shares_of(page, true_page.text.split()) > 0.95
    height, width = true_page.pixels.shape[:2]
    true_boxes = [BoundingBox(*word.box(width, height)) for one in true_page.lines for word in one.words]
    read_boxes = [word.box for one in page.lines for word in one.words]
    met = [any(read.overlap(true) > 0.5 * true.area for read in read_boxes) for true in true_boxes]
    assert np.mean(met) > 0.9


def test_a_page_that_lies_on_its_head_is_turned() -> None:
    page, _ = read_page(scan_of(np.rot90(sample(1, "holes").pages[0].pixels, 2).copy()), fused(), None)
    assert page.orientation == 180
    assert shares_of(page, sample(1, "holes").pages[0].text.split()) > 0.97


def test_a_page_with_its_own_text_is_not_read() -> None:
    own = (line("QUYẾT ĐỊNH", 700, 400), line("Điều 1. Thành lập Tổ kiểm tra", 300, 600))
    reader = KnowingPages([line("SAI", 300, 300)])
    page, findings = read_page(replace(scan_of(empty_sheet()), own_text=own[::-1]), reader, None)
    assert (page.from_text_layer, page.blank, reader.shown) == (True, False, [])
    assert texts_of(page) == ["QUYẾT ĐỊNH", "Điều 1. Thành lập Tổ kiểm tra"]
    assert findings == ()


def test_what_the_file_itself_names_stays_among_the_regions() -> None:
    named = Region(RegionKind.DIGITAL_SIGNATURE, BoundingBox(900, 1500, 1300, 1700), None)
    scan = replace(scan_of(rows_of_print(grey_sheet())), regions=(named,))
    page, _ = read_page(scan, KnowingPages([line("Điều 1", 210, 300)]), None)
    assert page.regions == (named,)


def test_every_line_gets_a_zone_and_stands_in_reading_order() -> None:
    page, _ = read_page(scan_of(sample(1, "holes").pages[0].pixels), fused(), None)
    zones = [one.zone for one in page.lines]
    assert zones[0] is Zone.HEADER_LEFT
    assert zones.index(Zone.HEADER_RIGHT) < zones.index(Zone.BODY)


def test_pictures_of_the_stages_are_kept_where_they_are_asked_for(tmp_path: Path) -> None:
    read_page(scan_of(rows_of_print(grey_sheet()), page_no=7), KnowingPages([]), tmp_path)
    (kept,) = tmp_path.iterdir()
    assert kept.name == "000007_straight.png"
    assert cv2.imread(str(kept)) is not None
