"""Positions of signature blocks are known by their titles, whatever stands before and behind them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.layout.order import in_reading_order
from pipeline.layout.positions import DEPUTY, HEADS, KNOWN, is_position, position_in
from pipeline.layout.scribbles import is_scribble
from pipeline.model import Line, Zone, bounds
from tests.drawn import A4, line
from tests.read.doubles import NO_RULES


def text_of(read: str) -> str | None:
    found = position_in(read)
    return found.text if found else None


@pytest.mark.parametrize(
    "written",
    [
        "CHỦ TỊCH QUẬN 7", "GIÁM ĐỐC SỞ NỘI VỤ", "TRƯỞNG CÔNG AN HUYỆN", "KT. CHÁNH VĂN PHÒNG", "T/M BAN THƯỜNG VỤ", "K/T BÍ THƯ",
        "TM. UỶ BAN NHÂN DÂN", "PHÊ DUYỆT GIÁM ĐỐC SỞ NỘI VỤ", "QUYỀN CỤC TRƯỞNG", "CHỦ TỊCH HỘI ĐỒNG TRƯỜNG", "TUQ. CHỦ TỊCH",
        "PHÓ TỔNG GIÁM ĐỐC CÔNG TY", "Q. HIỆU TRƯỞNG",
    ],
)  # fmt: skip
def test_prefix_title_and_the_organ_or_place_behind_it_are_kept_as_written(written: str) -> None:
    assert is_position(written)
    assert text_of(written) == written


@pytest.mark.parametrize(
    ("read", "known"),
    [
        ("KT.GIÁM ĐÓC", "KT. GIÁM ĐỐC"), ("TL CHỦ TICH", "TL. CHỦ TỊCH"), ("HIỆU TRƯỞNG7", "HIỆU TRƯỞNG"),
        ("CIÁM ĐỐC", "GIÁM ĐỐC"), ("BHÓ GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), ("PHÓ HIỆU TRƯÔNG", "PHÓ HIỆU TRƯỞNG"),
    ],
)  # fmt: skip
def test_marks_and_single_letters_that_reading_lost_are_put_back(read: str, known: str) -> None:
    assert text_of(read) == known


@pytest.mark.parametrize(
    ("left", "known"),
    [("NH THANH TRA", "CHÁNH THANH TRA"), ("RƯỞNG BAN", "TRƯỞNG BAN"), ("IÁM ĐỐC", "GIÁM ĐỐC"), ("Ó GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")],
)
def test_a_title_whose_first_letters_a_seal_took_is_known_by_the_rest(left: str, known: str) -> None:
    found = position_in(left)
    assert found is not None
    assert (found.text, found.cut) == (known, True)


@pytest.mark.parametrize("read", ["T. GIÁM ĐỐC", "Ổ GIÁM ĐỐC", "KGIÁM ĐỐC", "m4 GIÁM ĐỐC"])
def test_a_sign_before_a_title_is_told_from_a_word(read: str) -> None:
    found = position_in(read)
    assert found is not None
    assert (found.text, found.marked) == ("GIÁM ĐỐC", True)


@pytest.mark.parametrize(
    "other",
    [
        "ỦY BAN NHÂN DÂN TỈNH BẮC NINH",
        "TRƯỜNG ĐẠI HỌC",
        "SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH",
        "KẾ HOẠCH",
        "DANH SÁCH",
        "Ổ GIÁM",
        "",
        "7",
    ],
)
def test_organs_and_titles_of_documents_are_no_positions(other: str) -> None:
    assert not is_position(other)


@given(st.sampled_from(sorted(KNOWN.values())), st.sampled_from(["", "KT. ", "TL. ", "Q. "]))
def test_every_known_title_is_read_as_it_is(title: str, prefix: str) -> None:
    assert text_of(prefix + title) == prefix + title


@given(st.text(max_size=40))
def test_any_text_at_all_does_no_harm(text: str) -> None:
    found = position_in(text)
    assert found is None or found.title in text.upper() or found.title


def test_every_head_has_a_deputy() -> None:
    found = [position_in(DEPUTY + head) for head in HEADS]
    assert all(one is not None and one.is_deputy for one in found)


def test_a_position_hard_to_read_under_a_pen_is_no_scribble_and_ruins_of_one_are() -> None:
    assert not is_scribble(line("KGIÁM ĐỐC", 900, 1500, confidence=0.38), 34)
    assert is_scribble(line("KGIAM ĐZC", 900, 1500, confidence=0.38), 34)
    assert is_scribble(line("KGIÁM ĐỐC", 900, 1500, confidence=0.05), 34)


def zone_of(lines: list[Line], text: str) -> Zone:
    return next(one.zone for one in in_reading_order(lines, NO_RULES, *A4) if one.text == text)


def test_who_decides_stands_in_the_middle_under_the_title_and_signs_on_the_right() -> None:
    body = [
        line(f"Điều {n}. Thực hiện việc sắp xếp hồ sơ của các phòng theo quy định chung.", 210, 700 + 60 * n) for n in range(8)
    ]
    lines = [
        line("QUYẾT ĐỊNH", 742, 420), line("GIÁM ĐỐC SỞ NỘI VỤ", 680, 580), *body,
        line("GIÁM ĐỐC", 1100, 1500), line("Trần Văn Bình", 1080, 1760),
    ]  # fmt: skip
    assert zone_of(lines, "GIÁM ĐỐC SỞ NỘI VỤ") is Zone.BODY
    assert zone_of(lines, "Trần Văn Bình") is Zone.SIGNATURE


def joined(*parts: Line) -> Line:
    """Lines of one row as a finder joins them; a reader gives the room between two words to the first."""
    words = [word for part in parts for word in part.words]
    stretched = [replace(word, box=replace(word.box, right=after.box.left)) for word, after in pairwise(words)]
    return replace(parts[0], words=(*stretched, words[-1]), box=bounds([word.box for word in words]))


@pytest.mark.parametrize("recipient", ["Nơi nhận:", "- Ủy ban nhân dân tỉnh Mẫu;"])
def test_a_recipient_and_a_position_found_as_one_line_are_parted(recipient: str) -> None:
    row = joined(line(recipient, 200, 1500), line("PHÓ GIÁM ĐỐC", 1050, 1500))
    head = [] if recipient.startswith("Nơi") else [line("Nơi nhận:", 200, 1455), line("KT. GIÁM ĐỐC", 1060, 1455)]
    lines = [*head, row, line("- Lưu: VT.", 200, 1545), line("Trần Văn Bình", 1060, 1760)]
    assert zone_of(lines, "PHÓ GIÁM ĐỐC") is Zone.SIGNATURE
    assert zone_of(lines, recipient) is Zone.RECIPIENTS


def test_a_recipient_who_holds_a_position_stays_one_line() -> None:
    row = line("- TM. ỦY BAN NHÂN DÂN", 200, 1545)
    lines = [line("Nơi nhận:", 200, 1500), row, line("GIÁM ĐỐC", 1050, 1500), line("Trần Văn Bình", 1040, 1760)]
    assert zone_of(lines, "- TM. ỦY BAN NHÂN DÂN") is Zone.RECIPIENTS
