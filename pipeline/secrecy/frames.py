"""Frames of a stamp's size: whole, worn to pieces, or run into the print beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np

from pipeline.pixels import Pixels, as_pixels
from pipeline.secrecy.cutting import (
    FRAME_HEIGHT_MM,
    FRAME_LENGTH_MM,
    PIXELS_PER_MM,
    Inked,
    Place,
    Points,
    Rectangle,
    in_range,
    place_at,
    rectangle,
    upright_of,
)
from pipeline.secrecy.pieces import piece_at, pieces_of
from pipeline.secrecy.strokes import DEEP, LEAST_EDGE, crossed_rectangles, has_sides

MOST_INSIDE = 0.5
"""Share of a frame's inside that its own ink covers, where letters touch it: words whose letters touch each other are full."""
SMOOTH_MM = 0.14
"""Width of the pen with which broken strokes are drawn again: letters of 2 mm stay legible."""
COARSE = 0.85
"""Scale from which a page is too coarse (150 dpi) to be smoothed."""
GAP_MM = 1.0
"""Gaps of a worn frame."""
SLOPE_MM = 12.0
"""By how much a frame that stands askew is higher than it would be upright."""
LEAST_WIDE = 1.1
"""Width over height of the upright box around a frame of SHAPE that is turned as far as may be."""
LEAST_OUTLINE = 70
"""Pixels of the outline of the smallest frame, with a side half gone."""
LEAST_AROUND = 0.8
"""Share of a rectangle's sides that an outline runs along: 0.85 and more in worn frames, less in half of all joined words."""


def frames_on(inked: Inked) -> list[Place]:
    """Whole ones first."""
    whole = list(_frames(inked))
    if not inked.band:
        return whole
    crossed = (_within(inked, rect) for rect in crossed_rectangles(as_pixels(inked.ink[: inked.band])))
    worn = (*_broken_frames(inked), *crossed)
    return [*whole, *(one for one in worn if not any(one.box.overlap(frame.box) for frame in whole))]


def _frames(inked: Inked) -> Iterator[Place]:
    """Twice each: the frame painted over, and what is well within it, where letters would have gone with the frame."""
    for rect, frame in _rectangles(inked.rest):
        yield place_at(inked, rect, frame)
        yield _within(inked, rect)


def _broken_frames(inked: Inked) -> Iterator[Place]:
    """The same where worn frames have fallen apart: their gaps are closed, which may join the letters to them."""
    gap = round(GAP_MM * PIXELS_PER_MM)
    closed = cv2.morphologyEx(inked.rest[: inked.band], cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8))
    for rect, _ in _rectangles(as_pixels(closed)):
        yield _within(inked, rect)


def _rectangles(ink: Pixels) -> Iterator[tuple[Rectangle, Pixels]]:
    """Pieces of ink along all four sides of a rectangle: where, and the piece turned upright."""
    for outline in pieces_of(ink, LEAST_OUTLINE):
        if not _may_be_frame(outline):
            continue
        rect = rectangle(outline)
        if not in_range(rect, FRAME_LENGTH_MM, FRAME_HEIGHT_MM) or not _is_along_edges(outline, rect):
            continue
        piece, left, top = piece_at(ink, outline)
        frame = upright_of(piece, ((rect[0][0] - left, rect[0][1] - top), rect[1], rect[2]), 0)
        if has_sides(frame) and _inside(frame) <= MOST_INSIDE:
            yield rect, frame


def _may_be_frame(outline: Points) -> bool:
    """By the upright box around it."""
    wide, high = (side / PIXELS_PER_MM for side in cv2.boundingRect(outline)[2:])
    low, tall = FRAME_HEIGHT_MM[0] <= high, high > FRAME_HEIGHT_MM[1] + SLOPE_MM
    return low and not tall and FRAME_LENGTH_MM[0] <= wide <= FRAME_LENGTH_MM[1] and wide >= LEAST_WIDE * high


def _is_along_edges(outline: Points, rect: Rectangle) -> bool:
    """As much of an outline runs near the edges of its rectangle as it does when that is a frame."""
    middle, (length, height), angle = rect
    turn = np.deg2rad(angle)
    x, y = (outline[:, 0, :] - np.asarray(middle, np.float32)).T
    along, across = np.abs(x * np.cos(turn) + y * np.sin(turn)), np.abs(y * np.cos(turn) - x * np.sin(turn))
    near = DEEP * height
    at_edge = np.count_nonzero((along > length / 2 - near) | (across > height / 2 - near))
    return bool(at_edge >= LEAST_AROUND * 2 * (length + height))


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


def _inside(frame: Pixels) -> float:
    """Share of the middle that has ink."""
    height, width = frame.shape
    inset = max(3, round(0.22 * height))
    middle = frame[inset:-inset, inset:-inset] if min(height, width) > 2 * inset + 2 else frame
    return float((middle > 60).mean())
