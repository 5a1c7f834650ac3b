"""Inks are told apart by colour; blank pages and dust are known for what they are."""

import cv2
import numpy as np

from pipeline.clean.blank import is_blank
from pipeline.clean.denoise import despeckle
from pipeline.clean.ink import positive, red_layer, without_red
from pipeline.pixels import Pixels, as_pixels
from tests.drawn import A4, paper, rows_of_print

RED = (190, 30, 40)
BLACK = (25, 25, 25)


def colour_page() -> Pixels:
    return np.full((A4[1], A4[0], 3), 250, np.uint8)


def test_a_red_seal_fades_and_the_print_under_it_stays() -> None:
    sheet = colour_page()
    cv2.putText(sheet, "GIAM DOC", (600, 1200), cv2.FONT_HERSHEY_SIMPLEX, 2, BLACK, 5)
    cv2.circle(sheet, (760, 1180), 140, RED, 8)
    grey = without_red(sheet)
    ring = grey[1180 - 140, 760]
    assert ring > 170
    assert grey[1160:1210, 600:900].min() < 60


def test_red_ink_alone_is_kept_as_dark_on_light() -> None:
    sheet = colour_page()
    cv2.putText(sheet, "GIAM DOC", (600, 900), cv2.FONT_HERSHEY_SIMPLEX, 2, BLACK, 5)
    cv2.putText(sheet, "HOA TOC", (300, 500), cv2.FONT_HERSHEY_SIMPLEX, 2, RED, 5)
    red = red_layer(sheet)
    assert red is not None
    assert red[450:510, 300:560].min() < 40
    assert red[850:910, 600:900].min() > 200


def test_a_page_without_red_has_no_red_layer() -> None:
    assert red_layer(colour_page()) is None
    assert red_layer(paper()) is None


def test_an_empty_page_is_blank_and_a_page_with_one_word_is_not() -> None:
    empty = paper()
    assert is_blank(empty)
    cv2.putText(empty, "Trang", (700, 1100), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 30, 3)
    assert not is_blank(empty)


def test_scanner_edges_dust_and_show_through_do_not_make_a_page_written() -> None:
    dirty = paper()
    dirty[:, :30] = 0
    rng = np.random.default_rng(7)
    for y, x in zip(rng.integers(0, A4[1], 150), rng.integers(0, A4[0], 150), strict=True):
        dirty[y, x] = 60
    faint = 255 - (255 - rows_of_print(paper())) // 6
    assert is_blank(np.minimum(dirty, faint.astype(np.uint8)))


def test_dust_leaves_a_fax_page_and_full_stops_and_marks_stay() -> None:
    fax = rows_of_print(paper())
    cv2.circle(fax, (1470, 316), 3, 0, -1)
    fax[100, 100] = fax[101, 100] = 0
    clean = despeckle(fax)
    assert clean[100, 100] == 255
    assert clean[316, 1470] == 0


def test_grey_pages_are_not_touched() -> None:
    soft = as_pixels(cv2.GaussianBlur(rows_of_print(paper()), (0, 0), 3))
    assert despeckle(soft) is soft


def test_a_negative_is_turned_into_a_positive_and_a_positive_is_left_alone() -> None:
    page = rows_of_print(paper())
    assert np.array_equal(positive(255 - page), page)
    assert positive(page) is page
