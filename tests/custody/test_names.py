"""Codes and batch names, and the keys that stand for them."""

from __future__ import annotations

import os
import unicodedata
from uuid import uuid4

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.adapters.store_keys import KEY, MAX_KEY
from pipeline.custody import records
from pipeline.custody.names import batch_name, check_batch, check_code, check_record_id, from_segment, to_segment
from pipeline.errors import BadName, UnknownRecord

ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=80)
VIETNAMESE = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằấệĐỢỮ0123456789-_. xn", min_size=1, max_size=64)


def accepted(name: str) -> str:
    try:
        return check_batch(name)
    except BadName:
        assume(False)
        raise


@given(st.one_of(ANY_TEXT, VIETNAMESE))
def test_every_accepted_name_comes_back_from_its_segment(name: str) -> None:
    batch = accepted(name)
    segment = to_segment(batch)
    assert from_segment(segment) == batch
    assert KEY.fullmatch(segment)
    assert len(segment) <= 200


@given(VIETNAMESE, VIETNAMESE)
def test_two_names_never_share_a_segment(one: str, other: str) -> None:
    assert (accepted(one) == accepted(other)) == (to_segment(accepted(one)) == to_segment(accepted(other)))


@given(VIETNAMESE)
def test_the_unicode_form_of_a_name_does_not_matter(name: str) -> None:
    batch = accepted(name)
    assert check_batch(unicodedata.normalize("NFD", batch)) == batch


@given(VIETNAMESE, VIETNAMESE)
def test_keys_are_keys_and_give_back_what_they_were_made_of(unit: str, batch: str) -> None:
    unit, batch = accepted(unit).replace(" ", ""), accepted(batch)
    record_id, arrival_id = str(uuid4()), uuid4().hex
    arrival = records.arrival_key(unit, batch, arrival_id, record_id)
    assert records.parse_arrival_key(arrival) == records.ArrivalKey(unit, batch, arrival_id, record_id)
    rejection = records.arrival_key(unit, batch, arrival_id, None)
    assert records.parse_arrival_key(rejection) == records.ArrivalKey(unit, batch, arrival_id, None)
    assert records.arrival_of_rejected(records.rejected_key(unit, batch, arrival_id, "EMPTY_FILE")) == arrival_id
    opened = records.batch_key(unit, batch, 7, records.OPENED)
    assert records.parse_batch_key(opened) == records.BatchKey(unit, batch, 7, records.OPENED)
    assert records.batch_of_member(records.member_key(record_id, batch)) == batch
    for key in (arrival, rejection, opened, records.content_key(unit, unit, "0" * 64)):
        assert KEY.fullmatch(key)
        assert len(key) <= MAX_KEY


def test_generations_sort_as_they_follow() -> None:
    keys = [records.manifest_key("ab", generation) for generation in (1, 2, 9, 10, 99, 100, 12345)]
    assert sorted(keys) == keys
    assert [records.parse_generation_key(key).generation for key in keys] == [1, 2, 9, 10, 99, 100, 12345]


@pytest.mark.parametrize("code", ["UBND xa", "a b", ".a", "-a", "_a", "", "a/b", "a" * 65, "xã:1", "a\u200b"])
def test_a_code_has_no_spaces_and_begins_with_a_letter_or_digit(code: str) -> None:
    with pytest.raises(BadName):
        check_code(code)


@pytest.mark.parametrize("text", ["", "x", "../../etc/passwd", "1234", "00000000-0000-0000-0000-00000000000g", "a" * 5000])
def test_what_is_no_record_id_names_no_record(text: str) -> None:
    with pytest.raises(UnknownRecord):
        check_record_id(text)


def test_a_record_id_may_be_typed_in_any_of_its_forms() -> None:
    record_id = str(uuid4())
    assert check_record_id(f" {record_id.upper()} ") == check_record_id(record_id.replace("-", "")) == record_id


@pytest.mark.parametrize(
    ("folder", "batch"),
    [
        ("Đợt 1", "Đợt 1"),
        (unicodedata.normalize("NFD", "Đợt 1"), "Đợt 1"),
        ("a:b?c", "a-b-c"),
        ("  _x  y ", "x y"),
        ("---", None),
        ("k" * 100, "k" * 64),
        (os.fsdecode(b"\xff\xfe"), None),
    ],
)
def test_a_folders_name_becomes_a_batchs(folder: str, batch: str | None) -> None:
    assert batch_name(folder) == batch
