"""Specks of dust and copier dirt out of bilevel pages."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.pixels import Pixels

BILEVEL = 0.97
"""Share of pixels that are nearly black or white in a fax-like page. Grey pages keep their soft strokes."""
DUST = 5
"""Pixels: the largest speck at 300 dpi that cannot be a full stop (which has 20 and more) or a diacritic."""


def despeckle(grey: Pixels) -> Pixels:
    """Grey in, grey out; only fax-like pages change: specks with no print close by become paper."""
    sample = grey[::7, ::7]
    if np.count_nonzero((sample < 30) | (sample > 225)) < BILEVEL * sample.size:
        return grey
    dark = cv2.threshold(grey, 127, 1, cv2.THRESH_BINARY_INV)[1]
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    small = stats[:, cv2.CC_STAT_AREA] <= DUST
    small[0] = False
    if not small.any():
        return grey
    inked = np.flatnonzero(dark.view(np.bool_))
    dust = inked[small[labels.ravel()[inked]]]
    dark.ravel()[dust] = 0
    near_print = cv2.dilate(dark, np.ones((9, 9), np.uint8)).ravel()[dust]
    cleaned = grey.copy()
    cleaned.ravel()[dust[near_print == 0]] = 255
    return cleaned
