"""A stamp that is paler than the print it was pressed over is told from it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.pixels import Pixels, as_pixels
from pipeline.secrecy.paler import paler_parts
from tests.drawn import paper, rows_of_print

PRINT, STAMP = 20, 110


def printed() -> Pixels:
    """Rows of dark strokes with the blurred edges of a scan."""
    sheet = paper()
    for top in range(400, 1400, 60):
        cv2.line(sheet, (200, top), (1400, top), PRINT, 6)
    return as_pixels(cv2.GaussianBlur(sheet, (0, 0), 0.8))


def stamp_on(sheet: Pixels, grey: int = STAMP) -> Pixels:
    """A block of 200 x 100 pixels over two rows of print, which stays as dark as it is."""
    pressed = sheet.copy()
    block = pressed[370:470, 300:500]
    block[:] = np.minimum(block, grey)
    return pressed


def test_print_goes_and_the_stamp_stays() -> None:
    ((left, box),) = paler_parts(stamp_on(printed()))
    on_page = np.full_like(paper(), 255)
    on_page[box.top : box.bottom, box.left : box.right] = left
    assert (on_page[380:390, 310:490] == STAMP).all()
    on_page[369:471, 299:501] = 255
    assert (on_page == 255).all()


def test_a_stamp_that_print_cuts_in_two_is_one_part() -> None:
    cut = stamp_on(printed())
    cv2.line(cut, (400, 360), (400, 480), PRINT, 24)
    assert len(paler_parts(cut)) == 1


def test_only_parts_of_a_stamp_s_size_are_given() -> None:
    specks = printed()
    for left in range(250, 1350, 200):
        specks[700:712, left : left + 12] = STAMP
    assert paler_parts(specks) == []


@pytest.mark.parametrize(
    "sheet",
    [
        pytest.param(paper(), id="empty"),
        pytest.param(printed(), id="print alone"),
        pytest.param(rows_of_print(paper()), id="in black and white"),
        pytest.param(stamp_on(printed(), PRINT), id="a stamp as dark as print"),
    ],
)
def test_of_one_darkness_there_is_nothing_to_tell_apart(sheet: Pixels) -> None:
    assert paler_parts(sheet) == []


def test_where_most_is_pale_there_is_no_print_to_take_away() -> None:
    faint = as_pixels(np.where(printed() < 200, 130, 255).astype(np.uint8))
    faint[400:406, 200:700] = PRINT
    assert paler_parts(faint) == []
