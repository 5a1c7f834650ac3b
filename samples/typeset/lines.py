"""Runs -> lines: words measured, broken to a width, spread or centred."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from samples.document import Align, Face, Kind, Run
from samples.typeset.fonts import width_em
from samples.typeset.sheet import PlacedWord, PrintedLine

PEN_WIDTH = 1.35
"""A pen needs more room than type of the same text."""
WORD_SPACE = 0.25
"""Ems, as in Times."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A word with its width in points at the size it will be set in."""

    text: str
    face: Face
    kind: Kind
    width: float


def measured(runs: Iterable[Run], size: float) -> list[Measured]:
    """Words of all runs, in order."""
    return [
        Measured(text, run.face, run.kind, width_em(text, run.face) * size * (PEN_WIDTH if run.kind is Kind.HANDWRITING else 1.0))
        for run in runs
        for text in run.text.split()
    ]


def broken(words: Sequence[Measured], size: float, width: float, first_indent: float = 0.0) -> list[list[Measured]]:
    """Greedy lines no wider than `width`, the first shorter by `first_indent`. A word wider than that has a line of its own."""
    lines: list[list[Measured]] = []
    room = 0.0
    for word in words:
        needed = WORD_SPACE * size + word.width
        if lines and needed <= room:
            lines[-1].append(word)
            room -= needed
        else:
            room = width - (0.0 if lines else first_indent) - word.width
            lines.append([word])
    return lines


def balanced(words: Sequence[Measured], size: float, width: float) -> list[list[Measured]]:
    """As many lines as `broken` needs, but of nearly equal length: how people break titles."""
    fewest = len(broken(words, size, width))
    low, high = width / 3, width
    while high - low > 1.0:
        middle = (low + high) / 2
        low, high = (low, middle) if len(broken(words, size, middle)) <= fewest else (middle, high)
    return broken(words, size, high)


def set_line(words: Sequence[Measured], size: float, left: float, width: float, align: Align) -> PrintedLine:
    """Place words on a baseline at y = 0. JUSTIFY spreads them over the whole width: the caller asks for LEFT in last lines."""
    space = WORD_SPACE * size
    natural = sum(word.width for word in words) + space * (len(words) - 1)
    if align is Align.JUSTIFY and len(words) > 1:
        space += (width - natural) / (len(words) - 1)
    x = left + ((width - natural) / 2 if align is Align.CENTRE else 0.0)
    placed = []
    for word in words:
        if word.kind is not Kind.BLANK:
            placed.append(PlacedWord(word.text, word.face, word.kind, size, x, 0.0, word.width))
        x += word.width + space
    return PrintedLine(tuple(placed))


def set_runs(
    runs: Iterable[Run], size: float, left: float, width: float, align: Align, first_indent: float = 0.0
) -> list[PrintedLine]:
    """A whole paragraph, each line on y = 0. Centred ones are broken into lines of like length."""
    words = measured(runs, size)
    lines = balanced(words, size, width) if align is Align.CENTRE else broken(words, size, width, first_indent)
    set_lines = []
    for number, words in enumerate(lines):
        shift = first_indent if number == 0 else 0.0
        last = number == len(lines) - 1
        set_lines.append(
            set_line(words, size, left + shift, width - shift, Align.LEFT if last and align is Align.JUSTIFY else align)
        )
    return set_lines


def extent(line: PrintedLine) -> tuple[float, float]:
    """Left and right end of what is printed."""
    return line.words[0].x, line.words[-1].x + line.words[-1].width
