"""Two readings of one line, side by side: which tokens of the one stand for which tokens of the other."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from pipeline.model import BoundingBox, Word
from pipeline.ports import LineReading
from pipeline.read.tokens import TOKEN, is_fixed, letters

UNSAID = 0.5
"""Confidence of a character whose reader gives none."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A token as one reader saw it. `sure`: 0.0-1.0 for each character. `fixed`: part of a code or an address."""

    text: str
    sure: tuple[float, ...]
    box: BoundingBox
    after_space: bool
    fixed: bool


Pieces = Sequence[Piece]


def pieces(reading: LineReading) -> list[Piece]:
    """The tokens of a reading in order; texts NFC, boxes cut out of the words' boxes by the share of characters."""
    found: list[Piece] = []
    for number, word in enumerate(reading.words):
        text = unicodedata.normalize("NFC", word.text)
        said = reading.char_confidences[number] if number < len(reading.char_confidences) else ()
        sure = said if len(said) == len(text) else (UNSAID if word.confidence is None else word.confidence,) * len(text)
        found += _cut(word, text, tuple(sure))
    return found


def _cut(word: Word, text: str, sure: tuple[float, ...]) -> Iterator[Piece]:
    fixed = is_fixed(text)
    for number, token in enumerate(TOKEN.finditer(text)):
        start, end = token.span()
        after_space = number == 0 or text[start - 1].isspace()
        yield Piece(token[0], sure[start:end], part_of(word.box, start, end, len(text)), after_space, fixed)


def part_of(box: BoundingBox, start: int, end: int, size: int) -> BoundingBox:
    """The columns of characters `start` to `end` of `size` equally wide ones."""
    return BoundingBox(box.left + round(box.width * start / size), box.top, box.left + round(box.width * end / size), box.bottom)


def side_by_side(first: Pieces, second: Pieces) -> Iterator[tuple[Pieces, Pieces]]:
    """The two readings cut, wherever both have an edge between tokens, into the smallest parts that stand for each other.

    A part is empty on the side of a reader that saw nothing there. Spaces and marks do not count for the alignment.
    """
    here, there = _edges(first), _edges(second)
    i = j = 0
    for at_first, at_second in _path(first, second):
        if at_first in here and at_second in there:
            next_i, next_j = here[at_first], there[at_second]
            if (next_i, next_j) != (i, j):
                yield first[i:next_i], second[j:next_j]
                i, j = next_i, next_j


def _edges(tokens: Pieces) -> dict[int, int]:
    """Number of characters before an edge -> number of tokens before it."""
    edges, size = {0: 0}, 0
    for number, token in enumerate(tokens, 1):
        size += len(token.text)
        edges[size] = number
    return edges


def _path(first: Pieces, second: Pieces) -> Iterator[tuple[int, int]]:
    """The cheapest alignment, step by step: characters passed in the first and in the second reading."""
    plain = ["".join(letters(token.text) for token in tokens) for tokens in (first, second)]
    for step in Levenshtein.opcodes(*plain):
        across, down = step.src_end - step.src_start, step.dest_end - step.dest_start
        for passed in range(1, max(across, down) + 1):
            yield step.src_start + min(passed, across), step.dest_start + min(passed, down)
