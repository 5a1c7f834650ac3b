"""Small tilts, measured."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.pixels import Pixels, as_pixels

WIDEST = 12.0
"""Degrees searched to either side; more is a page laid askew on purpose or a quarter turn."""
LEAST = 0.25
"""Degrees under which turning the pixels harms letters more than the tilt does."""
SIDE = 900
"""Long side in pixels of the picture on which angles are tried."""


def estimate_skew(grey: Pixels) -> float:
    """Degrees by which text lines rise to the right; 0.0 when under LEAST.

    Lines of print make the row sums of ink jump where the page is turned straight; the angle with the sharpest jumps is
    looked for in three rounds (2, 0.5, 0.1 degrees).
    """
    ink = _ink(grey)
    best = 0.0
    for step, reach in ((2.0, WIDEST), (0.5, 2.0), (0.1, 0.5)):
        angles = best + np.arange(-reach, reach + step / 2, step)
        scores = [_sharpness(ink, float(angle)) for angle in angles]
        best = float(angles[int(np.argmax(scores))])
    return round(best, 2) if abs(best) >= LEAST else 0.0


def _ink(grey: Pixels) -> Pixels:
    """Dark on light -> ink as high values, small, long strokes of scan edges damped."""
    scale = SIDE / max(grey.shape)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    paper = cv2.dilate(small, np.ones((25, 25), np.uint8))
    return as_pixels(cv2.subtract(paper, small))


def _sharpness(ink: Pixels, skew: float) -> float:
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -skew, 1.0)
    rows = cv2.warpAffine(ink, matrix, (width, height)).sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(rows)).sum())
