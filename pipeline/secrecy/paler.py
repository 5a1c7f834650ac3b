"""Ink that is paler than the print: what a stamp has left under words, or over them, once the words are taken away.

A red stamp that was scanned in grey, and most black ones, are paler than what a printer has printed. On a page of one darkness,
and on one in black and white, nothing is to be told apart.
"""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.pixels import Pixels, as_pixels
from pipeline.secrecy.cutting import A4_WIDTH_MM

INK = 160
"""Grey level below which a pixel is ink, faint or not."""
PRINT = 30
"""Percentile of the ink that is as dark as print: its edges are paler."""
AS_DARK, PALEST = 0.2, 0.25
"""Shares of the way from print to paper: darker is print; nearer to the paper is its blurred edge or a shadow."""
EDGE_MM = 0.2
"""Width of the blurred edge around print, both sides together."""
LEAST, MOST = 0.004, 0.35
"""Shares of a page's ink: less is dirt, more is print of several darknesses."""


def paler_ink(page: Pixels) -> Pixels | None:
    """The page without its print; None where there is nothing else. `page`: grey, dark on light."""
    inked = page[page < INK]
    if not inked.size:
        return None
    dark, paper = float(np.percentile(inked, PRINT)), float(np.median(page))
    edge = max(2, round(EDGE_MM * min(page.shape) / A4_WIDTH_MM))
    printed = cv2.dilate((page < dark + AS_DARK * (paper - dark)).astype(np.uint8), np.ones((edge | 1, edge | 1), np.uint8))
    pale = ((printed == 0) & (page < paper - PALEST * (paper - dark))).astype(np.uint8)
    left = cv2.morphologyEx(pale, cv2.MORPH_OPEN, np.ones((edge, edge), np.uint8)) > 0
    if not LEAST <= left.sum() / inked.size <= MOST:
        return None
    return as_pixels(np.where(left, page, np.uint8(paper)))
