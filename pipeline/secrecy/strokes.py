"""Frames told by their four strokes, whatever else hangs on them."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from pipeline.pixels import Pixels, as_pixels
from pipeline.secrecy.cutting import FRAME_HEIGHT_MM, FRAME_LENGTH_MM, PIXELS_PER_MM, SHAPE, Rectangle
from pipeline.secrecy.windows import Box, apart

LEAST_EDGE = 0.55
"""Share of each side of a frame that has to be there."""
DEEP = 0.24
"""How deep from the edge a side may reach, as a share of the frame's height."""
TURNS = (-6, -2, 2, 6)
"""Degrees by which a page is turned to find frames that run into print."""
STROKE_MM, THICKEST_MM, ENDS_MM = 8.0, 2.6, 2.0
"""Length of the shortest stroke of such a frame: no letter has one. How thick it is at most, also when it is not quite level. By
how much the ends of two strokes of one frame differ."""
LEVEL_MM = 2.0
"""What is level of a thin stroke that is turned as far as these."""
LOOSE_MM, LOOSE_ENDS_MM = 1.2, 4.0
"""By how much a stroke may be shorter and further away, and its ends differ, as long as the page is not turned."""
SLOPE = 0.14
"""Rise of such a stroke over its length."""
AROUND_MM = 3.0
"""Ink around a pair of such strokes in which they are sought with care."""


def crossed_rectangles(ink: Pixels) -> Iterator[Rectangle]:
    """Frames that run into the print beside them: two long strokes above each other, with a stroke at either end.

    `ink`: 255 where there is some, at PIXELS_PER_MM; so are the rectangles.
    """
    for left, top, right, bottom in _windows(ink):
        part = as_pixels(ink[top:bottom, left:right])
        for angle in TURNS:
            turn = cv2.getRotationMatrix2D((part.shape[1] / 2, part.shape[0] / 2), angle, 1.0)
            turned = as_pixels(cv2.warpAffine(part, turn, (part.shape[1], part.shape[0]), flags=cv2.INTER_NEAREST))
            for x0, y0, x1, y1 in _stroke_pairs(turned):
                x, y = cv2.invertAffineTransform(turn) @ np.array([(x0 + x1) / 2, (y0 + y1) / 2, 1.0])
                yield (float(x) + left, float(y) + top), (float(x1 - x0), float(y1 - y0)), float(angle)


def has_sides(frame: Pixels, least: float = LEAST_EDGE) -> bool:
    """Whether so much of each side of the upright rectangle has ink: on its edge or, where a speck or a letter sticks out, near
    it."""
    near = max(3, round(0.14 * frame.shape[0]))
    deep = max(near + 1, round(DEEP * frame.shape[0]))
    edges = (frame[:deep], frame[::-1][:deep], frame.T[:deep], frame.T[::-1][:deep])
    return all(_covered(edge, near) >= least for edge in edges)


def _covered(edge: Pixels, near: int) -> float:
    """Share of the columns with ink in so many rows of an edge, where they have most."""
    inked = (edge > 60).astype(np.uint8)
    found = cv2.dilate(inked, np.ones((near, 1), np.uint8), anchor=(0, 0))[: max(1, edge.shape[0] - near + 1)]
    return float(np.max(cv2.reduce(found, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)) / edge.shape[1])


def _windows(ink: Pixels) -> list[Box]:
    """Where strokes of about the right length lie above each other; none meets another."""
    around = round(AROUND_MM * PIXELS_PER_MM)
    windows = []
    for upper, lower in _pairs(_sloping_strokes(ink), LOOSE_MM, SLOPE, LOOSE_ENDS_MM):
        left, right = min(upper[0], lower[0]) - around, max(upper[2], lower[2]) + around
        top, bottom = upper[1] - around, lower[3] + around
        windows.append((max(0, left), max(0, top), min(ink.shape[1], right), min(ink.shape[0], bottom)))
    return apart(windows)


def _sloping_strokes(ink: Pixels) -> list[Box]:
    """Such as are level in short pieces, each a little higher or lower than the one beside it."""
    across = np.ones((1, round(LEVEL_MM * PIXELS_PER_MM)), np.uint8)
    level = cv2.dilate(cv2.morphologyEx(ink, cv2.MORPH_OPEN, across), np.ones((3, 3), np.uint8))
    thickest = (THICKEST_MM + LOOSE_MM) * PIXELS_PER_MM
    return [
        (left, top, right, bottom)
        for left, top, right, bottom in _boxes(as_pixels(level))
        if right - left >= (STROKE_MM - LOOSE_MM) * PIXELS_PER_MM and bottom - top <= thickest + SLOPE * (right - left)
    ]


def _boxes(ink: Pixels) -> list[Box]:
    outlines, _ = cv2.findContours(ink, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = (cv2.boundingRect(outline) for outline in outlines)
    return [(x, y, x + wide, y + high) for x, y, wide, high in boxes]


def _stroke_pairs(ink: Pixels) -> Iterator[Box]:
    """Upright frames."""
    for upper, lower in _pairs(_strokes(ink), 0.0, 0.0, ENDS_MM):
        left, right = max(upper[0], lower[0]), min(upper[2], lower[2])  # one may run on into a letter
        if has_sides(as_pixels(ink[upper[1] : lower[3], left:right])):
            yield left, upper[1], right, lower[3]


def _strokes(ink: Pixels) -> list[Box]:
    """Long level ones that are thin."""
    across = np.ones((1, round(STROKE_MM * PIXELS_PER_MM)), np.uint8)
    core = cv2.erode(ink, across, borderType=cv2.BORDER_CONSTANT, borderValue=255)
    if not core.any():
        return []
    strokes = cv2.dilate(cv2.dilate(core, across), np.ones((3, 5), np.uint8))
    return [box for box in _boxes(as_pixels(strokes)) if box[3] - box[1] <= THICKEST_MM * PIXELS_PER_MM]


def _pairs(strokes: list[Box], loose_mm: float, slope: float, ends_mm: float) -> Iterator[tuple[Box, Box]]:
    """Upper and lower stroke of what may be a frame, their ends so near each other; they rise so much over their length."""
    if not strokes:
        return
    left, top, right, bottom = np.array(strokes).T / PIXELS_PER_MM
    length, high = (right - left)[:, None], bottom[None] - top[:, None]
    ends, upright = np.maximum(np.abs(left[:, None] - left), np.abs(right[:, None] - right)), high - slope * length
    fits = (high >= FRAME_HEIGHT_MM[0] - loose_mm) & (upright <= FRAME_HEIGHT_MM[1] + loose_mm) & (ends <= ends_mm)
    fits &= (length >= FRAME_LENGTH_MM[0] - loose_mm) & (length <= FRAME_LENGTH_MM[1] + loose_mm)
    fits &= length + loose_mm >= SHAPE[0] * (upright - loose_mm)
    for upper, lower in np.argwhere(fits):
        yield strokes[upper], strokes[lower]
