"""Where a stamp may be: frames of a stamp's size, and short words that stand by themselves, each cut out upright.

The line finder overlooks words that stand askew or in a frame. What it found and read well is not looked at again.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.model import BoundingBox
from pipeline.pixels import Pixels, as_pixels

A4_WIDTH_MM = 210
PIXELS_PER_MM = 5.0
"""Scale at which stamps are looked for: 127 dpi, at which the dots of a worn stamp run together again."""
LENGTH_MM, HEIGHT_MM = (7.0, 80.0), (3.8, 20.0)
"""Of a frame. The law's stamps are 8 mm high and 20 to 40 mm long."""
WORD_LENGTH_MM, WORD_HEIGHT_MM = (4.0, 70.0), (1.6, 13.0)
SHAPE = (1.25, 10.0)
"""Length over height of a mark: MẬT in tall letters, TUYỆT MẬT in broad ones."""
MOST_INSIDE = 0.5
"""Share of a frame's inside that its own ink covers, where letters touch it: words whose letters touch each other are full."""
LEAST_EDGE = 0.55
"""Share of each side of a frame that has to be there."""
MOST_TURNED = 20.0
"""Degrees by which a stamp stands askew at most."""
APART_MM = 2.6
"""Gap between letters or words of one mark at most."""
FAINT = 9
"""Grey levels by which a pressed letter is darker than the paper around it."""
BAND = 0.55
"""Share of the page's height, from the top, in which a word without a frame may be a mark."""
LEAST_LETTER_MM, WIDEST_LETTER_MM = 0.8, 20.0
SMOOTH_MM = 0.14
"""Width of the pen with which broken strokes are drawn again: letters of 2 mm stay legible."""
COARSE = 0.85
"""Scale from which a page is too coarse (150 dpi) to be smoothed."""
GAP_MM, DEEP = 1.0, 0.24
"""Gaps of a worn frame; how deep from the edge it may reach, as a share of its height."""
FEWEST_PIXELS = 20
WHITE_MM = 0.8
"""Paper around a word that is cut out."""
SLOPE_MM = 12.0
"""By how much a frame that stands askew is higher than it would be upright."""
AROUND = 41
"""Pixels of the window whose mean is taken for the paper."""
TURNS = (-6, -2, 2, 6)
"""Degrees by which a page is turned to find frames that run into print."""
STROKE_MM, THICKEST_MM, ENDS_MM = 8.0, 2.6, 2.0
"""Length of the shortest stroke of such a frame: no letter has one. How thick it is at most, also when it is not quite level. By
how much the ends of two strokes of one frame differ."""
MOST = 30
"""Places of either kind that are looked at on a page, an ordinary one has two or three: a form full of frames hides no word."""


@dataclass(frozen=True, slots=True)
class Place:
    """`upright`: the place cut out, dark on light, without its frame. `box` in pixels of the picture. `turned`: degrees."""

    upright: Pixels
    box: BoundingBox
    framed: bool
    turned: float


@dataclass(frozen=True, slots=True)
class _Inked:
    """A page at PIXELS_PER_MM with its pieces of joined ink: `stats` as OpenCV gives them, row 0 is the paper."""

    page: Pixels
    scale: float
    ink: Pixels
    labels: NDArray[np.int32]
    stats: NDArray[np.int32]


Rectangle = tuple[tuple[float, float], tuple[float, float], float]
"""Middle, length and height, degrees by which it is turned clockwise (-45 to 45)."""


def stamp_places(page: Pixels, known: Sequence[BoundingBox]) -> list[Place]:
    """Places on a page that may be a stamp, frames first. `page`: grey, all inks dark; `known`: boxes of lines that were read
    well."""
    inked = _inked(page)
    frames = list(_frames(inked))
    worn = (*_broken_frames(inked), *_crossed_frames(inked))
    others = [one for one in worn if not any(one.box.overlap(frame.box) for frame in frames)]
    return [*[*frames, *others][:MOST], *islice(_words(inked, known), MOST)]


def _inked(page: Pixels) -> _Inked:
    scale = PIXELS_PER_MM * A4_WIDTH_MM / min(page.shape)
    small = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    smooth = cv2.GaussianBlur(small, (0, 0), 0.7)
    ink = cv2.adaptiveThreshold(smooth, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, AROUND, FAINT)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    return _Inked(page, scale, as_pixels(ink), np.asarray(labels, np.int32), np.asarray(stats, np.int32))


def _broken_frames(inked: _Inked) -> Iterator[Place]:
    """The same where worn frames have fallen apart: their gaps are closed, which may join the letters to them."""
    gap = round(GAP_MM * PIXELS_PER_MM)
    closed = cv2.morphologyEx(inked.ink, cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8))
    closed[round(BAND * closed.shape[0]) :] = 0
    _, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    joined = replace(inked, labels=np.asarray(labels, np.int32), stats=np.asarray(stats, np.int32))
    for rect, _ in _rectangles(joined):
        yield _within(inked, rect)


def _crossed_frames(inked: _Inked) -> Iterator[Place]:
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


def _frames(inked: _Inked) -> Iterator[Place]:
    """Twice each: the frame painted over, and what is well within it, where letters would have gone with the frame."""
    for rect, frame in _rectangles(inked):
        yield _place(inked, rect, frame)
        yield _within(inked, rect)


