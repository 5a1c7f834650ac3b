"""Ruled tables: found by their rules, cut into cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from pipeline.model import BoundingBox
from pipeline.pixels import Pixels, as_pixels, shrunk

SIDE = 1600
"""Long side in pixels at which rules are looked for: a hairline of 200 dpi survives, and it takes 10 ms."""
LONG = 40
"""Pixels (at SIDE): shortest stroke that counts as a rule; the tallest letters have 30."""
LEAST_PIECE = 0.4
"""Line heights: narrowest piece of a cut line that can hold a digit."""
LEAST_CELL = 12
"""Pixels (at SIDE): narrowest cell that can hold a digit."""


@dataclass(frozen=True, slots=True)
class Cell:
    """`row`, `last_row`: first and last row of the table that it covers, from 0."""

    box: BoundingBox
    row: int
    last_row: int


@dataclass(frozen=True, slots=True)
class Table:
    box: BoundingBox
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What rules enclose, in pixels of the straight picture, top to bottom.

    `tables`: grids of two cells and more. `frames`: groups of joined rules as wide and high as a stamp or more, closed or not.
    `uprights`: the vertical rules of tables and frames; no printed line goes on across one. `strokes`: 255 where a rule of a
    table or frame is, in a picture of SIDE pixels.
    """

    tables: tuple[Table, ...]
    frames: tuple[BoundingBox, ...]
    uprights: tuple[BoundingBox, ...]
    strokes: Pixels


def find_ruling(grey: Pixels) -> Ruling:
    """Tables and frames of a straight page."""
    scale = min(1.0, SIDE / max(grey.shape))
    small = shrunk(grey, scale)
    across, down = _strokes(small)
    rules = as_pixels(cv2.bitwise_or(across, down))
    if not _joined(rules):
        return Ruling((), (), (), np.zeros_like(rules))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(rules, connectivity=8)
    tables, frames, uprights = [], [], []
    strokes: Pixels = np.zeros_like(rules)
    for place in sorted(range(1, count), key=lambda place: int(stats[place][1])):
        left, top, width, height = (int(value) for value in stats[place][:4])
        if not _is_large(width, height):
            continue
        window = (slice(top, top + height), slice(left, left + width))
        frames.append(_placed(BoundingBox(0, 0, width, height), left, top, scale))
        own = as_pixels(255 * (labels[window] == place))  # a table inside a page's frame is another's
        uprights += [_placed(rule, left, top, scale) for rule in _uprights(as_pixels(cv2.bitwise_and(down[window], own)))]
        strokes[window] |= own
        cells = _cells(own)
        if len(cells) > 1:
            tables.append(_table([_placed(cell, left, top, scale) for cell in cells]))
    return Ruling(tuple(tables), tuple(frames), tuple(uprights), strokes)


def _joined(rules: Pixels) -> bool:
    """Whether any rules may be a table or frame: quickly told of the pages that have none, which are most."""
    outlines, _ = cv2.findContours(rules, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return any(_is_large(*cv2.boundingRect(outline)[2:]) for outline in outlines)


def _is_large(width: int, height: int) -> bool:
    return width >= 2 * LONG and height >= LONG


def _strokes(small: Pixels) -> tuple[Pixels, Pixels]:
    """Binary pictures of long horizontal and of long vertical strokes, small gaps closed."""
    ink = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12)
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, LONG), np.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((LONG, 1), np.uint8))
    return as_pixels(cv2.dilate(across, np.ones((3, 9), np.uint8))), as_pixels(cv2.dilate(down, np.ones((9, 3), np.uint8)))


def _uprights(strokes: Pixels) -> list[BoundingBox]:
    count, _, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    return [
        BoundingBox(int(left), int(top), int(left + width), int(top + height))
        for left, top, width, height, _ in stats[1:count]
        if height >= LONG
    ]


def _cells(rules: Pixels) -> list[BoundingBox]:
    """Holes of the grid that do not touch its outside."""
    height, width = rules.shape
    count, _, stats, _ = cv2.connectedComponentsWithStats(cv2.bitwise_not(rules), connectivity=4)
    cells = []
    for left, top, wide, high, _ in stats[1:count]:
        open_side = left == 0 or top == 0 or left + wide == width or top + high == height
        if not open_side and wide >= LEAST_CELL and high >= LEAST_CELL:
            cells.append(BoundingBox(int(left), int(top), int(left + wide), int(top + high)))
    return cells


def _placed(cell: BoundingBox, left: int, top: int, scale: float) -> BoundingBox:
    return BoundingBox(
        round((cell.left + left) / scale), round((cell.top + top) / scale),
        round((cell.right + left) / scale), round((cell.bottom + top) / scale),
    )  # fmt: skip


def _table(boxes: list[BoundingBox]) -> Table:
    """Rows are counted by the tops of cells; tops closer than half the lowest cell are one row."""
    near = min(box.height for box in boxes) / 2
    tops: list[int] = []
    for box in sorted(boxes, key=lambda box: box.top):
        if not tops or box.top - tops[-1] > near:
            tops.append(box.top)
    cells = []
    for box in boxes:
        row = max(i for i, top in enumerate(tops) if top <= box.top + near)
        last = max(i for i, top in enumerate(tops) if top < box.bottom - near or i == row)
        cells.append(Cell(box, row, last))
    around = BoundingBox(
        min(b.left for b in boxes), min(b.top for b in boxes), max(b.right for b in boxes), max(b.bottom for b in boxes)
    )
    return Table(around, tuple(sorted(cells, key=lambda cell: (cell.row, cell.box.left))))


def without_rules(grey: Pixels, ruling: Ruling) -> Pixels:
    """The picture with the rules of tables and frames painted over in the colour of the paper around them."""
    if not ruling.frames:
        return grey
    mask = cv2.resize(ruling.strokes, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_NEAREST)
    paper = int(np.percentile(grey[::16, ::16], 80))
    clean = grey.copy()
    clean[mask > 0] = paper
    return clean


def cut_at_uprights(boxes: Sequence[BoundingBox], uprights: Sequence[BoundingBox]) -> list[BoundingBox]:
    """Line boxes, cut in two where a rule much taller than the line goes through them (a line finder joins narrow cells)."""
    cut = []
    for box in boxes:
        pieces = [box]
        for rule in uprights:
            shared = min(rule.bottom, box.bottom) - max(rule.top, box.top)
            if shared > 0.8 * box.height and rule.height > 1.5 * box.height:  # taller than any letter
                pieces = [part for piece in pieces for part in _cut(piece, rule)]
        cut += pieces
    return cut


def _cut(box: BoundingBox, rule: BoundingBox) -> list[BoundingBox]:
    if not box.left < rule.left <= rule.right < box.right:
        return [box]
    left, right = replace(box, right=rule.left), replace(box, left=rule.right)
    return [piece for piece in (left, right) if piece.width > LEAST_PIECE * box.height]
