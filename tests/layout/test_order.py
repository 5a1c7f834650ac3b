"""Pages are read as a person reads them."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.layout.order import in_reading_order
from pipeline.layout.tables import Ruling
from pipeline.model import BoundingBox, Line, Zone
from tests.drawn import A4, line

NO_RULES = Ruling((), (), (), np.zeros((1, 1), np.uint8))

LEFT = [line("UBND TỈNH BẮC NINH", 250, 200), line("SỞ NỘI VỤ", 330, 245), line("Số: 15/SNV-VP", 300, 310)]
RIGHT = [
    line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 800, 198), line("Độc lập - Tự do - Hạnh phúc", 900, 243),
    line("Bắc Ninh, ngày 05 tháng 9 năm 2024", 820, 308),
]  # fmt: skip


def texts(lines: Sequence[Line], ruling: Ruling = NO_RULES) -> list[str]:
    return [found.text for found in in_reading_order(lines, ruling, *A4)]


def test_the_left_header_column_is_read_before_the_right_one() -> None:
    body = [line("QUYẾT ĐỊNH", 700, 420), line("Về việc thành lập tổ công tác", 560, 465)]
    mixed = [body[1], RIGHT[2], LEFT[0], RIGHT[0], body[0], LEFT[2], RIGHT[1], LEFT[1]]
    assert texts(mixed) == [item.text for item in (*LEFT, *RIGHT, *body)]


def test_the_subject_of_a_letter_belongs_to_the_left_column_and_its_addressees_to_the_body() -> None:
    about = [line("V/v rà soát biên chế", 280, 355, size=28), line("năm 2025", 340, 392, size=28)]
    body = [line("Kính gửi: Các phòng chuyên môn", 520, 500)]
    ordered = in_reading_order([*body, *RIGHT, *about, *LEFT], NO_RULES, *A4)
    assert [found.text for found in ordered] == [item.text for item in (*LEFT, *about, *RIGHT, *body)]
    assert ordered[4].zone is Zone.HEADER_LEFT
    assert ordered[-1].zone is Zone.BODY


def test_recipients_come_before_the_signature_block_beside_them() -> None:
    recipients = [line("Nơi nhận:", 200, 1500), line("- Như trên;", 200, 1545), line("- Lưu: VT.", 200, 1590)]
    block = [line("KT. GIÁM ĐỐC", 1000, 1495), line("PHÓ GIÁM ĐỐC", 1000, 1540), line("Trần Văn Bình", 1010, 1760)]
    body = [line("Đề nghị các phòng thực hiện./.", 260, 1400)]
    ordered = in_reading_order([*block, *recipients, *body], NO_RULES, *A4)
    assert [found.text for found in ordered] == [item.text for item in (*body, *recipients, *block)]
    assert [found.zone for found in ordered[1:]] == [Zone.RECIPIENTS] * 3 + [Zone.SIGNATURE] * 3


def test_a_signature_block_that_begins_above_the_recipients_still_comes_after_them() -> None:
    recipients = [line("Nơi nhận:", 200, 1580), line("- Lưu: VT.", 200, 1625)]
    block = [line("TM. ỦY BAN NHÂN DÂN", 950, 1490), line("CHỦ TỊCH", 1040, 1535), line("Lê Thị Hoa", 1020, 1760)]
    body = [line("Quyết định này có hiệu lực từ ngày ký./.", 260, 1400)]
    assert texts([*block, *body, *recipients]) == [item.text for item in (*body, *recipients, *block)]


def test_two_signature_blocks_side_by_side_are_read_one_after_the_other() -> None:
    left = [line("THƯ KÝ", 300, 1500), line("Lê Thị Hoa", 280, 1700)]
    right = [line("CHỦ TỌA", 1050, 1500), line("Trần Văn Bình", 1020, 1700)]
    body = [line("Biên bản lập thành hai bản.", 260, 1400)]
    assert texts([right[0], left[1], left[0], right[1], body[0]]) == [item.text for item in (*body, *left, *right)]


def test_a_page_number_is_first_at_the_top_and_last_at_the_foot() -> None:
    body = [line("Điều 2. Tổ chức thực hiện", 260, 900)]
    assert texts([*body, line("2", 820, 60)]) == ["2", body[0].text]
    assert texts([line("- 3 -", 810, 2270), *body]) == [body[0].text, "- 3 -"]


def test_an_incoming_stamp_is_kept_out_of_the_sentences_beside_it() -> None:
    stamp = [line("ĐẾN", 260, 520), line("Số: 41", 380, 500), line("Ngày: 6/9", 380, 545), line("Chuyển:", 260, 590)]
    frame = BoundingBox(240, 480, 640, 640)
    body = [line("THÔNG BÁO", 760, 500), line("Về việc nghỉ lễ", 740, 545)]
    ruling = Ruling((), (frame,), (), np.zeros((1, 1), np.uint8))
    ordered = in_reading_order([*body, *stamp, *LEFT, *RIGHT], ruling, *A4)
    zones = [found.zone for found in ordered]
    assert zones == [Zone.HEADER_LEFT] * 3 + [Zone.HEADER_RIGHT] * 3 + [Zone.STAMP] * 4 + [Zone.BODY] * 2


def test_a_borderless_list_is_read_row_by_row() -> None:
    rows = [
        line("1. Ông Trần Văn Bình", 200, 700), line("Trưởng phòng", 700, 702), line("Tổ trưởng", 1100, 699),
        line("2. Bà Lê Thị Hoa", 200, 760), line("Chuyên viên", 700, 759), line("Thành viên", 1100, 762),
    ]  # fmt: skip
    ordered = in_reading_order(rows[::-1], NO_RULES, *A4)
    assert [found.text for found in ordered] == [item.text for item in rows]
    assert [found.same_row for found in ordered] == [False, True, True] * 2


@given(st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 2280), st.sampled_from(["Nơi nhận:", "GIÁM ĐỐC", "Số: 1/QĐ-UBND", "3", "ĐẾN", "Căn cứ Luật", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Lê Thị Hoa"])), max_size=25))  # fmt: skip
def test_no_line_is_lost_or_read_twice(spots: list[tuple[int, int, str]]) -> None:
    lines = [line(text, left, top, pitch=9) for left, top, text in spots]
    ordered = in_reading_order(lines, NO_RULES, *A4)
    assert sorted((found.box.left, found.box.top, found.text) for found in ordered) == sorted(
        (item.box.left, item.box.top, item.text) for item in lines
    )
