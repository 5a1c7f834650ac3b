"""What was typed is taken apart as a clerk means it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.terms import Term, terms_of
from pipeline.text import clean


def first_runs(text: str) -> list[str]:
    return [" ".join(term.exact[0]) for term in terms_of(clean(text))]


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("quyết định giao đất", ["quyết", "định", "giao", "đất"]),
        ("QUYẾT  ĐỊNH", ["quyết", "định"]),
        ('"giao đất" cho xã', ["giao đất", "cho", "xã"]),
        ("“giao đất” cho", ["giao đất", "cho"]),
        ('"giao đất cho', ["giao đất cho"]),
        ('xã "giao đất', ["xã", "giao đất"]),
        ('đất "', ["đất"]),
        ('"" đất', ["đất"]),
        ("15/QĐ-UBND giao đất", ["15 qđ ubnd", "giao", "đất"]),
        ("Số: 15/QĐ-UBND", ["15 qđ ubnd"]),
        ("15/QĐ - UBND Lương Tài", ["15 qđ ubnd", "lương", "tài"]),
        ("15/QĐ - Lương Tài", ["15 qđ", "lương", "tài"]),
        ("QĐ-UBND 15", ["15 qđ ubnd"]),
        ("qd-ubnd số 15", ["15 qd ubnd"]),
        ("57-NQ/TW", ["57 nq tw"]),
        ("số 15 ngày 3", ["số 15", "ngày", "3"]),
        ("so 15, so 16", ["so 15", "so 16"]),
        ("sở 15", ["sở", "15"]),
        ("15/3/2024", ["15 3 2024"]),
        ("31/2/2024", ["31", "2", "2024"]),
        ("1.234.567 đồng", ["1", "234", "567", "đồng"]),
        ("và/hoặc", ["và", "hoặc"]),
        ("covid-19", ["covid", "19"]),
        ("a AND (b OR c*)", ["a", "and", "b", "or", "c"]),
        ("!!!", []),
    ],
)
def test_what_belongs_together_is_one_term(typed: str, terms: list[str]) -> None:
    assert first_runs(typed) == terms


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("15", ("15",)),
        ("05", ("5",)),
        ("15a", ("15a",)),
        ("số 2024", ("2024",)),
        ("2024", ()),
        ("12345678", ()),
        ("15/2024", ("15/2024",)),
        ("15/qd-ubnd", ("15/qd-ubnd",)),
        ("l5/QĐ-UBND", ("15/qd-ubnd",)),
        ("QĐ-UBND 15", ("15/qd-ubnd",)),
        ("05/2025/TT-BNV", ("5/2025/tt-bnv", "5/*/tt-bnv")),
        ("9/3/2024", ("=2024-03-09",)),
    ],
)
def test_a_number_is_looked_for_among_the_records_own_numbers(typed: str, keys: tuple[str, ...]) -> None:
    (term,) = terms_of(typed)
    assert term.numbers == keys


def test_a_date_is_found_in_figures_and_written_out() -> None:
    (term,) = terms_of("9/3/2024")
    runs = {" ".join(run) for run in term.folded}
    assert {"9 3 2024", "09 03 2024", "9 thang 3 nam 2024", "09 thang 3 nam 2024"} <= runs


def test_a_number_under_ten_is_found_with_and_without_its_zero() -> None:
    assert {run for term in terms_of("số 7") for run in term.folded} == {("so", "7"), ("so", "07")}
    assert {run for term in terms_of("07/UBND-VP") for run in term.folded} == {("07", "ubnd", "vp"), ("7", "ubnd", "vp")}


@pytest.mark.parametrize(
    ("typed", "has_marks"), [("hà", True), ("ha", False), ("đ", True), ("15/QĐ-UBND", False), ("thủy", True)]
)
def test_marks_count_where_they_were_typed(typed: str, has_marks: bool) -> None:
    assert [term.has_marks for term in terms_of(typed)] == [has_marks]


def well_formed(term: Term) -> bool:
    runs = (*term.exact, *term.folded)
    return bool(term.exact and term.folded) and all(word.isalnum() for run in runs for word in run) and all(runs)


@given(text=st.text(max_size=80) | st.text('0123456789/-.,"oOlISsốQĐđaAbB& ', max_size=60))
def test_terms_hold_words_of_letters_and_figures_and_nothing_else(text: str) -> None:
    assert all(well_formed(term) for term in terms_of(clean(text)))


@given(text=st.text('0123456789/-.,"oOlISsốQĐđaAbB& ', max_size=60))
def test_typing_capitals_changes_no_plain_word(text: str) -> None:
    plain = clean("".join(char for char in text if char.isalpha() or char == " "))
    assert first_runs(plain) == first_runs(plain.upper())
