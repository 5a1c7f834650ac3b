"""A sign that a pen put before a position is seen where it was written and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import cv2
import pytest

from pipeline.added_signs import signs_before_positions
from pipeline.model import BoundingBox, Page, Region, RegionKind, Zone
from pipeline.pixels import Pixels
from tests.drawn import line, page
from tests.read.sheets import BLACK, Ink, empty_sheet, sealed, stamped

BLUE: Ink = (40, 60, 160)
TITLE = BoundingBox(1000, 1506, 1200, 1540)
"""Where "GIÁM ĐỐC" stands when it is stamped at (1000, 1500)."""


def signed_page(text: str = "GIÁM ĐỐC", *regions: Region) -> Page:
    found = replace(line(text, TITLE.left, TITLE.top, zone=Zone.SIGNATURE), box=TITLE)
    return replace(page([found]), regions=regions)


def printed() -> Pixels:
    return stamped(empty_sheet(), (1000, 1500, "GIÁM ĐỐC"), (1010, 1560, "PHÓ GIÁM ĐỐC"), ink=BLACK)


def penned(pixels: Pixels, ink: Ink, *, left: int = 940, top: int = 1505) -> Pixels:
    """A K and a T in strokes of a pen, 50 pixels wide."""
    drawn = pixels.copy()
    for begin, end in (((0, 0), (0, 34)), ((20, 0), (2, 17)), ((2, 17), (20, 34)), ((26, 2), (50, 0)), ((38, 2), (37, 34))):
        cv2.line(drawn, (left + begin[0], top + begin[1]), (left + end[0], top + end[1]), ink, 3)
    return drawn


def boxes(pixels: Pixels, *regions: Region, text: str = "GIÁM ĐỐC") -> list[BoundingBox]:
    return [region.box for region in signs_before_positions(signed_page(text, *regions), pixels)]


@pytest.mark.parametrize("ink", [BLACK, BLUE])
def test_a_sign_before_the_title_is_found_where_it_stands(ink: Ink) -> None:
    (box,) = boxes(penned(printed(), ink))
    assert box.overlap(BoundingBox(940, 1505, 990, 1539)) > 0.8 * 50 * 34
    assert box.right == TITLE.left


def test_a_title_that_stands_alone_has_none() -> None:
    assert boxes(printed()) == []


def test_a_seal_beside_the_title_is_no_sign_be_it_red_or_black() -> None:
    assert boxes(sealed(printed(), 900, 1600)) == []
    black = printed().copy()
    cv2.circle(black, (900, 1560), 138, BLACK, 6)
    ring = Region(RegionKind.SEAL, BoundingBox(762, 1422, 1038, 1698), 1.0)
    assert boxes(black, ring) == []


def test_strokes_above_below_and_far_away_are_no_sign() -> None:
    for left, top in ((940, 1440), (940, 1560), (820, 1505)):
        assert boxes(penned(printed(), BLUE, left=left, top=top)) == []


@pytest.mark.parametrize("text", ["KT. GIÁM ĐỐC", "T. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Lê Hoàng Mai", "TRƯỜNG ĐẠI HỌC"])
def test_only_the_title_of_a_head_that_was_read_without_a_sign_is_looked_at(text: str) -> None:
    assert boxes(penned(printed(), BLUE), text=text) == []


def test_a_title_at_the_edge_or_beyond_does_no_harm() -> None:
    for box in (BoundingBox(0, 0, 200, 34), BoundingBox(3000, 3000, 3200, 3034)):
        moved = replace(page([replace(line("GIÁM ĐỐC", 0, 0, zone=Zone.SIGNATURE), box=box)]), regions=())
        assert list(signs_before_positions(moved, printed())) == []
