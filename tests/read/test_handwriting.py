"""A pen told from print where numbers and days stand; what a pen wrote is never passed off as read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from config.profiles import document_types, gazetteer
from pipeline.extract import extract
from pipeline.handwriting import LIKELY, chance_of_pen, handwriting, slots
from pipeline.model import BoundingBox, Fields, FieldState, Line, Page, RegionKind, Word, Zone, bounds
from pipeline.pixels import Pixels
from pipeline.read import read_page
from samples.document import Kind
from samples.picture import TrueLine
from samples.spoil.page import ScannedPage
from tests.drawn import line, page
from tests.read.sheets import empty_sheet, fused, sample, scan_of

PENNED = [("handwriting", seed, index) for seed in (5, 8, 11) for index in (1, 2, 3)]
TYPED = [(degrade, seed, index) for degrade in ("holes", "jpeg", "skew", "bilevel") for seed in (5, 9) for index in (1, 9)]
Key = tuple[str, int, int]


def head_of(degrade: str, seed: int, index: int) -> tuple[Page, Pixels, list[BoundingBox]]:
    """The head of a sample as a perfect reader would give it, its pixels, and where a pen wrote."""
    scanned = sample(index, degrade, seed).pages[0]
    lines = [_line(true, scanned) for true in scanned.lines if true.header]
    pen = [_box(word.extent) for true in scanned.lines if true.header for word in true.words if word.kind is Kind.HANDWRITING]
    height, width = scanned.pixels.shape[:2]
    return Page(1, width, height, 200.0, 0, scanned.skew, False, False, (), tuple(lines)), scanned.pixels, pen


def _line(true: TrueLine, scanned: ScannedPage) -> Line:
    words = tuple(Word(word.text, _box(word.extent), 0.99) for word in true.words)
    box = bounds([word.box for word in words])
    return Line(words, box, Zone.HEADER_LEFT if box.middle[0] < 0.45 * scanned.pixels.shape[1] else Zone.HEADER_RIGHT)


def _box(extent: tuple[float, float, float, float]) -> BoundingBox:
    left, top, right, bottom = (round(value) for value in extent)
    return BoundingBox(left, top, right, bottom)


def read_fields(key: Key) -> tuple[Fields, dict[str, object]]:
    """What the shipped reader makes of a sample's first page, and what is true."""
    drawn = sample(key[2], key[0], key[1])
    scan = scan_of(drawn.pages[0].pixels)
    read, _ = read_page(scan, fused(), None)
    read = replace(read, regions=handwriting(read, scan.pixels))
    return extract([read], document_types(), gazetteer()), drawn.truth["fields"]


# ---- places ----------------------------------------------------------------------------------------------------------------


def test_the_number_the_day_and_the_month_are_looked_at() -> None:
    head = [
        line("Số: 15/QĐ-UBND", 300, 310, zone=Zone.HEADER_LEFT),
        line("Bắc Ninh, ngày 05 tháng 9 năm 2024", 820, 308, zone=Zone.HEADER_RIGHT),
    ]
    assert [one.text[start:end] for one, start, end in slots(page(head))] == ["15", "05", "9"]


def test_numbers_and_dates_of_the_text_below_are_not() -> None:
    body = [line("Số: 15/QĐ-UBND", 300, 900), line("Bắc Ninh, ngày 05 tháng 9 năm 2024", 300, 950)]
    assert list(slots(page(body))) == []


# ---- pen and print, given a perfect reading --------------------------------------------------------------------------------


@pytest.mark.parametrize("key", PENNED, ids=str)
def test_a_number_and_a_day_by_hand_are_found_where_the_pen_wrote(key: Key) -> None:
    head, pixels, pen = head_of(*key)
    found = handwriting(head, pixels)
    assert {region.kind for region in found} == {RegionKind.HANDWRITING}
    assert len(pen) == 2
    for written in pen:
        assert any(region.box.overlap(written) > 0.3 * min(written.area, region.box.area) for region in found)


@pytest.mark.parametrize("key", TYPED, ids=str)
def test_typed_figures_are_not_taken_for_handwriting_also_on_damaged_and_skewed_pages(key: Key) -> None:
    head, pixels, pen = head_of(*key)
    assert pen == []
    assert len(list(slots(head))) == 3
    assert handwriting(head, pixels) == ()


@pytest.mark.parametrize("key", [PENNED[0], TYPED[0]], ids=str)
def test_chances_are_shares_and_the_same_each_time(key: Key) -> None:
    head, pixels, _ = head_of(*key)
    first, again = (list(_chances(head, pixels)) for _ in range(2))
    assert first == again
    assert all(chance is None or 0 <= chance <= 1 for chance in first)


def test_a_grey_page_tells_pen_from_print_by_its_shape() -> None:
    head, pixels, _ = head_of("handwriting", 5, 2)
    grey = np.ascontiguousarray(pixels[:, :, 1])
    assert sum(chance is not None and chance >= LIKELY for chance in _chances(head, grey)) >= 2


def test_of_an_empty_place_and_of_a_line_without_print_nothing_is_said() -> None:
    place = BoundingBox(300, 300, 700, 340)
    assert chance_of_pen(place, BoundingBox(400, 300, 460, 340), empty_sheet(), 0.0) is None


@pytest.mark.parametrize(
    "place", [BoundingBox(1600, 2300, 1900, 2400), BoundingBox(3000, 3000, 3100, 3040), BoundingBox(5, 5, 5, 5)]
)
def test_a_line_at_or_beyond_the_edge_does_no_harm(place: BoundingBox) -> None:
    assert chance_of_pen(place, place, empty_sheet(), 1.5) is None


def _chances(head: Page, pixels: Pixels) -> Iterator[float | None]:
    for one, _, _ in slots(head):
        yield chance_of_pen(one.box, one.words[-2].box, pixels, head.skew)


# ---- values, with the reader that is shipped -------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [*PENNED[:2], ("handwriting", 8, 1), ("handwriting", 8, 11)], ids=str)
def test_what_a_pen_wrote_is_left_to_a_person_and_the_notation_beside_it_is_read(key: Key) -> None:
    fields, true = read_fields(key)
    for name in ("codeNumber", "issuedDate"):
        assert (fields[name].value, fields[name].state) == (None, FieldState.HANDWRITTEN)
        assert (fields[name].page_no, fields[name].box is None) == (1, False)
    assert fields["codeNotation"].value == true["codeNotation"]


@pytest.mark.parametrize("key", [("skew", 5, 9), ("jpeg", 9, 1)], ids=str)
def test_what_was_typed_is_read_as_it_stands(key: Key) -> None:
    fields, true = read_fields(key)
    for name in ("codeNumber", "codeNotation", "issuedDate"):
        assert (fields[name].value, fields[name].state) == (true[name], FieldState.PRESENT)


@pytest.mark.parametrize("key", [("blanks", 5, 1), ("blanks", 9, 2)], ids=str)
def test_a_place_left_empty_is_told_as_empty_and_the_notation_beside_it_is_read(key: Key) -> None:
    fields, true = read_fields(key)
    for name in ("codeNumber", "issuedDate"):
        assert (fields[name].value, fields[name].state) == (None, FieldState.BLANK)
    assert fields["codeNotation"].value == true["codeNotation"]
