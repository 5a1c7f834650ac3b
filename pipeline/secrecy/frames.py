"""Frames of a stamp's size: whole, worn to pieces, or run into the print beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np

from pipeline.pixels import Pixels, as_pixels
from pipeline.secrecy.cutting import (
    BAND,
    PIXELS_PER_MM,
    SHAPE,
    Inked,
    Place,
    Rectangle,
    in_range,
    place_at,
    rectangle,
    upright_of,
)

LENGTH_MM, HEIGHT_MM = (7.0, 80.0), (3.8, 20.0)
"""Of a frame. The law's stamps are 8 mm high and 20 to 40 mm long."""
MOST_INSIDE = 0.5
"""Share of a frame's inside that its own ink covers, where letters touch it: words whose letters touch each other are full."""
LEAST_EDGE = 0.55
"""Share of each side of a frame that has to be there."""
SMOOTH_MM = 0.14
"""Width of the pen with which broken strokes are drawn again: letters of 2 mm stay legible."""
COARSE = 0.85
"""Scale from which a page is too coarse (150 dpi) to be smoothed."""
GAP_MM, DEEP = 1.0, 0.24
"""Gaps of a worn frame; how deep from the edge it may reach, as a share of its height."""
SLOPE_MM = 12.0
"""By how much a frame that stands askew is higher than it would be upright."""
TURNS = (-6, -2, 2, 6)
"""Degrees by which a page is turned to find frames that run into print."""
STROKE_MM, THICKEST_MM, ENDS_MM = 8.0, 2.6, 2.0
"""Length of the shortest stroke of such a frame: no letter has one. How thick it is at most, also when it is not quite level. By
how much the ends of two strokes of one frame differ."""


def frames_on(inked: Inked) -> list[Place]:
    """Whole ones first."""
    whole = list(_frames(inked))
    worn = (*_broken_frames(inked), *_crossed_frames(inked))
    return [*whole, *(one for one in worn if not any(one.box.overlap(frame.box) for frame in whole))]


def _frames(inked: Inked) -> Iterator[Place]:
    """Twice each: the frame painted over, and what is well within it, where letters would have gone with the frame."""
    for rect, frame in _rectangles(inked):
        yield place_at(inked, rect, frame)
        yield _within(inked, rect)


def _broken_frames(inked: Inked) -> Iterator[Place]:
    """The same where worn frames have fallen apart: their gaps are closed, which may join the letters to them."""
    gap = round(GAP_MM * PIXELS_PER_MM)
    closed = cv2.morphologyEx(inked.ink, cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8))
    closed[round(BAND * closed.shape[0]) :] = 0
    _, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    joined = replace(inked, labels=np.asarray(labels, np.int32), stats=np.asarray(stats, np.int32))
    for rect, _ in _rectangles(joined):
        yield _within(inked, rect)


def _crossed_frames(inked: Inked) -> Iterator[Place]:
    """Frames that run into the print beside them: two long strokes above each other, with a stroke at either end."""
    band = inked.ink[: round(BAND * inked.ink.shape[0])]
    middle = (band.shape[1] / 2, band.shape[0] / 2)
    for angle in TURNS:
        turn = cv2.getRotationMatrix2D(middle, angle, 1.0)
        turned = as_pixels(cv2.warpAffine(band, turn, (band.shape[1], band.shape[0]), flags=cv2.INTER_NEAREST))
        for left, top, right, bottom in _stroke_pairs(turned):
            x, y = cv2.invertAffineTransform(turn) @ np.array([(left + right) / 2, (top + bottom) / 2, 1.0])
            yield _within(inked, ((float(x), float(y)), (float(right - left), float(bottom - top)), float(angle)))


