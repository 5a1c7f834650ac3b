"""Is there anything on the page?"""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.pixels import Pixels, as_pixels, shrunk

MARGIN = 0.04
"""Share of width and height left out on each side: scanner edges, punch holes, page shadows."""
CONTRAST = 60
"""Grey levels that ink has to be darker than the paper around it; show-through of a back page stays below."""
LEAST_INK = 0.0002
"""Share of ink pixels of a page that carries a word or two: a lone page number on A4 is about 0.0003."""
SURELY = 0.01
"""Share of pixels darker than the brightest ones near them from which nobody need ask what the paper is like: 20 ms saved."""
SIDE = 1200
"""Long side in pixels at which ink is counted: letters stay, dust of a pixel or two fades."""


def is_blank(grey: Pixels) -> bool:
    """True when what is darker than the paper is too little to be a word."""
    scale = min(1.0, SIDE / max(grey.shape))
    small = shrunk(grey, scale)
    height, width = small.shape
    inner = small[int(height * MARGIN) : int(height * (1 - MARGIN)), int(width * MARGIN) : int(width * (1 - MARGIN))]
    if inner.size == 0:
        return True
    paper = as_pixels(cv2.dilate(inner, np.ones((15, 15), np.uint8)))
    if _ink_share(paper, inner) > SURELY:
        return False
    return _ink_share(as_pixels(cv2.medianBlur(paper, 31)), inner) < LEAST_INK


def _ink_share(paper: Pixels, inner: Pixels) -> float:
    return float(np.count_nonzero(cv2.subtract(paper, inner) > CONTRAST)) / inner.size
