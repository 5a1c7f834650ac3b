"""Tilts are measured and undone, and boxes find their way back to the page as seen."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.clean.deskew import LEAST, estimate_skew
from pipeline.clean.view import View
from pipeline.model import BoundingBox
from pipeline.pixels import Pixels, as_pixels
from tests.drawn import A4, paper, rows_of_print


def tilted(picture: Pixels, degrees: float) -> Pixels:
    """Text lines rise to the right by `degrees`."""
    height, width = picture.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return as_pixels(cv2.warpAffine(picture, matrix, (width, height), borderValue=255))


@pytest.mark.parametrize("degrees", [-9.0, -3.0, -1.4, -0.6, 0.5, 1.5, 2.9, 7.0])
def test_skew_of_a_printed_page_is_measured_to_a_fifth_of_a_degree(degrees: float) -> None:
    assert estimate_skew(tilted(rows_of_print(paper()), degrees)) == pytest.approx(degrees, abs=0.2)


def test_a_straight_page_is_left_alone() -> None:
    picture = rows_of_print(paper())
    assert estimate_skew(picture) == 0.0
    assert View.whole(*A4).turned(0.0, 1.0).draw(picture) is picture


def test_a_tilt_too_small_to_matter_is_no_tilt() -> None:
    assert estimate_skew(tilted(rows_of_print(paper()), LEAST / 3)) == 0.0


def test_straightened_rows_are_level() -> None:
    crooked = tilted(rows_of_print(paper()), 3.0)
    straight = View.whole(*A4).turned(estimate_skew(crooked), 1.0).draw(crooked)
    assert estimate_skew(straight) == 0.0


def test_no_corner_of_the_page_is_cut_off() -> None:
    marked = paper()
    marked[:40, :40] = 0
    marked[-40:, -40:] = 0
    straight = View.whole(*A4).turned(4.0, 1.0).draw(marked)
    assert np.count_nonzero(straight < 60) > 0.9 * 2 * 40 * 40


@given(
    skew=st.floats(-12, 12),
    scale=st.floats(0.4, 1.0),
    left=st.integers(0, 1500),
    top=st.integers(0, 2200),
    wide=st.integers(5, 140),
    high=st.integers(5, 90),
)
def test_a_box_found_on_the_straight_picture_covers_the_same_spot_of_the_page(
    skew: float, scale: float, left: int, top: int, wide: int, high: int
) -> None:
    way = View.whole(*A4).turned(skew, scale)
    spot = np.array([left + wide / 2, top + high / 2, 1.0])
    x, y, _ = way.matrix @ spot
    there = BoundingBox(int(x) - 3, int(y) - 3, int(x) + 4, int(y) + 4)
    back = way.box_as_seen(there, *A4)
    assert back.left - 1 <= spot[0] <= back.right + 1
    assert back.top - 1 <= spot[1] <= back.bottom + 1
    assert 0 <= back.left <= back.right <= A4[0]
    assert 0 <= back.top <= back.bottom <= A4[1]
