"""Is there anything on the page?"""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.pixels import Pixels

MARGIN = 0.04
"""Share of width and height left out on each side: scanner edges, punch holes, page shadows."""
CONTRAST = 60
"""Grey levels that ink has to be darker than the paper around it; show-through of a back page stays below."""
LEAST_INK = 0.0002
"""Share of ink pixels of a page that carries a word or two: a lone page number on A4 is about 0.0003."""
SIDE = 1200
"""Long side in pixels at which ink is counted: letters stay, dust of a pixel or two fades."""


def is_blank(grey: Pixels) -> bool:
    """True when what is darker than the paper is too little to be a word."""
    scale = min(1.0, SIDE / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    height, width = small.shape
    inner = small[int(height * MARGIN) : int(height * (1 - MARGIN)), int(width * MARGIN) : int(width * (1 - MARGIN))]
    if inner.size == 0:
        return True
    paper = cv2.medianBlur(cv2.dilate(inner, np.ones((15, 15), np.uint8)), 31)
    ink = cv2.subtract(paper, inner) > CONTRAST
    return bool(np.count_nonzero(ink) < LEAST_INK * ink.size)
