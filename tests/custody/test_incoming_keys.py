"""What the keys of dropped files say."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.custody.incoming.keys import Folder, Kind, is_passing, place_of
from pipeline.custody.names import check_batch, check_code
from pipeline.errors import WrongPlace


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("incoming/xa-a/Đợt 1/a.pdf", Kind.SCAN),
        ("incoming/xa-a/Đợt 1/tập 1/tờ 2/a.pdf", Kind.SCAN),
        ("incoming/xa-a/Đợt 1/batch.json", Kind.BATCH_FILE),
        ("incoming/xa-a/Đợt 1/_DONE", Kind.DONE_MARKER),
        ("incoming/xa-a/Đợt 1/sub/batch.json", Kind.SCAN),
        ("incoming/xa-a/Đợt 1/BATCH.JSON", Kind.SCAN),
    ],
)
def test_a_key_names_unit_batch_and_what_lies_there(key: str, kind: Kind) -> None:
    assert place_of(key) == (Folder("incoming/xa-a/Đợt 1/", "xa-a", "Đợt 1"), kind)


def test_unit_and_batch_are_kept_in_one_form_and_the_folder_as_it_is_written() -> None:
    key = unicodedata.normalize("NFD", "incoming/xã/Đợt: 1/a.pdf")
    folder, _ = place_of(key)
    assert (folder.unit, folder.batch) == ("xã", "Đợt- 1")
    assert key == f"{folder.prefix}a.pdf"


@pytest.mark.parametrize(
    "key",
    [
        "",
        "a.pdf",
        "incoming",
        "Incoming/u/b/a.pdf",
        "refused/u/b/a.pdf",
        "incoming/a.pdf",
        "incoming/u/a.pdf",
        "incoming//b/a.pdf",
        "incoming/u//a.pdf",
        "incoming/u/b//a.pdf",
        "incoming/u/b/../a.pdf",
        "incoming/u/../b/a.pdf",
        "incoming/../u/b/a.pdf",
        "incoming/./u/b/a.pdf",
        "incoming/u u/b/a.pdf",
        "incoming/-u/b/a.pdf",
        "incoming/u/*/a.pdf",
        "incoming/u/b/a\0.pdf",
        "incoming/u/b\n/a.pdf",
        "incoming/u/b/a\x85.pdf",
        "incoming/" + "u" * 65 + "/b/a.pdf",
        "incoming/u/b/" + "a" * 1020,
    ],
)
def test_a_key_in_the_wrong_place_is_told(key: str) -> None:
    with pytest.raises(WrongPlace) as told:
        place_of(key)
    assert not str(told.value).isascii()


@given(st.sampled_from(["incoming/", "incoming/u/b/"]), st.text(max_size=60))
def test_any_key_is_placed_or_refused_and_what_is_placed_can_be_kept(beginning: str, text: str) -> None:
    key = beginning + text
    is_passing(key)
    try:
        folder, _ = place_of(key)
    except WrongPlace:
        return
    assert check_code(folder.unit) == folder.unit
    assert check_batch(folder.batch) == folder.batch
    assert key.startswith(folder.prefix)
    assert ".." not in key.split("/")
