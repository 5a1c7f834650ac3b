"""Lines that are no print: signatures, initials, dirt and seal text that a line finder took for lines."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import numpy as np

from pipeline.layout.anchors import is_name, is_number_line
from pipeline.layout.furniture import Seal
from pipeline.layout.positions import is_position
from pipeline.layout.tables import Table
from pipeline.model import Line
from pipeline.pixels import Pixels
from pipeline.syllables import share_of_syllables
from pipeline.text import words

TALL, LOW = 2.4, 0.3
"""Line heights, as multiples of the page's median, beyond which a line is a stroke of a pen or a speck."""
WEAK = 0.55
"""Mean confidence under which words that are no syllables are not believed."""
RUINED = 0.2
"""Confidence under which not even a known title is believed."""
FEW_LETTERS = 3
FADED = 50
"""Grey levels by which what is left of a red seal in the red channel is lighter than print; print under it is as dark as any."""
WELL_READ = 0.85
SURE_IN_CELL, FAINT_IN_CELL = 0.25, 0.5
"""A unit or a heading that stands alone in its cell ("hộ", "ha", "TT") has no neighbours that would make it surer. What is faint
may show through from the back and has to be read better."""
SURE_IF_FEW, SURE_IF_DIGITS = 0.75, 0.35
"""A line of up to FEW_LETTERS characters has to be read with this confidence; row and page numbers are often read with less."""


def only_print(
    lines: Sequence[Line], picture: Pixels, black_seals: Sequence[Seal], red_seals: Sequence[Seal], tables: Sequence[Table]
) -> list[Line]:
    """Lines that are text of the page, in the order given; `picture` is what they were read from.

    What stands alone in a table cell (a digit, %) is believed.
    """
    if not lines:
        return []
    usual = median(line.box.height for line in lines)
    levels = [_ink_level(line, picture) for line in lines]
    faint = float(np.percentile(levels, 10)) + FADED
    return [
        line
        for line, level in zip(lines, levels, strict=True)
        if line.text
        and not is_seal_text(line, black_seals)
        and not (level > faint and (_inside(line, red_seals) or not (_well_read(line) or _in_cell(line, tables, FAINT_IN_CELL))))
        and (_in_cell(line, tables, SURE_IN_CELL) or not is_scribble(line, usual))
    ]


def _ink_level(line: Line, picture: Pixels) -> float:
    """Grey level of the line's strokes, which cover three hundredths of the sparsest line."""
    crop = picture[line.box.top : line.box.bottom, line.box.left : line.box.right]
    if not crop.size:
        return 255.0
    counts = np.cumsum(np.bincount(crop.ravel(), minlength=256))
    return float(np.searchsorted(counts, 0.03 * crop.size))


def _in_cell(line: Line, tables: Sequence[Table], least: float) -> bool:
    sure = line.confidence is None or line.confidence > least
    return sure and any(line.box.overlap(cell.box) > 0.7 * line.box.area for table in tables for cell in table.cells)


def is_scribble(line: Line, usual_height: float) -> bool:
    """Signs of a pen, specks and what was read with too little certainty; `usual_height` in pixels.

    A number line never is, nor a position: what a pen wrote there makes all of it hard to read.
    """
    characters = "".join(words(line.text))
    confidence = line.confidence if line.confidence is not None else 1.0
    if not characters:
        return True
    if is_number_line(line.text) or (is_position(line.text) and confidence > RUINED):
        return False
    plausible = share_of_syllables(words(line.text)) >= 0.6
    if not LOW * usual_height < line.box.height < TALL * usual_height and not (plausible and confidence > SURE_IF_FEW):
        return True
    if len(characters) <= FEW_LETTERS:
        return confidence < (SURE_IF_DIGITS if characters.isdigit() else SURE_IF_FEW)
    return confidence < WEAK and not plausible


def is_seal_text(line: Line, seals: Sequence[Seal]) -> bool:
    """Inside a black seal, and neither a position nor a name that is printed under it."""
    return _inside(line, seals) and not is_position(line.text) and not is_name(line.text)


def _well_read(line: Line) -> bool:
    """Faint print is read as well as any; what shows through from the back is mirrored and is not."""
    is_words = any(char.isalpha() for char in line.text)
    return (line.confidence or 0.0) > WELL_READ and (not is_words or share_of_syllables(words(line.text)) >= 0.5)


def _inside(line: Line, seals: Sequence[Seal]) -> bool:
    return any(seal.holds(line.box) for seal in seals)
