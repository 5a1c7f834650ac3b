"""What is told of an error is Vietnamese to its last word, wherever it was raised."""

from __future__ import annotations

import ast
import errno
import os
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.details import SYSTEM, in_vietnamese
from pipeline.errors import Damaged, OutputUnusable, UnreadableFile
from tests.house.source import product_modules, tree_of
from tools.write_docs import coded_errors

NAMES = {"poppler-utils", "tesseract-ocr"}
"""Of packages: what to install."""


def told_details() -> Iterator[str]:
    """The texts with which our modules make errors."""
    classes = {error.__name__ for error in coded_errors()}
    for file in product_modules():
        for node in ast.walk(tree_of(file)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in classes and node.args:
                given = node.args[0]
                if isinstance(given, ast.Constant) and isinstance(given.value, str) and given.value:
                    yield given.value


@pytest.mark.parametrize("detail", sorted(set(told_details()) - NAMES))
def test_every_detail_that_we_write_is_told_in_vietnamese(detail: str) -> None:
    assert not in_vietnamese(detail).isascii(), "give it a sentence in pipeline/details.py"


@pytest.mark.parametrize(
    ("detail", "told"),
    [
        ("ENOENT", "không có tệp hoặc thư mục này"),
        ("FileNotFoundError", "không có tệp hoặc thư mục này"),
        ("PermissionError", "không có quyền"),
        ("EUCLEAN", "lỗi hệ thống EUCLEAN"),
        ("PdfError", "lỗi kỹ thuật PdfError"),
        ("> 2048 MB", "quá 2048 MB"),
        ("> 180 s", "quá 180 giây"),
        ("> 2000", "quá 2000"),
        ("2001 > 2000", "2001, giới hạn 2000"),
        ("30000 x 40000 > 120 MP", "30000 × 40000 điểm ảnh, giới hạn 120 triệu"),
        ("0 x 12", "0 × 12 điểm ảnh"),
        ("200 x 200 in", "200 × 200 inch"),
        ("SIGSEGV", "bị dừng bởi SIGSEGV"),
        ("exit 3", "mã kết thúc 3"),
        ("no rendition.pdf", "thiếu rendition.pdf"),
        ("/Width", "mục /Width trong tệp PDF ghi sai"),
        ("", ""),
        ("hồ sơ.pdf", "hồ sơ.pdf"),
        ("/quet/a.pdf", "/quet/a.pdf"),
        ("Đợt 1: gần nhất là Đợt 2", "Đợt 1: gần nhất là Đợt 2"),
    ],
)
def test_a_detail_is_told_as_a_clerk_would_say_it_and_names_stay(detail: str, told: str) -> None:
    assert in_vietnamese(detail) == told


@pytest.mark.parametrize("number", SYSTEM, ids=errno.errorcode.__getitem__)
def test_what_the_system_says_of_a_path_is_told_after_the_path(number: int) -> None:
    assert in_vietnamese(f"/ra/kq: {os.strerror(number)}") == f"/ra/kq: {SYSTEM[number]}"
    assert in_vietnamese(f"/ra/kq {os.strerror(number)}") == f"/ra/kq: {SYSTEM[number]}"
    assert in_vietnamese(os.strerror(number)) == SYSTEM[number]


def test_the_sentence_is_vietnamese_and_the_detail_stays_stable() -> None:
    error = Damaged("an image of the page is missing")
    assert error.detail == "an image of the page is missing"
    assert str(error).startswith("Tệp hỏng hoặc bị cắt ngang (thiếu một ảnh của trang). ")
    assert "(không có quyền)" in str(UnreadableFile("EACCES"))
    assert "(kq: đã có tệp mang tên này)" in str(OutputUnusable("kq File exists"))


@given(st.text(max_size=80))
def test_any_detail_can_be_told(detail: str) -> None:
    assert bool(in_vietnamese(detail)) == bool(detail)
