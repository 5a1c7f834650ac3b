"""Small tilts, measured."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.pixels import Pixels, as_pixels, shrunk

WIDEST = 12.0
"""Degrees searched to either side; more is a page laid askew on purpose or a quarter turn."""
LEAST = 0.25
"""Degrees under which turning the pixels harms letters more than the tilt does."""
SIDE = 900
"""Long side in pixels of the picture on which angles are tried."""
STRIP = 8
"""Columns of that picture that are moved up and down together: at 12 degrees a strip is askew by less than two rows."""


def estimate_skew(grey: Pixels) -> float:
    """Degrees by which text lines rise to the right; 0.0 when under LEAST.

    Lines of print make the row sums of ink jump where the page is turned straight; the angle with the sharpest jumps is
    looked for in three rounds (2, 0.5, 0.1 degrees).
    """
    strips = _strips(_ink(grey))
    best = 0.0
    for step, reach in ((2.0, WIDEST), (0.5, 2.0), (0.1, 0.5)):
        angles = best + np.arange(-reach, reach + step / 2, step)
        scores = [_sharpness(strips, float(angle)) for angle in angles]
        best = float(angles[int(np.argmax(scores))])
    return round(best, 2) if abs(best) >= LEAST else 0.0


def _ink(grey: Pixels) -> Pixels:
    """Dark on light -> ink as high values, small, long strokes of scan edges damped."""
    scale = SIDE / max(grey.shape)
    small = shrunk(grey, scale)
    paper = cv2.dilate(small, np.ones((25, 25), np.uint8))
    return as_pixels(cv2.subtract(paper, small))


def _strips(ink: Pixels) -> NDArray[np.float32]:
    """Ink in each row of upright strips of the picture, side by side."""
    height, width = ink.shape
    columns = max(1, width // STRIP)
    strips = ink[:, : columns * STRIP].reshape(height, columns, -1)
    return np.asarray(strips.sum(axis=2, dtype=np.float32), np.float32)


def _sharpness(strips: NDArray[np.float32], skew: float) -> float:
    """Each strip moved to where a turn by -`skew` would bring it: 0.1 ms, where turning all pixels takes 1."""
    height, columns = strips.shape
    slope = STRIP * math.tan(math.radians(skew))
    sheared = cv2.warpAffine(strips, np.array([[1.0, 0.0, 0.0], [slope, 1.0, -slope * columns / 2]]), (columns, height))
    return float(np.square(np.diff(sheared.sum(axis=1, dtype=np.float64))).sum())
