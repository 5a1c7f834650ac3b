"""Where a stamp may be: frames of a stamp's size, and short words that stand by themselves, each cut out upright.

The line finder overlooks words that stand askew or in a frame. What it found and read well is not looked at again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import cv2
import numpy as np

from pipeline.model import BoundingBox
from pipeline.pixels import Pixels, as_pixels
from pipeline.secrecy.cutting import BAND, PIXELS_PER_MM, Inked, Place, Rectangle, in_range, inked_page, place_at, rectangle
from pipeline.secrecy.frames import frames_on

WORD_LENGTH_MM, WORD_HEIGHT_MM = (4.0, 70.0), (1.6, 13.0)
APART_MM = 2.6
"""Gap between letters or words of one mark at most."""
LEAST_LETTER_MM, WIDEST_LETTER_MM = 0.8, 20.0
WHITE_MM = 0.8
"""Paper around a word that is cut out."""
MOST = 30
"""Places of either kind that are looked at on a page, an ordinary one has two or three: a form full of frames hides no word."""


def stamp_places(page: Pixels, known: Sequence[BoundingBox]) -> list[Place]:
    """Places on a page that may be a stamp, frames first. `page`: grey, all inks dark; `known`: boxes of words that were read
    well."""
    inked = inked_page(page)
    return [*frames_on(inked)[:MOST], *islice(_words(inked, known), MOST)]


def _words(inked: Inked, known: Sequence[BoundingBox]) -> Iterator[Place]:
    """Groups of letters with white around them, in the upper part of the page, that nobody has read well."""
    high, wide = inked.stats[:, cv2.CC_STAT_HEIGHT], inked.stats[:, cv2.CC_STAT_WIDTH]
    letters = (high >= LEAST_LETTER_MM * PIXELS_PER_MM) & (high <= WORD_HEIGHT_MM[1] * PIXELS_PER_MM)
    letters &= wide <= WIDEST_LETTER_MM * PIXELS_PER_MM
    letters[0] = False
    band = round(BAND * inked.ink.shape[0])
    only = np.where(letters[inked.labels[:band]], inked.ink[:band], 0).astype(np.uint8)
    for box in known:
        left, top, right, bottom = (max(0, round(value * inked.scale)) for value in (box.left, box.top, box.right, box.bottom))
        only[top:bottom, left:right] = 0
    joined = cv2.dilate(only, np.ones((round(0.7 * PIXELS_PER_MM), round(APART_MM * PIXELS_PER_MM)), np.uint8))
    _, groups, found, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    for number in sorted(range(1, len(found)), key=lambda number: int(found[number][1])):
        left, top, width, height = (int(value) for value in found[number][:4])
        if not WORD_LENGTH_MM[0] * PIXELS_PER_MM <= width <= (WORD_LENGTH_MM[1] + APART_MM) * PIXELS_PER_MM:
            continue
        window = (slice(top, top + height), slice(left, left + width))
        rect = rectangle(as_pixels(np.where(groups[window] == number, only[window], 0).astype(np.uint8)), left, top)
        if rect is not None and in_range(rect, WORD_LENGTH_MM, WORD_HEIGHT_MM):
            yield place_at(inked, _wider(rect, WHITE_MM * PIXELS_PER_MM), None)


def _wider(rect: Rectangle, by: float) -> Rectangle:
    return rect[0], (rect[1][0] + 2 * by, rect[1][1] + 2 * by), rect[2]
