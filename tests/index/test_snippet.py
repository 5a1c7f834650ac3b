"""The stretch of a page that shows a hit best."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.index import IndexedPage, IndexedWord
from pipeline.model import BoundingBox
from pipeline.packed_page import pack, unpack
from pipeline.snippet import LONGEST_CHARACTERS, best_stretch, cut_out
from pipeline.terms import terms_of
from tests.index.entries import page


def shown(text: str, typed: str) -> tuple[str, list[str]]:
    stretch = best_stretch(text, terms_of(typed))
    assert stretch is not None
    snippet = cut_out(1, text, stretch, ())
    return snippet.text, [snippet.text[start:end] for start, end in snippet.marks]


@pytest.mark.parametrize(
    ("text", "typed", "marks"),
    [
        ("Quyết định giao đất cho xã", "giao dat", ["giao đất"]),
        ("giao cho xã; đất", "đất giao", ["giao", "đất"]),
        ("Số: 15/QĐ-UBND", "15/qd-ubnd", ["15/QĐ-UBND"]),
        ("ỦY BAN NHÂN DÂN", "uỷ ban", ["ỦY BAN"]),
        ("giao\nđất", "giao đất", ["giao", "đất"]),
        ("giao … đất", "giao đất", ["giao … đất"]),
        ("giao ………… đất", "giao đất", ["giao", "đất"]),
        ("đất, đất; đất", "đất", ["đất, đất; đất"]),
        ("kì họp", "kỳ họp", ["kì họp"]),
        ("ngày 15 tháng 03 năm 2024", "15/3/2024", ["15 tháng 03 năm 2024"]),
    ],
)
def test_what_was_found_is_marked_as_it_is_printed(text: str, typed: str, marks: list[str]) -> None:
    assert shown(text, typed)[1] == marks


def test_a_page_without_the_words_shows_nothing() -> None:
    assert best_stretch("không có gì", terms_of("đất")) is None
    assert best_stretch("", terms_of("đất")) is None


def test_the_stretch_with_most_of_the_words_is_shown() -> None:
    filling = " ".join(f"chữ{number}" for number in range(60))
    text, marks = shown(f"đất {filling} giao đất {filling} giao", "giao đất")
    assert marks == ["giao đất"]
    assert text.startswith("… chữ")
    assert text.endswith(" …")


def test_the_stretch_with_the_typed_marks_is_shown() -> None:
    filling = " ".join(f"chữ{number}" for number in range(60))
    assert shown(f"hạ {filling} hà {filling} ha", "hà")[1] == ["hà"]


def test_one_endless_word_does_not_fill_the_screen() -> None:
    text, marks = shown(f"{'x' * 9000} đất {'y' * 9000}", "đất")
    assert marks == ["đất"]
    assert len(text) < LONGEST_CHARACTERS + 10


words = st.sampled_from([*"giao đất Hà hạ 15/QĐ-UBND cho xã, quyết định …… - \n".split(" "), "x" * 90])
texts = st.lists(words, max_size=120).map(" ".join)


@given(text=texts, typed=texts.map(lambda text: " ".join(text.split()[:6])))
def test_marks_are_in_order_apart_and_within_what_is_shown(text: str, typed: str) -> None:
    stretch = best_stretch(text, terms_of(typed))
    if stretch is None:
        return
    snippet = cut_out(7, text, stretch, ())
    assert snippet.marks
    ends = [0, *(at for mark in snippet.marks for at in mark), len(snippet.text)]
    assert ends == sorted(ends)
    assert all(snippet.text[start:end].strip() for start, end in snippet.marks)
    assert snippet.text.strip("… ") in text.replace("\n", " ")
    assert [snippet.text[start:end] for start, end in snippet.marks] == [text[start:end] for start, end in stretch.marks]


@given(text=texts)
def test_a_packed_page_knows_where_each_word_stands(text: str) -> None:
    original = page(3, text)
    packed = unpack(pack(original, "exact words"))
    assert (packed.page_no, packed.text) == (3, text)
    for word in original.words:
        assert packed.boxes_around([(word.start, word.end), (word.start, word.start + 1)]) == [word.box, word.box]
    assert packed.boxes_around([(len(text) + 1, len(text) + 2)]) == [None]


def test_a_page_of_a_plan_many_metres_wide_is_packed_too() -> None:
    wide = BoundingBox(10, 10, 200_000, 120_000)
    packed = unpack(pack(IndexedPage(1, 210_000, 130_000, "đê", (IndexedWord(0, 2, wide),))))
    assert packed.boxes_around([(0, 2)]) == [wide]


def test_the_box_of_several_words_is_around_them() -> None:
    packed = unpack(pack(page(1, "giao đất cho"), ""))
    assert packed.boxes_around([(0, 8)]) == [BoundingBox(0, 0, 80, 30)]