def _rectangles(inked: _Inked) -> Iterator[tuple[Rectangle, Pixels]]:
    """Pieces of ink along all four sides of a rectangle: where, and the piece turned upright."""
    wide = inked.stats[:, cv2.CC_STAT_WIDTH] / PIXELS_PER_MM
    high = inked.stats[:, cv2.CC_STAT_HEIGHT] / PIXELS_PER_MM
    fits = (wide >= LENGTH_MM[0]) & (wide <= LENGTH_MM[1]) & (high >= HEIGHT_MM[0]) & (high <= HEIGHT_MM[1] + SLOPE_MM)
    for number in np.flatnonzero(fits):
        left, top, width, height = (int(value) for value in inked.stats[number][:4])
        piece = (inked.labels[top : top + height, left : left + width] == number).astype(np.uint8) * 255
        rect = _rectangle(as_pixels(piece), left, top)
        if rect is None or not _in_range(rect, LENGTH_MM, HEIGHT_MM):
            continue
        frame = _upright(as_pixels(piece), ((rect[0][0] - left, rect[0][1] - top), rect[1], rect[2]), 0)
        if min(_sides(frame)) < LEAST_EDGE or _inside(frame) > MOST_INSIDE:
            continue
        yield rect, frame


def _words(inked: _Inked, known: Sequence[BoundingBox]) -> Iterator[Place]:
    """Groups of letters with white around them, in the upper part of the page, that nobody has read well."""
    high, wide = inked.stats[:, cv2.CC_STAT_HEIGHT], inked.stats[:, cv2.CC_STAT_WIDTH]
    letters = (high >= LEAST_LETTER_MM * PIXELS_PER_MM) & (high <= WORD_HEIGHT_MM[1] * PIXELS_PER_MM)
    letters &= wide <= WIDEST_LETTER_MM * PIXELS_PER_MM
    letters[0] = False
    band = round(BAND * inked.ink.shape[0])
    only = np.where(letters[inked.labels[:band]], inked.ink[:band], 0).astype(np.uint8)
    for box in known:
        left, top, right, bottom = (max(0, round(value * inked.scale)) for value in (box.left, box.top, box.right, box.bottom))
        only[top:bottom, left:right] = 0
    joined = cv2.dilate(only, np.ones((round(0.7 * PIXELS_PER_MM), round(APART_MM * PIXELS_PER_MM)), np.uint8))
    _, groups, found, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    for number in sorted(range(1, len(found)), key=lambda number: int(found[number][1])):
        left, top, width, height = (int(value) for value in found[number][:4])
        if not WORD_LENGTH_MM[0] * PIXELS_PER_MM <= width <= (WORD_LENGTH_MM[1] + APART_MM) * PIXELS_PER_MM:
            continue
        window = (slice(top, top + height), slice(left, left + width))
        rect = _rectangle(as_pixels(np.where(groups[window] == number, only[window], 0).astype(np.uint8)), left, top)
        if rect is not None and _in_range(rect, WORD_LENGTH_MM, WORD_HEIGHT_MM):
            yield _place(inked, _wider(rect, WHITE_MM * PIXELS_PER_MM), None)


def _rectangle(mask: Pixels, left: int, top: int) -> Rectangle | None:
    points = cv2.findNonZero(mask)
    if len(points) < FEWEST_PIXELS:
        return None
    (x, y), (width, height), angle = cv2.minAreaRect(points)
    while abs(angle) > 45:  # the library's corner may be any of the four
        width, height, angle = height, width, angle - math.copysign(90, angle)
    return (x + left, y + top), (width, height), angle


def _in_range(rect: Rectangle, length_mm: tuple[float, float], height_mm: tuple[float, float]) -> bool:
    length, height = (side / PIXELS_PER_MM for side in rect[1])
    shape = SHAPE[0] * height <= length <= SHAPE[1] * height
    return (
        shape
        and length_mm[0] <= length <= length_mm[1]
        and height_mm[0] <= height <= height_mm[1]
        and abs(rect[2]) <= MOST_TURNED
    )


def _wider(rect: Rectangle, by: float) -> Rectangle:
    return rect[0], (rect[1][0] + 2 * by, rect[1][1] + 2 * by), rect[2]


def _upright(picture: Pixels, rect: Rectangle, beyond: int) -> Pixels:
    (x, y), (length, height), angle = rect
    turn = cv2.getRotationMatrix2D((x, y), angle, 1.0)
    turn[:, 2] += np.array([length / 2 - x, height / 2 - y])
    size = (max(1, round(length)), max(1, round(height)))
    return as_pixels(cv2.warpAffine(picture, turn, size, flags=cv2.INTER_LINEAR, borderValue=float(beyond)))


def _within(inked: _Inked, rect: Rectangle) -> Place:
    """What stands inside a frame that was scraped off; on a fine scan smoothed, so that broken strokes run together again."""
    place = replace(_place(inked, rect, None), framed=True)
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


def _place(inked: _Inked, rect: Rectangle, frame: Pixels | None) -> Place:
    """Cut out of the page as it is, which is finer than where it was found; the frame gives way to paper."""
    (x, y), (length, height), angle = rect
    scale = inked.scale
    upright = _upright(inked.page, ((x / scale, y / scale), (length / scale, height / scale), angle), 255)
    if frame is not None:
        thick = cv2.dilate(frame, np.ones((3, 3), np.uint8))
        size = (upright.shape[1], upright.shape[0])
        upright[cv2.resize(thick, size, interpolation=cv2.INTER_NEAREST) > 60] = np.uint8(np.percentile(upright, 90))
        inset = max(1, round(0.05 * upright.shape[0]))
        upright = as_pixels(upright[inset:-inset, inset:-inset])
    corners = cv2.boxPoints(rect) / scale
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return Place(upright, BoundingBox(int(left), int(top), int(right) + 1, int(bottom) + 1), frame is not None, angle)
