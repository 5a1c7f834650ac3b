"""Places that may be a stamp, put below each other on one sheet and read at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np

from pipeline.model import BoundingBox
from pipeline.pixels import Pixels, as_pixels
from pipeline.ports import LineReader
from pipeline.secrecy.cutting import Place
from pipeline.secrecy.words import may_be_misread

MARGIN = 36
"""Pixels of paper around each place."""
FRAMED_HIGH, WORD_HIGH = 66, 50
"""Pixels that what stood in a frame, and a word with a little paper around it, are high: their letters have 40 or so."""
GAP = 0.09
"""Share of the height of what stood in a frame that is closed sideways, where the pad left strokes without ink."""
LARGEST = 4.0
"""Beyond which enlarging a picture shows nothing more."""


def read_places(places: Sequence[Place], readers: Sequence[LineReader]) -> Iterator[tuple[Place, str]]:
    """What each place says, by one reader after the other; the slower ones are asked where the others saw what a mark may be.
    What stands in a frame is read as it is and once more with the gaps of worn letters closed."""
    if not places:
        return
    places = [*places, *(replace(place, upright=_closed(place.upright)) for place in places if place.framed)]
    sheet, boxes = _sheet([_tile(place) for place in places])
    asked = list(range(len(places)))
    for reader in readers:
        said = reader.read_lines(sheet, [boxes[number] for number in asked])
        texts = {number: " ".join(word.text for word in one.words) for number, one in zip(asked, said, strict=True)}
        yield from ((places[number], text) for number, text in texts.items())
        asked = [number for number, text in texts.items() if may_be_misread(text, framed=places[number].framed)]


def _sheet(tiles: Sequence[Pixels]) -> tuple[Pixels, list[BoundingBox]]:
    """All tiles below each other, and where each one is."""
    width = max(tile.shape[1] for tile in tiles) + 2 * MARGIN
    sheet: Pixels = np.full((sum(tile.shape[0] + 2 * MARGIN for tile in tiles), width), 255, np.uint8)
    boxes, top = [], 0
    for tile in tiles:
        box = BoundingBox(MARGIN, top + MARGIN, MARGIN + tile.shape[1], top + MARGIN + tile.shape[0])
        sheet[box.top : box.bottom, box.left : box.right] = tile
        boxes.append(box)
        top += tile.shape[0] + 2 * MARGIN
    return sheet, boxes


def _closed(upright: Pixels) -> Pixels:
    """White gaps within strokes, as wide as a tenth of the letters are high, made ink."""
    gap = max(2, round(GAP * upright.shape[0]))
    return as_pixels(cv2.morphologyEx(upright, cv2.MORPH_OPEN, np.ones((1, gap), np.uint8)))


def _tile(place: Place) -> Pixels:
    """As large as print on a page, faint ink made dark."""
    grey = place.upright
    grow = min(LARGEST, (FRAMED_HIGH if place.framed else WORD_HIGH) / grey.shape[0])
    large = cv2.resize(grey, None, fx=grow, fy=grow, interpolation=cv2.INTER_CUBIC if grow > 1 else cv2.INTER_AREA)
    dark, light = np.percentile(large, 3), np.percentile(large, 75)
    if light - dark < 1:
        return as_pixels(np.full_like(large, 255))
    return as_pixels(np.clip((large.astype(np.float32) - dark) * (255 / (light - dark)), 0, 255).astype(np.uint8))
