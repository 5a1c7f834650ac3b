"""The best way through the places of a line, and by how much each choice won."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, islice

from pipeline.read.language import NOWHERE, ORDER, State, SyllableModel
from pipeline.read.lattice import Choice, Place

LANGUAGE_WEIGHT = 1.1
"""Chosen with the readers' weights; between 0.9 and 1.4 the result hardly changes."""
UNKNOWN, UNKNOWN_LETTER = -2.0, -2.2
"""Nats for a token that the model does not know, and more for each of its letters: long unknown words are joined ones."""
NAME = -1.5
"""Nats for "this capitalised word is a name": then it need not fit its neighbours."""
STRANGE_NAME = -14.0
"""Nats for a name with a syllable that no name is known to have; UNKNOWN_LETTER comes on top."""
NUMBER_SIGNS = (".", ",", "/", "-", ":")
STRANGE_CASE = -3.0
"""Nats for a word in capitals, or with capitals inside, in a line of small letters; for small letters in a heading."""
BEAM = 24
"""States kept at each place; 12 give the same result on real pages."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """How the tokens of one line are scored. In a `heading` (all capitals) capitals mean nothing."""

    model: SyllableModel
    heading: bool

    def step(self, state: State, text: str) -> tuple[float, State]:
        """Weighted log-probability of one token where the model stands, and where it stands then."""
        number = self.model.number(text)
        chance, after = self.model.advance(state, number)
        letters = len(text) if text.isalpha() else 0
        if not number:
            chance += UNKNOWN + UNKNOWN_LETTER * letters
        if letters > 1 and not self.heading and text[0].isupper() and text[1:].islower():
            name = self.model.name_chance(number) if number else STRANGE_NAME + UNKNOWN_LETTER * letters
            chance = max(chance, NAME + name)
        if letters > 1 and not self._is_usual_case(text):
            chance += STRANGE_CASE
        return LANGUAGE_WEIGHT * chance, after

    def _is_usual_case(self, text: str) -> bool:
        return text.isupper() if self.heading else text.islower() or text.istitle()

    def walk(self, state: State, texts: Sequence[str]) -> tuple[float, State]:
        """Tokens one after the other."""
        total = 0.0
        for text in ("0",) if is_number(texts) else texts:
            chance, state = self.step(state, text)
            total += chance
        return total, state


def is_number(texts: Sequence[str]) -> bool:
    """Figures joined by single signs (2.182, 99,8): one number, however many tokens; the language has no say in its figures."""
    return len(texts) > 1 and all(
        text.isdecimal() if number % 2 == 0 else text in NUMBER_SIGNS for number, text in enumerate(texts)
    )


Trail = tuple["Trail", Choice] | None


def best_path(places: Sequence[Place], sentence: Sentence) -> list[Choice]:
    """One choice for each place: the likeliest line by the readers and the language together."""
    states: dict[State, tuple[float, Trail]] = {start(places, sentence.model): (0.0, None)}
    for place in places:
        after: dict[State, tuple[float, Trail]] = {}
        for state, (score, trail) in states.items():
            for choice in place.choices:
                chance, reached = sentence.walk(state, choice.texts)
                total = score + choice.score + chance
                if reached not in after or total > after[reached][0]:
                    after[reached] = total, (trail, choice)
        states = dict(sorted(after.items(), key=lambda item: -item[1][0])[:BEAM])
    _, trail = max(states.values(), key=lambda item: item[0])
    chosen = []
    while trail is not None:
        trail, choice = trail
        chosen.append(choice)
    return chosen[::-1]


def start(places: Sequence[Place], model: SyllableModel) -> State:
    """A line that begins in lower case goes on with a sentence that is not seen here."""
    first = next((text for place in places for text in place.choices[0].texts), "")
    return NOWHERE if first[:1].islower() else model.opening()


def margins(places: Sequence[Place], chosen: Sequence[Choice], sentence: Sentence) -> list[float | None]:
    """For each place: nats by which the whole line would be less likely with the next best choice there; None = no other."""
    state, found = start(places, sentence.model), list[float | None]()
    for number, (place, choice) in enumerate(zip(places, chosen, strict=True)):
        ahead = tuple(islice(chain.from_iterable(later.texts for later in chosen[number + 1 :]), ORDER - 1))
        totals = {
            other.texts: other.score + sentence.walk(state, (*other.texts, *ahead))[0]
            for other in (place.choices if len(place.choices) > 1 else ())
        }
        others = [total for texts, total in totals.items() if texts != choice.texts]
        found.append(max(0.0, totals[choice.texts] - max(others)) if others else None)
        state = sentence.walk(state, choice.texts)[1]
    return found
