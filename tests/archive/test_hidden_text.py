"""The words of a rendition: whoever takes them out gets the words that went in, in the same order."""

from __future__ import annotations

import tempfile
import unicodedata
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.model import BoundingBox, Line, Page, Word, Zone, bounds
from tests.archive.writing import A4, line, page, scan, text_by_pdfium, text_by_poppler, write

LETTERS = (
    "aăâbcdđeêghiklmnoôơpqrstuưvxyfjwzAĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXY" + "àảãáạằẳẵắặầẩẫấậềểễếệồổỗốộờởỡớợừửữứựỳỷỹýỵÀẢÃÁẠẾỆỐỘỚỢỨỰ"
)
SIGNS = "0123456789.,;:-–—/()\"'“”…%&+=*<>[]_@#§°½ﬁﬂœ€№"
words = st.text(st.sampled_from(LETTERS + SIGNS), min_size=1, max_size=14)


def taken_out(pages: list[Page]) -> tuple[list[str], list[str]]:
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "r.pdf", [(scan(), one) for one in pages])
        return text_by_poppler(path).split(), text_by_pdfium(path).split()


def put_in(pages: list[Page]) -> list[str]:
    return [word for one in pages for word in one.text.split()]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.lists(words, min_size=1, max_size=7), min_size=1, max_size=12),
    st.floats(-3, 3),
    st.integers(6, 22),
    st.integers(0, 20),
)
def test_words_come_out_as_they_went_in(rows: list[list[str]], skew: float, letter: int, gap: int) -> None:
    """Letters of any width, words that touch or stand apart, pages that lie askew."""
    one = page([line(100 + 60 * at, row, letter=letter, gap=gap) for at, row in enumerate(rows)], skew=skew)
    poppler, pdfium = taken_out([one])
    assert poppler == put_in([one])
    assert alike(pdfium) == alike(put_in([one]))


def alike(found: list[str]) -> list[str]:
    """PDFium takes ligatures apart."""
    return [unicodedata.normalize("NFKC", word) for word in found]


boxes = st.builds(
    lambda left, top, width, height: BoundingBox(left, top, left + width, top + height),
    st.integers(-20, A4[0]),
    st.integers(-20, A4[1]),
    st.integers(1, 400),
    st.integers(1, 120),
)
anything = st.lists(st.lists(st.tuples(words, boxes), min_size=1, max_size=6), min_size=1, max_size=8)


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(anything, st.floats(-20, 20))
def test_no_word_is_lost_however_absurd_the_boxes(lines: list[list[tuple[str, BoundingBox]]], skew: float) -> None:
    """A reader may give boxes that overlap, run backwards or leave the page."""
    made = [Line(tuple(Word(text, box, None) for text, box in row), bounds([box for _, box in row]), Zone.BODY) for row in lines]
    poppler, _ = taken_out([page(made, skew=skew)])
    assert poppler == [text for row in lines for text, _ in row]


def test_a_hyphen_at_the_end_of_a_line_stays(tmp_path: Path) -> None:
    one = page(
        [line(100, ["Thông", "báo", "25/KH-"]), line(160, ["STTT", "của", "UBND-"]), line(220, ["xã", "5-"]), line(280, ["a"])]
    )
    poppler, pdfium = taken_out([one])
    assert poppler == pdfium == put_in([one])


def test_columns_side_by_side_stay_in_reading_order() -> None:
    left = [line(100, ["ỦY", "BAN"]), line(150, ["Số:", "5/QĐ-UBND"])]
    right = [line(100, ["CỘNG", "HÒA"], left=700), line(150, ["ngày", "04"], left=700)]
    poppler, pdfium = taken_out([page([*left, *right])])
    assert poppler == pdfium == ["ỦY", "BAN", "Số:", "5/QĐ-UBND", "CỘNG", "HÒA", "ngày", "04"]


def test_the_right_column_may_come_first() -> None:
    one = page([line(100, ["CỘNG", "HÒA"], left=700), line(100, ["ỦY", "BAN"])])
    poppler, pdfium = taken_out([one])
    assert poppler == pdfium == put_in([one])


def test_pages_share_one_font(tmp_path: Path) -> None:
    pages = [page([line(100, [f"trang{number}", chr(0x1EA0 + number)])]) for number in range(60)]
    poppler, pdfium = taken_out(pages)
    assert poppler == pdfium == put_in(pages)


def test_letters_outside_the_basic_plane_come_out_too() -> None:
    poppler, pdfium = taken_out([page([line(100, ["𠀀𠮷", "chữ", "Nôm"])])])
    assert poppler == pdfium == ["𠀀𠮷", "chữ", "Nôm"]


@pytest.mark.parametrize("skew", [0.0, 1.4, -1.4])
def test_a_word_is_found_where_it_is_seen(skew: float, tmp_path: Path) -> None:
    """What a viewer would mark lies within a few pixels of the word's box."""
    one = page([line(300, ["Nơi", "nhận:"]), line(800, ["Quyết", "định", "này"])], skew=skew)
    path = write(tmp_path / "r.pdf", [(scan(), one)])
    box = one.lines[1].words[1].box
    with pypdfium2.PdfDocument(path) as document:
        texts = document[0].get_textpage()
        at, count = texts.search("định").get_next()
        edges = [texts.get_charbox(at + offset, loose=True) for offset in range(count)]
    left, right = min(edge[0] for edge in edges), max(edge[2] for edge in edges)
    low, high = min(edge[1] for edge in edges), max(edge[3] for edge in edges)
    pixels = 150 / 72
    assert (left * pixels, right * pixels) == pytest.approx((box.left, box.right), abs=6)
    assert (A4[1] - high * pixels, A4[1] - low * pixels) == pytest.approx((box.top, box.bottom), abs=8)


def test_a_page_without_words_has_no_text(tmp_path: Path) -> None:
    path = write(tmp_path / "r.pdf", [(scan(), page([]))])
    assert text_by_poppler(path).strip() == ""
