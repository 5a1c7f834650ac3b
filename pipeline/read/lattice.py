"""What may stand at each place of a line: what the readers said, other marks on the same letters, a space that was overlooked."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from pipeline.read.align import Pieces, side_by_side
from pipeline.read.habits import Habits
from pipeline.read.language import Language, SyllableModel
from pipeline.read.tokens import like

FIRST_WEIGHT, SECOND_WEIGHT = 1.1, 0.9
"""How much a reader's word weighs beside the language: chosen with LANGUAGE_WEIGHT on half of the real pages."""
CALM = 0.02
"""Nats: where the readers are this sure (98 in 100) of a known word, no other is looked for."""
FARTHEST = 13.0
"""Nats by which a guess may be less likely than the best, by what the readers said alone."""
MOST = 12
"""Choices at one place; more were never of use."""
NEAREST = 4
"""Spellings of one half of a split word that are tried."""
LONGEST_JOINED = 30
"""Letters of a word that may be two; the work grows with the square, and no two syllables are that long."""
NAME_CARE = 2.0
"""Nats that a guess at a capitalised word costs: a name left as it was read is better than a name made up."""
ONE_LETTER = ("y", "ý", "ở")
"""Syllables of one letter that stand beside others in running text ("y tế")."""
DATE_WORDS = ("ngày", "tháng", "năm")
"""Words that handwritten figures touch: a day written into the gap becomes one word with them."""


class Source(StrEnum):
    """Who brought a choice up."""

    BOTH = "both"
    FIRST = "first"
    SECOND = "second"
    MARKS = "marks"
    SPLIT = "split"


READ = (Source.BOTH, Source.FIRST, Source.SECOND)


@dataclass(frozen=True, slots=True)
class Choice:
    """Tokens that may stand at one place; none = nothing is printed. `score`: log-probability (nats) by the readers alone."""

    texts: tuple[str, ...]
    score: float
    source: Source


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of the line: what each reader saw there and what may stand there, best first."""

    first: Pieces
    second: Pieces
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Witness:
    """What one reader said at one place."""

    pieces: Pieces
    text: str
    right: tuple[float, ...]
    habits: Habits
    weight: float

    @classmethod
    def of(cls, pieces: Pieces, habits: Habits, weight: float) -> Witness:
        text = "".join(piece.text for piece in pieces)
        return cls(pieces, text, habits.right(text, [value for piece in pieces for value in piece.sure]), habits, weight)

    def chance(self, texts: tuple[str, ...]) -> float:
        """Weighted log-probability of `texts`: of their letters, and of the spaces between them that were seen or not."""
        gaps = len(texts) - len(self.pieces) if texts and self.pieces else 0
        spaces = abs(gaps) * math.log(self.habits.space_lost if gaps > 0 else self.habits.space_added)
        return self.weight * (self.habits.chance(self.text, self.right, "".join(texts)) + spaces)


def places(first: Pieces, second: Pieces | None, language: Language) -> list[Place]:
    """The line as places in order. `second` None: there is no second reader; empty: it saw nothing."""
    if second is None:
        return [_place((piece,), None, language) for piece in first]
    return [_place(here, there, language) for here, there in side_by_side(first, second)]


def _place(first: Pieces, second: Pieces | None, language: Language) -> Place:
    witnesses = [Witness.of(first, language.first, FIRST_WEIGHT)]
    if second is not None:
        witnesses.append(Witness.of(second, language.second, SECOND_WEIGHT))
    options = _readings(first, second)
    scores = {texts: sum(witness.chance(texts) for witness in witnesses) for texts in options}
    if not _calm(scores, language.syllables) and not any(piece.fixed for piece in (*first, *(second or ()))):
        for texts in tuple(options):
            for guess, source in guesses(texts, language.syllables):
                if options.setdefault(guess, source) is source and guess not in scores:
                    scores[guess] = sum(witness.chance(guess) for witness in witnesses) - _care(guess)
    least = max(scores.values()) - FARTHEST
    kept = [Choice(texts, scores[texts], source) for texts, source in options.items() if source in READ or scores[texts] > least]
    kept.sort(key=lambda choice: (-choice.score, choice.texts))
    return Place(first, second or (), tuple(kept[:MOST]))


def _readings(first: Pieces, second: Pieces | None) -> dict[tuple[str, ...], Source]:
    """What the readers said; a long dash of the second is the half-long one, the only one that offices type."""
    said = tuple(piece.text for piece in first)
    if second is None:
        return {said: Source.FIRST}
    also = tuple(piece.text.replace("—", "–") for piece in second)
    return {said: Source.BOTH} if also == said else {said: Source.FIRST, also: Source.SECOND}


def _calm(scores: dict[tuple[str, ...], float], model: SyllableModel) -> bool:
    """One reading, surely read, nothing strange in it."""
    ((texts, score), *others) = scores.items()
    return not others and score > -CALM and all(not text.isalpha() or len(text) < 4 or model.knows(text) for text in texts)


def _care(guess: tuple[str, ...]) -> float:
    return NAME_CARE if any(len(text) > 1 and (text.istitle() or text.isupper()) for text in guess) else 0.0


def guesses(texts: tuple[str, ...], model: SyllableModel) -> Iterator[tuple[tuple[str, ...], Source]]:
    """Other marks on the letters of one token; for one unknown word also where a space may have been overlooked."""
    for number, text in enumerate(texts):
        for spelling in _spellings(text, model):
            yield (*texts[:number], spelling, *texts[number + 1 :]), Source.MARKS
    if len(texts) == 1 and texts[0].isalpha() and 3 < len(texts[0]) <= LONGEST_JOINED and not model.knows(texts[0]):
        for parts in splits(texts[0], model):
            yield parts, Source.SPLIT


def splits(text: str, model: SyllableModel) -> Iterator[tuple[str, str]]:
    """A word cut in two: at a capital inside, beside a date word, or wherever both halves are syllables."""
    for cut in range(1, len(text)):
        left, right = text[:cut], text[cut:]
        if (cut > 1 and left[-1].islower() and right[0].isupper()) or left.lower() in DATE_WORDS or right in DATE_WORDS:
            yield left, right
        if all(len(part) > 1 or part.lower() in ONE_LETTER for part in (left, right)):
            yield from product(_nearest(left, model), _nearest(right, model))


def _spellings(text: str, model: SyllableModel) -> list[str]:
    return [like(text, spelling) for spelling in model.spellings(text)] if text.isalpha() else []


def _nearest(text: str, model: SyllableModel) -> list[str]:
    """The known spellings with the fewest other characters, its own first."""
    return sorted(_spellings(text, model), key=lambda known: (sum(map(str.__ne__, known, text)), known))[:NEAREST]
