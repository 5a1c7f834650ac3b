"""Seals are found by their ring; what stands in them and pen strokes is no text of the page."""

import cv2
import numpy as np
import pytest

from pipeline.layout.furniture import WITH_CARE, Seal, find_seals
from pipeline.layout.scribbles import is_scribble, only_print
from pipeline.layout.tables import Cell, Table
from pipeline.model import BoundingBox
from pipeline.pixels import Pixels
from tests.drawn import A4, line, paper, rows_of_print

RADIUS = 138
"""17.5 mm at 200 dpi."""


def seal(picture: Pixels, x: int = 1000, y: int = 1700, ink: int = 0) -> Pixels:
    cv2.circle(picture, (x, y), RADIUS, ink, 5)
    cv2.circle(picture, (x, y), RADIUS - 40, ink, 2)
    cv2.putText(picture, "SO Y TE", (x - 70, y + 10), cv2.FONT_HERSHEY_SIMPLEX, 1.1, ink, 3)
    return picture


def test_a_seal_is_found_where_it_stands() -> None:
    (found,) = find_seals(seal(rows_of_print(paper())))
    assert found.x == pytest.approx(1000, abs=8)
    assert found.y == pytest.approx(1700, abs=8)
    assert found.radius == pytest.approx(RADIUS, abs=8)


def test_a_seal_cut_by_the_edge_of_the_page_is_found() -> None:
    (found,) = find_seals(seal(paper(), x=A4[0] - 30))
    assert found.x == pytest.approx(A4[0] - 30, abs=12)


def test_an_oval_seal_is_found_where_it_is_looked_for_with_care() -> None:
    """Some stamps are not round: one is 275 by 282 pixels at 200 dpi, its ring thin and its middle full of words."""
    picture = paper()
    cv2.ellipse(picture, (1000, 1700), (131, 139), 12, 0, 360, 0, 3)
    for row, text in enumerate(("TRUONG", "DAI HOC", "TAY DO")):
        cv2.putText(picture, text, (920, 1650 + 55 * row), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 3)
    (found,) = find_seals(picture, WITH_CARE)
    assert found.x == pytest.approx(1000, abs=12)


def test_dense_print_and_tables_hold_no_seal() -> None:
    picture = rows_of_print(paper(), rows=38)
    for x in range(200, 1450, 125):
        cv2.line(picture, (x, 300), (x, 2200), 0, 3)
    assert find_seals(picture) == []


def test_words_inside_a_seal_are_dropped_but_not_the_position_and_name_under_it() -> None:
    picture = paper()
    lines = [
        line("UBND TỈNH", 930, 1650), line("GIÁM ĐỐC", 920, 1600), line("Trần Văn Bình", 900, 1780), line("Nơi nhận:", 200, 1650),
    ]  # fmt: skip
    kept = only_print(lines, picture, [Seal(1000, 1700, RADIUS, 1.0)], [], [])
    assert [kept_line.text for kept_line in kept] == ["GIÁM ĐỐC", "Trần Văn Bình", "Nơi nhận:"]


def test_what_a_red_seal_leaves_in_the_red_channel_is_fainter_than_print_and_is_dropped() -> None:
    picture = rows_of_print(paper(), rows=3)
    picture[1650:1684, 930:1100:6] = 215
    picture[1750:1784, 930:1100:6] = 30
    lines = [line("Các cơ quan liên quan", 210, 300), line("TRƯỜNG", 930, 1650), line("PHỤ LỤC", 930, 1750)]
    kept = only_print(lines, picture, [], [Seal(1000, 1700, RADIUS, 1.0)], [])
    assert [kept_line.text for kept_line in kept] == ["Các cơ quan liên quan", "PHỤ LỤC"]


FAINT, PRINTED = 215, 30


@pytest.mark.parametrize(
    ("text", "confidence", "ink", "kept"),
    [
        ("hộ", 0.3, PRINTED, True), ("hộ", 0.2, PRINTED, False), ("hộ", 0.6, FAINT, True), ("ộrl", 0.4, FAINT, False),
    ],
)  # fmt: skip
def test_a_word_alone_in_its_cell_is_believed_and_what_shows_through_there_is_not(
    text: str, confidence: float, ink: int, kept: bool
) -> None:
    picture = rows_of_print(paper(), rows=3)
    picture[1050:1084, 930:964:6] = ink
    cell = Cell(BoundingBox(900, 1030, 1100, 1100), 0, 0)
    table = Table(BoundingBox(900, 1030, 1300, 1100), (cell, Cell(BoundingBox(1100, 1030, 1300, 1100), 0, 0)))
    lines = [line("Các cơ quan liên quan", 210, 300), line(text, 930, 1050, confidence=confidence)]
    assert len(only_print(lines, picture, [], [], [table])) == 1 + kept


@pytest.mark.parametrize(
    ("text", "confidence", "kept"),
    [("V/v công khai quy hoạch,", 0.97, True), ("V/v công khai quy hoạch,", 0.6, False), ("gnsuO tns nvunT", 0.97, False)],
)
def test_faint_print_that_was_read_well_stays_and_mirrored_print_goes(text: str, confidence: float, kept: bool) -> None:
    picture = rows_of_print(paper(), rows=3)
    picture[1050:1084, 210:600:6] = FAINT
    lines = [line("Các cơ quan liên quan", 210, 300), line(text, 210, 1050, confidence=confidence)]
    assert len(only_print(lines, picture, [], [], [])) == 1 + kept


@pytest.mark.parametrize(
    ("text", "confidence", "size"),
    [("~", 0.9, 34), ("Vk", 0.4, 34), ("Qowgx zzt", 0.3, 34), ("bUx4", 0.6, 120)],
)
def test_pen_strokes_are_no_print(text: str, confidence: float, size: int) -> None:
    assert is_scribble(line(text, 900, 1800, confidence=confidence, size=size), 34)


@pytest.mark.parametrize(
    ("text", "confidence"), [("6", 0.9), ("12.", 0.4), ("UBND huyện", 0.5), ("Kính gửi:", 0.9), ("năm 2024", 0.6), ("b)", 0.9)]
)
def test_short_and_weak_print_is_kept(text: str, confidence: float) -> None:
    assert not is_scribble(line(text, 900, 1800, confidence=confidence), 34)


def test_an_empty_page_has_no_seal() -> None:
    assert find_seals(np.full((300, 200), 255, np.uint8)) == []
