"""One line from one or two readings: the step between the readers and the page's text.

    pieces     each reading as tokens                                    align
    places     which tokens stand for each other, what may stand there   lattice, by the readers' habits
    best path  readers and language decide together                      decode
    words      spaces, boxes, confidences                                setting, spacing, confidence
    changes    what is not as the first reader said                      here

Pure: the same readings, the same line. What is known beforehand comes in as a Language.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.model import Word
from pipeline.ports import LineReading
from pipeline.read.align import Pieces, pieces
from pipeline.read.confidence import confidence
from pipeline.read.decode import Sentence, best_path, margins
from pipeline.read.language import Language
from pipeline.read.lattice import Source, places
from pipeline.read.setting import Settled, settle, words

CAPITALS = 0.7
"""Share of words in capitals from which a line is a heading."""


class Reason(StrEnum):
    """Why something is not as the first reader said."""

    SECOND_READER = "second_reader"
    MARKS = "marks"
    SPACE = "space"


@dataclass(frozen=True, slots=True)
class Change:
    """`before`: the first reader's word or words ("" = it saw none); `after`: what stands there now ("" = nothing)."""

    before: str
    after: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class FusedLine:
    """`words` have the boxes of the readings and a confidence of 0.0-1.0: P(the word is right)."""

    words: tuple[Word, ...]
    changes: tuple[Change, ...]


def fuse(first: LineReading, second: LineReading | None, language: Language) -> FusedLine:
    """The likeliest line. `second` None: the first reader alone, corrected; empty: the second reader saw no text there."""
    said = pieces(first)
    also = None if second is None else pieces(second)
    line = places(said, also, language)
    if not line:
        return FusedLine((), ())
    sentence = Sentence(language.syllables, heading=is_heading([*said, *(also or ())]))
    chosen = best_path(line, sentence)
    won = margins(line, chosen, sentence)
    sure = [confidence(*part, language) for part in zip(line, chosen, won, strict=True)]
    settled = list(settle(line, chosen, sure, language))
    return FusedLine(tuple(words(settled)), tuple(changes(settled)))


def doubt(line: FusedLine) -> float:
    """P(some word of the line is wrong), 0.0-1.0, words taken as independent."""
    right = 1.0
    for word in line.words:
        right *= word.confidence or 0.0
    return 1.0 - right


def is_heading(tokens: Pieces) -> bool:
    """Whether the line is in capitals."""
    known = [token.text for token in tokens if token.text.isalpha()]
    return sum(word.isupper() for word in known) >= CAPITALS * len(known)


def changes(settled: Sequence[Settled]) -> Iterator[Change]:
    """Stretches between two gaps that both the first reading and the result have, where they differ."""
    stretch: list[Settled] = []
    for part in settled:
        if stretch and _is_edge(part):
            yield from _change(stretch)
            stretch = []
        stretch.append(part)
    yield from _change(stretch)


def _is_edge(part: Settled) -> bool:
    here = not part.place.first or part.place.first[0].after_space
    return here and (not part.printed or part.printed[0].after_space)


def _change(stretch: Sequence[Settled]) -> Iterator[Change]:
    before = _text((piece.text, piece.after_space) for part in stretch for piece in part.place.first)
    after = _text((token.text, token.after_space) for part in stretch for token in part.printed)
    if before != after:
        yield Change(before, after, _reason(stretch))


def _text(tokens: Iterator[tuple[str, bool]]) -> str:
    return "".join(f" {text}" if after_space else text for text, after_space in tokens).strip()


def _reason(stretch: Sequence[Settled]) -> Reason:
    sources = {part.choice.source for part in stretch}
    if Source.MARKS in sources:
        return Reason.MARKS
    return Reason.SECOND_READER if Source.SECOND in sources else Reason.SPACE
