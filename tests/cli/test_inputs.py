"""Which files a command takes, in which order, and where their results go."""

from __future__ import annotations

import os
import random
import unicodedata
from itertools import islice
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cli.inputs import STEM_BYTES, find_inputs, natural_key, stem_of, stems_like


def _make(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")


def _names(files: tuple[Path, ...], folder: Path) -> list[str]:
    return [str(file.relative_to(folder)) for file in files]


def test_a_folder_gives_its_scans_in_natural_order_and_lists_what_it_leaves(tmp_path: Path) -> None:
    _make(tmp_path, "trang 10.jpg", "trang 2.jpg", "b/1.PDF", "b/1.tif", "a.txt", "Thumbs.db", ".DS_Store", "x.jp2")
    inputs = find_inputs([tmp_path])
    assert _names(inputs.files, tmp_path) == ["trang 2.jpg", "trang 10.jpg", "x.jp2", "b/1.PDF", "b/1.tif"]
    assert _names(inputs.skipped, tmp_path) == [".DS_Store", "a.txt", "Thumbs.db"]
    assert inputs.failed == ()


def test_a_file_named_outright_is_tried_whatever_its_name(tmp_path: Path) -> None:
    _make(tmp_path, "scan.bin", "-rf.pdf")
    assert len(find_inputs([tmp_path / "scan.bin", tmp_path / "-rf.pdf"]).files) == 2


def test_a_file_reached_twice_is_taken_once(tmp_path: Path) -> None:
    _make(tmp_path, "a/x.pdf")
    inputs = find_inputs([tmp_path / "a" / "x.pdf", tmp_path, tmp_path / "a" / ".." / "a"])
    assert _names(inputs.files, tmp_path) == ["a/x.pdf"]


def test_results_inside_the_folder_that_is_read_are_not_read_again(tmp_path: Path) -> None:
    _make(tmp_path, "x.pdf", "OUT/x/rendition.pdf")
    assert _names(find_inputs([tmp_path], leave_out=tmp_path / "OUT").files, tmp_path) == ["x.pdf"]


def test_what_is_not_there_and_what_is_no_file_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    _make(tmp_path, "x.pdf")
    os.mkfifo(tmp_path / "pipe.pdf")
    (tmp_path / "gone.pdf").symlink_to(tmp_path / "nowhere")
    inputs = find_inputs([tmp_path / "no.pdf", tmp_path, tmp_path / ("n" * 300)])
    assert _names(inputs.files, tmp_path) == ["x.pdf"]
    assert {path.name for path, _ in inputs.failed} == {"no.pdf", "gone.pdf", "pipe.pdf", "n" * 300}
    assert {error.code for _, error in inputs.failed} == {"UNREADABLE"}


def test_links_to_folders_are_listed_and_not_followed(tmp_path: Path) -> None:
    _make(tmp_path, "x.pdf")
    (tmp_path / "loop").symlink_to(tmp_path)
    inputs = find_inputs([tmp_path])
    assert (_names(inputs.files, tmp_path), _names(inputs.skipped, tmp_path)) == (["x.pdf"], ["loop"])


@given(st.lists(st.text(max_size=12)))
def test_natural_order_is_an_order_for_any_names(names: list[str]) -> None:
    shuffled = random.Random(0).sample(names, len(names))
    assert sorted(map(natural_key, names)) == sorted(map(natural_key, shuffled))


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_numbers_in_names_sort_by_their_value(first: int, second: int) -> None:
    assert (natural_key(f"Tờ {first}") < natural_key(f"tờ {second}")) == (first < second)


def test_both_unicode_forms_of_a_name_give_one_stem() -> None:
    name = "Quyết định số 5.pdf"
    assert stem_of(Path(unicodedata.normalize("NFD", name))) == stem_of(Path(name)) == "Quyết định số 5"


@given(st.text(min_size=1).filter(lambda name: "/" not in name and "\0" not in name and name not in {".", ".."}))
def test_a_stem_is_always_one_usable_name_of_bounded_length(name: str) -> None:
    stem = stem_of(Path(name))
    assert 0 < len(stem.encode()) <= STEM_BYTES
    assert "/" not in stem
    assert stem not in {".", ".."}
    assert stem[-1] not in " ."


def test_further_inputs_of_a_stem_are_numbered_from_two() -> None:
    assert list(islice(stems_like("a"), 3)) == ["a", "a-2", "a-3"]
