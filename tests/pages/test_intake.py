"""What a file is, said without opening it."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import EmptyFile, TooLarge, UnknownType, UnreadableFile
from pipeline.intake import JPEG, JPEG_2000, PDF, PNG, TIFF, kept_name, measure, sniff
from tests import bad_images, bad_inputs

MANY = 100_000_000


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (bad_inputs.one_page_pdf(), PDF),
        (bad_images.jpeg_turned_by_exif(1), JPEG),
        (bad_images.png_of_one_bit(), PNG),
        (bad_images.tiff_group_4(), TIFF),
        (bad_images.jpeg_2000(), JPEG_2000),
    ],
)
def test_the_type_is_told_from_the_content(data: bytes, media_type: str) -> None:
    assert sniff(data) == media_type


def test_a_pdf_may_begin_with_a_kilobyte_of_something_else() -> None:
    assert sniff(b"\r\n" + b"x" * 900 + b"%PDF-1.4") == PDF
    with pytest.raises(UnknownType):
        sniff(b"x" * 1020 + b"%PDF-1.4")


@pytest.mark.parametrize(
    "data", [bad_inputs.html_named_pdf(), bad_inputs.zip_named_pdf(), bad_inputs.exe_named_pdf(), bad_inputs.random_bytes()]
)
def test_a_name_ending_in_pdf_does_not_make_a_pdf(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(data)
    with pytest.raises(UnknownType):
        measure(file, MANY)


def test_an_empty_file_is_named_as_such(tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    file.touch()
    with pytest.raises(EmptyFile):
        measure(file, MANY)


def test_size_and_digest_are_of_the_whole_file(tmp_path: Path) -> None:
    data = bad_inputs.one_page_pdf() + bytes(3_000_000)
    file = tmp_path / "scan.pdf"
    file.write_bytes(data)
    original = measure(file, MANY)
    assert (original.size_bytes, original.sha256) == (len(data), hashlib.sha256(data).hexdigest())


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(bad_inputs.one_page_pdf())
    size = file.stat().st_size
    assert measure(file, size).size_bytes == size
    with pytest.raises(TooLarge):
        measure(file, size - 1)


def test_a_folder_a_pipe_and_a_missing_file_cannot_be_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    for path in (tmp_path, tmp_path / "pipe.pdf", tmp_path / "gone.pdf", tmp_path / ("x" * 300)):
        with pytest.raises(UnreadableFile):
            measure(path, MANY)


def test_a_name_is_kept_as_nfc() -> None:
    assert kept_name(unicodedata.normalize("NFD", "Quyết định số 5.pdf")) == "Quyết định số 5.pdf"


def test_a_name_that_is_no_text_can_still_be_written_down(tmp_path: Path) -> None:
    file = tmp_path / os.fsdecode(b"C\xf4ng v\xabn.png")
    file.write_bytes(bad_images.png_of_one_bit())
    assert measure(file, MANY).name == "C\ufffdng v\ufffdn.png"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/"), min_size=250, max_size=400))
def test_a_long_name_is_cut_before_its_ending(stem: str) -> None:
    kept = kept_name(f"{stem}.pdf")
    assert len(kept) <= 255
    assert kept.endswith(".pdf")
