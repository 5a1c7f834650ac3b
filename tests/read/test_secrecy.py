"""Marks of secrecy are found on stamped pages, and pages that merely use the words are left alone."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pytest

from config.wiring.readers import page_reader
from pipeline.model import BoundingBox, Line
from pipeline.pages import PageScan
from pipeline.read import read_page
from pipeline.secrecy import find_mark
from pipeline.secrecy.alone import parts_of, stands_alone
from pipeline.secrecy.words import is_surely_other, level_of
from samples.recipe import Place, SecrecyMark
from samples.secrecy import LOOKS, draw_mentioning, draw_stamped
from samples.spoil.paper import blotted
from samples.spoil.secrecy import pressed_mark
from tests.drawn import line, paper
from tests.read.doubles import KnowingPages
from tests.read.sheets import BLACK, empty_sheet, fused, scan_of, stamped

# ---- words ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("MẬT", "MẬT"),
        ("MAT", "MẬT"),
        ("MẬT.", "MẬT"),
        ("| MẬT |", "MẬT"),
        ("MẬI", "MẬT"),
        ("MẠI", "MẬT"),
        ("TỐI MẬT", "TỐI MẬT"),
        ("TÔI MẤT", "TỐI MẬT"),
        ("TỐIMẬT", "TỐI MẬT"),
        ("TUYỆT MẬT", "TUYỆT MẬT"),
        ("TUYET MAT", "TUYỆT MẬT"),
        ("UYÊT MÂT", "TUYỆT MẬT"),
        ("TUYỆT MẬ", "TUYỆT MẬT"),
        ("TÒI MI", "TỐI MẬT"),
    ],
)
def test_a_mark_is_known_with_a_sign_or_two_misread(text: str, level: str) -> None:
    assert level_of(text, stamped=False) == level


@pytest.mark.parametrize("text", ["MAI", "MỘI", "NẬT", "IMẬT", "MẬTI", "M4T", "HẬT"])
def test_in_a_frame_or_in_red_more_is_believed(text: str) -> None:
    assert level_of(text, stamped=True) == "MẬT"
    assert level_of(text, stamped=False) is None


def test_a_worn_mark_is_told_by_its_y_and_by_the_dot_below_where_a_stamp_stands() -> None:
    assert level_of("HYUMẠI", stamped=True) == "TUYỆT MẬT"
    assert level_of("HYUMẠI", stamped=False) is None


@pytest.mark.parametrize(
    ("text", "confidence", "sure"),
    [("HỎA TỐC", 0.97, True), ("HỎA TỐC", 0.7, False), ("TỐI MẶT", 0.97, False), ("STT", 0.99, False), ("", 1.0, False)],
)
def test_only_what_is_read_surely_and_is_far_from_every_level_needs_no_second_reader(
    text: str, confidence: float, sure: bool
) -> None:
    assert is_surely_other(text, confidence) is sure


@pytest.mark.parametrize(
    "text",
    [
        "MII",
        "Mật",
        "Tối mật",
        "mật",
        "BÍ MẬT",
        "BẢO MẬT",
        "ĐỘ MẬT",
        "TÀI LIỆU MẬT",
        "VĂN BẢN MẬT",
        "BÍ MẬT NHÀ NƯỚC",
        "MẬT KHẨU",
        "MẬT ĐỘ",
        "MẬT ONG",
        "TIỀN MẶT",
        "KHUYẾN MẠI",
        "THƯƠNG MẠI",
        "Nơi nhận: Mật",
        "- Lưu: VT, Mật.",
        "NƠI NHẬN: MẬT",
        "DUYỆT",
        "HỦY",
        "MẬT MÃ",
        "KHẨN",
        "HỎA TỐC",
        "ĐẾN",
        "NAM",
        "12",
        "",
    ],
)
@pytest.mark.parametrize("stamped", [False, True])
def test_other_words_are_no_mark(text: str, stamped: bool) -> None:
    assert level_of(text, stamped=stamped) is None


# ---- alone --------------------------------------------------------------------------------------------------------------------


def found(*lines: Line, tables: Sequence[BoundingBox] = ()) -> str | None:
    mark = find_mark(paper(), lines, tables, KnowingPages([]))
    return mark.level if mark else None


def test_a_word_by_itself_under_the_number_is_a_mark() -> None:
    number = line("Số: 15/QĐ-UBND", 200, 300)
    assert found(number, line("MẬT", 220, 380)) == "MẬT"


def test_a_word_beside_the_header_is_a_mark_though_it_was_found_as_one_line_with_it() -> None:
    words = line("MẬT", 100, 200).words + line("CỘNG HÒA XÃ HỘI", 700, 200).words
    whole = Line(words, BoundingBox(100, 200, 1000, 234), line("x", 0, 0).zone)
    assert [part.text for part in parts_of(whole)] == ["MẬT CỘNG HÒA XÃ HỘI", "MẬT", "CỘNG HÒA XÃ HỘI"]
    assert found(whole) == "MẬT"


@pytest.mark.parametrize("above", ["Danh mục bí", "XÁC ĐỊNH ĐỘ", "tài liệu đóng dấu", "TUYỆT"])
def test_the_end_of_what_stands_above_is_no_mark(above: str) -> None:
    assert found(line(above, 200, 300), line("MẬT", 200, 345)) is None


def test_the_last_word_of_a_paragraph_is_no_mark() -> None:
    assert found(line("chữ " * 16, 200, 300), line("MẬT", 200, 345)) is None


@pytest.mark.parametrize("text", ["- MẬT;", "+ TỐI MẬT", "1. MẬT", "a) TUYỆT MẬT", "MẬT;"])
def test_an_item_of_a_list_is_no_mark(text: str) -> None:
    item = line(text, 200, 300)
    assert not stands_alone(item.box, [item], 1654)


def test_one_level_after_the_other_is_a_list_and_no_mark() -> None:
    assert found(line("TUYỆT MẬT", 200, 300), line("TỐI MẬT", 200, 500), line("MẬT", 200, 700)) is None


def test_one_at_the_head_of_a_page_and_the_same_at_its_foot_are_no_list() -> None:
    assert found(line("MẬT", 800, 120), line("MẬT", 800, 2250)) == "MẬT"


def test_a_cell_of_a_table_and_a_word_far_down_are_no_marks() -> None:
    assert found(line("MẬT", 200, 300), tables=[BoundingBox(100, 200, 900, 700)]) is None
    assert found(line("MẬT", 200, 1800)) is None


def test_in_red_it_is_a_mark_wherever_it_stands() -> None:
    sheet = stamped(empty_sheet(), (300, 1900, "TỐI MẬT"))
    _, findings = read_page(scan_of(sheet), fused(), None)
    assert [one.code for one in findings] == ["SECRET_MARK"]


# ---- pages, with the reader that is shipped -----------------------------------------------------------------------------------


def pressed(word: str, degrees: float = 0.0, *, framed: bool = True, height_mm: float = 8.0) -> PageScan:
    """An otherwise empty page with a black mark."""
    mark = SecrecyMark(word, Place.TOP_LEFT, degrees, height_mm, 1.0, framed, (25, 25, 25), 1.0)
    blots, _ = pressed_mark(mark, None, random.Random(4), 200)
    return scan_of(blotted(paper(), blots))


WON = (
    (9, 10), (9, 44), (9, 121), (77, 7), (77, 9), (77, 44), (77, 86), (77, 150), (77, 188),
    (501, 84), (101, 71), (101, 109), (101, 117), (101, 135), (101, 205), (101, 221), (101, 301),
)  # fmt: skip
"""Seed and number of samples that got through once: worn to dots, 4.6 mm high at 100 dpi, crossed by print, in one box with a
table, beside or under a line that was read without it."""


@pytest.mark.parametrize(("seed", "index"), [*((31, index) for index in range(1, 2 * len(LOOKS) + 1)), *WON])
def test_a_stamped_sample_does_not_get_through(seed: int, index: int) -> None:
    drawn = draw_stamped(seed, index)
    scan = PageScan(drawn.page_no, drawn.page.pixels, drawn.page.dpi, None, (), (), None)
    page, findings = read_page(scan, fused(), None)
    assert [(one.code, one.page_no) for one in findings] == [("SECRET_MARK", drawn.page_no)]
    assert (page.lines, page.regions) == ((), ())


@lru_cache(maxsize=1)
def plain() -> list[PageScan]:
    pages = (page for index in range(1, 7) for page in draw_mentioning(31, index))
    return [PageScan(number, page.pixels, page.dpi, None, (), (), None) for number, page in enumerate(pages, 1)]


def test_pages_that_use_the_words_are_read() -> None:
    stopped = [scan.page_no for scan in plain() if any(one.code == "SECRET_MARK" for one in read_page(scan, fused(), None)[1])]
    assert stopped == []


@pytest.mark.parametrize("framed", [True, False])
def test_a_page_with_nothing_but_a_small_mark_is_not_called_blank(framed: bool) -> None:
    _, findings = read_page(pressed("MẬT", framed=framed, height_mm=5.0), fused(), None)
    assert [one.code for one in findings] == ["SECRET_MARK"]


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_on_a_page_with_no_other_text_a_mark_is_found_from_all_four_sides(turns: int) -> None:
    scan = scan_of(np.rot90(pressed("TUYỆT MẬT").pixels, turns).copy())
    _, findings = read_page(scan, fused(), None)
    assert [one.code for one in findings] == ["SECRET_MARK"]


def test_a_stamp_on_a_born_digital_page_is_found_in_its_picture() -> None:
    own = (line("Kính gửi: Sở Nội vụ", 300, 900),)
    scan = pressed("TỐI MẬT", 4.0)
    page, findings = read_page(PageScan(1, scan.pixels, 200.0, own, (), (), None), fused(), None)
    assert [(one.code, one.detail) for one in findings] == [("SECRET_MARK", "TỐI MẬT")]
    assert page.lines == ()


def test_a_mark_in_the_text_of_a_born_digital_page_is_found() -> None:
    own = (line("Số: 15/QĐ-UBND", 200, 300), line("MẬT", 220, 380))
    _, findings = read_page(PageScan(1, paper(), 200.0, own, (), (), None), KnowingPages([]), None)
    assert [one.code for one in findings] == ["SECRET_MARK"]


def test_what_a_person_has_cleared_is_read_and_told() -> None:
    sheet = stamped(empty_sheet(), (300, 700, "Điều 1. Thành lập Tổ kiểm tra"), ink=BLACK)
    sheet = stamped(sheet, (300, 300, "MẬT"))
    page, findings = read_page(scan_of(sheet), fused(), None, cleared=True)
    assert "Điều 1. Thành lập Tổ kiểm tra" in page.text
    assert ("CLEARED_MARK", "MẬT") in [(one.code, one.detail) for one in findings]


def test_it_is_found_with_the_plain_fallback_too() -> None:
    _, findings = read_page(pressed("TUYỆT MẬT", 5.0), page_reader("tesseract"), None)
    assert [one.code for one in findings] == ["SECRET_MARK"]
