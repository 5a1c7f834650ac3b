"""Marks of secrecy pressed onto a page: bold capitals, mostly in a frame, turned a little, worn or faint."""

from __future__ import annotations

import random
from dataclasses import replace

import cv2
import numpy as np

from samples.document import Align, Face, Kind, Run
from samples.picture import Blot, Pixels, TrueLine
from samples.recipe import Place, SecrecyMark
from samples.spoil.seal import wear
from samples.spoil.stamps import WHITE, Sticker, stamp_box, turned_blots
from samples.typeset.drawing import POINTS_PER_INCH, draw_print
from samples.typeset.lines import extent, set_runs
from samples.typeset.sheet import A4, moved_line
from samples.typeset.style import MM

LETTERS = 0.62
"""Size of the type as a share of the stamp's height."""
LEAST_WORN = 200
"""Of 255, where the pad gave least."""
AT_TOP = {Place.TOP_LEFT: 0.09, Place.TOP_MIDDLE: 0.42, Place.TOP_RIGHT: 0.72}
"""Left end as a share of the page's width."""


def secrecy_sticker(mark: SecrecyMark) -> Sticker:
    """The stamp before it is pressed."""
    height = mark.height_mm * MM
    (line,) = set_runs([Run(mark.word, Face.BOLD, Kind.STAMP)], height * LETTERS, 0.3 * height, 900.0, Align.LEFT)
    width = extent(line)[1] + 0.3 * height
    box = stamp_box(0.8, 0.8, width - 0.8, height - 0.8, 0.07 * height) if mark.framed else ()
    return Sticker((moved_line(line, 0.0, 0.73 * height),), box, (width, height))


def pressed_mark(
    mark: SecrecyMark, header_bottom: float | None, rng: random.Random, dpi: float
) -> tuple[list[Blot], tuple[TrueLine, ...]]:
    """The mark's ink and its words; under the number where the page has a header."""
    sticker = secrecy_sticker(mark)
    printed, lines = draw_print(sticker.lines, sticker.rules, sticker.size, dpi)
    wide = (round(printed.shape[1] * mark.wide), printed.shape[0])
    printed = np.asarray(cv2.resize(printed, wide, interpolation=cv2.INTER_AREA), np.uint8)
    scale = dpi / POINTS_PER_INCH
    x, y = _corner(mark.place, header_bottom, rng)
    rubber = Blot(WHITE - printed, 0, 0, mark.ink)
    blots, turned = turned_blots([rubber], lines, (x * scale, y * scale), mark.degrees, printed.shape)
    return [replace(blot, mask=_worn(blot.mask, mark.pressure, rng)) for blot in blots], turned


def _corner(place: Place, header_bottom: float | None, rng: random.Random) -> tuple[float, float]:
    """Points from the top left."""
    if place is Place.UNDER_NUMBER and header_bottom is not None:
        return A4[0] * rng.uniform(0.09, 0.16), header_bottom + rng.uniform(-4, 10)
    left = AT_TOP.get(place, AT_TOP[Place.TOP_LEFT])
    return A4[0] * (left + rng.uniform(-0.02, 0.03)), A4[1] * rng.uniform(0.012, 0.03)


def _worn(mask: Pixels, pressure: float, rng: random.Random) -> Pixels:
    """Unevenly pressed, and only so hard."""
    worn = cv2.multiply(mask, np.maximum(wear((mask.shape[1], mask.shape[0]), rng), np.uint8(LEAST_WORN)), scale=1 / 255)
    return np.asarray(cv2.convertScaleAbs(worn, alpha=pressure), np.uint8)
