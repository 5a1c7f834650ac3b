"""How likely the text at a place is right: what the readers thought of it and by how much it won, by logistic regression."""

from __future__ import annotations

import math

from pipeline.read.align import Pieces
from pipeline.read.habits import Habits
from pipeline.read.language import Language
from pipeline.read.lattice import Choice, Place

MARGIN_CAP = 8.0
"""Nats; what wins by more is not righter."""
BELIEF_CAP = 7.0
"""Log-odds of 999 in 1,000: as far as one reader's belief counts."""
EVIDENCE = (
    "always", "both say it", "none says it", "first's belief in it", "second's belief in it", "first's belief in another",
    "second's belief in another", "second alone saw something", "margin", "no other choice for a known word", "no other choice",
    "figures", "unknown word",
)  # fmt: skip
"""What is weighed, in the order of `Language.believable`."""


def confidence(place: Place, choice: Choice, margin: float | None, language: Language) -> float:
    """P(the chosen text is what is printed), 0.0-1.0."""
    seen = evidence(place, choice, margin, language)
    odds = sum(weight * value for weight, value in zip(language.believable, seen, strict=True))
    return 1 / (1 + math.exp(-odds))


def evidence(place: Place, choice: Choice, margin: float | None, language: Language) -> tuple[float, ...]:
    """The values of EVIDENCE."""
    text = "".join(choice.texts)
    first, second = _said(place.first), _said(place.second)
    known = all(part.isalpha() and language.syllables.knows(part) for part in choice.texts)
    one, two = belief(place.first, language.first), belief(place.second, language.second)
    return (
        1.0,
        float(first == text and second == text),
        float(text not in (first, second)),
        one if first == text else 0.0,
        two if second == text else 0.0,
        one if first not in (text, "") else 0.0,
        two if second not in (text, "") else 0.0,
        float(bool(second) and not first),
        0.0 if margin is None else min(margin, MARGIN_CAP),
        float(margin is None and known),
        float(margin is None and not known),
        float(any(char.isdigit() for char in text)),
        float(any(part.isalpha() and not language.syllables.knows(part) for part in choice.texts)),
    )


def _said(pieces: Pieces) -> str:
    return "".join(piece.text for piece in pieces)


def belief(pieces: Pieces, habits: Habits) -> float:
    """Log-odds that a reader is right in all characters it said here; 0 when it said nothing."""
    if not pieces:
        return 0.0
    right = math.prod(value for piece in pieces for value in habits.right(piece.text, piece.sure))
    return max(-BELIEF_CAP, min(BELIEF_CAP, math.log(right / (1 - right))))
