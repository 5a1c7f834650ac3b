"""Frames of a stamp's size are found wherever they stand, and letters of running text are not taken for one."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.model import BoundingBox
from pipeline.pixels import Pixels, as_pixels
from pipeline.secrecy.pieces import pieces_of
from pipeline.secrecy.places import stamp_places
from tests.drawn import paper, rows_of_print

FRAME = BoundingBox(300, 200, 560, 270)
"""33 x 9 mm at 200 dpi."""


def framed(sheet: Pixels, degrees: float = 0.0) -> Pixels:
    rect = FRAME.middle, (float(FRAME.width), float(FRAME.height)), degrees
    drawn = sheet.copy()
    cv2.polylines(drawn, [np.rint(cv2.boxPoints(rect)).astype(np.int32)], True, 20, 4)
    return drawn


def found(sheet: Pixels, text: tuple[BoundingBox, ...] = ()) -> bool:
    """Whether a frame is found there."""
    frames = [place.box for place in stamp_places(sheet, text, text) if place.framed]
    return any(box.overlap(FRAME) > 0.8 * FRAME.area for box in frames)


@pytest.mark.parametrize("degrees", [-18.0, -5.0, 0.0, 5.0, 18.0])
def test_a_frame_is_found_however_it_is_turned(degrees: float) -> None:
    assert found(framed(paper(), degrees))


def test_a_frame_within_a_larger_one_is_found() -> None:
    sheet = framed(paper())
    cv2.rectangle(sheet, (100, 100), (1500, 1500), 20, 4)
    assert found(sheet)


@pytest.mark.parametrize("degrees", [-5.0, 0.0, 5.0])
def test_a_frame_that_print_runs_into_is_found(degrees: float) -> None:
    sheet = framed(paper(), degrees)
    cv2.rectangle(sheet, (540, 225), (800, 245), 20, -1)
    assert found(sheet)


def test_a_frame_whose_sides_touch_the_boxes_of_print_above_and_below_is_found() -> None:
    above, below = BoundingBox(280, 170, 700, 206), BoundingBox(280, 264, 700, 300)
    assert found(framed(paper()), (above, below))


def test_print_without_a_frame_has_none() -> None:
    assert not any(place.framed for place in stamp_places(rows_of_print(paper())))


def test_a_piece_within_a_piece_is_one_of_its_own_and_a_hole_is_none() -> None:
    ink = np.zeros((300, 300), np.uint8)
    for edge in (10, 60, 110):
        cv2.rectangle(ink, (edge, edge), (299 - edge, 299 - edge), 255, 3)
    sizes = sorted(cv2.boundingRect(outline)[2] for outline in pieces_of(as_pixels(ink), 1))
    assert len(sizes) == 3
    assert sizes[0] < 90 < sizes[1] < 190 < sizes[2]
