"""The fields of whole documents, from lines with their zones."""

from datetime import date

import pytest

from config.profiles import document_types, gazetteer
from pipeline.classify import classify
from pipeline.extract import extract
from pipeline.model import DocumentType, Fields, FieldState, Line, Page, Zone
from pipeline.validate import validate
from tests.drawn import line, page

TYPES = document_types()
PLACES = gazetteer()

HEAD = [
    line("UBND TỈNH BẮC NINH", 250, 200, zone=Zone.HEADER_LEFT),
    line("SỞ NỘI VỤ", 330, 245, zone=Zone.HEADER_LEFT),
    line("Số: 15/QĐ-SNV", 300, 310, zone=Zone.HEADER_LEFT),
    line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 800, 198, zone=Zone.HEADER_RIGHT),
    line("Độc lập - Tự do - Hạnh phúc", 900, 243, zone=Zone.HEADER_RIGHT),
    line("Bắc Ninh, ngày 05 tháng 9 năm 2024", 820, 308, zone=Zone.HEADER_RIGHT),
]
TITLE = [line("QUYẾT ĐỊNH", 742, 420), line("Về việc thành lập Tổ rà soát biên chế", 520, 460), line("năm 2024", 770, 500)]
BODY = [
    line("GIÁM ĐỐC SỞ NỘI VỤ", 660, 580),
    line("Căn cứ Luật Cán bộ, công chức;", 300, 660),
    line("Căn cứ Quyết định số 3/QĐ-UBND quy định chức năng", 300, 710),
    line("của Sở Nội vụ;", 200, 755),
    line("Điều 1. Thành lập Tổ rà soát.", 300, 860),
]
FOOT = [
    line("Nơi nhận:", 200, 1500, zone=Zone.RECIPIENTS),
    line("- Như Điều 3;", 200, 1545, zone=Zone.RECIPIENTS),
    line("- UBND các xã, phường", 200, 1590, zone=Zone.RECIPIENTS),
    line("trên địa bàn tỉnh;", 215, 1635, zone=Zone.RECIPIENTS),
    line("- Lưu: VT.", 200, 1680, zone=Zone.RECIPIENTS),
    line("KT. GIÁM ĐỐC", 1000, 1495, zone=Zone.SIGNATURE),
    line("PHÓ GIÁM ĐỐC", 1000, 1540, zone=Zone.SIGNATURE),
    line("ThS. Trần Văn Bình", 1010, 1760, zone=Zone.SIGNATURE),
]


def fields_of(*pages: Page) -> tuple[DocumentType | None, Fields]:
    kind = classify(pages, TYPES)
    return kind, extract(pages, TYPES, PLACES)


def with_line(lines: list[Line], old: str, new: Line) -> list[Line]:
    return [new if item.text == old else item for item in lines]


def test_a_decision_gives_all_its_fields() -> None:
    kind, fields = fields_of(page([*HEAD, *TITLE, *BODY, *FOOT]))
    assert kind is not None
    assert kind.code == "QD"
    assert {name: fields[name].value for name in fields.scalars} == {
        "organName": "UBND TỈNH BẮC NINH - SỞ NỘI VỤ",
        "codeNumber": "15",
        "codeNotation": "QĐ-SNV",
        "place": "Bắc Ninh",
        "issuedDate": "2024-09-05",
        "typeName": "QUYẾT ĐỊNH",
        "subject": "thành lập Tổ rà soát biên chế năm 2024",
        "signerName": "Trần Văn Bình",
        "signerPosition": "KT. GIÁM ĐỐC - PHÓ GIÁM ĐỐC",
        "urgency": None,
        "secrecy": None,
        "pageAmount": "1",
        "language": "vi",
    }
    assert [item.value for item in fields.lists["recipients"]] == [
        "Như Điều 3",
        "UBND các xã, phường trên địa bàn tỉnh",
        "Lưu: VT",
    ]
    assert [item.value for item in fields.lists["legalBases"]] == [
        "Căn cứ Luật Cán bộ, công chức", "Căn cứ Quyết định số 3/QĐ-UBND quy định chức năng của Sở Nội vụ",
    ]  # fmt: skip
    assert validate(fields, kind, [page([*HEAD])], TYPES, date(2026, 1, 1)) == []


