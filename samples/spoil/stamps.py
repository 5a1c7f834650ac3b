"""Rubber stamps with words: degree of urgency, and the incoming stamp that the receiving office fills in by hand."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import cv2
import numpy as np

from samples.document import Align, Face, Kind, Run
from samples.picture import Blot, Colour, Matrix, Pixels, TrueLine, carried
from samples.spoil.pen import ILLEGIBLE, INKS, entered
from samples.spoil.seal import RED
from samples.typeset.drawing import draw_print
from samples.typeset.lines import extent, set_runs
from samples.typeset.sheet import PrintedLine, Rule, moved_line
from samples.typeset.style import MM

URGENCIES = ("HỎA TỐC", "THƯỢNG KHẨN", "KHẨN")
STAMP_INKS: tuple[Colour, ...] = (RED, (150, 30, 60), (70, 50, 130))
WHITE = np.uint8(255)


@dataclass(frozen=True, slots=True)
class Sticker:
    """A stamp before it is pressed, in points of its own; `size` = width, height."""

    lines: tuple[PrintedLine, ...]
    rules: tuple[Rule, ...]
    size: tuple[float, float]


def urgency_stamp(word: str) -> Sticker:
    """Bold capitals in a box, 8 mm high."""
    (line,) = set_runs([Run(word, Face.BOLD, Kind.STAMP)], 15.0, 7.0, 400.0, Align.LEFT)
    width, height = extent(line)[1] + 7.0, 8 * MM
    return Sticker((moved_line(line, 0.0, 16.5),), stamp_box(0.8, 0.8, width - 0.8, height - 0.8, 1.6), (width, height))


def incoming_stamp(organ: str, number: int, arrived: date, rng: random.Random) -> Sticker:
    """50 x 35 mm: who received it, "ĐẾN", number and day by hand on dotted lines, and to whom it went."""
    width, height, split = 50 * MM, 35 * MM, 17 * MM
    entries = (("Số:", f"{number}"), ("Ngày:", f"{arrived.day}/{arrived.month}/{arrived.year % 100:02d}"))
    lines = [moved_line(line, 0.0, 11.0) for line in _stamped(organ, Face.BOLD, 7.5, 2.0, width - 4.0, Align.CENTRE)]
    lines += [moved_line(line, 0.0, 42.0) for line in _stamped("ĐẾN", Face.BOLD, 16.0, 2.0, split - 4.0, Align.CENTRE)]
    for place, (label, value) in enumerate(entries):
        lines.append(_entry(label, value, split + 5.0, 34.0 + 20.0 * place))
    went = rng.random() < 0.7
    lines.append(_entry("Chuyển:", ILLEGIBLE if went else "", 5.0, 74.0))
    lines.append(_entry("Lưu hồ sơ số:", "", 5.0, 91.0))
    rules = [
        *stamp_box(0.8, 0.8, width - 0.8, height - 0.8, 1.4),
        Rule(0, 16.0, width, 16.0, 1.0),
        Rule(0, 60.0, width, 60.0, 1.0),
        Rule(split, 16.0, split, 60.0, 1.0),
    ]
    return Sticker(tuple(lines), tuple(rules), (width, height))


def pressed(
    sticker: Sticker, x: float, y: float, degrees: float, rng: random.Random, dpi: float
) -> tuple[list[Blot], tuple[TrueLine, ...]]:
    """The stamp on the page, its top left corner near (x, y) pixels, turned; with its words, and what a pen wrote into it."""
    printed, lines = draw_print(sticker.lines, sticker.rules, sticker.size, dpi)
    pen_blots, filled = entered(lines, rng.choice(INKS), rng, dpi)
    rubber = Blot(WHITE - printed, 0, 0, rng.choice(STAMP_INKS))
    return turned_blots([rubber, *pen_blots], filled, (x, y), degrees, printed.shape)


def turned_blots(
    blots: Sequence[Blot], lines: Sequence[TrueLine], corner: tuple[float, float], degrees: float, shape: tuple[int, ...]
) -> tuple[list[Blot], tuple[TrueLine, ...]]:
    """All ink of one stamp turned about its middle on one canvas with room for the corners, and its words with it."""
    height, width = shape[:2]
    room = round(0.3 * width)
    turn = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0), (0, 0, 1)])
    matrix: Matrix = np.array([[1, 0, room], [0, 1, room], [0, 0, 1]], np.float64) @ turn
    left, top = round(corner[0]) - room, round(corner[1]) - room
    size = (width + 2 * room, height + 2 * room)
    turned = [Blot(_moved(blot, matrix, size), left, top, blot.colour) for blot in blots]
    shift: Matrix = np.array([[1, 0, left], [0, 1, top], [0, 0, 1]], np.float64)
    return turned, carried(lines, shift @ matrix)


def _moved(blot: Blot, matrix: Matrix, size: tuple[int, int]) -> Pixels:
    start: Matrix = np.array([[1, 0, blot.left], [0, 1, blot.top], [0, 0, 1]], np.float64)
    return np.asarray(cv2.warpAffine(blot.mask, (matrix @ start)[:2], size), np.uint8)


def _stamped(text: str, face: Face, size: float, left: float, width: float, align: Align) -> list[PrintedLine]:
    return set_runs([Run(text, face, Kind.STAMP)], size, left, width, align)[:1]


def _entry(label: str, value: str, x: float, y: float) -> PrintedLine:
    """A label and, unless empty, what the pen writes after it."""
    runs = [Run(label, kind=Kind.STAMP)] + ([Run(value, kind=Kind.HANDWRITING)] if value else [])
    (line,) = set_runs(runs, 10.0, x, 400.0, Align.LEFT)
    return moved_line(line, 0.0, y)


def stamp_box(left: float, top: float, right: float, bottom: float, weight: float) -> tuple[Rule, ...]:
    """Four rules around a stamp, in points."""
    return (
        Rule(left, top, right, top, weight),
        Rule(left, bottom, right, bottom, weight),
        Rule(left, top, left, bottom, weight),
        Rule(right, top, right, bottom, weight),
    )


def day_of_arrival(issued: date, rng: random.Random) -> date:
    return issued + timedelta(days=rng.randint(1, 9))
