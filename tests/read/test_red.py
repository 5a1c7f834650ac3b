"""What is printed in red alone is read; seals and red doodles are not."""

from __future__ import annotations

from collections import Counter

import cv2
import numpy as np
import pytest

from pipeline.layout.furniture import Seal
from pipeline.model import Line, RegionKind
from pipeline.pixels import Pixels, as_pixels
from pipeline.read import read_page
from pipeline.read.red import BELIEVED, MARKS, red_lines
from pipeline.text import fold
from samples.spoil.seal import MIDDLES, RINGS
from tests.drawn import line
from tests.read.doubles import KnowingPages
from tests.read.sheets import BLACK, empty_sheet, fused, sample, scan_of, sealed, stamped, texts_of

PAPER: Pixels = np.full((2339, 1654), 255, np.uint8)
LAYER = as_pixels(cv2.putText(PAPER.copy(), "INK", (300, 440), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 0, 6))
SEAL = Seal(1000, 1700, 138, 1.0)
URGENT = {"HỎA TỐC": 6, "THƯỢNG KHẨN": 5}
"""Samples that carry the stamp."""
SEAL_WORDS = (*RINGS, *(word for middle in MIDDLES for word in middle))


def kept(*lines: Line, seals: tuple[Seal, ...] = (), black: tuple[Line, ...] = ()) -> list[str]:
    return [found.text for found in red_lines(LAYER, KnowingPages(lines), seals, black)]


# ---- the rules, with a reader that says what it is told to -----------------------------------------------------------------


@pytest.mark.parametrize("mark", ["HỎA TỐC", "KHẨN", "MẬT", "TUYỆT MẬT", "ĐẾN", "CÔNG VĂN ĐẾN", "BẢN SAO", "Sao y"])
def test_a_mark_is_kept_however_badly_it_was_pressed(mark: str) -> None:
    assert fold(mark) in MARKS
    assert kept(line(mark, 300, 400, confidence=0.3)) == [mark]


def test_a_stamped_position_and_name_are_kept() -> None:
    assert kept(line("KT. GIÁM ĐỐC", 900, 1500), line("Trần Văn Bình", 900, 1800)) == ["KT. GIÁM ĐỐC", "Trần Văn Bình"]


def test_several_syllables_are_kept_when_they_are_well_read_and_dropped_when_not() -> None:
    assert kept(line("Đã đăng ký", 300, 400, confidence=BELIEVED)) == ["Đã đăng ký"]
    assert kept(line("Đã đăng ký", 300, 400, confidence=BELIEVED - 0.01)) == []


@pytest.mark.parametrize("noise", ["Q", "Bình", "xkcd zzq", "§ ~", "12"])
def test_single_words_and_what_is_no_syllable_are_dropped(noise: str) -> None:
    assert kept(line(noise, 300, 400, confidence=1.0)) == []


def test_words_of_a_seal_are_dropped_and_the_position_pressed_under_it_is_kept() -> None:
    inside = line("Ủy ban nhân dân", 900, 1680), line("GIÁM ĐỐC", 920, 1740)
    assert kept(*inside, seals=(SEAL,)) == ["GIÁM ĐỐC"]


def test_a_layer_that_holds_a_seal_and_nothing_else_is_not_read() -> None:
    reader = KnowingPages([line("KT. GIÁM ĐỐC", 200, 900)])
    layer = as_pixels(cv2.circle(PAPER.copy(), (round(SEAL.x), round(SEAL.y)), round(SEAL.radius), 0, 8))
    assert red_lines(layer, reader, [SEAL], []) == []
    assert reader.shown == []
    cv2.putText(layer, "GIAM DOC", (200, 930), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 0, 6)
    assert [found.text for found in red_lines(layer, reader, [SEAL], [])] == ["KT. GIÁM ĐỐC"]


def test_the_same_words_beside_the_seal_are_kept() -> None:
    assert kept(line("Ủy ban nhân dân", 200, 900), seals=(SEAL,)) == ["Ủy ban nhân dân"]


def test_what_was_read_in_black_already_is_not_read_twice() -> None:
    there = line("HỎA TỐC", 300, 400)
    assert kept(line("HỎA TỐC", 304, 402), black=(there,)) == []
    assert kept(line("HỎA TỐC", 300, 600), black=(there,)) == ["HỎA TỐC"]


# ---- on pages, with the reader that is shipped -----------------------------------------------------------------------------


@pytest.mark.parametrize(("mark", "index"), URGENT.items())
def test_a_stamp_of_urgency_is_read(mark: str, index: int) -> None:
    drawn = sample(index, "urgent")
    assert drawn.truth["fields"]["urgency"] == mark
    page, _ = read_page(scan_of(drawn.pages[0].pixels), fused(), None)
    assert texts_of(page).count(mark) == 1


def test_a_position_and_a_name_stamped_in_red_are_read_where_they_stand() -> None:
    sheet = stamped(empty_sheet(), (300, 300, "Điều 1. Thành lập Tổ kiểm tra"), ink=BLACK)
    sheet = stamped(sheet, (900, 1500, "PHÓ GIÁM ĐỐC"), (900, 1800, "Trần Văn Bình"))
    page, findings = read_page(scan_of(sheet), fused(), None)
    assert texts_of(page) == ["Điều 1. Thành lập Tổ kiểm tra", "PHÓ GIÁM ĐỐC", "Trần Văn Bình"]
    assert findings == ()
    box = page.lines[2].box
    assert abs(box.left - 900) < 15
    assert 1790 < box.top < box.bottom < 1860


@pytest.mark.parametrize("index", [5])
def test_a_seal_is_a_region_and_its_words_are_no_lines(index: int) -> None:
    drawn = sample(index, "seal")
    last = drawn.pages[-1]
    page, _ = read_page(scan_of(last.pixels), fused(), None)
    (seal,) = [region for region in page.regions if region.kind is RegionKind.SEAL]
    inked = np.argwhere(last.pixels[:, :, 0].astype(int) - last.pixels[:, :, 1] > 60)
    top, left = inked.min(axis=0)
    bottom, right = inked.max(axis=0)
    assert (seal.box.left, seal.box.top) == pytest.approx((left, top), abs=12)
    assert (seal.box.right, seal.box.bottom) == pytest.approx((right, bottom), abs=12)
    read, printed = (Counter(fold(text).split()) for text in (page.text, last.text))
    assert not (read - printed).keys() & set(fold(" ".join(SEAL_WORDS)).split())


def test_print_under_a_seal_is_read_as_if_the_seal_were_not_there() -> None:
    sheet = stamped(empty_sheet(), (880, 1500, "KT. CHỦ TỊCH"), (880, 1560, "Trần Văn Bình"), ink=BLACK)
    page, _ = read_page(scan_of(sealed(sheet, 960, 1540)), fused(), None)
    assert texts_of(page) == ["KT. CHỦ TỊCH", "Trần Văn Bình"]
    assert [region.kind for region in page.regions] == [RegionKind.SEAL]