def test_each_field_knows_where_it_stands() -> None:
    _, fields = fields_of(page([*HEAD, *TITLE, *BODY, *FOOT]))
    number = fields["codeNumber"]
    assert number.page_no == 1
    assert number.box is not None
    assert HEAD[2].box.overlap(number.box) == number.box.area
    assert fields["signerName"].box == FOOT[-1].words[1].box.union(FOOT[-1].words[3].box)


def test_header_and_signature_may_stand_on_different_pages() -> None:
    _, fields = fields_of(page([*HEAD, *TITLE, *BODY]), page([line("Điều 2. Thi hành.", 300, 200), *FOOT], 2))
    assert fields["organName"].page_no == 1
    assert (fields["signerName"].value, fields["signerName"].page_no) == ("Trần Văn Bình", 2)
    assert fields["pageAmount"].value == "2"


def test_a_letter_has_no_type_name_and_its_subject_stands_under_the_number() -> None:
    head = [*with_line(HEAD, "Số: 15/QĐ-SNV", line("Số: 15/SNV-VP", 300, 310, zone=Zone.HEADER_LEFT)),
            line("V/v rà soát biên chế", 280, 355, zone=Zone.HEADER_LEFT), line("năm 2025.", 340, 392, zone=Zone.HEADER_LEFT)]  # fmt: skip
    body = [line("Kính gửi:", 520, 500), line("- Các sở, ban, ngành;", 620, 545), line("- UBND các xã, phường.", 620, 590),
            line("Thực hiện Kế hoạch số 4/KH-UBND, Sở Nội vụ đề nghị:", 300, 680)]  # fmt: skip
    kind, fields = fields_of(page([*head, *body]))
    assert kind is not None
    assert kind.code == "CV"
    assert fields["typeName"].state is FieldState.ABSENT
    assert fields["subject"].value == "rà soát biên chế năm 2025"
    assert [item.value for item in fields.lists["addressees"]] == ["Các sở, ban, ngành", "UBND các xã, phường"]


def test_lines_of_one_organ_are_joined_by_a_space() -> None:
    lines = [
        line("ỦY BAN NHÂN DÂN", 280, 200, zone=Zone.HEADER_LEFT),
        line("TỈNH BẮC NINH", 300, 245, zone=Zone.HEADER_LEFT),
        *HEAD[2:],
    ]
    _, fields = fields_of(page([*lines, *TITLE]))
    assert fields["organName"].value == "ỦY BAN NHÂN DÂN TỈNH BẮC NINH"


def test_a_place_keeps_what_was_written_beside_the_known_name() -> None:
    lines = with_line(HEAD, HEAD[5].text, line("Băc Ninh, ngày 05 tháng 9 năm 2024", 820, 308, zone=Zone.HEADER_RIGHT))
    _, fields = fields_of(page([*lines, *TITLE]))
    assert (fields["place"].value, fields["place"].value_as_written) == ("Bắc Ninh", "Băc Ninh")


def test_a_number_hard_to_read_is_handwritten_and_not_guessed() -> None:
    lines = with_line(HEAD, "Số: 15/QĐ-SNV", line("Số: 1}/QĐ-SNV", 300, 310, zone=Zone.HEADER_LEFT, confidence=0.4))
    kind, fields = fields_of(page([*lines, *TITLE]))
    number = fields["codeNumber"]
    assert (number.value, number.state) == (None, FieldState.HANDWRITTEN)
    assert number.box is not None
    assert "FIELD_HANDWRITTEN" in [f.code for f in validate(fields, kind, [page(lines)], TYPES, date(2026, 1, 1))]


def test_two_signers_are_both_kept_in_reading_order() -> None:
    foot = [
        line("THƯ KÝ", 300, 1500, zone=Zone.SIGNATURE), line("Lê Thị Hoa", 280, 1700, zone=Zone.SIGNATURE),
        line("CHỦ TỌA", 1050, 1500, zone=Zone.SIGNATURE), line("Trần Văn Bình", 1020, 1700, zone=Zone.SIGNATURE),
    ]  # fmt: skip
    _, fields = fields_of(page([*HEAD, *TITLE, *foot]))
    assert [(s.name.value, s.position.value) for s in fields.signers] == [("Lê Thị Hoa", "THƯ KÝ"), ("Trần Văn Bình", "CHỦ TỌA")]
    assert fields["signerName"].value == "Lê Thị Hoa"


