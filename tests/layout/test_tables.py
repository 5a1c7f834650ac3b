"""Ruled tables are found by their rules and read row by row."""

import cv2
import numpy as np

from pipeline.layout.order import in_reading_order, table_order
from pipeline.layout.tables import cut_at_uprights, find_ruling, without_rules
from pipeline.model import BoundingBox
from pipeline.pixels import Pixels
from tests.drawn import line, paper

COLUMNS = (200, 400, 900, 1400)
ROWS = (500, 600, 700, 800)


def ruled(picture: Pixels, *, merged: bool = False) -> Pixels:
    """Three rows, three columns; `merged`: the first column's rows 2 and 3 are one cell."""
    for x in COLUMNS:
        cv2.line(picture, (x, ROWS[0]), (x, ROWS[-1]), 0, 3)
    for y in ROWS:
        start = COLUMNS[1] if merged and y == ROWS[2] else COLUMNS[0]
        cv2.line(picture, (start, y), (COLUMNS[-1], y), 0, 3)
    return picture


def test_a_grid_is_a_table_with_its_cells_in_rows() -> None:
    (table,) = find_ruling(ruled(paper())).tables
    assert len(table.cells) == 9
    assert [cell.row for cell in table.cells] == [0, 0, 0, 1, 1, 1, 2, 2, 2]


def test_a_cell_over_two_rows_knows_both() -> None:
    (table,) = find_ruling(ruled(paper(), merged=True)).tables
    tall = [cell for cell in table.cells if cell.last_row > cell.row]
    assert len(table.cells) == 8
    assert [(cell.row, cell.last_row) for cell in tall] == [(1, 2)]


def test_a_table_on_a_page_with_black_edges_is_one_table_and_read_once() -> None:
    picture = ruled(paper())
    cv2.rectangle(picture, (20, 20), (picture.shape[1] - 20, picture.shape[0] - 20), 0, 14)
    ruling = find_ruling(picture)
    assert [len(table.cells) for table in ruling.tables] == [9]
    ordered = in_reading_order([line("STT", 230, 530), line("Nội dung", 430, 530)], ruling, picture.shape[1], picture.shape[0])
    assert [cell.text for cell in ordered] == ["STT", "Nội dung"]


def test_underlines_and_letters_make_no_table() -> None:
    picture = paper()
    cv2.line(picture, (700, 300), (1000, 300), 0, 3)
    cv2.putText(picture, "QUYET DINH", (600, 500), cv2.FONT_HERSHEY_SIMPLEX, 2, 0, 5)
    ruling = find_ruling(picture)
    assert ruling.tables == ()
    assert ruling.frames == ()


def test_rules_are_painted_over_and_print_beside_them_stays() -> None:
    picture = ruled(paper())
    cv2.putText(picture, "12", (260, 565), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 3)
    clean = without_rules(picture, find_ruling(picture))
    assert clean[ROWS[1], 300] > 200
    assert clean[520:580, 250:320].min() == 0


def test_a_line_that_runs_through_a_rule_is_cut_into_its_cells() -> None:
    ruling = find_ruling(ruled(paper()))
    pieces = cut_at_uprights([BoundingBox(220, 530, 860, 570)], ruling.uprights)
    assert len(pieces) == 2
    assert pieces[0].right <= 405
    assert pieces[1].left >= 395


def test_a_stroke_no_taller_than_the_line_does_not_cut_it() -> None:
    stroke = BoundingBox(500, 528, 503, 572)
    box = BoundingBox(220, 530, 860, 570)
    assert cut_at_uprights([box], [stroke]) == [box]


def test_rows_are_read_cell_by_cell_and_a_merged_cell_once_with_its_first_row() -> None:
    (table,) = find_ruling(ruled(paper(), merged=True)).tables
    cells = [
        line("STT", 230, 530), line("Nội dung", 430, 530), line("Ngày", 930, 530),
        line("Buổi sáng", 210, 690, pitch=8), line("Họp giao ban", 430, 610), line("đầu tuần", 430, 650), line("05/9", 930, 630),
        line("Tiếp dân", 430, 730), line("06/9", 930, 730),
    ]  # fmt: skip
    ordered = table_order(cells[::-1], table)
    text = "".join(f"{' ' if cell.same_row else chr(10)}{cell.text}" for cell in ordered).strip()
    assert text.split("\n") == ["STT Nội dung Ngày", "Buổi sáng Họp giao ban 05/9", "đầu tuần", "Tiếp dân 06/9"]


def test_an_empty_picture_has_no_ruling() -> None:
    ruling = find_ruling(np.full((50, 40), 255, np.uint8))
    assert (ruling.tables, ruling.frames, ruling.uprights) == ((), (), ())