def _stroke_pairs(ink: Pixels) -> Iterator[tuple[int, int, int, int]]:
    """Left, top, right and bottom of upright frames."""
    strokes = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, round(STROKE_MM * PIXELS_PER_MM)), np.uint8))
    strokes = cv2.dilate(strokes, np.ones((3, 5), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    thin = [(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in stats[1:] if h <= THICKEST_MM * PIXELS_PER_MM]
    for upper in thin:
        for lower in thin:
            high, length = (lower[3] - upper[1]) / PIXELS_PER_MM, (upper[2] - upper[0]) / PIXELS_PER_MM
            ends = max(abs(upper[0] - lower[0]), abs(upper[2] - lower[2])) / PIXELS_PER_MM
            if not (HEIGHT_MM[0] <= high <= HEIGHT_MM[1] and LENGTH_MM[0] <= length <= LENGTH_MM[1] and ends <= ENDS_MM):
                continue
            left, right = max(upper[0], lower[0]), min(upper[2], lower[2])  # one may run on into a letter
            frame = as_pixels(ink[upper[1] : lower[3], left:right])
            if length >= SHAPE[0] * high and min(_sides(frame)) >= LEAST_EDGE:
                yield left, upper[1], right, lower[3]


def _rectangles(inked: Inked) -> Iterator[tuple[Rectangle, Pixels]]:
    """Pieces of ink along all four sides of a rectangle: where, and the piece turned upright."""
    wide = inked.stats[:, cv2.CC_STAT_WIDTH] / PIXELS_PER_MM
    high = inked.stats[:, cv2.CC_STAT_HEIGHT] / PIXELS_PER_MM
    fits = (wide >= LENGTH_MM[0]) & (wide <= LENGTH_MM[1]) & (high >= HEIGHT_MM[0]) & (high <= HEIGHT_MM[1] + SLOPE_MM)
    for number in np.flatnonzero(fits):
        left, top, width, height = (int(value) for value in inked.stats[number][:4])
        piece = (inked.labels[top : top + height, left : left + width] == number).astype(np.uint8) * 255
        rect = rectangle(as_pixels(piece), left, top)
        if rect is None or not in_range(rect, LENGTH_MM, HEIGHT_MM):
            continue
        frame = upright_of(as_pixels(piece), ((rect[0][0] - left, rect[0][1] - top), rect[1], rect[2]), 0)
        if min(_sides(frame)) < LEAST_EDGE or _inside(frame) > MOST_INSIDE:
            continue
        yield rect, frame


def _within(inked: Inked, rect: Rectangle) -> Place:
    """What stands inside a frame that was scraped off; on a fine scan smoothed, so that broken strokes run together again."""
    place = replace(place_at(inked, rect, None), framed=True)
    upright = _scraped(place.upright, max(1, round(GAP_MM * PIXELS_PER_MM / inked.scale)))
    if inked.scale <= COARSE:
        upright = as_pixels(cv2.GaussianBlur(upright, (0, 0), SMOOTH_MM * PIXELS_PER_MM / inked.scale))
    return replace(place, upright=upright)


def _scraped(upright: Pixels, gap: int) -> Pixels:
    """Rows and columns near the edges that are mostly ink, or a stroke with gaps of so many pixels, and what is beyond them, are
    made paper."""
    dark, light = np.percentile(upright, 3), np.percentile(upright, 90)
    inked = (upright < (float(dark) + float(light)) / 2).astype(np.uint8)
    near = max(2, round(DEEP * upright.shape[0]))
    clean = upright.copy()
    for turns in range(4):  # np.rot90 gives a view: each edge in turn is the upper one
        side, edge = np.rot90(clean, turns), np.ascontiguousarray(np.rot90(inked, turns)[:near])
        ruled = np.flatnonzero((edge.mean(axis=1) > LEAST_EDGE) | _stroke(edge, gap).any(axis=1))
        side[: (int(ruled[-1]) + 2 if ruled.size else 1)] = np.uint8(light)
    return clean


def _stroke(edge: Pixels, gap: int) -> Pixels:
    """What runs along most of an edge, once gaps are closed."""
    closed = cv2.morphologyEx(edge, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    return as_pixels(cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((1, round(LEAST_EDGE * edge.shape[1])), np.uint8)))


def _sides(frame: Pixels) -> list[float]:
    """How much of each side of the upright rectangle has ink, on the edge or, where a speck or a letter sticks out, near it."""
    near = max(3, round(0.14 * frame.shape[0]))
    deep = max(near + 1, round(DEEP * frame.shape[0]))
    inked = frame > 60
    edges = [np.rot90(inked, turns)[:deep] for turns in range(4)]
    return [max(float(edge[top : top + near].any(axis=0).mean()) for top in range(deep - near + 1)) for edge in edges]


def _inside(frame: Pixels) -> float:
    """Share of the middle that has ink."""
    height, width = frame.shape
    inset = max(3, round(0.22 * height))
    middle = frame[inset:-inset, inset:-inset] if min(height, width) > 2 * inset + 2 else frame
    return float((middle > 60).mean())
