"""Where a stamp may be: frames of a stamp's size, and short words that stand by themselves, each cut out upright.

The line finder overlooks words that stand askew or in a frame. What it found and read well is not looked at again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

import cv2
import numpy as np

from pipeline.model import BoundingBox
from pipeline.pixels import Pixels, as_pixels
from pipeline.secrecy.cutting import (
    BAND,
    PIXELS_PER_MM,
    Inked,
    Place,
    Points,
    Rectangle,
    in_range,
    inked_page,
    looking_scale,
    place_at,
    rectangle,
    wiped,
)
from pipeline.secrecy.frames import frames_on
from pipeline.secrecy.paler import paler_parts
from pipeline.secrecy.pieces import pieces_of

WORD_LENGTH_MM, WORD_HEIGHT_MM = (4.0, 70.0), (1.6, 13.0)
APART_MM = 2.6
"""Gap between letters or words of one mark at most."""
LEAST_LETTER_MM, WIDEST_LETTER_MM = 0.8, 20.0
LEAST_OUTLINE, FEWEST_PIXELS = 6, 20
"""Pixels of the outline of a stroke of a letter; and of a word's ink."""
WHITE_MM = 0.8
"""Paper around a word that is cut out."""
MOST = 30
"""Places of either kind that are looked at on a page, an ordinary one has two or three: a form full of frames hides no word."""


def stamp_places(page: Pixels, known: Sequence[BoundingBox] = (), text: Sequence[BoundingBox] = ()) -> list[Place]:
    """Places on a page that may be a stamp, frames first.

    `page`: grey, all inks dark; `known`: boxes of words that were read well; `text`: those of running text, which are no frames.
    """
    scale = looking_scale(page)
    return _places(inked_page(page, scale, round(BAND * scale * page.shape[0]), text), known)


def paler_places(page: Pixels) -> list[Place]:
    """The same in ink that is paler than the print. Boxes in pixels of the page."""
    scale, found = looking_scale(page), []
    for part, box in paler_parts(page):
        inked = inked_page(part, scale, max(0, round(scale * (BAND * page.shape[0] - box.top))))
        found += [replace(place, box=place.box.moved(box.left, box.top)) for place in _places(inked, ())]
    return found


def _places(inked: Inked, known: Sequence[BoundingBox]) -> list[Place]:
    return [*frames_on(inked)[:MOST], *(islice(_words(inked, known), MOST) if inked.band else ())]


def _words(inked: Inked, known: Sequence[BoundingBox]) -> Iterator[Place]:
    """Groups of letters with white around them, in the upper part of the page, that nobody has read well."""
    letters = _letters(inked, known)
    joined = cv2.dilate(letters, np.ones((round(0.7 * PIXELS_PER_MM), round(APART_MM * PIXELS_PER_MM)), np.uint8))
    groups = [(cv2.boundingRect(outline), outline) for outline in pieces_of(as_pixels(joined), 1)]
    for (left, top, width, height), outline in sorted(groups, key=lambda group: group[0][1]):
        if not WORD_LENGTH_MM[0] * PIXELS_PER_MM <= width <= (WORD_LENGTH_MM[1] + APART_MM) * PIXELS_PER_MM:
            continue
        group = np.zeros((height, width), np.uint8)
        cv2.drawContours(group, [outline], 0, 255, cv2.FILLED, offset=(-left, -top))
        points = cv2.findNonZero(cv2.bitwise_and(group, letters[top : top + height, left : left + width]))
        if np.size(points) < 2 * FEWEST_PIXELS:
            continue
        rect = rectangle(np.asarray(points, np.int32) + np.array([left, top], np.int32))
        if in_range(rect, WORD_LENGTH_MM, WORD_HEIGHT_MM):
            yield place_at(inked, _wider(rect, WHITE_MM * PIXELS_PER_MM), None)


def _letters(inked: Inked, known: Sequence[BoundingBox]) -> Pixels:
    """Ink of pieces of a letter's size in the upper part of the page, outside of `known`."""
    unknown = wiped(inked.ink[: inked.band], inked.scale, known)
    letters = np.zeros_like(unknown)
    outlines = [outline for outline in pieces_of(unknown, LEAST_OUTLINE) if _is_letter(outline)]
    cv2.drawContours(letters, outlines, -1, 255, cv2.FILLED)
    return as_pixels(cv2.bitwise_and(letters, unknown))


def _is_letter(outline: Points) -> bool:
    wide, high = (side / PIXELS_PER_MM for side in cv2.boundingRect(outline)[2:])
    return LEAST_LETTER_MM <= high <= WORD_HEIGHT_MM[1] and wide <= WIDEST_LETTER_MM


def _wider(rect: Rectangle, by: float) -> Rectangle:
    return rect[0], (rect[1][0] + 2 * by, rect[1][1] + 2 * by), rect[2]
