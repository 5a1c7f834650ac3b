"""A question is checked before anybody is asked."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cursor import LONGEST, Cursor, Place, read_cursor, write_cursor
from pipeline.errors import BadDate, BadQuery
from pipeline.query import MAX_CHARACTERS, MAX_LIMIT, MAX_WORDS, Query, Scope, understand
from pipeline.ranking import MOST_BLOCKS, MOST_WIDENED, Widening


def test_the_largest_question_is_taken_and_one_more_is_not() -> None:
    understand(Query("a" * MAX_CHARACTERS, limit=MAX_LIMIT))
    understand(Query(" ".join(["đất"] * MAX_WORDS), limit=1))
    for query in (Query("a" * (MAX_CHARACTERS + 1)), Query(" ".join(["đất"] * (MAX_WORDS + 1))), Query("a", limit=MAX_LIMIT + 1)):
        with pytest.raises(BadQuery):
            understand(query)


@given(text=st.text(max_size=200))
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        understood = understand(Query(text))
    except BadQuery:
        understood = None
    assert understood is None or bool(understood.terms) == bool(text.strip())


def test_a_refusal_does_not_repeat_what_was_typed() -> None:
    with pytest.raises(BadQuery) as refused:
        understand(Query("bí mật " * 1000))
    assert refused.value.code == "BAD_QUERY"
    assert "bí mật" not in str(refused.value)


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ({"type_code": "QĐ"}, ("type_key", "qd")),
        ({"issuer": "  SỞ  Nội vụ, "}, ("issuer_key", "so noi vu")),
        ({"date_from": "2017-01-31"}, ("date_from", "2017-01-31")),
        ({"date_from": "31/01/2017"}, ("date_from", "2017-01-31")),
        ({"date_to": " 1.2.2017 "}, ("date_to", "2017-02-01")),
        ({"date_to": "1-2-2017"}, ("date_to", "2017-02-01")),
        ({"batch": "Sa\u0301ng"}, ("batch", "Sáng")),
        ({"sector": ""}, ("sector", "")),
        ({}, ("unit", None)),
    ],
)
def test_filters_are_kept_as_the_index_keeps_its_values(asked: dict[str, Any], kept: tuple[str, str | None]) -> None:
    name, value = kept
    assert getattr(understand(Query("", **asked)).filters, name) == value


@pytest.mark.parametrize("text", ["2024-13-01", "31/02/2024", "2023-02-29", "0000-01-01"])
def test_a_day_that_never_was_is_called_so(text: str) -> None:
    with pytest.raises(BadDate, match="ngày không có thật"):
        understand(Query("", date_from=text))


@pytest.mark.parametrize("text", ["", "2024", "12/2024", "hôm qua", "31/12/24", "2024-1-1", "٣١/12/2024"])
def test_what_is_no_date_is_told_how_a_date_is_written(text: str) -> None:
    with pytest.raises(BadDate, match=r"không hiểu .*31/12/2024"):
        understand(Query("", date_to=text))


def test_days_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(BadDate, match="sau ngày kết thúc"):
        understand(Query("", date_from="2024-02-01", date_to="31/01/2024"))


def test_marks_in_one_word_make_them_count_in_all() -> None:
    assert understand(Query("quyết dinh")).with_tones
    assert not understand(Query("quyet dinh 15/QĐ-UBND")).with_tones


# --- cursors ----------------------------------------------------------------------------------------------------------------

places = st.builds(Place, st.integers(0, 40), st.integers(0, 10**6), st.integers(0, 2**63 - 1), st.text(max_size=40))
widenings = st.builds(
    Widening,
    st.lists(st.lists(st.text(max_size=8), max_size=6).map(tuple), max_size=8).map(tuple),
    st.lists(st.integers()).map(tuple),
)
cursors = st.builds(Cursor, places, st.none() | widenings)


def asked(cursor: str, **rest: Any) -> Query:
    return Query("đất đai", cursor=cursor, **rest)


@given(cursor=cursors)
def test_a_cursor_is_read_as_it_was_written(cursor: Cursor) -> None:
    assert read_cursor(asked(write_cursor(cursor, Query("đất đai", limit=3)), limit=50)) == cursor


@pytest.mark.parametrize(
    "other",
    [
        {"type_code": "QD"},
        {"unit": "a"},
        {"date_to": "2020-01-01"},
        {"needs_review": True},
        {"exact": True},
        {"scope": Scope(frozenset())},
        {"scope": Scope(None, frozenset("a"))},
    ],
)
def test_a_cursor_belongs_to_one_question_of_one_asker(other: dict[str, Any]) -> None:
    written = write_cursor(Cursor(Place(0, 0, 0, ""), None), asked(""))
    with pytest.raises(BadQuery):
        read_cursor(asked(written, **other))


@given(text=st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: raw.hex()))
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(BadQuery):
        read_cursor(asked(text))


def test_a_cursor_of_an_older_version_is_refused() -> None:
    then: Any = "2024-03-15 2026-01-15T08:30:00.000000+00:00"
    with pytest.raises(BadQuery):
        read_cursor(asked(write_cursor(Cursor(Place(0, 0, then, "r1"), None), asked(""))))


def test_the_longest_cursor_is_still_read() -> None:
    slips = tuple(("q" * 64,) * MOST_WIDENED for _ in range(MOST_WIDENED)) + ((),) * (MAX_WORDS - MOST_WIDENED)
    cursor = Cursor(Place(99, 10**6, 2**63 - 1, "f" * 36), Widening(slips, (10**6,) * MOST_BLOCKS))
    written = write_cursor(cursor, asked(""))
    assert len(written) <= LONGEST
    assert read_cursor(asked(written)) == cursor
