"""What happens to a page can be seen on it, and every box goes where its word goes."""

from __future__ import annotations

import random
from collections import Counter
from functools import cache

import cv2
import numpy as np
import pytest
import tesserocr
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pipeline.errors import UsageError
from pipeline.text import words
from samples import CLASSES, LEVELS, DrawnSample, draw_sample
from samples.document import Kind
from samples.faults import OVERRULES
from samples.levels import choose_recipe
from samples.picture import Pixels
from samples.recipe import Mode, Recipe
from samples.spoil.page import ScannedPage

LETTER = 7
"""Sample 7 of seed 1: a letter of one page without a table."""


@cache
def drawn(degrade: str, index: int = LETTER) -> DrawnSample:
    return draw_sample(1, index, degrade)


def _grey(page: ScannedPage) -> Pixels:
    return page.pixels if page.pixels.ndim == 2 else np.asarray(cv2.cvtColor(page.pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def test_the_letter_is_what_the_tests_below_expect() -> None:
    sample = drawn("none")
    assert (sample.kind, len(sample.pages)) == ("công văn", 1)
    assert "Chỉ tiêu" not in sample.transcript


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_can_be_seen_on_the_page(name: str) -> None:
    sample = drawn(name)
    assert sample.recipe.classes == (name,)
    clean, page = draw_clean().pages[0], sample.pages[0]
    as_stored = np.rot90(page.pixels, page.turns)
    same_size = as_stored.shape[:2] == clean.pixels.shape[:2]
    loses_only_quality = name == "jpeg"
    assert loses_only_quality or not same_size or np.abs(_grey(page).astype(int) - _grey(clean)).max() > 30 or page.turns == 2
    if loses_only_quality:
        assert len(sample.content) < len(draw_clean().content)


@cache
def draw_clean() -> DrawnSample:
    """The same page without a fault: quarter turns do not change the page as seen."""
    return draw_sample(1, LETTER, "turn")


@pytest.mark.parametrize("name", ["dpi-100", "dpi-300", "skew", "turn", "blur", "photo", "handwriting"])
def test_outside_the_word_boxes_nothing_is_printed_but_lines(name: str) -> None:
    page = drawn(name).pages[0]
    grey = _grey(page).copy()
    on_paper = np.zeros_like(grey)
    hull = cv2.convexHull(np.concatenate([word.corners for line in page.lines for word in line.words]).astype(np.float32))
    cv2.fillConvexPoly(on_paper, hull.astype(np.int32), 255)
    for line in page.lines:
        for word in line.words:
            cv2.polylines(on_paper, [np.round(word.corners).astype(np.int32)], isClosed=True, color=0, thickness=7)
            cv2.fillConvexPoly(on_paper, np.round(word.corners).astype(np.int32), 0)
    paper = cv2.GaussianBlur(cv2.dilate(grey, np.ones((25, 25), np.uint8)), (0, 0), 9)
    dark = (grey < paper * 0.55) & (on_paper > 0)
    rules = (page.dpi or 200) / 72 * 320 * 3
    assert dark.sum() < rules


@pytest.mark.parametrize("name", ["none", "skew", "dpi-150"])
def test_every_printed_word_has_ink_up_to_the_sides_of_its_box(name: str) -> None:
    page = drawn(name).pages[0]
    height, width = page.pixels.shape[:2]
    slack = 3 + (abs(page.skew) > 0) * 30
    for line in page.lines:
        for word in line.words:
            left, top, right, bottom = word.box(width, height)
            rows, columns = np.nonzero(_grey(page)[top:bottom, left:right] < 160)
            assert columns.min() <= slack, word.text
            assert right - left - columns.max() <= slack + 1, word.text
            assert rows.min() <= slack, word.text


@pytest.mark.parametrize("index", range(1, 7))
def test_words_and_boxes_spell_the_transcript(index: int) -> None:
    sample = drawn("mixed", index)
    pages = []
    for page in sample.words["pages"]:
        lines: dict[int, list[str]] = {}
        for word in page["words"]:
            left, top, right, bottom = word["box"]
            assert 0 <= left < right <= page["width"]
            assert 0 <= top < bottom <= page["height"]
            text = f"[handwriting:{word['text']}]" if word["kind"] == Kind.HANDWRITING else word["text"]
            lines.setdefault(word["line"], []).append(text)
        assert list(lines) == list(range(1, len(lines) + 1))
        pages.append("\n".join(" ".join(line) for line in lines.values()))
    assert "\f".join(pages) + "\n" == sample.transcript


def test_positive_skew_means_that_lines_rise_to_the_right() -> None:
    page = drawn("skew").pages[0]
    line = max(page.lines, key=lambda one: len(one.words))
    first, last = line.words[0].corners[3], line.words[-1].corners[2]
    rises = first[1] - last[1]
    measured = np.degrees(np.arctan2(rises, last[0] - first[0]))
    assert page.skew * rises > 0
    assert measured == pytest.approx(page.skew, abs=0.5)


def test_the_text_is_the_same_whatever_is_done_to_the_page() -> None:
    assert drawn("none").transcript == drawn("photo").transcript == drawn("fax").transcript == drawn("dpi-100").transcript


def test_number_and_day_by_hand_are_marked_in_transcript_and_truth() -> None:
    sample = drawn("handwriting")
    number = sample.truth["fields"]["codeNumber"]
    assert f"Số: [handwriting:{number}] /" in sample.transcript
    assert sample.truth["handwritten"] == ["codeNumber", "issuedDate"]
    kinds = Counter(word["kind"] for word in sample.words["pages"][0]["words"])
    assert kinds["handwriting"] == 2


def test_blank_number_and_day_have_no_value() -> None:
    sample = drawn("blanks")
    assert sample.truth["blank"] == ["codeNumber", "issuedDate"]
    assert sample.truth["fields"]["codeNumber"] is sample.truth["fields"]["issuedDate"] is None
    assert "Số: /" in sample.transcript
    assert "ngày tháng năm" in sample.transcript


def test_stamps_are_read_after_the_two_columns_of_the_header() -> None:
    lines = drawn("incoming").transcript.splitlines()
    arrived = lines.index("ĐẾN")
    assert "ngày" in lines[arrived - 2]
    assert lines[arrived + 1].startswith("Số: [handwriting:")
    assert lines[arrived + 2].startswith("Ngày: [handwriting:")
    assert lines[arrived + 5].startswith("Kính gửi:")
    urgent = drawn("urgent")
    assert urgent.truth["fields"]["urgency"] in urgent.transcript.splitlines()


def test_a_seal_is_red_and_stands_left_of_the_signers_middle() -> None:
    page = drawn("seal").pages[0].pixels.astype(int)
    red = (page[..., 0] - page[..., 1] > 60) & (page[..., 0] - page[..., 2] > 60)
    rows, columns = np.nonzero(red)
    assert np.ptp(columns) == pytest.approx(36 / 25.4 * 200, rel=0.15)
    assert np.median(rows) > page.shape[0] * 0.4
    clean = drawn("blur").pages[0].pixels.astype(int)
    assert not np.any(clean[..., 0] - clean[..., 1] > 60)


@pytest.mark.parametrize("name", ["bilevel", "fax"])
def test_a_bilevel_scan_has_two_levels(name: str) -> None:
    assert set(np.unique(drawn(name).pages[0].pixels)) <= {0, 25, 255}
    assert drawn(name).recipe.mode is Mode.BILEVEL


@given(st.integers(0, 10_000), st.integers(1, 500), st.sampled_from(LEVELS))
def test_a_recipe_names_no_fault_that_another_one_hides(seed: int, index: int, level: str) -> None:
    recipe = _recipe(level, seed, index)
    hidden = {name for over in recipe.classes for name in OVERRULES.get(over, ())}
    assert not hidden & set(recipe.classes)


def _recipe(level: str, seed: int, index: int) -> Recipe:
    return choose_recipe(level, seed, index, random.Random(f"{seed}:{index}"))


def test_in_mixed_samples_every_class_has_its_turn() -> None:
    met = {name for index in range(1, len(CLASSES) + 1) for name in _recipe("mixed", 77, index).classes}
    assert met == set(CLASSES)


def test_clean_samples_are_clean_and_heavy_ones_are_not() -> None:
    assert all(_recipe("none", 1, index) == _recipe("none", 2, 9) for index in range(1, 5))
    faults = [len(_recipe("heavy", 1, index).classes) for index in range(1, 50)]
    assert min(faults) >= 2
    assert sum(faults) / len(faults) > sum(len(_recipe("light", 1, index).classes) for index in range(1, 50)) / 49


def test_an_unknown_level_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="mixed"):
        _recipe("awful", 1, 1)


def test_a_plain_reader_reads_clean_pages_as_their_transcripts_say() -> None:
    with tesserocr.PyTessBaseAPI(path=_tessdata(), lang="vie", psm=tesserocr.PSM.AUTO) as reader:
        scores = [_word_f1(reader, draw_sample(2, index, "none").pages[0]) for index in (2, 3, 12)]
    assert min(scores) >= 0.95
    assert sum(scores) / len(scores) >= 0.97


def _tessdata() -> str:
    return "/usr/share/tesseract-ocr/5/tessdata"


def _word_f1(reader: tesserocr.PyTessBaseAPI, page: ScannedPage) -> float:
    reader.SetImage(Image.fromarray(page.pixels))
    true, read = Counter(words(page.text)), Counter(words(reader.GetUTF8Text()))
    return 2 * (true & read).total() / (true.total() + read.total())
