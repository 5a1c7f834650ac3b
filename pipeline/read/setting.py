"""The chosen texts as tokens on the page: each with its box, its confidence and whether a space stands before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.model import BoundingBox, Word, bounds
from pipeline.read.align import Pieces, part_of
from pipeline.read.language import Language
from pipeline.read.lattice import Choice, Place, Source
from pipeline.read.spacing import owed, spaced

OVERLOOKS = 0.001
"""A reader that overlooks more spaces than this has them restored where they belong."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One token of the result."""

    text: str
    box: BoundingBox
    confidence: float
    after_space: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """A place, what was chosen for it, and the tokens that are printed there."""

    place: Place
    choice: Choice
    printed: tuple[Printed, ...]


def settle(line: Sequence[Place], chosen: Sequence[Choice], sure: Sequence[float], language: Language) -> Iterator[Settled]:
    """A space beside something that was dropped is kept for the token after it.

    What a reader saw before a token counts where it saw the token before that too: else it speaks of another gap.
    """
    left, kept, there = "", (False, False), (True, True)
    for place, choice, confident in zip(line, chosen, sure, strict=True):
        printed, boxes = [], _boxes(place, choice)
        for number, text in enumerate(choice.texts):
            gaps = [
                _gap(tokens, number, len(choice.texts), kept=before and not number) if number or beside else None
                for tokens, before, beside in zip((place.first, place.second), kept, there, strict=True)
            ]
            after_space = not left or _space(left, text, gaps, place, language)
            printed.append(Printed(text, boxes[number], confident, after_space))
            left, kept = text, (False, False)
        if choice.texts:
            there = bool(place.first), bool(place.second)
        else:
            kept = _or_spaces(kept, place)
        yield Settled(place, choice, tuple(printed))


def _gap(tokens: Pieces, number: int, count: int, *, kept: bool) -> bool | None:
    """What a reader saw before the token `number` of `count`; None = it has no such gap."""
    if number and len(tokens) != count:
        return None
    if not tokens:
        return kept or None
    return tokens[number].after_space or kept


def _or_spaces(kept: tuple[bool, bool], place: Place) -> tuple[bool, bool]:
    first, second = (any(token.after_space for token in tokens) for tokens in (place.first, place.second))
    return kept[0] or first, kept[1] or second


def _space(left: str, right: str, gaps: Sequence[bool | None], place: Place, language: Language) -> bool:
    first, second = gaps
    if spaced(left, right, first=first, second=second):
        return True
    alone = second is None and language.first.space_lost > OVERLOOKS and not any(piece.fixed for piece in place.first)
    return alone and owed(left, right, language.syllables)


def _boxes(place: Place, choice: Choice) -> list[BoundingBox]:
    """The boxes of the reader whose text it is; shared out by the number of characters where its tokens are others."""
    source = place.second if choice.source is Source.SECOND or not place.first else place.first
    if len(source) == len(choice.texts):
        return [piece.box for piece in source]
    whole, size, boxes, start = bounds([piece.box for piece in source]), sum(map(len, choice.texts)), [], 0
    for text in choice.texts:
        boxes.append(part_of(whole, start, start + len(text), size))
        start += len(text)
    return boxes


def words(settled: Sequence[Settled]) -> Iterator[Word]:
    """Tokens up to the next space are a word, as sure as all of them together."""
    group: list[Printed] = []
    for token in (token for part in settled for token in part.printed):
        if token.after_space and group:
            yield _word(group)
            group = []
        group.append(token)
    if group:
        yield _word(group)


def _word(tokens: Sequence[Printed]) -> Word:
    sure = 1.0
    for token in tokens:
        sure *= token.confidence
    return Word("".join(token.text for token in tokens), bounds([token.box for token in tokens]), round(sure, 4))
