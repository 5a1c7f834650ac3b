"""Ink that is paler than the print: what a stamp has left under words, or over them, once the words are taken away.

A red stamp that was scanned in grey, and most black ones, are paler than what a printer has printed. On a page of one darkness,
and on one in black and white, nothing is to be told apart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from pipeline.model import BoundingBox
from pipeline.pixels import Pixels, as_pixels
from pipeline.secrecy.cutting import A4_WIDTH_MM
from pipeline.secrecy.windows import Box, apart

INK = 160
"""Grey level below which a pixel is ink, faint or not."""
PRINT = 0.3
"""Share of the ink that is as dark as print: its edges are paler."""
AS_DARK, PALEST = 0.2, 0.25
"""Shares of the way from print to paper: darker is print; nearer to the paper is its blurred edge or a shadow."""
EDGE_MM = 0.2
"""Width of the blurred edge around print, both sides together."""
MOST = 0.35
"""Share of a page's ink: more is print of several darknesses."""
EACH = 8
"""One row of so many tells how dark a page is."""
COARSE_PER_MM = 3.9
"""Pixels at which pale ink is sought first; each is as dark as its darkest part, so that thin print stays dark."""
JOINED_MM, LEAST_MM, LEAST_INK_MM2 = 2.6, (1.6, 4.0), 1.5
"""Gap between pieces of one stamp; height and length, and ink, of the smallest one."""
AROUND_MM = 3.0
"""Paper around a part that is cut out."""


@dataclass(frozen=True, slots=True)
class _Shades:
    """Grey levels of print and of paper."""

    print: int
    paper: int

    @property
    def printed(self) -> int:
        """Below it is print."""
        return math.ceil(self.print + AS_DARK * (self.paper - self.print))

    @property
    def pale(self) -> int:
        """Below it is ink."""
        return math.ceil(self.paper - PALEST * (self.paper - self.print))


def paler_parts(page: Pixels) -> list[tuple[Pixels, BoundingBox]]:
    """Parts of the page with paler ink of a stamp's size, without their print, and where they lie; none on most pages.

    `page`: grey, all inks dark.
    """
    shades = _shades(page)
    if shades is None:
        return []
    edge = max(2, round(EDGE_MM * min(page.shape) / A4_WIDTH_MM))
    boxes = _pale_boxes(page, shades)
    return [(_without_print(page[box.top : box.bottom, box.left : box.right], shades, edge), box) for box in boxes]


def _shades(page: Pixels) -> _Shades | None:
    """None: a page in black and white, or without ink."""
    counts = cv2.calcHist([np.ascontiguousarray(page[::EACH])], [0], None, [256], [0, 256]).ravel()
    inked = counts[:INK].cumsum()
    if not inked[-1]:
        return None
    dark = int(np.searchsorted(inked, PRINT * inked[-1]))
    shades = _Shades(dark, int(np.searchsorted(counts.cumsum(), 0.5 * counts.sum())))
    between = counts[shades.printed : shades.pale].sum()
    return shades if between else None


def _pale_boxes(page: Pixels, shades: _Shades) -> list[BoundingBox]:
    shorter = max(1, int(min(page.shape) / (A4_WIDTH_MM * COARSE_PER_MM)))
    coarse, per_mm = _darkest(page, shorter), min(page.shape) / shorter / A4_WIDTH_MM
    pale = _pale(coarse, shades, 1, 2)
    if np.count_nonzero(pale) > MOST * np.count_nonzero(coarse < INK):
        return []
    gap, around = round(JOINED_MM * per_mm), round(AROUND_MM * per_mm)
    windows: list[Box] = []
    joined = cv2.dilate(pale, np.ones((gap, gap), np.uint8))
    for outline in cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
        x, y, wide, high = cv2.boundingRect(outline)
        if high - gap < LEAST_MM[0] * per_mm or wide - gap < LEAST_MM[1] * per_mm:
            continue
        if np.count_nonzero(pale[y : y + high, x : x + wide]) >= LEAST_INK_MM2 * per_mm**2:
            windows.append((x - around, y - around, x + wide + around, y + high + around))
    whole = BoundingBox(0, 0, page.shape[1], page.shape[0])
    return [_within(BoundingBox(*window), shorter, whole) for window in apart(windows)]


def _within(box: BoundingBox, times: int, whole: BoundingBox) -> BoundingBox:
    """So many times as large, as far as it is on the whole."""
    return BoundingBox(
        max(whole.left, box.left * times), max(whole.top, box.top * times),
        min(whole.right, box.right * times), min(whole.bottom, box.bottom * times),
    )  # fmt: skip


def _darkest(page: Pixels, shorter: int) -> Pixels:
    """The page so many times shorter, each pixel as dark as the darkest that it stands for."""
    rows = page.shape[0] // shorter
    dark = page[0 : rows * shorter : shorter]
    for row in range(1, shorter):
        dark = np.minimum(dark, page[row : rows * shorter : shorter])
    along = cv2.erode(dark, np.ones((1, shorter), np.uint8), anchor=(0, 0))
    return np.ascontiguousarray(as_pixels(along)[:, : page.shape[1] // shorter * shorter : shorter])


def _pale(grey: Pixels, shades: _Shades, edge: int, thick: int) -> Pixels:
    """1 where ink is paler than print, `edge` pixels away from print and `thick` pixels thick."""
    printed = cv2.dilate((grey < shades.printed).astype(np.uint8), np.ones((2 * edge + 1, 2 * edge + 1), np.uint8))
    pale = ((grey < shades.pale) & (printed == 0)).astype(np.uint8)
    return as_pixels(cv2.morphologyEx(pale, cv2.MORPH_OPEN, np.ones((thick, thick), np.uint8)))


def _without_print(part: Pixels, shades: _Shades, edge: int) -> Pixels:
    """`edge`: width of the blurred edge around print in pixels, both sides together."""
    left = _pale(part, shades, (edge | 1) // 2, edge)
    return as_pixels(np.where(left > 0, part, np.uint8(shades.paper)))
