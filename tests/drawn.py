"""Small pictures and lines made for tests of the reading stages."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from pipeline.extract.spans import PlacedLine
from pipeline.model import BoundingBox, Line, Page, Word, Zone
from pipeline.pixels import Pixels

A4 = (1654, 2339)
"""Width and height in pixels of A4 at 200 dpi."""


def paper(width: int = A4[0], height: int = A4[1]) -> Pixels:
    return np.full((height, width), 255, np.uint8)


def rows_of_print(picture: Pixels, top: int = 300, rows: int = 30, left: int = 200, right: int = 1450) -> Pixels:
    """Stand-ins for printed lines: short dark strokes in rows 50 pixels apart."""
    drawn = picture.copy()
    for row in range(rows):
        for x in range(left, right, 18):
            cv2.rectangle(drawn, (x, top + 50 * row), (x + 8, top + 50 * row + 18), 20, -1)
    return drawn


def line(
    text: str, left: int, top: int, *, zone: Zone = Zone.BODY, size: int = 34, pitch: int = 17, confidence: float | None = 0.95
) -> Line:
    """A line of words at (left, top), `size` pixels high, `pitch` pixels a letter."""
    words, x = [], left
    for token in text.split():
        wide = pitch * len(token)
        words.append(Word(token, BoundingBox(x, top, x + wide, top + size), confidence))
        x += wide + pitch
    return Line(tuple(words), BoundingBox(left, top, x - pitch, top + size), zone)


def page(lines: Sequence[Line], page_no: int = 1) -> Page:
    return Page(page_no, *A4, 200.0, 0, 0.0, False, False, (), tuple(lines))


def placed(text: str, left: int = 200, top: int = 300) -> PlacedLine:
    return PlacedLine(1, line(text, left, top))
