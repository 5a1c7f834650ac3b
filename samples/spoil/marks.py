"""What was put on the page after printing: entries by pen, signature and seal at each seat, stamps below the header."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date

from samples.picture import Blot, Colour, TrueLine
from samples.recipe import Recipe
from samples.spoil.pen import INKS, entered, signature
from samples.spoil.seal import seal
from samples.spoil.secrecy import pressed_mark
from samples.spoil.stamps import Sticker, day_of_arrival, incoming_stamp, pressed, urgency_stamp
from samples.typeset.drawing import POINTS_PER_INCH
from samples.typeset.sheet import A4, Seat, Sheet
from samples.typeset.style import MM
from samples.writing.wordlists import invented_place

SIGNATURE_HEIGHT, SEAL_ASIDE = 0.52, 44.0
"""A signature fills that share of its gap; the seal's middle lies so many points left of it: it covers the first third."""

MARK_GAP = 14.0
"""Points below a mark of secrecy at which other stamps begin: nobody presses one over it."""


def marked(
    sheet: Sheet, lines: Sequence[TrueLine], recipe: Recipe, issued: date, rng: random.Random, dpi: int
) -> tuple[list[Blot], tuple[TrueLine, ...]]:
    """All ink upon one printed page; its lines with the pen's words where the pen put them, the stamps' after the header."""
    ink = rng.choice(INKS)
    blots, penned = entered(lines, ink, rng, dpi)
    for seat in sheet.seats:
        blots += _signed(seat, recipe, ink, rng, dpi)
    if recipe.secrecy:
        mark_blots, mark_lines = pressed_mark(recipe.secrecy, sheet.header_bottom, rng, dpi)
        blots, penned = blots + mark_blots, [*mark_lines, *penned]
    if sheet.header_bottom is None:
        return blots, tuple(penned)
    below = sheet.header_bottom + (recipe.secrecy.height_mm * MM + MARK_GAP if recipe.secrecy else 0.0)
    stamps, stamp_lines = _stamped(below, recipe, issued, rng, dpi)
    end_of_header = max(number for number, line in enumerate(penned) if line.header) + 1
    return blots + stamps, (*penned[:end_of_header], *stamp_lines, *penned[end_of_header:])


def _signed(seat: Seat, recipe: Recipe, ink: Colour, rng: random.Random, dpi: int) -> list[Blot]:
    scale = dpi / POINTS_PER_INCH
    x, y = (seat.x + rng.uniform(-12, 12)) * scale, (seat.y + rng.uniform(-6, 6)) * scale
    blots = [signature(x, y, seat.height * SIGNATURE_HEIGHT * scale, rng, dpi, ink)] if recipe.signature else []
    if recipe.seal:
        blots.append(seal(x - (SEAL_ASIDE + rng.uniform(-8, 12)) * scale, y + rng.uniform(-8, 8) * scale, rng, dpi))
    return blots


def _stamped(below: float, recipe: Recipe, issued: date, rng: random.Random, dpi: int) -> tuple[list[Blot], list[TrueLine]]:
    """Left, under number and "V/v"; the incoming stamp often runs over title and text."""
    stickers: list[Sticker] = [urgency_stamp(recipe.urgency)] if recipe.urgency else []
    if recipe.incoming:
        organ = f"{rng.choice(('UBND XÃ', 'UBND PHƯỜNG', 'TRƯỜNG THCS'))} {invented_place(rng).upper()}"
        stickers.append(incoming_stamp(organ, rng.randint(12, 2900), day_of_arrival(issued, rng), rng))
    blots: list[Blot] = []
    lines: list[TrueLine] = []
    x, y = A4[0] * rng.uniform(0.09, 0.14), below + rng.uniform(0, 14)
    for sticker in stickers:
        corner = x * dpi / POINTS_PER_INCH, y * dpi / POINTS_PER_INCH
        pressed_blots, pressed_lines = pressed(sticker, corner[0], corner[1], rng.uniform(-5, 5), rng, dpi)
        blots += pressed_blots
        lines += pressed_lines
        y += sticker.size[1] + rng.uniform(6, 12)
    return blots, lines
