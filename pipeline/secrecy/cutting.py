"""A page as places are looked for on it, and a place cut out of it, upright."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.model import BoundingBox
from pipeline.pixels import Pixels, as_pixels

A4_WIDTH_MM = 210
PIXELS_PER_MM = 5.0
"""Scale at which stamps are looked for: 127 dpi, at which the dots of a worn stamp run together again."""
SHAPE = (1.25, 10.0)
"""Length over height of a mark: MẬT in tall letters, TUYỆT MẬT in broad ones."""
FRAME_LENGTH_MM, FRAME_HEIGHT_MM = (7.0, 80.0), (3.8, 20.0)
"""Of a frame. The law's stamps are 8 mm high and 20 to 40 mm long."""
MOST_TURNED = 20.0
"""Degrees by which a stamp stands askew at most."""
FAINT = 9
"""Grey levels by which a pressed letter is darker than the paper around it."""
BAND = 0.55
"""Share of the page's height, from the top, in which a word without a frame may be a mark."""
EDGE = 0.15
"""Share of the height of a word's box above, and below, what is wiped."""
AROUND = 41
"""Pixels of the window whose mean is taken for the paper."""


@dataclass(frozen=True, slots=True)
class Place:
    """`upright`: the place cut out, dark on light, without its frame. `box` in pixels of the picture. `turned`: degrees."""

    upright: Pixels
    box: BoundingBox
    framed: bool
    turned: float


@dataclass(frozen=True, slots=True)
class Inked:
    """A page, or a part of one, and its ink at PIXELS_PER_MM: 255 where there is some.

    `scale`: from the page to that size. `band`: rows of `ink` in which a word without a frame may be a mark. `rest`: what is left
    of the ink without words of running text.
    """

    page: Pixels
    scale: float
    band: int
    ink: Pixels
    rest: Pixels


Points = NDArray[np.int32]
"""N x 1 x 2, as OpenCV gives the outline of a piece of ink: x, y."""

Rectangle = tuple[tuple[float, float], tuple[float, float], float]
"""Middle, length and height, degrees by which it is turned clockwise (-45 to 45)."""


def looking_scale(page: Pixels) -> float:
    """From a whole page to PIXELS_PER_MM."""
    return PIXELS_PER_MM * A4_WIDTH_MM / float(min(page.shape))


def inked_page(page: Pixels, scale: float, band: int, text: Sequence[BoundingBox] = ()) -> Inked:
    """All that is darker than the paper around it. `page`: grey, all inks dark; `text`: boxes of words of running text."""
    smooth = cv2.GaussianBlur(_scaled(page, scale), (3, 3), 0.7)
    ink = as_pixels(cv2.adaptiveThreshold(smooth, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, AROUND, FAINT))
    return Inked(page, scale, band, ink, wiped(ink, scale, [_core(box) for box in text]))


def wiped(ink: Pixels, scale: float, boxes: Sequence[BoundingBox]) -> Pixels:
    """A copy without what stands in boxes, which are in pixels of the page."""
    left_over = ink.copy()
    for box in boxes:
        left, top, right, bottom = (max(0, round(value * scale)) for value in (box.left, box.top, box.right, box.bottom))
        left_over[top:bottom, left:right] = 0
    return left_over


def _core(box: BoundingBox) -> BoundingBox:
    """Without what of a word's box may be the edge of a frame close to it."""
    edge = round(EDGE * box.height)
    return BoundingBox(box.left, box.top + edge, box.right, box.bottom - edge)


def _scaled(page: Pixels, scale: float) -> Pixels:
    """Halved first, which is quick, so that what is left to do is next to nothing."""
    size = (max(1, round(page.shape[1] * scale)), max(1, round(page.shape[0] * scale)))
    while size[0] * 2 <= page.shape[1] and size[1] * 2 <= page.shape[0]:
        even = page[: page.shape[0] // 2 * 2, : page.shape[1] // 2 * 2]
        page = as_pixels(cv2.resize(even, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    return as_pixels(cv2.resize(page, size, interpolation=cv2.INTER_LINEAR))


def rectangle(points: Points) -> Rectangle:
    """The smallest one around points."""
    (x, y), (width, height), angle = cv2.minAreaRect(points)
    while abs(angle) > 45:  # the library's corner may be any of the four
        width, height, angle = height, width, angle - math.copysign(90, angle)
    return (x, y), (width, height), angle


def in_range(rect: Rectangle, length_mm: tuple[float, float], height_mm: tuple[float, float]) -> bool:
    """Whether a mark may have that size, shape and turn."""
    length, height = (side / PIXELS_PER_MM for side in rect[1])
    shape = SHAPE[0] * height <= length <= SHAPE[1] * height
    return (
        shape
        and length_mm[0] <= length <= length_mm[1]
        and height_mm[0] <= height <= height_mm[1]
        and abs(rect[2]) <= MOST_TURNED
    )


def upright_of(picture: Pixels, rect: Rectangle, beyond: int) -> Pixels:
    """A rectangle of a picture turned upright; `beyond`: grey level outside of the picture."""
    (x, y), (length, height), angle = rect
    turn = cv2.getRotationMatrix2D((x, y), angle, 1.0)
    turn[:, 2] += np.array([length / 2 - x, height / 2 - y])
    size = (max(1, round(length)), max(1, round(height)))
    return as_pixels(cv2.warpAffine(picture, turn, size, flags=cv2.INTER_LINEAR, borderValue=float(beyond)))


def place_at(inked: Inked, rect: Rectangle, frame: Pixels | None) -> Place:
    """Cut out of the page as it is, which is finer than where it was found; the frame gives way to paper."""
    (x, y), (length, height), angle = rect
    scale = inked.scale
    corners = cv2.boxPoints(rect) / scale
    upright = upright_of(inked.page, ((x / scale, y / scale), (length / scale, height / scale), angle), 255)
    if frame is not None:
        thick = cv2.dilate(frame, np.ones((3, 3), np.uint8))
        size = (upright.shape[1], upright.shape[0])
        upright[cv2.resize(thick, size, interpolation=cv2.INTER_NEAREST) > 60] = np.uint8(np.percentile(upright, 90))
        inset = max(1, round(0.05 * upright.shape[0]))
        upright = as_pixels(upright[inset:-inset, inset:-inset])
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return Place(upright, BoundingBox(int(left), int(top), int(right) + 1, int(bottom) + 1), frame is not None, angle)
