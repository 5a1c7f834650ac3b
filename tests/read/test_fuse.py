"""What holds for every line, and what a fused line tells about itself."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import BoundingBox, Word, bounds
from pipeline.ports import LineReading
from pipeline.read.fuse import Change, FusedLine, Reason, doubt, fuse
from pipeline.text import fold
from tests.read.readings import language, network, tesseract, text_of

SYLLABLES = (
    "quyết định Quyết Định QUYẾT ĐỊNH ngày tháng năm của Ủy ban nhân dân tỉnh huyện xã về việc kiểm tra hoà bình hòa y tế Tỵ Sảng "
    "UBND QĐ thế thể đến đển vê về số sổ Lò Kha ngày20tháng phícho nghịđịnh TTg"
).split()
SIGNS = """. , ; : - – — ( ) / ./. | “ ” " ! ? ° ² § … • _ ' =""".split()
NUMBERS = "1 15 2.182 99,8% 05/11/2019 15/QĐ-UBND 29-NQ/TW 48.640.000đ a.b@mau.gov.vn www.mau.gov.vn H5N1".split()
words = st.one_of(
    st.sampled_from(SYLLABLES),
    st.sampled_from(SIGNS),
    st.sampled_from(NUMBERS),
    st.text(st.characters(codec="utf-8"), max_size=6),
)
sure = st.floats(0, 1)


@st.composite
def readings(draw: st.DrawFn, *, with_characters: bool) -> LineReading:
    """Any words at any places, as sure or unsure as may be; characters that are no text at all among them."""
    found, chars, left = [], [], draw(st.integers(-50, 50))
    for text in draw(st.lists(words, max_size=9)):
        width = draw(st.integers(0, 300))
        confidence = draw(st.one_of(st.none(), sure))
        found.append(Word(text, BoundingBox(left, 10, left + width, 40), confidence))
        chars.append(tuple(draw(st.lists(sure, min_size=len(text), max_size=len(text)))))
        left += width + 10
    return LineReading(tuple(found), tuple(chars) if with_characters else ())


first_readings, second_readings = readings(with_characters=True), st.one_of(st.none(), readings(with_characters=False))
fixed = st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=5).map(" ".join)
lines = st.lists(st.sampled_from([*SYLLABLES, *NUMBERS]), min_size=1, max_size=10)


@given(first_readings, second_readings)
@settings(max_examples=150, deadline=None)
def test_any_two_readings_make_a_line_of_words_inside_their_boxes(first: LineReading, second: LineReading | None) -> None:
    line = fuse(first, second, language())
    seen = [word.box for reading in (first, second) if reading for word in reading.words]
    for word in line.words:
        assert word.text == unicodedata.normalize("NFC", word.text)
        assert word.text
        assert not any(char.isspace() for char in word.text)
        assert word.confidence is not None
        assert 0 <= word.confidence <= 1
        assert bounds([*seen, word.box]) == bounds(seen)
    assert 0 <= doubt(line) <= 1


@given(first_readings, second_readings)
@settings(max_examples=40, deadline=None)
def test_the_same_readings_make_the_same_line(first: LineReading, second: LineReading | None) -> None:
    assert fuse(first, second, language()) == fuse(first, second, language())


@given(fixed, st.floats(0.05, 1), st.floats(0.05, 1))
@settings(max_examples=60, deadline=None)
def test_numbers_codes_and_addresses_on_which_both_agree_stay_however_unsure_they_are(text: str, one: float, two: float) -> None:
    assert text_of(fuse(network(text, sure=one), tesseract(text, sure=two), language())) == text


@given(fixed, st.floats(0.05, 1))
@settings(max_examples=60, deadline=None)
def test_numbers_codes_and_addresses_of_one_reader_keep_their_characters(text: str, one: float) -> None:
    assert text_of(fuse(network(text, sure=one), None, language())).replace(" ", "") == text.replace(" ", "")


