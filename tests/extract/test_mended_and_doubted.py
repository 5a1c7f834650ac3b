"""What reading did to well-known words is mended; what cannot be right is not passed off as read."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.extract.organs import spelled
from pipeline.model import Field, FieldState, Line, Zone
from pipeline.validate import validate
from tests.drawn import line, page
from tests.extract.test_fields import BODY, FOOT, HEAD, PLACES, TITLE, TYPES, fields_of, with_line


def signed(name: str) -> Field:
    _, fields = fields_of(page([*HEAD, *TITLE, *BODY, *FOOT[:-1], line(name, 1010, 1760, zone=Zone.SIGNATURE)]))
    return fields["signerName"]


@pytest.mark.parametrize(
    ("read", "known"),
    [
        ("UBND TÌNH BẮC NINH", "UBND TỈNH BẮC NINH"),
        ("UY BAN NHÂN DẪN TỈNH BÁC NINH", "ỦY BAN NHÂN DÂN TỈNH BẮC NINH"),
        ("UỶ BAN NHÂN DÂN XÃ HỢP THẠCH", "UỶ BAN NHÂN DÂN XÃ HỢP THẠCH"),
        ("SỞ THÔNG TIN VÀ TRUYÊN THÔNG", "SỞ THÔNG TIN VÀ TRUYỀN THÔNG"),
        ("CÔNG TY CỔ PHẦN MÍA ĐƯỜNG LAM SƠN", "CÔNG TY CỔ PHẦN MÍA ĐƯỜNG LAM SƠN"),
        ("BỘ Y TẾ", "BỘ Y TẾ"),
    ],
)
def test_words_that_names_of_organs_share_get_their_marks_back_and_the_rest_stays(read: str, known: str) -> None:
    assert spelled(read, PLACES) == known


def test_the_issuer_keeps_how_it_was_read() -> None:
    head = with_line(HEAD, "UBND TỈNH BẮC NINH", line("UBND TÌNH BẮC NINH", 250, 200, zone=Zone.HEADER_LEFT))
    _, fields = fields_of(page([*head, *TITLE, *BODY, *FOOT]))
    assert fields["organName"].value == "UBND TỈNH BẮC NINH - SỞ NỘI VỤ"
    assert "TÌNH" in (fields["organName"].value_as_written or "")


def test_an_issuer_mixed_up_with_a_number_is_for_a_person_to_read() -> None:
    head = with_line(HEAD, "SỞ NỘI VỤ", line("BỘ T-BYT /2017/1", 330, 245, zone=Zone.HEADER_LEFT))
    _, fields = fields_of(page([*head, *TITLE, *BODY, *FOOT]))
    assert fields["organName"].state is FieldState.UNREADABLE
    assert fields["organName"].value is None
    assert "FIELD_UNREADABLE" in codes_of(head)


@pytest.mark.parametrize("name", ["Văn Phúc", "Thị Kim", "Ngọc Lan"])
def test_a_name_whose_family_name_is_hidden_is_for_a_person_to_read(name: str) -> None:
    field = signed(name)
    assert (field.value, field.state, field.value_as_written) == (None, FieldState.UNREADABLE, name)


@pytest.mark.parametrize("name", ["Lê Phúc", "Hà Văn Phúc", "Vừ Mí Sính", "Lò Thị Bình"])
def test_a_name_with_its_family_name_is_read(name: str) -> None:
    assert signed(name).value == name


def test_a_degree_that_lost_its_first_letter_is_no_part_of_the_name() -> None:
    assert signed("S. Lê Anh Đức").value == "Lê Anh Đức"


def test_the_summary_ends_where_an_indented_text_begins_right_below() -> None:
    title = [line("KẾ HOẠCH", 742, 420), line("Thực hiện công tác tài chính năm 2018", 560, 460)]
    text = [line("Tiếp theo Quyết định của Thủ tướng Chính phủ, Ủy ban nhân dân hướng dẫn", 330, 500)]
    _, fields = fields_of(page([*HEAD, *title, *text, *FOOT]))
    assert fields["subject"].value == "Thực hiện công tác tài chính năm 2018"


def centred(text: str, top: int) -> Line:
    return line(text, 827 - 17 * len(text) // 2, top)


@pytest.mark.parametrize(
    "second",
    [
        "Chương trình mục tiêu quốc gia năm 2018",
        "theo Quyết định số 15/QĐ-UBND",
        "Khoa học và công nghệ năm 2018",
        "xét tặng giải thưởng",
    ],
)
def test_a_summary_goes_on_in_lines_that_begin_like_a_part_or_a_basis_of_the_text(second: str) -> None:
    title = [line("KẾ HOẠCH", 742, 420), centred("Thực hiện công tác tài chính và", 460), centred(second, 500)]
    _, fields = fields_of(page([*HEAD, *title, *FOOT]))
    assert fields["subject"].value == f"Thực hiện công tác tài chính và {second}"


@pytest.mark.parametrize(
    "begins", ["Chương I", "Phần thứ nhất", "Mục 1", "KHÓA XVII KỲ HỌP THỨ 3", "Căn cứ Luật Lưu trữ", "(kèm theo)"]
)
def test_and_ends_where_the_text_begins(begins: str) -> None:
    title = [line("KẾ HOẠCH", 742, 420), centred("Thực hiện công tác tài chính", 460), centred(begins, 500)]
    _, fields = fields_of(page([*HEAD, *title, *FOOT]))
    assert fields["subject"].value == "Thực hiện công tác tài chính"


@pytest.mark.parametrize(
    "attached", ["(Đính kèm Thông báo số 15/TB-SNV)", "tỉnh kèm Thông báo số /72 /TB-SNV", "(Kèm theo Kế hoạch số 3)"]
)
def test_an_appendix_says_to_what_it_is_attached_whatever_a_seal_left_of_its_first_word(attached: str) -> None:
    lines = [line("LỊCH TỔ CHỨC NGHIỆM THU", 620, 140), line("ĐỀ TÀI CẤP CƠ SỞ", 680, 185), line(attached, 500, 240)]
    _, fields = fields_of(page([*lines, *BODY[4:]]))
    assert fields["subject"].value == "LỊCH TỔ CHỨC NGHIỆM THU ĐỀ TÀI CẤP CƠ SỞ"


def codes_of(head: list[Line]) -> list[str]:
    pages = [page([*head, *TITLE, *BODY, *FOOT])]
    kind, fields = fields_of(*pages)
    return [finding.code for finding in validate(fields, kind, pages, TYPES, date(2026, 1, 1))]


def test_a_dated_document_without_a_number_is_for_a_person_to_look_at() -> None:
    assert "NUMBER_NOT_FOUND" in codes_of([placed for placed in HEAD if not placed.text.startswith("Số")])
    assert "NUMBER_NOT_FOUND" not in codes_of(HEAD)


def test_a_commune_called_nearly_as_a_province_keeps_its_name_when_it_was_read_well() -> None:
    assert PLACES.mend("Đông Ngãi", well_read=True) == "Đông Ngãi"
    assert PLACES.mend("Bac Ninh", well_read=True) == "Bắc Ninh"
    head = with_line(HEAD, HEAD[-1].text, line("Bắc Nính, ngày 05 tháng 9 năm 2024", 820, 308, zone=Zone.HEADER_RIGHT))
    assert fields_of(page([*head, *TITLE]))[1]["place"].value == "Bắc Ninh"


def test_a_mark_of_urgency_beside_the_title_does_not_end_the_summary() -> None:
    title = [line("KẾ HOẠCH", 742, 420), line("KHẨN", 200, 440), centred("Thực hiện công tác tài chính", 460)]
    _, fields = fields_of(page([*HEAD, *title, *FOOT]))
    assert (fields["subject"].value, fields["urgency"].value) == ("Thực hiện công tác tài chính", "KHẨN")
