"""record.json: what is written is what was learned, in the shape that the schema promises; what is not that is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline.record_json
from config.wiring.home import entry_from_record
from pipeline.errors import DigestMismatch, DiskFull
from pipeline.findings import SENTENCES
from pipeline.index import Placement
from pipeline.intake import SIGNATURES
from pipeline.model import LIST_FIELDS, SCALAR_FIELDS, BoundingBox, Field, FieldState, RegionKind, Result, Zone
from pipeline.record_json import SCHEMA, read_record, record_of, write_record
from tests.record.results import MEDIA_TYPES, result_of_lines, result_with, results, unrounded_results

SCHEMA_FILE = Path(pipeline.record_json.__file__).with_name("record.schema.json")
DERIVED = {"confidence", "text"}
"""Of pages and lines: written for others, worked out anew when a record is read."""
PLACEMENT = Placement("r-1", 1, "don-vi", "phong", "chung", ("dot-1",), datetime(2026, 1, 1, tzinfo=UTC))


@cache
def schema() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return loaded


@cache
def validator() -> jsonschema.Draft202012Validator:
    jsonschema.Draft202012Validator.check_schema(schema())
    return jsonschema.Draft202012Validator(schema())


def written(result: Result) -> bytes:
    return json.dumps(record_of(result), ensure_ascii=False).encode()


def example() -> Result:
    read = Field("15", "15", FieldState.PRESENT, 0.9, 1, BoundingBox(1, 2, 3, 4))
    return result_with(codeNumber=read)


# ---- what is written -------------------------------------------------------------------------------------------------------


@given(unrounded_results)
@settings(max_examples=40, deadline=None)
def test_every_record_has_the_shape_that_the_schema_promises(result: Result) -> None:
    assert list(validator().iter_errors(json.loads(written(result)))) == []


@given(results)
@settings(max_examples=40, deadline=None)
def test_what_is_read_back_is_what_was_written(result: Result) -> None:
    assert read_record(written(result)) == result


@given(unrounded_results)
@settings(max_examples=20, deadline=None)
def test_confidences_lose_their_fourth_decimal_once_and_nothing_more(result: Result) -> None:
    once = read_record(written(result))
    assert [len(page.lines) for page in once.pages] == [len(page.lines) for page in result.pages]
    for before, after in zip(result.pages, once.pages, strict=True):
        for line, kept in zip(before.lines, after.lines, strict=True):
            assert [word.confidence or 0 for word in kept.words] == pytest.approx(
                [word.confidence or 0 for word in line.words], abs=0.0006
            )
    assert read_record(written(once)) == once


@given(results)
@settings(max_examples=20, deadline=None)
def test_every_field_has_its_key_whatever_is_on_the_paper(result: Result) -> None:
    fields = record_of(result)["fields"]
    assert set(fields) == {*SCALAR_FIELDS, *LIST_FIELDS, "signers"} == set(schema()["properties"]["fields"]["required"])
    for name in SCALAR_FIELDS:
        assert set(fields[name]) == {"value", "value_as_written", "state", "confidence", "page_no", "box"}


@pytest.mark.parametrize("state", FieldState)
def test_each_state_of_a_field_is_written_by_its_name_and_read_back(state: FieldState) -> None:
    result = result_with(issuedDate=Field(None, None, state, None, None, None))
    record = json.loads(written(result))
    assert record["fields"]["issuedDate"]["state"] == state.value
    validator().validate(record)
    assert read_record(written(result)).fields["issuedDate"].state is state


def test_the_schema_lists_what_the_model_knows_no_more_and_no_less() -> None:
    parts = schema()["$defs"]
    page = parts["page"]["properties"]
    assert parts["field"]["properties"]["state"]["enum"] == [state.value for state in FieldState]
    assert set(page["regions"]["items"]["properties"]["kind"]["enum"]) == {kind.value for kind in RegionKind}
    assert page["lines"]["items"]["properties"]["zone"]["enum"] == [zone.value for zone in Zone]
    assert set(schema()["properties"]["source"]["properties"]["media_type"]["enum"]) == set(MEDIA_TYPES)
    assert {media_type for _, media_type in SIGNATURES} | {"application/pdf"} == set(MEDIA_TYPES)
    assert schema()["$id"] == schema()["properties"]["schema"]["const"] == SCHEMA


@pytest.mark.parametrize("code", SENTENCES)
def test_every_finding_may_stand_in_a_record(code: str) -> None:
    of_codes = jsonschema.Draft202012Validator(schema()["properties"]["findings"]["items"]["properties"]["code"])
    assert of_codes.is_valid(code)
    assert not of_codes.is_valid(code.lower())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("fields", "codeNumber", "state"), "guessed"),
        (("fields", "codeNumber", "confidence"), 1.2),
        (("fields", "codeNumber", "box"), [1, 2, 3]),
        (("fields", "codeNumber", "note"), ""),
        (("pages", 0, "orientation"), 45),
        (("pages", 0, "width"), 0),
        (("source", "sha256"), "abc"),
        (("schema",), "sohoa-record/2"),
        (("pages",), []),
        (("extra",), 1),
    ],
)
def test_the_schema_sees_what_is_wrong(path: tuple[str | int, ...], value: object) -> None:
    record = record_of(example())
    _put(record, path, value)
    assert not validator().is_valid(record)


def test_the_text_has_a_line_for_each_printed_line_and_a_form_feed_between_pages(tmp_path: Path) -> None:
    write_record(result_of_lines(("QUYẾT ĐỊNH", "Về việc nghỉ lễ"), (), ("Nơi nhận:",)), tmp_path)
    assert (tmp_path / "text.txt").read_bytes().decode() == "QUYẾT ĐỊNH\nVề việc nghỉ lễ\f\fNơi nhận:\n"


def test_a_record_is_one_line_of_utf_8_that_a_person_can_read(tmp_path: Path) -> None:
    result = result_of_lines(("QUYẾT ĐỊNH",))
    write_record(result, tmp_path)
    content = (tmp_path / "record.json").read_bytes()
    assert content.count(b"\n") == 1
    assert "QUYẾT".encode() in content
    assert read_record(content) == result


@pytest.mark.parametrize("name", ["text.txt", "record.json"])
def test_a_full_disk_is_told_as_such(name: str, tmp_path: Path) -> None:
    (tmp_path / name).symlink_to("/dev/full")
    with pytest.raises(DiskFull):
        write_record(example(), tmp_path)


# ---- what is refused -------------------------------------------------------------------------------------------------------


@given(results, st.data())
@settings(max_examples=40, deadline=None)
def test_a_record_that_was_cut_off_is_refused(result: Result, data: st.DataObject) -> None:
    content = written(result)
    cut = data.draw(st.integers(0, len(content) - 1))
    with pytest.raises(ValueError):
        read_record(content[:cut])


@given(results, st.data())
@settings(max_examples=40, deadline=None)
def test_a_record_that_lacks_a_key_is_refused(result: Result, data: st.DataObject) -> None:
    record = record_of(result)
    *way, name = data.draw(st.sampled_from(list(_keys(record))))
    holder: Any = record
    for step in way:
        holder = holder[step]
    del holder[name]
    with pytest.raises(ValueError):
        read_record(json.dumps(record).encode())


@given(results, st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_is_broken_in_a_record_it_is_read_or_refused_and_nothing_else(result: Result, data: st.DataObject) -> None:
    record = record_of(result)
    path = data.draw(st.sampled_from(list(_paths(record))))
    _put(record, path, data.draw(st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.just([]) | st.just({})))
    try:
        read = read_record(json.dumps(record).encode())
    except ValueError:
        return
    assert isinstance(read, Result)


@pytest.mark.parametrize("version", ["sohoa-record/0", "sohoa-record/2", "other", "", None, 1])
def test_a_record_of_another_version_is_refused_by_name(version: object) -> None:
    with pytest.raises(ValueError, match=SCHEMA):
        read_record(json.dumps(record_of(example()) | {"schema": version}).encode())


DAMAGED = {
    "empty": b"",
    "binary": b"\x00\xff\xfe\x80",
    "not UTF-8": b'{"schema": "\xe9"}',
    "a list": b"[]",
    "a word": b'"sohoa-record/1"',
    "nothing": b"null",
    "a foreign object": b"{}",
    "only the version": b'{"schema": "sohoa-record/1"}',
    "two records": written(example()) * 2,
    "an unknown state": written(example()).replace(b'"present"', b'"guessed"'),
    "an unknown key of the source": written(example()).replace(b'"sha256"', b'"sha512"'),
    "brackets without end": b"[" * 100_000,
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_what_is_no_record_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError):
        read_record(content)


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_record_of_a_home_is_told_as_damage_with_the_record_it_is(content: bytes) -> None:
    with pytest.raises(DigestMismatch, match="r-1"):
        entry_from_record(content, PLACEMENT)


def _put(record: Any, path: tuple[str | int, ...], value: object) -> None:
    *way, last = path
    for step in way:
        record = record[step]
    record[last] = value


def _paths(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to each value inside a record."""
    parts = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, part in parts:
        yield (*path, name)
        yield from _paths(part, (*path, name))


def _keys(record: Any) -> Iterator[tuple[str | int, ...]]:
    """The way to each key that has to be there: neither a derived one nor one of the free parameters."""
    for path in _paths(record):
        free = path[:2] == ("made_by", "parameters") and len(path) > 2
        derived = path[-1] in DERIVED and path[0] == "pages" and not {"words", "regions"} & set(path)
        if isinstance(path[-1], str) and not free and not derived:
            yield path
