"""Sheets -> grey pictures, black on white, with the box of each word's ink."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from samples.document import Kind
from samples.picture import Pixels, TrueLine, TrueWord, corners_of
from samples.typeset.fonts import font, ink_box
from samples.typeset.sheet import PlacedWord, PrintedLine, Rule

POINTS_PER_INCH = 72
PEN_HEIGHT = 0.72
"""Height of handwritten figures in ems of the print around them."""


def draw_print(
    lines: Sequence[PrintedLine], rules: Sequence[Rule], size: tuple[float, float], dpi: float
) -> tuple[Pixels, tuple[TrueLine, ...]]:
    """Draw what a printer puts on `size` (points). Handwritten words stay blank: their boxes say where the pen has to write."""
    scale = dpi / POINTS_PER_INCH
    image = Image.new("L", (round(size[0] * scale), round(size[1] * scale)), 255)
    draw = ImageDraw.Draw(image)
    for rule in rules:
        weight = max(1, round(rule.weight * scale))
        draw.line([rule.x0 * scale, rule.y0 * scale, rule.x1 * scale, rule.y1 * scale], fill=0, width=weight)
    true_lines = tuple(TrueLine(tuple(_draw_word(draw, word, scale) for word in line.words), line.header) for line in lines)
    return np.asarray(image), true_lines


def _draw_word(draw: ImageDraw.ImageDraw, word: PlacedWord, scale: float) -> TrueWord:
    x, y, size = word.x * scale, word.y * scale, word.size * scale
    if word.kind is Kind.HANDWRITING:
        return TrueWord(word.text, word.kind, corners_of((x, y - size * PEN_HEIGHT, x + word.width * scale, y)))
    draw.text((x, y), word.text, font=font(word.face, size), fill=0, anchor="ls")
    left, top, right, bottom = ink_box(word.text, word.face, size)
    return TrueWord(word.text, word.kind, corners_of((x + left, y + top, x + right, y + bottom)))
