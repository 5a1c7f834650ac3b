"""Photos of a sheet on a table are brought into the view of a scanner; scans are left alone."""

import cv2
import numpy as np
import pytest

from pipeline.clean import clean_page
from pipeline.clean.photo import find_sheet, in_even_light
from pipeline.model import BoundingBox
from pipeline.pixels import Pixels, as_pixels
from tests.drawn import A4, paper, rows_of_print
from tests.read.doubles import KnowingPages

CORNERS = ((260, 200), (1730, 330), (1800, 2500), (180, 2380))
"""Where the sheet's corners lie in the photo, clockwise from the top left."""


def photo(sheet: Pixels) -> Pixels:
    flat = np.array([[0, 0], [A4[0], 0], [A4[0], A4[1]], [0, A4[1]]], np.float32)
    matrix = cv2.getPerspectiveTransform(flat, np.array(CORNERS, np.float32))
    return as_pixels(cv2.warpPerspective(sheet, matrix, (2000, 2700), borderValue=60))


def test_the_sheet_is_found_and_seen_from_above() -> None:
    sheet = rows_of_print(paper())
    view = find_sheet(photo(sheet))
    assert view is not None
    flat = cv2.resize(view.draw(photo(sheet)), A4)
    assert np.corrcoef(255 - flat[::4, ::4].ravel(), 255 - sheet[::4, ::4].ravel())[0, 1] > 0.5


def test_a_box_on_the_flat_sheet_goes_back_to_its_place_in_the_photo() -> None:
    view = find_sheet(photo(rows_of_print(paper())))
    assert view is not None
    back = view.box_as_seen(BoundingBox(0, 0, 40, 40), 2000, 2700)
    assert back.left == pytest.approx(CORNERS[0][0], abs=25)
    assert back.top == pytest.approx(CORNERS[0][1], abs=25)


@pytest.mark.parametrize("dpi", [None, 200.0])
def test_a_photo_is_flattened_whether_or_not_its_file_states_a_resolution(dpi: float | None) -> None:
    sheet = rows_of_print(paper())
    flat = cv2.resize(clean_page(photo(sheet), dpi, KnowingPages([])).print, A4)
    assert np.corrcoef(255 - flat[::4, ::4].ravel(), 255 - sheet[::4, ::4].ravel())[0, 1] > 0.5


def test_a_scan_with_dark_edges_is_no_photo() -> None:
    scan = rows_of_print(paper())
    scan[:, :25] = 0
    scan[-20:] = 0
    assert find_sheet(scan) is None


def test_a_full_page_and_an_empty_picture_hold_no_sheet() -> None:
    assert find_sheet(rows_of_print(paper())) is None
    assert find_sheet(np.full((100, 80), 200, np.uint8)) is None


def test_a_shadow_is_evened_out_and_print_stays_dark() -> None:
    page = rows_of_print(paper()).astype(np.float32)
    shade = np.linspace(1.0, 0.45, A4[0], dtype=np.float32)[None, :]
    even = in_even_light((page * shade).astype(np.uint8))
    bare = even[200:260:4, 60:-60:4]
    assert np.percentile(bare, 95) - np.percentile(bare, 5) < 20
    assert even[305, 205] < 90


def test_a_page_in_even_light_is_left_as_it_is() -> None:
    page = rows_of_print(paper())
    assert in_even_light(page) is page
