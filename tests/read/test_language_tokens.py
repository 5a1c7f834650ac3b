"""What the model counts, what it never touches, and capitals put back."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.read.tokens import TOKEN, bare, is_fixed, key, keys, letters, like


def test_a_line_is_syllables_numbers_and_signs() -> None:
    assert keys("Số: 15/QĐ–UBND, Chương IV, 120 m²") == [
        "số", ":", "<n>", "/", "qđ", "-", "ubnd", ",", "chương", "<r>", ",", "<n>", "m", "<n>",
    ]  # fmt: skip


@given(st.text())
def test_tokens_are_all_of_a_text_but_its_spaces(text: str) -> None:
    assert "".join(TOKEN.findall(text)) == "".join(char for char in text if not char.isspace())


@given(st.text(st.characters(codec="utf-8")))
def test_letters_stand_one_for_one(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    assert len(letters(text)) == len(text)


def test_words_that_differ_in_marks_only_have_the_same_letters() -> None:
    assert letters("Đường") == letters("dương") == "duong"
    assert bare("Ặ") == "a"


@pytest.mark.parametrize(
    "word",
    "15/QĐ-UBND 1572/QĐ-TTg, 29-NQ/TW (15/2017/TT-BYT), 48.640.000đ 5.2.1a HIV/AIDS a.b@mau.gov.vn; https://mau.gov.vn/a?b=1 www.mau.vn".split(),
)
def test_codes_and_addresses_are_fixed(word: str) -> None:
    assert is_fixed(word)


@pytest.mark.parametrize(
    "word", ["tháng/lũy", "ngày20/8", "Phòng,chống", "là:48.000đ", "HĐND", "UBND,", "kinh-tế", "15", "-", ""]
)
def test_words_are_not(word: str) -> None:
    assert not is_fixed(word)


def test_capitals_and_the_place_of_the_tone_are_as_the_page_has_them() -> None:
    assert like("QUYÊT", "quyết") == "QUYẾT"
    assert like("Hoa", "hoà") == "Hòa"
    assert like("hoá", "hoà") == "hoà"
    assert like("THUY", "thuỷ") == "THỦY"
    assert like("TTg", "ttg") == "TTg"


def test_one_key_for_both_tone_placements_dashes_and_quotes() -> None:
    assert key("Hòa") == key("HOÀ") == "hoà"
    assert key("–") == key("—") == "-"
    assert key("“") == key("”") == '"'
