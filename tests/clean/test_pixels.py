"""Pictures are made smaller quickly, and keep what they show."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.pixels import shrunk
from tests.drawn import paper, rows_of_print


@given(width=st.integers(1, 500), height=st.integers(1, 500), scale=st.floats(0.01, 0.99))
def test_the_size_is_what_was_asked_for(width: int, height: int, scale: float) -> None:
    small = shrunk(np.full((height, width), 90, np.uint8), scale)
    assert small.shape == (max(1, round(height * scale)), max(1, round(width * scale)))
    assert np.all(small == 90)


@pytest.mark.parametrize("scale", [0.6, 0.5, 0.37, 0.2, 1 / 16])
def test_it_shows_what_averaging_over_all_pixels_shows(scale: float) -> None:
    page = rows_of_print(paper())
    small = shrunk(page, scale)
    averaged = cv2.resize(page, (small.shape[1], small.shape[0]), interpolation=cv2.INTER_AREA)
    assert abs(float(small.mean()) - float(averaged.mean())) < 1.0
    assert np.corrcoef(small.ravel(), averaged.ravel())[0, 1] > 0.93


def test_nothing_is_made_larger() -> None:
    page = paper()
    assert shrunk(page, 1.0) is page
    assert shrunk(page, 1.7) is page
