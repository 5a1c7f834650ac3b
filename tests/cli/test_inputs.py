"""Which files a command takes, in which order, and where their results go."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.inputs import find_inputs, natural_key, refuse_too_wide
from pipeline.errors import FolderTooWide


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


@pytest.mark.parametrize("wide", ["/", ".", "home", "home/store/objects", "scans/../home", "link-to-home", "/../."])
def test_the_machine_the_home_and_what_holds_it_are_no_scans(tmp_path: Path, wide: str) -> None:
    (tmp_path / "home" / "store").mkdir(parents=True)
    (tmp_path / "link-to-home").symlink_to(tmp_path / "home")
    with pytest.raises(FolderTooWide):
        refuse_too_wide(tmp_path / wide, tmp_path / "home")


@pytest.mark.parametrize("fit", ["scans", "home-of-others", "a.pdf", "loop", "nowhere"])
def test_folders_and_files_beside_the_home_are_fit(tmp_path: Path, fit: str) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    refuse_too_wide(tmp_path / fit, tmp_path / "home")
    with pytest.raises(FolderTooWide):  # the same one, were the home there
        refuse_too_wide(tmp_path / fit, tmp_path / fit)
