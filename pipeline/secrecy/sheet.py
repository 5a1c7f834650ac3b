"""Places that may be a stamp, put below each other on one sheet and read at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np

from pipeline.model import BoundingBox
from pipeline.pixels import Pixels, as_pixels
from pipeline.ports import LineReader, LineReading
from pipeline.secrecy.cutting import Place
from pipeline.secrecy.words import is_surely_other, may_be_misread

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
    rounds = [list(places), [replace(place, upright=_closed(place.upright)) for place in places if place.framed]]
    others: set[BoundingBox] = set()
    for reader in readers:
        for number, asked in enumerate(rounds):
            rounds[number] = []
            for place, said in _read([place for place in asked if place.box not in others], reader):
                text = " ".join(word.text for word in said.words)
                yield place, text
                if is_surely_other(text, min((word.confidence or 0.0 for word in said.words), default=0.0)):
                    others.add(place.box)
                elif may_be_misread(text, framed=place.framed):
                    rounds[number].append(place)


def _read(places: Sequence[Place], reader: LineReader) -> list[tuple[Place, LineReading]]:
    if not places:
        return []
    sheet, boxes = _sheet([_tile(place) for place in places])
    return list(zip(places, reader.read_lines(sheet, boxes), strict=True))


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