@given(lines, lines, st.floats(0.3, 1), st.floats(0.3, 1))
@settings(max_examples=80, deadline=None)
def test_what_both_readers_saw_is_never_lost(left: list[str], right: list[str], one: float, two: float) -> None:
    shared = "khiếm khuyết"
    said = " ".join([*left, shared, *right])
    fused = text_of(fuse(network(said, sure=one), tesseract(said, sure=two), language()))
    assert fold(said).replace(" ", "") == fold(fused).replace(" ", "")


def test_an_empty_line_stays_empty() -> None:
    nothing = LineReading(())
    assert fuse(nothing, nothing, language()) == FusedLine((), ()) == fuse(nothing, None, language())


def test_words_that_only_one_reader_saw_are_believed() -> None:
    nothing = LineReading(())
    assert text_of(fuse(network("QUYẾT ĐỊNH"), nothing, language())) == "QUYẾT ĐỊNH"
    assert text_of(fuse(nothing, tesseract("QUYẾT ĐỊNH"), language())) == "QUYẾT ĐỊNH"
    assert text_of(fuse(network("Kính gửi: Sở Tài"), tesseract("Kính gửi: Sở Tài chính"), language())) == "Kính gửi: Sở Tài chính"


def test_a_reading_in_decomposed_letters_is_composed() -> None:
    apart = unicodedata.normalize("NFD", "Quyết định")
    assert text_of(fuse(tesseract(apart), tesseract("Quyết định"), language())) == "Quyết định"


def test_each_change_is_told_with_its_reason() -> None:
    marks = fuse(network("thành phổ Vinh", "ổ"), None, language())
    other = fuse(network("thành phổ Vinh", "ổ"), tesseract("thành phố Vinh"), language())
    space = fuse(network("Phòng,chống lụt bão"), tesseract("Phòng, chống lụt bão"), language())
    assert marks.changes == (Change("phổ", "phố", Reason.MARKS),)
    assert other.changes == (Change("phổ", "phố", Reason.SECOND_READER),)
    assert space.changes == (Change("Phòng,chống", "Phòng, chống", Reason.SPACE),)


def test_a_word_that_was_added_or_left_out_is_told() -> None:
    added = fuse(network("Kính gửi: Sở Tài"), tesseract("Kính gửi: Sở Tài chính"), language())
    dropped = fuse(network("Bệnh viện đa khoa"), tesseract("Bệnh viện đa khoa |", "|"), language())
    assert added.changes == (Change("", "chính", Reason.SECOND_READER),)
    assert dropped.changes == ()  # the first reader never said it


def test_a_split_word_shares_its_box() -> None:
    line = fuse(network("miễn giảm phícho học sinh"), tesseract("miễn giảm phí cho học sinh"), language())
    one = next(word for word in line.words if word.text == "phí")
    two = next(word for word in line.words if word.text == "cho")
    assert one.box.right <= two.box.left
    assert bounds([one.box, two.box]) == BoundingBox(100, 100, 170, 130)


def test_confidence_falls_with_disagreement_and_with_the_readers_doubts() -> None:
    def of_last(line: FusedLine) -> float:
        return line.words[-1].confidence or 0.0

    agreed = of_last(fuse(network("xã Bản Phiệt"), tesseract("xã Bản Phiệt"), language()))
    unsure = of_last(fuse(network("xã Bản Phiệt", "ệ"), tesseract("xã Bản Phiệt", "ệ"), language()))
    argued = of_last(fuse(network("xã Bản Phiệt", "ệ"), tesseract("xã Bản Phiết", "ế"), language()))
    assert agreed > 0.99
    assert agreed > max(unsure, argued)


@pytest.mark.parametrize(("said", "doubtful"), [("Lê Thị Sảng", "ả"), ("xã Đắk Ơ", "ĐắƠ"), ("zxqvb", "zxqvb")])
def test_doubt_is_greater_where_the_reader_was_unsure(said: str, doubtful: str) -> None:
    assert doubt(fuse(network(said, doubtful), None, language())) > doubt(fuse(network(said), None, language()))


def test_a_plain_line_read_surely_is_hardly_in_doubt() -> None:
    assert doubt(fuse(network("Căn cứ Luật Tổ chức chính quyền địa phương"), None, language())) < 0.1
