"""Inks told apart by colour: black print from red seals and stamps.

In the red channel red ink has the brightness of paper, so a seal over a name disappears and the print under it stays
(measured: +0.006 word F1 over luminance on real pages). What is printed in red alone is read from its own layer.
"""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.pixels import Pixels, as_pixels

REDNESS = 45
"""How much brighter than green and blue (0-255) red has to be; scanners' colour fringes at letters stay below."""
MOSTLY_DARK = 90
"""Median grey level of a negative; a page photographed in poor light stays above 100."""
ENOUGH_RED = 0.0004
"""Share of red pixels under which a page has no red ink: 0.0004 of an A4 page is half a small stamped name."""


def without_red(pixels: Pixels) -> Pixels:
    """Grey picture in which red ink fades into the paper."""
    return pixels if pixels.ndim == 2 else np.ascontiguousarray(pixels[:, :, 0])


def positive(grey: Pixels) -> Pixels:
    """Dark on light. Negatives (microfilm, a fax with its colours turned round) are turned back."""
    return as_pixels(cv2.bitwise_not(grey)) if np.median(grey[::8, ::8]) < MOSTLY_DARK else grey


def redness(pixels: Pixels) -> Pixels:
    """H x W, 0 = no red ... 255 = pure red."""
    red, green, blue = cv2.split(pixels)
    return as_pixels(cv2.subtract(red, cv2.max(green, blue)))


def red_layer(pixels: Pixels) -> Pixels | None:
    """Red ink alone, dark on white, grey; None where a page has next to none."""
    if pixels.ndim == 2:
        return None
    if np.count_nonzero(redness(pixels[::4, ::4]) > REDNESS) < ENOUGH_RED / 4 * (pixels.size // 48):
        return None
    level = redness(pixels)
    if np.count_nonzero(level > REDNESS) < ENOUGH_RED * level.size:
        return None
    return as_pixels(cv2.bitwise_not(cv2.convertScaleAbs(level, alpha=255 / 110)))
