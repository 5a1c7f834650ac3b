"""A document's number is found however it was typed, and however it was read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document_number import DocumentNumber, code_keys, parse_number

NOTATIONS = ["QĐ-UBND", "NQ-HĐND", "TTr-SKHCN", "UBND-VX", "TB-VP", "CTr-UBND", "QyĐ-STNMT", "BC-ĐGS", "STNMT-QLĐĐ", "TT-BNV"]

numbers = st.integers(1, 99_999).map(str) | st.from_regex(r"[1-9][0-9]{0,3}[abc]", fullmatch=True)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("15/QĐ-UBND", DocumentNumber("15", None, "qd-ubnd")),
        ("Số: 15/QĐ-UBND", DocumentNumber("15", None, "qd-ubnd")),
        ("số 15 / QĐ – UBND.", DocumentNumber("15", None, "qd-ubnd")),
        ("05/2025/TT-BNV", DocumentNumber("5", 2025, "tt-bnv")),
        ("57-NQ/TW", DocumentNumber("57", None, "nq-tw")),
        ("351/2017/UBTVQH14", DocumentNumber("351", 2017, "ubtvqh14")),
        ("02a/CTr-UBND", DocumentNumber("2a", None, "ctr-ubnd")),
        ("l5/QĐ-UBND", DocumentNumber("15", None, "qd-ubnd")),
        ("O7/UBND-VP", DocumentNumber("7", None, "ubnd-vp")),
        ("1O/TB-VP", DocumentNumber("10", None, "tb-vp")),
        ("15", DocumentNumber("15", None, "")),
        ("15/2024", DocumentNumber("15", 2024, "")),
        ("00", DocumentNumber("0", None, "")),
        ("123/HĐ/NN", DocumentNumber("123", None, "hd-nn")),
    ],
)
def test_a_number_is_taken_apart(written: str, number: DocumentNumber) -> None:
    assert parse_number(written) == number


@pytest.mark.parametrize(
    "text", ["", "QĐ-UBND", "Quyết định", "/QĐ-UBND", "1.234.567", "1234567", "o", "15abc", "số", "…/QĐ-UBND"]
)
def test_what_does_not_begin_with_a_number_is_none(text: str) -> None:
    assert parse_number(text) is None
    assert code_keys(text) == ()


def meets(typed: str, printed: str, year: int | None = None) -> str:
    """How a query for one meets a record with the other."""
    keys, asked = set(code_keys(printed, year)), parse_number(typed)
    assert asked is not None
    kinds = {"as typed": asked.keys, "misread": asked.misread_keys, "slipped": asked.slipped_keys}
    return next((kind for kind, wanted in kinds.items() if keys & set(wanted)), "not")


@given(number=numbers, notation=st.sampled_from(NOTATIONS), year=st.none() | st.integers(1976, 2030))
def test_a_record_is_found_by_its_number_as_printed_and_by_its_parts(number: str, notation: str, year: int | None) -> None:
    printed = f"{number}/{notation}"
    for typed in (
        printed,
        printed.lower(),
        f"0{printed}",
        number,
        f"{number}/{notation.split('-')[0]}",
        printed.replace("-", " - "),
    ):
        assert meets(typed, printed, year) == "as typed"
    if year:
        assert meets(f"{number}/{year}", printed, year) == "as typed"
        assert meets(f"{number}/{year}/{notation}", printed, year) == "as typed"


@given(number=numbers, other=numbers, notation=st.sampled_from(NOTATIONS))
def test_two_numbers_never_meet(number: str, other: str, notation: str) -> None:
    if number != other:
        assert meets(f"{number}/{notation}", f"{other}/{notation}") == "not"


@pytest.mark.parametrize(
    ("typed", "printed", "how"),
    [
        ("15/QĐ-UBND", "15/QD-UBND", "as typed"),
        ("15/QĐ-UBND", "15/OĐ-UBND", "misread"),
        ("15/QĐ-UBND", "15/QĐ-UBNO", "misread"),
        ("15/QĐ-UBND", "15/QĐ-U8ND", "misread"),
        ("15/QĐ-UBND", "15/QĐUBND", "misread"),
        ("15/QĐ-UBND", "15/QĐ.UBND", "as typed"),
        ("12/TTr-SKHCN", "12/TTY-SKHCN", "slipped"),
        ("123/HĐ/NN", "123/HĐANN", "slipped"),
        ("15/QĐ-UBND", "15/QĐ-HĐND", "not"),
        ("15/QĐ", "15/CT", "not"),
        ("15/QĐ-UBND", "15/NQ-HĐND", "not"),
    ],
)
def test_a_misread_notation_is_met_less_well_than_the_right_one(typed: str, printed: str, how: str) -> None:
    assert meets(typed, printed) == how


def test_the_year_tells_two_numbers_apart_and_an_unknown_year_none() -> None:
    assert meets("15/2024/QĐ-UBND", "15/QĐ-UBND", 2024) == "as typed"
    assert meets("15/2024/QĐ-UBND", "15/QĐ-UBND", None) == "as typed"
    assert meets("15/2024/QĐ-UBND", "15/QĐ-UBNO", 2024) == "misread"
    assert meets("15/2024/TB-VP", "15/TB-VP", 2023) == "slipped"
    assert meets("15/2024/QĐ", "15/QĐ", 2023) == "not"
    assert meets("15/2024", "15/QĐ-UBND", 2023) == "not"
    assert meets("15/QĐ-UBND", "15/2023/QĐ-UBND") == "as typed"


@given(text=st.text(max_size=40))
def test_any_text_has_keys_without_doubles(text: str) -> None:
    keys = code_keys(text)
    assert len(keys) == len(set(keys))
    assert all(key and not set(key) & set(' "') for key in keys)


def test_a_notation_beyond_all_measure_has_few_keys() -> None:
    number = parse_number("15/" + "QĐ" * 50_000)
    assert number is not None
    assert number.slipped_keys == ()
    assert sum(map(len, number.keys)) < 1_000_000
