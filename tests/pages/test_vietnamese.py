"""Which texts are taken for Vietnamese."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.pages.vietnamese import reads_like_vietnamese, shares
from pipeline.syllables import is_syllable
from tests import printed_page

VNI = "UÛY BAN NHAÂN DAÂN COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM Ñoäc laäp Töï do Haïnh phuùc Caên cöù Luaät Toå chöùc"
ENGLISH = "The committee counted every box in the store and wrote the number down before it was moved to the second floor"
MISSING_LETTERS = "K O C T S P T Đ N B L M G H V X Q R D"


@pytest.mark.parametrize(
    "word",
    [
        "quyết",
        "Quyết",
        "NGHIÊNG",
        "giếng",
        "khuỷu",
        "nghiệp",
        "ỦY",
        "uỷ",
        "hoà",
        "hòa",
        "yêu",
        "nguyễn",
        "thuở",
        "xoong",
        "gì",
        "đ".upper() + "ường",
    ],
)
def test_these_are_built_like_syllables(word: str) -> None:
    assert is_syllable(word)
    assert is_syllable(unicodedata.normalize("NFD", word))


@pytest.mark.parametrize("word", ["DlJC", "vA", "hoµ", "COÄNG", "school", "quyềt", "tấc̣", "ngng", "str", "aeiou", "quYết"])
def test_these_are_not(word: str) -> None:
    assert not is_syllable(word)


def test_a_page_of_an_office_reads_like_vietnamese() -> None:
    assert reads_like_vietnamese("\n".join(printed_page.TEXT))


@pytest.mark.parametrize(
    "text",
    ["\n".join(printed_page.GARBAGE), "\n".join(printed_page.OLD_ENCODING), VNI, ENGLISH, MISSING_LETTERS, "", "12 345 6.7"],
)
def test_these_layers_are_not_believed(text: str) -> None:
    assert not reads_like_vietnamese(text)


def test_a_few_words_prove_nothing() -> None:
    assert shares("Độc lập - Tự do - Hạnh phúc") == (0.0, 0.0)


@given(st.text())
def test_shares_are_shares_of_any_text(text: str) -> None:
    syllables, marked = shares(text)
    assert 0 <= marked <= syllables <= 1
