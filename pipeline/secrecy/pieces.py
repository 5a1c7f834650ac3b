"""Pieces of joined ink by their outlines, which is quicker than numbering every pixel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from pipeline.pixels import Pixels, as_pixels
from pipeline.secrecy.cutting import Points

HOLLOW = 1200.0
"""Pixels that an outline goes around from which other pieces may lie in it: two letters."""
AROUND_HOLLOW = 122
"""Pixels of the shortest outline that goes around so many."""


def pieces_of(ink: Pixels, least: int) -> Iterator[Points]:
    """The outlines, of so many pixels at least, of every piece, also of those that lie in another one.

    `ink`: 255 where there is some.
    """
    outlines, _ = cv2.findContours(ink, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    for outline in (np.asarray(found, np.int32) for found in outlines):
        around = len(outline)
        if around >= least:
            yield outline
        if around >= AROUND_HOLLOW and cv2.contourArea(outline) >= HOLLOW:
            yield from _pieces_in(ink, outline, least)


def _pieces_in(ink: Pixels, outline: Points, least: int) -> Iterator[Points]:
    left, top, width, height = cv2.boundingRect(outline)
    part = ink[top : top + height, left : left + width]
    outlines, family = cv2.findContours(part, cv2.RETR_TREE, cv2.CHAIN_APPROX_NONE, offset=(left, top))
    parents = [int(parent) for parent in family[0, :, 3]]
    for place, parent in enumerate(parents):
        if parent >= 0 and len(outlines[place]) >= least and _depth(parents, place) % 2 == 0:  # that of a hole is odd
            yield np.asarray(outlines[place], np.int32)


def _depth(parents: Sequence[int], place: int) -> int:
    depth = 0
    while (place := parents[place]) >= 0:
        depth += 1
    return depth


def piece_at(ink: Pixels, outline: Points) -> tuple[Pixels, int, int]:
    """The piece itself, 255 on 0, without what lies in it; left and top of it."""
    left, top, width, height = cv2.boundingRect(outline)
    _, labels = cv2.connectedComponents(ink[top : top + height, left : left + width], connectivity=8)
    x, y = outline[0, 0]
    return as_pixels((labels == labels[y - top, x - left]).astype(np.uint8) * 255), left, top
