"""Round seals: found by their ring, so that the words in them are not taken for text of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.model import BoundingBox
from pipeline.pixels import Pixels, as_pixels, shrunk

A4_WIDTH_MM = 210
RADIUS_MM = (13.0, 20.0)
"""Seals of Vietnamese offices are 28 to 36 mm across (state emblem seals 36 mm); a scan may be scaled a little."""
PIXELS_PER_MM = 3.0
"""Scale at which rings are looked for: a ring is 2-3 pixels thick, a seal 80-120 across, and it takes 15 ms."""
DIRECTIONS = 120
ANGLES = np.linspace(0, 2 * np.pi, DIRECTIONS, endpoint=False)
NEAR = np.array(list(product((-2, 0, 2), (-2, 0, 2), (-4, -2, 0, 2, 4))), np.float64)
"""Pixels by which circles near a found one differ from it: across, down, in radius."""
MOST = 12
"""Circles looked at, strongest first: a page has one to three seals."""
LEAST_RING = 0.72
"""Share of directions in which the ring has ink: real seals have 0.75-1.0."""
LEAST_CONTRAST = 0.35
"""By how much the ring is fuller than a circle just outside it: what tells a seal from a circle laid through dense text."""
OUTSIDE = 7.0
"""Pixels beyond the ring at which that circle is taken."""
QUICK = (1.5,)
"""Coarseness of the grid in which circles are voted for, in pixels. 10 ms a page."""
WITH_CARE = (1.5, 2.0)
"""The coarser grid finds rings that are a little oval. It takes 60 ms, so it is for pictures that are likely to show a seal."""


@dataclass(frozen=True, slots=True)
class Seal:
    """Centre and radius in pixels of the picture; `confidence`: share of the ring that is there."""

    x: float
    y: float
    radius: float
    confidence: float

    @property
    def box(self) -> BoundingBox:
        return BoundingBox(
            round(self.x - self.radius), round(self.y - self.radius), round(self.x + self.radius), round(self.y + self.radius)
        )

    def meets(self, other: Seal) -> bool:
        """Is it the same seal, found twice?"""
        return (self.x - other.x) ** 2 + (self.y - other.y) ** 2 < (0.7 * max(self.radius, other.radius)) ** 2

    def holds(self, box: BoundingBox) -> bool:
        """The middle of `box` is inside the ring and most of its width too."""
        x, y = box.middle
        inside = (x - self.x) ** 2 + (y - self.y) ** 2 < self.radius**2
        across = min(box.right, self.x + self.radius) - max(box.left, self.x - self.radius)
        return inside and across > 0.7 * box.width


def find_seals(grey: Pixels, grids: Sequence[float] = QUICK) -> list[Seal]:
    """Rings of a seal's size in a grey picture (print, or the red layer), also cut by the page's edge; best first.

    The next of `grids` is tried where the one before found nothing.
    """
    scale = PIXELS_PER_MM * A4_WIDTH_MM / min(grey.shape)
    small = shrunk(grey, scale) if scale < 1 else cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
    paper = cv2.dilate(small, np.ones((15, 15), np.uint8))
    ink = cv2.subtract(paper, small)
    margin = round(RADIUS_MM[1] * PIXELS_PER_MM)
    ink = as_pixels(cv2.copyMakeBorder(ink, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=0))
    seals = next((found for grid in grids if (found := _rings(ink, grid, margin))), [])
    return [
        Seal((s.x - margin) / scale, (s.y - margin) / scale, s.radius / scale, s.confidence)
        for s in sorted(seals, key=lambda s: -s.confidence)
    ]


def _rings(ink: Pixels, grid: float, margin: int) -> list[Seal]:
    """Circles with ink all along them and little beyond, in pixels of `ink`."""
    low, high = (round(mm * PIXELS_PER_MM) for mm in RADIUS_MM)
    blurred = cv2.GaussianBlur(ink, (0, 0), 1.0)
    circles = cv2.HoughCircles(
        blurred, cv2.HOUGH_GRADIENT, dp=grid, minDist=low, param1=120, param2=38, minRadius=low, maxRadius=high
    )
    strong = ink > 50
    seals: list[Seal] = []
    for x, y, radius in [] if circles is None else circles[0][:MOST]:
        best = _best_ring(strong, float(x), float(y), float(radius), margin)
        outside = _ring(strong, best.x, best.y, best.radius + OUTSIDE, margin)
        is_ring = best.confidence >= LEAST_RING and best.confidence - outside >= LEAST_CONTRAST
        if is_ring and not any(best.meets(other) for other in seals):
            seals.append(best)
    return seals


def _best_ring(ink: NDArray[np.bool_], x: float, y: float, radius: float, margin: int) -> Seal:
    """The circle near a found one with the fullest ring."""
    tried = np.array([x, y, radius]) + NEAR
    shares = _rings_there(ink, tried, margin)
    best = int(np.argmax(shares))
    x, y, radius = (float(value) for value in tried[best])
    return Seal(x, y, radius, float(shares[best]))


def _ring(ink: NDArray[np.bool_], x: float, y: float, radius: float, margin: int) -> float:
    return float(_rings_there(ink, np.array([[x, y, radius]]), margin)[0])


def _rings_there(ink: NDArray[np.bool_], circles: NDArray[np.float64], margin: int) -> NDArray[np.float64]:
    """For each circle (x, y, radius) the share of directions with ink on it (a pixel to either side), among those on the page."""
    height, width = ink.shape
    x, y, radius = (circles[:, place, None, None] for place in range(3))
    thick = radius + np.array([-1.0, 0.0, 1.0])[:, None]
    across = np.rint(x + thick * np.cos(ANGLES)).astype(np.intp)
    down = np.rint(y + thick * np.sin(ANGLES)).astype(np.intp)
    inside = (across >= margin) & (across < width - margin) & (down >= margin) & (down < height - margin)
    hit = inside & ink[down.clip(0, height - 1), across.clip(0, width - 1)]
    seen = inside.any(axis=1).sum(axis=1)
    return np.where(seen >= 0.25 * DIRECTIONS, hit.any(axis=1).sum(axis=1) / np.maximum(seen, 1), 0.0)
