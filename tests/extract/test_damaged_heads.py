"""Heads as line finders and readers leave them: a number line in pieces, a date line with a letter lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.profiles import document_types, gazetteer
from pipeline.extract import extract
from pipeline.extract.dates import read_date_line
from pipeline.extract.number import read_bare_number_line, read_number_line, with_whole_numbers
from pipeline.layout.anchors import is_number_line
from pipeline.layout.scribbles import is_scribble
from pipeline.model import FieldState, Line, Zone
from tests.drawn import line, page

RIGHT = [
    line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 800, 198, zone=Zone.HEADER_RIGHT),
    line("Bắc Ninh, ngày 05 tháng 9 năm 2024", 820, 308, zone=Zone.HEADER_RIGHT),
]


def pieces(*texts: str) -> list[Line]:
    """What stands side by side in the left column."""
    found = [line(text, 300 + 150 * place, 310, zone=Zone.HEADER_LEFT) for place, text in enumerate(texts)]
    return [replace(one, same_row=place > 0) for place, one in enumerate(found)]


@pytest.mark.parametrize("cut", [("Số:", "/QĐ-UBND"), ("Số: 15", "/QĐ-UBND"), ("Số:", "15", "/QĐ-UBND"), ("Số:", "15/QĐ-UBND")])
def test_a_number_line_in_pieces_is_made_whole(cut: tuple[str, ...]) -> None:
    (whole,) = with_whole_numbers(pieces(*cut))
    assert whole.text == " ".join(cut)
    assert [word.box for word in whole.words] == [word.box for one in pieces(*cut) for word in one.words]
    assert (whole.box.left, whole.box.right) == (pieces(*cut)[0].box.left, pieces(*cut)[-1].box.right)


@pytest.mark.parametrize("row", [("SỞ NỘI VỤ", "PHÒNG MỘT CỬA"), ("Số: 15/QĐ-UBND", "KHẨN"), ("Số:",), ()])
def test_other_rows_stay_as_they_are(row: tuple[str, ...]) -> None:
    assert with_whole_numbers(pieces(*row)) == pieces(*row)


def test_pieces_on_different_rows_are_not_joined() -> None:
    apart = [*pieces("Số:"), *pieces("/QĐ-UBND")]
    assert with_whole_numbers(apart) == apart


def test_the_number_left_blank_is_told_as_blank_and_the_notation_is_read_across_the_gap() -> None:
    fields = extract([page([*pieces("Số:", "/QĐ-UBND"), *RIGHT])], document_types(), gazetteer())
    assert (fields["codeNumber"].value, fields["codeNumber"].state) == (None, FieldState.BLANK)
    assert fields["codeNotation"].value == "QĐ-UBND"


@pytest.mark.parametrize("letter", ["Đ", "Ð", "ĐÐ"])
def test_the_letter_of_a_decision_is_one_however_tesseract_writes_it(letter: str) -> None:
    found = read_number_line(f"Số: 15/Q{letter}-UBND")
    assert found is not None
    assert (found.number, found.notation) == ("15", "QĐ-UBND")


@pytest.mark.parametrize("year", ["năm", "nam", "nm", "nàn"])
def test_a_date_is_read_whatever_became_of_the_word_for_year(year: str) -> None:
    found = read_date_line(f"Bắc Ninh, ngày 05 tháng 9 {year} 2024")
    assert found is not None
    assert found.value == "2024-09-05"


@pytest.mark.parametrize("text", ["số:296/CTr-SYT", "S6:03/TB-UBND", "Số: O|/QĐ-UBND", "Số 57-NQ/TW", "Số: /2024/TT-BNV"])
def test_a_number_line_is_no_scribble_however_hard_it_is_to_read(text: str) -> None:
    assert is_number_line(text)
    assert not is_scribble(line(text, 300, 310, confidence=0.1), 34)


@pytest.mark.parametrize("text", ["s.s", "Sở Y tế - Hà Nội", "- Lưu: VT/KT-ab", "Số lượng: 35 hồ sơ", "/QĐ-UBND", "zs/x-"])
def test_other_lines_are_no_number_lines(text: str) -> None:
    assert not is_number_line(text)


# ---- a pen, a stamp, a hole ----------------------------------------------------------------------------------------------------


def head_fields(*left: Line) -> dict[str, tuple[str | None, FieldState]]:
    fields = extract([page([*left, *RIGHT])], document_types(), gazetteer())
    return {name: (fields[name].value, fields[name].state) for name in ("organName", "codeNumber", "codeNotation", "subject")}


def left(text: str, top: int, confidence: float = 0.95) -> Line:
    return line(text, 300, top, zone=Zone.HEADER_LEFT, confidence=confidence)


@pytest.mark.parametrize(
    ("rest", "notation"),
    [("/QĐ-UBND", "QĐ-UBND"), ("/2017/TT-BNV", "2017/TT-BNV"), ("48 /QĐ-UBND", "QĐ-UBND"), ("/2017/1", None)],
)
def test_a_number_line_of_which_a_pen_left_the_notation_says_that_a_number_was_written(rest: str, notation: str | None) -> None:
    found = head_fields(left("SỞ NỘI VỤ", 245), left(rest, 310))
    assert found["codeNumber"] == (None, FieldState.HANDWRITTEN)
    assert found["codeNotation"] == (notation, FieldState.PRESENT if notation else FieldState.UNREADABLE)
    assert found["organName"][0] == "SỞ NỘI VỤ"


def test_a_number_in_the_subject_is_not_the_letter_s_own() -> None:
    found = head_fields(left("SỞ NỘI VỤ", 245), left("V/v thực hiện Thông tư số", 310), left("20/2017/TT-BNV.", 355))
    assert found["codeNumber"] == (None, FieldState.ABSENT)
    assert found["subject"][0] == "thực hiện Thông tư số 20/2017/TT-BNV"


@pytest.mark.parametrize("text", ["SỞ NỘI VỤ", "12/5-A", "01/2025", "ỦY BAN NHÂN DÂN", "/TB", ""])
def test_other_lines_of_the_head_are_no_rest_of_a_number(text: str) -> None:
    assert read_bare_number_line(text) is None


def test_a_notation_alone_is_no_organ() -> None:
    assert head_fields(left("TT-BNV", 245), left("Số: 15/TT-BNV", 310))["organName"] == (None, FieldState.UNREADABLE)


def test_what_a_pen_left_above_the_number_is_no_part_of_the_organ() -> None:
    found = head_fields(left("Tham mưu", 150, 0.3), left("SỞ NỘI VỤ", 245), left("Số: 15/QĐ-SNV", 310))
    assert found["organName"] == ("SỞ NỘI VỤ", FieldState.PRESENT)


@pytest.mark.parametrize(
    ("cut", "whole"),
    [("RƯỜNG ĐẠI HỌC MẪU", "TRƯỜNG ĐẠI HỌC MẪU"), ("Y BAN NHÂN DÂN XÃ MẪU", "ỦY BAN NHÂN DÂN XÃ MẪU"), ("Ở NỘI VỤ", "SỞ NỘI VỤ")],
)
def test_an_organ_whose_first_letters_a_hole_took_is_known_by_the_rest(cut: str, whole: str) -> None:
    for _ in range(2):
        assert head_fields(left(cut, 245), left("Số: 15/QĐ-SNV", 310))["organName"][0] == whole


def test_the_stamp_of_the_office_that_received_a_letter_is_no_part_of_its_subject() -> None:
    found = head_fields(left("Số: 15/SNV-VP", 310), left("V/v rà soát biên chế", 355), left("C ) NỘI VỤ TỈNH MẪU", 410))
    assert found["subject"][0] == "rà soát biên chế"
