"""Signature blocks under seals, pens and rubber stamps: what is sure is read, what a pen changed is left to a person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.model import BoundingBox, Fields, FieldState, Page, Region, RegionKind, Zone
from tests.drawn import line, page
from tests.extract.test_fields import BODY, FOOT, HEAD, TITLE, fields_of

SEAL = Region(RegionKind.SEAL, BoundingBox(900, 1550, 1170, 1820), 1.0)
TO = FOOT[:5]


def signed_page(*rows: str, regions: tuple[Region, ...] = (), page_no: int = 1, confidence: float = 0.95) -> Page:
    """The end of a document: recipients on the left, these rows on the right, the last 220 pixels below the others."""
    tops = [1495 + 45 * at for at in range(len(rows))]
    tops[-1] = 1760
    block = [line(text, 1010, top, zone=Zone.SIGNATURE, confidence=confidence) for text, top in zip(rows, tops, strict=True)]
    return replace(page([*BODY[4:], *TO, *block], page_no), regions=regions)


def pen_before(row: int) -> Region:
    top = 1495 + 45 * row
    return Region(RegionKind.HANDWRITING, BoundingBox(940, top - 8, 1008, top + 34), None)


def block(*rows: str, regions: tuple[Region, ...] = ()) -> Fields:
    return fields_of(signed_page(*rows, regions=regions))[1]


# ---- a deputy in the head's place --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("head", ["T. GIÁM ĐỐC", "KT GIÁM ĐỐC", "KGIÁM ĐỐC", "KT. GIÁM ĐÓC"])
@pytest.mark.parametrize("deputy", ["PHÓ GIÁM ĐỐC", "Ó GIÁM ĐỐC", "BHÓ GIÁM ĐỐC", "GIÁM ĐỐC"])
def test_what_is_left_of_two_lines_says_that_a_deputy_signed_for_the_head(head: str, deputy: str) -> None:
    assert block(head, deputy, "Trần Văn Bình")["signerPosition"].value == "KT. GIÁM ĐỐC - PHÓ GIÁM ĐỐC"


def test_a_sign_found_before_the_title_counts_as_one_that_was_read() -> None:
    fields = block("HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG", "Trần Văn Bình", regions=(pen_before(0),))
    assert fields["signerPosition"].value == "KT. HIỆU TRƯỞNG - PHÓ HIỆU TRƯỞNG"
    assert fields["signerPosition"].value_as_written == "HIỆU TRƯỞNG - PHÓ HIỆU TRƯỞNG"


def test_without_any_sign_nothing_is_added_and_a_person_looks() -> None:
    field = block("GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Trần Văn Bình")["signerPosition"]
    assert (field.value, field.state) == (None, FieldState.HANDWRITTEN)


def test_a_sign_before_a_head_without_a_deputy_below_means_that_the_deputy_was_not_read() -> None:
    fields = block("GIÁM ĐỐC", "Trần Văn Bình", regions=(pen_before(0),))
    assert (fields["signerPosition"].value, fields["signerPosition"].state) == (None, FieldState.HANDWRITTEN)
    assert fields["signerName"].value == "Trần Văn Bình"


def test_handwriting_elsewhere_on_the_page_changes_nothing() -> None:
    far = Region(RegionKind.HANDWRITING, BoundingBox(400, 300, 460, 340), 0.9)
    assert block("GIÁM ĐỐC", "Trần Văn Bình", regions=(far,))["signerPosition"].value == "GIÁM ĐỐC"


@pytest.mark.parametrize(
    "rows",
    [
        ("TL. CHỦ TỊCH", "KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"), ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
        ("T/M BAN THƯỜNG VỤ", "PHÓ BÍ THƯ"), ("CHỦ TỊCH QUẬN 7",), ("TRƯỞNG BAN", "GIÁM ĐỐC SỞ NỘI VỤ"), ("KT. BỘ TRƯỞNG", "THỨ TRƯỞNG"),
        ("SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH", "GIÁM ĐỐC"), ("TRƯỜNG THCS XÃ MẪU", "HIỆU TRƯỞNG"),
    ],
)  # fmt: skip
def test_blocks_of_every_kind_are_read_as_they_stand(rows: tuple[str, ...]) -> None:
    assert block(*rows, "Trần Văn Bình")["signerPosition"].value == " - ".join(rows)


@pytest.mark.parametrize("ruins", ["Ổ GIÁM", "TÂY Đ", "H N"])
def test_letters_of_a_seal_are_no_position_and_the_name_below_is_read_all_the_same(ruins: str) -> None:
    fields = block(ruins, "Trần Văn Bình")
    assert (fields["signerPosition"].value, fields["signerPosition"].state) == (None, FieldState.UNREADABLE)
    assert fields["signerName"].value == "Trần Văn Bình"


# ---- names -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("left", ["ê Hoàng Mai", "2 Hoàng Mai", "rần Văn Bình", "Văn Phúc"])
def test_a_name_that_lost_its_beginning_is_told_as_unreadable(left: str) -> None:
    field = block("GIÁM ĐỐC", left)["signerName"]
    assert (field.value, field.state) == (None, FieldState.UNREADABLE)
    assert left in (field.value_as_written or "")


def test_a_family_name_gets_back_its_marks_where_it_was_hard_to_read_and_a_person_may_look() -> None:
    _, fields = fields_of(signed_page("GIÁM ĐỐC", "Nguyên Văn Bình", confidence=0.9), page([], 2))
    assert fields["signerName"].value == "Nguyên Văn Bình"
    _, fields = fields_of(signed_page("GIÁM ĐỐC", "Nguyện Văn Bình", confidence=0.9))
    assert (fields["signerName"].value, fields["signerName"].value_as_written) == ("Nguyễn Văn Bình", "Nguyện Văn Bình")
    assert (fields["signerName"].confidence or 1) <= 0.6


@pytest.mark.parametrize("name", ["Rơ Chăm Phương", "Nguyện Văn Bình", "Y Thông Niê"])
def test_a_name_that_was_read_well_is_never_changed(name: str) -> None:
    _, fields = fields_of(signed_page("GIÁM ĐỐC", name, confidence=0.99))
    assert fields["signerName"].value in (name, None)


def test_a_seal_with_nothing_legible_beside_the_recipients_says_that_somebody_signed() -> None:
    sealed = replace(page([*HEAD, *TITLE, *BODY, *TO]), regions=(SEAL,))
    _, fields = fields_of(sealed)
    assert {fields[name].state for name in ("signerName", "signerPosition")} == {FieldState.UNREADABLE}
    _, fields = fields_of(replace(sealed, regions=()))
    assert {fields[name].state for name in ("signerName", "signerPosition")} == {FieldState.ABSENT}


# ---- which page --------------------------------------------------------------------------------------------------------------

FORM = page(
    [line("TRƯỞNG ĐƠN VỊ", 1000, 1500, zone=Zone.SIGNATURE), line("(Ký ghi rõ họ tên)", 980, 1545, zone=Zone.SIGNATURE)], 2
)


def test_the_signer_stands_beside_the_recipients_and_not_on_a_form_behind_them() -> None:
    fields = fields_of(signed_page("GIÁM ĐỐC", "Trần Văn Bình"), FORM)[1]
    assert (fields["signerName"].value, fields["signerPosition"].value) == ("Trần Văn Bình", "GIÁM ĐỐC")


def test_a_second_document_in_the_file_has_signers_of_its_own() -> None:
    enclosed = signed_page("CHỦ TỊCH", "Lê Thị Mai", page_no=2)
    fields = fields_of(signed_page("GIÁM ĐỐC", "Trần Văn Bình"), enclosed)[1]
    assert [signer.name.value for signer in fields.signers] == ["Trần Văn Bình"]


def test_without_recipients_a_block_with_a_name_goes_before_one_without() -> None:
    rows = [line("CHỦ TỌA", 1000, 1500, zone=Zone.SIGNATURE), line("Trần Văn Bình", 1000, 1760, zone=Zone.SIGNATURE)]
    assert fields_of(page(rows), FORM)[1]["signerName"].value == "Trần Văn Bình"


# ---- several blocks ----------------------------------------------------------------------------------------------------------


def test_an_organ_over_two_lines_of_a_block_is_one() -> None:
    rows = ("ỦY BAN NHÂN DÂN", "PHƯỜNG MẪU", "CHỦ TỊCH", "Trần Văn Bình")
    assert block(*rows)["signerPosition"].value == "ỦY BAN NHÂN DÂN PHƯỜNG MẪU - CHỦ TỊCH"


def test_a_column_ends_where_the_next_begins_also_when_its_name_was_not_read() -> None:
    columns = [
        line("THƯ KÝ", 300, 1500, zone=Zone.SIGNATURE), line("Mal Thị Mẫu", 280, 1760, zone=Zone.SIGNATURE),
        line("CHỦ TỌA", 1100, 1505, zone=Zone.SIGNATURE), line("Lê Công Mẫu", 1080, 1762, zone=Zone.SIGNATURE),
    ]  # fmt: skip
    signers = fields_of(page(columns))[1].signers
    assert [(one.position.value, one.name.value) for one in signers] == [("THƯ KÝ", None), ("CHỦ TỌA", "Lê Công Mẫu")]


@pytest.mark.parametrize("read", ["KT. GIÁM ĐỐC", "TM. ỦY BAN NHÂN DÂN"])
def test_in_whose_place_or_name_somebody_signs_who_was_not_read_is_no_whole_position(read: str) -> None:
    field = block(read, "Trần Văn Bình")["signerPosition"]
    assert (field.value, field.state) == (None, FieldState.UNREADABLE)
