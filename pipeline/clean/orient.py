"""Quarter turns: which way up the content stands."""

from __future__ import annotations

import numpy as np

from pipeline.pixels import Pixels
from pipeline.ports import PageReader

SURE = 0.95
"""Real pages are nearly all upright and a wrong turn loses the page: below this confidence the page is left alone."""


def quarter_turn(grey: Pixels, reader: PageReader) -> int:
    """Degrees (0, 90, 180, 270) by which the content stands turned clockwise."""
    degrees, confidence = reader.quarter_turns(grey)
    return degrees if confidence >= SURE else 0


def turned(pixels: Pixels, orientation: int) -> Pixels:
    """The pixels with a clockwise turn of `orientation` degrees undone."""
    return np.ascontiguousarray(np.rot90(pixels, orientation // 90))
