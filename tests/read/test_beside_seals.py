"""A name or position under a seal is read a second time with the seal wiped out."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pipeline.layout.furniture import Seal
from pipeline.model import Line
from pipeline.pixels import Pixels, as_pixels
from pipeline.read import read_page
from pipeline.read.beside_seals import read_beside_seals
from tests.drawn import line
from tests.read.doubles import KnowingPages
from tests.read.sheets import BLACK, empty_sheet, fused, scan_of, stamped, texts_of

PRINT = np.full((2339, 1654), 255, np.uint8)
SEAL = Seal(1000, 1680, 138, 1.0)
CORNER = (641, 1445)
"""Left top corner of what is cut out around SEAL."""
TO = line("Nơi nhận:", 200, 1500)


def near(text: str, left: int, top: int, confidence: float = 0.95) -> Line:
    """A line as the second reading gives it: counted from the corner of the cut-out."""
    return line(text, left - CORNER[0], top - CORNER[1], confidence=confidence)


def after(first: list[Line], *second: Line) -> list[str]:
    return sorted(found.text for found in read_beside_seals(PRINT, [SEAL], KnowingPages(second), [TO, *first]) if found is not TO)


def asked(*first: Line, seals: tuple[Seal, ...] = (SEAL,)) -> int:
    reader = KnowingPages(())
    read_beside_seals(PRINT, seals, reader, first)
    return len(reader.shown)


# ---- on a page made for it, with the reader that is shipped ------------------------------------------------------------------


def under_black_seal(name: str, x: int) -> Pixels:
    texts = [(200, 300, "Các đơn vị báo cáo kết quả trước ngày cuối cùng của tháng này."), (200, 1500, "Nơi nhận:")]
    sheet = stamped(empty_sheet(), *texts, (200, 1560, "- Như trên;"), (1080, 1500, "GIÁM ĐỐC"), (1060, 1800, name), ink=BLACK)
    drawn = sheet.copy()
    for radius, thickness in ((138, 6), (129, 3), (93, 3)):
        cv2.circle(drawn, (x, 1680), radius, BLACK, thickness)
    return as_pixels(drawn)


@pytest.mark.parametrize(("name", "x"), [("Lê Văn Mẫu", 970), ("Trần Văn Mẫu", 1000), ("Phạm Thị Mẫu", 1020)])
def test_a_name_that_begins_under_a_black_seal_is_read_whole(name: str, x: int) -> None:
    page, _ = read_page(scan_of(under_black_seal(name, x)), fused(), None)
    assert {"GIÁM ĐỐC", name} <= set(texts_of(page))


# ---- the rules, with a reader that says what it is told to -------------------------------------------------------------------


def test_the_whole_name_takes_the_place_of_what_was_left_of_it() -> None:
    assert after([line("ê Hoàng Mai", 1080, 1800)], near("Lê Hoàng Mai", 1060, 1800)) == ["Lê Hoàng Mai"]
    assert after([line("NH THANH TRA", 1060, 1500)], near("CHÁNH THANH TRA", 1010, 1500, 0.7)) == ["CHÁNH THANH TRA"]
    assert after([line("Trung Tín", 1080, 1800)], near("Lê Trung Tín", 1030, 1800)) == ["Lê Trung Tín"]


def test_a_name_that_was_not_found_at_all_is_added_where_it_stands() -> None:
    found = read_beside_seals(PRINT, [SEAL], KnowingPages([near("Hà Văn Lộc", 1060, 1810)]), [TO])
    assert [(one.text, one.box.left, one.box.top) for one in found[1:]] == [("Hà Văn Lộc", 1060, 1810)]
    assert found[1].words[0].box.left == 1060


@pytest.mark.parametrize(
    "second",
    [
        near("Lê Hoàng Mái", 1060, 1800, 0.5), near("le hoang", 1060, 1800), near("TRƯỜNG ĐẠI HỌC", 1060, 1640),
        near("m4 GIÁM ĐỐC", 1060, 1500), near("Hoá Văn Bình", 1060, 1800), near("Lê Thi", CORNER[0] + 4, 1600),
    ],
)  # fmt: skip
def test_what_is_no_whole_name_and_no_known_position_is_not_believed(second: Line) -> None:
    assert after([], second) == []


def test_a_position_that_begins_where_the_seal_was_may_have_lost_its_first_word() -> None:
    assert after([], near("GIÁM ĐỐC", 1100, 1600)) == []
    assert after([], near("GIÁM ĐỐC", 1180, 1500)) == ["GIÁM ĐỐC"]


def test_what_was_read_well_the_first_time_stays() -> None:
    assert after([line("Lê Hoàng Mai", 1060, 1800)], near("Lê Hoàng Mải", 1060, 1800)) == ["Lê Hoàng Mai"]
    assert after([line("GIÁM ĐỐC", 1100, 1500)], near("KT. GIÁM ĐỐC", 1050, 1500, 0.6)) == ["KT. GIÁM ĐỐC"]


def test_each_seal_is_looked_at_with_and_without_its_middle_and_the_page_itself_is_left_alone() -> None:
    picture = PRINT.copy()
    cv2.circle(picture, (1000, 1680), 136, 0, 8)
    cv2.putText(picture, "SO", (960, 1690), cv2.FONT_HERSHEY_SIMPLEX, 1.5, 0, 4)
    kept, reader = picture.copy(), KnowingPages(())
    read_beside_seals(picture, [SEAL], reader, [TO])
    ring_gone, all_gone = ((shown < 128).sum() for shown in reader.shown)
    assert all_gone == 0 < ring_gone < (kept < 128).sum()
    assert np.array_equal(picture, kept)


def test_nobody_is_asked_where_name_and_position_were_read_or_nothing_was_signed() -> None:
    assert asked(line("GIÁM ĐỐC", 1100, 1500), line("Lê Hoàng Mai", 1060, 1800)) == 0
    assert asked(line("Lịch kiểm tra năm nay", 900, 1600)) == 0
    assert asked(TO, seals=()) == 0
    assert asked(TO, line("GIÁM ĐỐC", 1100, 1500)) == 2
