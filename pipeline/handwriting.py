"""Handwriting told from print where it matters most: the number, the day and the month of the head.

A pen differs from the type of the same line: it writes taller, off the baseline, thicker or thinner, in another colour, paler or
darker. How much each of these counts was fitted (logistic regression) on 107 such places of 38 real documents, 52 of them by
hand; left out document by document it finds 9 of 10 and takes no printed figure for handwriting.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.added_signs import dark_ink, signs_before_positions
from pipeline.extract.dates import read_date_line
from pipeline.extract.number import read_number_line, with_whole_numbers
from pipeline.model import BoundingBox, Line, Page, Region, RegionKind, Zone
from pipeline.pixels import Pixels

WEIGHTS = (8.8, 6.7, 2.75, 1.07, 1.37)
"""Of the deviations in height, baseline (both in heights of a tall letter), stroke (natural log of the ratio), colour (blue over
red, 40 grey levels) and darkness (40 grey levels)."""
MOST = (0.6, 0.4, 0.5, 1.0, 1.0)
"""Deviations beyond which nothing more is said."""
BIAS = -2.7
LIKELY = 0.3
"""Chance from which a place is handwritten: no printed one of the real pages came above 0.23, the slope taken out."""
FEWEST_LETTERS = 4
"""Letters of print on the line needed for a comparison."""


@dataclass(frozen=True, slots=True)
class Strokes:
    """Connected ink of one line's crop: what stands in the slot and the print around it."""

    labels: NDArray[np.int32]
    boxes: NDArray[np.int32]
    slot: list[int]
    print: list[int]


def handwriting(page: Page, pixels: Pixels) -> tuple[Region, ...]:
    """Regions of handwriting: the number, day and month of a page's head, a sign before a position.

    `pixels`: the page as seen.
    """
    found = []
    for line, start, end in slots(page):
        box = _stretch(line, start, end)
        chance = chance_of_pen(line.box, box, pixels, page.skew)
        if chance is not None and chance >= LIKELY:
            found.append(Region(RegionKind.HANDWRITING, box, chance))
    return (*found, *signs_before_positions(page, pixels))


def slots(page: Page) -> Iterator[tuple[Line, int, int]]:
    """Lines of the head with the start and end of what is often filled in by hand."""
    for line in with_whole_numbers([line for line in page.lines if line.zone is Zone.HEADER_LEFT]):
        if number := read_number_line(line.text):
            yield line, *number.number_at
    for line in page.lines:
        if line.zone is Zone.HEADER_RIGHT and (date := read_date_line(line.text)):
            yield line, *date.day_at
            yield line, *date.month_at


def _stretch(line: Line, start: int, end: int) -> BoundingBox:
    """Where characters start..end of a line stand, with the gaps beside them: a reader may have passed over a figure, or over
    all of them. Inside a word by its share of the letters."""
    start, end = len(line.text[:start].rstrip()), len(line.text) - len(line.text[end:].lstrip())
    left, right = _x_of(line, start), _x_of(line, end)
    return BoundingBox(round(min(left, right)), line.box.top, round(max(left, right)), line.box.bottom)


def _x_of(line: Line, at: int) -> float:
    begins = 0
    for word in line.words:
        if at <= begins + len(word.text):
            share = max(0, at - begins) / len(word.text)
            return word.box.left + share * word.box.width
        begins += len(word.text) + 1
    return line.words[-1].box.right


def chance_of_pen(line: BoundingBox, slot: BoundingBox, pixels: Pixels, skew: float) -> float | None:
    """0.0-1.0; None where there is nothing in the slot or too little print to compare with. `skew`: as in Page."""
    half = line.height // 2
    top, left = max(0, line.top - half), max(0, line.left - half)
    crop = pixels[top : line.bottom + half, left : line.right + half]
    if crop.size == 0:
        return None
    green = crop if crop.ndim == 2 else crop[:, :, 1]
    ink = dark_ink(green)
    strokes = _strokes(ink, slot.left - left, slot.right - left, line.height)
    if not strokes.slot or len(strokes.print) < FEWEST_LETTERS:
        return None
    differs = (*_geometry(strokes, skew), _thickness(ink, strokes), *_colour(crop, green, strokes))
    score = BIAS + sum(w * min(abs(d), most) for w, d, most in zip(WEIGHTS, differs, MOST, strict=True))
    return 1 / (1 + math.exp(-score))


def _strokes(ink: NDArray[np.uint8], left: int, right: int, height: int) -> Strokes:
    """Specks, rules and what belongs to the lines above and below are left out."""
    count, labels, stats, middles = cv2.connectedComponentsWithStats(ink, connectivity=8)
    letters = [
        i for i in range(1, count) if stats[i][4] > 0.008 * height**2 and stats[i][3] < 1.9 * height and stats[i][2] < 4 * height
    ]
    edge = round(0.12 * height)
    slot = [i for i in letters if left - edge <= middles[i][0] <= right + edge and stats[i][3] > 0.3 * height]
    near = 0.2 * height + edge
    rest = [
        i
        for i in letters
        if not left - near <= middles[i][0] <= right + near and 0.25 * height < stats[i][1] + stats[i][3] / 2 < 1.5 * height
    ]
    return Strokes(np.asarray(labels, np.int32), np.asarray(stats, np.int32), slot, rest)


def _geometry(strokes: Strokes, skew: float) -> tuple[float, float]:
    """Height against the tall letters of the line, and distance of the foot from its baseline, which rises with the skew."""
    boxes = strokes.boxes
    tall = float(np.percentile(boxes[strokes.print, 3], 85))
    feet = boxes[:, 1] + boxes[:, 3] + math.tan(math.radians(skew)) * (boxes[:, 0] + boxes[:, 2] / 2)
    baseline = float(np.median(feet[strokes.print]))
    highest = float(boxes[strokes.slot, 3].max())
    foot = float(feet[strokes.slot].max())
    return highest / tall - 1, (foot - baseline) / tall


def _thickness(ink: NDArray[np.uint8], strokes: Strokes) -> float:
    depth = cv2.distanceTransform(ink, cv2.DIST_L2, 3)
    pen = float(np.percentile(depth[np.isin(strokes.labels, strokes.slot)], 80))
    type_ = float(np.percentile(depth[np.isin(strokes.labels, strokes.print)], 80))
    return math.log(pen / max(0.5, type_))


def _colour(crop: Pixels, green: NDArray[np.uint8], strokes: Strokes) -> tuple[float, float]:
    pen, type_ = np.isin(strokes.labels, strokes.slot), np.isin(strokes.labels, strokes.print)
    blue = 0.0
    if crop.ndim == 3:
        blueness = crop[:, :, 2].astype(np.int16) - crop[:, :, 0]
        blue = float(blueness[pen].mean() - blueness[type_].mean()) / 40
    return blue, float(green[pen].mean() - green[type_].mean()) / 40