@pytest.mark.parametrize(("mark", "urgency"), [("HỎA TỐC", "HỎA TỐC"), ("KHẨN", "KHẨN"), ("MẬT", None)])
def test_marks_are_read_from_the_head(mark: str, urgency: str | None) -> None:
    """One of secrecy comes here only where a person has said that it is none."""
    _, fields = fields_of(page([*HEAD, line(mark, 330, 380, zone=Zone.HEADER_LEFT), *TITLE]))
    assert (fields["urgency"].value, fields["secrecy"].value) == (urgency, None)
    assert fields["organName"].value == "UBND TỈNH BẮC NINH - SỞ NỘI VỤ"


def test_a_page_from_the_middle_of_a_document_invents_nothing() -> None:
    lines = [
        line("QUYẾT ĐỊNH:", 700, 300),
        line("Căn cứ Quyết định số 3/QĐ-UBND ngày 02 tháng 3 năm 2020;", 300, 360),
        line("bí mật nhà nước", 200, 410),
    ]
    kind, fields = fields_of(page(lines))
    assert kind is None
    invented = [name for name in fields.scalars if fields[name].value is not None and name not in ("pageAmount", "language")]
    assert invented == []


def test_a_date_after_the_scan_and_a_notation_of_another_type_are_remarked() -> None:
    lines = with_line(HEAD, "Số: 15/QĐ-SNV", line("Số: 15/TB-SNV", 300, 310, zone=Zone.HEADER_LEFT))
    kind, fields = fields_of(page([*lines, *TITLE]))
    codes = [finding.code for finding in validate(fields, kind, [page(lines)], TYPES, date(2024, 9, 4))]
    assert codes == ["DATE_IN_FUTURE", "TYPE_MISMATCH"]


def test_every_type_is_known_by_its_printed_name_and_its_abbreviation() -> None:
    for profile in TYPES.profiles:
        for printed in profile.printed:
            found = TYPES.printed_in(printed)
            assert found is not None
            assert found[0].code == profile.code
        for abbreviation in profile.abbreviations:
            named = TYPES.abbreviated(f"{abbreviation}-UBND")
            assert named is not None
            assert named.code == profile.code


def test_the_decree_has_twenty_nine_types() -> None:
    assert len([profile for profile in TYPES.profiles if int(profile.archive_code) <= 29]) == 29


def test_a_prefix_added_by_hand_is_understood_from_the_deputy_below_it() -> None:
    foot = [
        line("T. GIÁM ĐỐC", 1000, 1495, zone=Zone.SIGNATURE),
        line("PHÓ GIÁM ĐÓC", 1000, 1540, zone=Zone.SIGNATURE),
        line("Trần Văn Bình", 1010, 1760, zone=Zone.SIGNATURE),
    ]
    _, fields = fields_of(page([*HEAD, *TITLE, *foot]))
    assert fields["signerPosition"].value == "KT. GIÁM ĐỐC - PHÓ GIÁM ĐỐC"
    assert fields["signerPosition"].value_as_written == "T. GIÁM ĐỐC - PHÓ GIÁM ĐÓC"


@pytest.mark.parametrize(("read", "expected"), [("HIỆU TRƯỞNG7", "HIỆU TRƯỞNG"), ("CHỦ TỊCH QUẬN 7", "CHỦ TỊCH QUẬN 7")])
def test_a_stroke_of_the_signature_upon_the_last_letter_is_no_part_of_the_position(read: str, expected: str) -> None:
    foot = [line(read, 1000, 1495, zone=Zone.SIGNATURE), line("Trần Văn Bình", 1010, 1760, zone=Zone.SIGNATURE)]
    _, fields = fields_of(page([*HEAD, *TITLE, *foot]))
    assert fields["signerPosition"].value == expected
