"""Frames told by their four strokes, whatever else hangs on them."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from pipeline.pixels import Pixels, as_pixels
from pipeline.secrecy.cutting import FRAME_HEIGHT_MM, FRAME_LENGTH_MM, PIXELS_PER_MM, SHAPE, Rectangle

LEAST_EDGE = 0.55
"""Share of each side of a frame that has to be there."""
DEEP = 0.24
"""How deep from the edge a side may reach, as a share of the frame's height."""
TURNS = (-6, -2, 2, 6)
"""Degrees by which a page is turned to find frames that run into print."""
STROKE_MM, THICKEST_MM, ENDS_MM = 8.0, 2.6, 2.0
"""Length of the shortest stroke of such a frame: no letter has one. How thick it is at most, also when it is not quite level. By
how much the ends of two strokes of one frame differ."""
COARSER = 2
"""At so many pixels to one, strokes are sought first: there a page is turned in no time."""
LOOSE_MM = 1.2
"""By how much a coarse stroke may be shorter, or end elsewhere, than it does."""
LOOSE_EDGE = 0.45
"""Share of each side that has to be there for them."""
AROUND_MM = 3.0
"""Ink around a pair of coarse strokes in which they are sought with care."""

Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels."""


def crossed_rectangles(ink: Pixels) -> Iterator[Rectangle]:
    """Frames that run into the print beside them: two long strokes above each other, with a stroke at either end.

    `ink`: 255 where there is some, at PIXELS_PER_MM; so are the rectangles.
    """
    coarse = _coarser(ink)
    for angle in TURNS:
        for left, top, right, bottom in _windows(coarse, angle, ink.shape):
            turned, turn = _turned(as_pixels(ink[top:bottom, left:right]), angle)
            for x0, y0, x1, y1 in _stroke_pairs(turned):
                x, y = cv2.invertAffineTransform(turn) @ np.array([(x0 + x1) / 2, (y0 + y1) / 2, 1.0])
                yield (float(x) + left, float(y) + top), (float(x1 - x0), float(y1 - y0)), float(angle)


def has_sides(frame: Pixels, least: float = LEAST_EDGE) -> bool:
    """Whether so much of each side of the upright rectangle has ink, on the edge or, where a speck or a letter sticks out, near it."""
    near = max(3, round(0.14 * frame.shape[0]))
    deep = max(near + 1, round(DEEP * frame.shape[0]))
    edges = (frame[:deep], frame[::-1][:deep], frame.T[:deep], frame.T[::-1][:deep])
    return all(_covered(edge, near) >= least for edge in edges)


def _covered(edge: Pixels, near: int) -> float:
    """Share of the columns with ink in so many rows of an edge, where they have most."""
    inked = cv2.compare(np.ascontiguousarray(edge), 60, cv2.CMP_GT)
    found = cv2.dilate(inked, np.ones((near, 1), np.uint8), anchor=(0, 0))[: max(1, edge.shape[0] - near + 1)]
    return float(cv2.reduce(found, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S).max()) / (255 * edge.shape[1])


def _coarser(ink: Pixels) -> Pixels:
    """Ink wherever one of the finer pixels has some."""
    size = (max(1, ink.shape[1] // COARSER), max(1, ink.shape[0] // COARSER))
    thick = cv2.dilate(ink, np.ones((COARSER, COARSER), np.uint8))
    return as_pixels(cv2.resize(thick, size, interpolation=cv2.INTER_NEAREST))


def _turned(ink: Pixels, angle: float) -> tuple[Pixels, np.ndarray]:
    turn = cv2.getRotationMatrix2D((ink.shape[1] / 2, ink.shape[0] / 2), angle, 1.0)
    return as_pixels(cv2.warpAffine(ink, turn, (ink.shape[1], ink.shape[0]), flags=cv2.INTER_NEAREST)), turn


def _windows(coarse: Pixels, angle: float, shape: tuple[int, ...]) -> list[Box]:
    """Where, on the finer picture of that shape, two strokes of the right length lie above each other; none meets another."""
    turned, turn = _turned(coarse, angle)
    back, around = cv2.invertAffineTransform(turn), AROUND_MM * PIXELS_PER_MM
    windows: list[Box] = []
    for upper, lower in _pairs(_strokes(turned, PIXELS_PER_MM / COARSER, LOOSE_MM), PIXELS_PER_MM / COARSER, LOOSE_MM):
        inner = max(upper[0], lower[0]), min(upper[2], lower[2])
        if not has_sides(as_pixels(turned[upper[1] : lower[3], slice(*inner)]), LOOSE_EDGE):
            continue
        left, right = min(upper[0], lower[0]), max(upper[2], lower[2])
        corners = np.array([(x, y, 1.0) for x in (left, right) for y in (upper[1], lower[3])]) @ back.T * COARSER
        (x0, y0), (x1, y1) = corners.min(axis=0) - around, corners.max(axis=0) + around
        windows.append((max(0, int(x0)), max(0, int(y0)), min(shape[1], int(x1)), min(shape[0], int(y1))))
    return _apart(windows)


def _apart(windows: list[Box]) -> list[Box]:
    """Those that meet are made one."""
    apart: list[Box] = []
    for box in windows:
        while meets := [other for other in apart if _meet(box, other)]:
            apart = [other for other in apart if other not in meets]
            together = np.array([box, *meets])
            left, top = (int(value) for value in together[:, :2].min(axis=0))
            right, bottom = (int(value) for value in together[:, 2:].max(axis=0))
            box = (left, top, right, bottom)
        apart.append(box)
    return apart


def _meet(box: Box, other: Box) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]


def _stroke_pairs(ink: Pixels) -> Iterator[Box]:
    """Upright frames."""
    for upper, lower in _pairs(_strokes(ink, PIXELS_PER_MM, 0.0), PIXELS_PER_MM, 0.0):
        left, right = max(upper[0], lower[0]), min(upper[2], lower[2])  # one may run on into a letter
        if has_sides(as_pixels(ink[upper[1] : lower[3], left:right])):
            yield left, upper[1], right, lower[3]


def _strokes(ink: Pixels, per_mm: float, loose_mm: float) -> list[Box]:
    """Level ones that are thin. `loose_mm`: by how much they may be shorter, and thicker."""
    across = np.ones((1, round((STROKE_MM - loose_mm) * per_mm)), np.uint8)
    core = cv2.erode(ink, across, borderType=cv2.BORDER_CONSTANT, borderValue=255)
    if not core.any():
        return []
    strokes = cv2.dilate(cv2.dilate(core, across), np.ones((3, 5), np.uint8))
    outlines, _ = cv2.findContours(strokes, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = (cv2.boundingRect(outline) for outline in outlines)
    return [(x, y, x + wide, y + high) for x, y, wide, high in boxes if high <= (THICKEST_MM + loose_mm) * per_mm]


def _pairs(strokes: list[Box], per_mm: float, loose_mm: float) -> Iterator[tuple[Box, Box]]:
    """Upper and lower stroke of what may be a frame."""
    if not strokes:
        return
    left, top, right, bottom = np.array(strokes).T / per_mm
    length, high = (right - left)[:, None], bottom[None] - top[:, None]
    ends = np.maximum(np.abs(left[:, None] - left), np.abs(right[:, None] - right))
    fits = (high >= FRAME_HEIGHT_MM[0] - loose_mm) & (high <= FRAME_HEIGHT_MM[1] + loose_mm) & (ends <= ENDS_MM + loose_mm)
    fits &= (length >= FRAME_LENGTH_MM[0] - loose_mm) & (length <= FRAME_LENGTH_MM[1] + loose_mm)
    fits &= length + loose_mm >= SHAPE[0] * (high - loose_mm)
    for upper, lower in np.argwhere(fits):
        yield strokes[upper], strokes[lower]
