"""Running text as Vietnamese offices write it, drawn from the syllable statistics that the readers use.

A token follows the three before it as often as it did in the texts that were counted; where these were never seen in a row, the
two before it, and so on. So frequent words are as frequent as in real pages, words that belong together stand together, and
nothing that anybody ever wrote comes back. Many texts are drawn side by side, one token at a time, by numpy.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.read.language import CHANCE_STEP, ORDER
from pipeline.read.tokens import NUMBER, ROMAN, SPECIAL, START
from pipeline.syllables import is_syllable

MODEL = Path(__file__).parents[2] / "pipeline" / "read" / "vi_syllables.lm"
FORMS = {"B": "<u1", "H": "<u2", "I": "<u4"}

ROMANS = ("I", "II", "III", "IV", "V", "VI")
YEARS = (2005, 2026)
BEFORE, AFTER = frozenset('(["“'), frozenset(".,;:!?)]”%")
"""Signs that are printed with the word after them; with the word before them."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Level:
    """Nodes of one depth. `sums[i]`: what the chances of all nodes before i add up to; `keys[i]`: parent * vocabulary + word of
    node i, rising; `first_child[i]`: first of its children one depth below."""

    words: Ints
    sums: Floats
    keys: Ints
    first_child: Ints


class Language:
    """The statistics, ready to be drawn from. The same generator of random numbers draws the same texts."""

    def __init__(self, file: Path = MODEL) -> None:
        data = file.read_bytes()
        body = 12 + int.from_bytes(data[8:12], "little")
        table = json.loads(data[12:body])["sections"]
        sections = {
            name: np.frombuffer(data, FORMS[form], size // int(FORMS[form][2]), body + offset).astype(np.int64)
            for name, (offset, size, form) in table.items()
            if form in FORMS
        }
        offset, size, _ = table["vocabulary"]
        self.words = data[body + offset : body + offset + size].decode().split("\n")
        self._levels = [_level(sections, depth, len(self.words)) for depth in range(1, ORDER + 1)]
        self._names = np.cumsum(np.exp(-sections["names"] * CHANCE_STEP) * np.array(list(map(is_syllable, self.words))))

    def draw(self, chance: np.random.Generator, texts: int, length: int) -> Ints:
        """Numbers of `words`, texts x length; each text begins as a sentence does."""
        one = np.full(texts, SPECIAL.index(START))
        two = three = np.full(texts, -1)
        drawn = np.empty((texts, length), np.int64)
        for at in range(length):
            word = self._next(chance, (one, two, three))
            one, two, three = word, self._child(1, one, word), self._child(2, two, word)
            drawn[:, at] = word
        return drawn

    def names(self, chance: np.random.Generator, count: int) -> list[str]:
        """Syllables of names of persons and places, the frequent ones often."""
        numbers = np.searchsorted(self._names, chance.random(count) * self._names[-1], "right")
        return [self.words[number].capitalize() for number in numbers]

    def _next(self, chance: np.random.Generator, state: tuple[Ints, Ints, Ints]) -> Ints:
        """A token for each text: of the children of the longest context if the lot falls on them, else of the next shorter."""
        lot = chance.random(len(state[0]))
        chosen = np.full(len(lot), -1)
        for depth in range(ORDER - 1, 0, -1):
            level = self._levels[depth]
            asked = np.flatnonzero((chosen < 0) & (state[depth - 1] >= 0))
            parents = state[depth - 1][asked]
            starts, ends = (self._levels[depth - 1].first_child[parents + more] for more in (0, 1))
            mass = np.minimum(level.sums[ends] - level.sums[starts], 0.999)
            hit = lot[asked] < mass
            children = np.searchsorted(level.sums, level.sums[starts] + lot[asked], "right") - 1
            chosen[asked[hit]] = level.words[np.clip(children, starts, ends - 1)[hit]]
            lot[asked] = np.where(hit, lot[asked], (lot[asked] - mass) / (1 - mass))
        rest, sums = chosen < 0, self._levels[0].sums
        chosen[rest] = np.searchsorted(sums, lot[rest] * sums[-1], "right") - 1
        return chosen

    def _child(self, depth: int, nodes: Ints, words: Ints) -> Ints:
        """The node one deeper that stands for a node and then a word; -1 = never seen."""
        keys = self._levels[depth].keys
        wanted = nodes * len(self.words) + words
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where((nodes >= 0) & (keys[at] == wanted), at, -1)

    def printed(self, tokens: Iterable[int], chance: random.Random) -> list[str]:
        """Tokens as they are printed, parted by spaces: signs beside their word, figures for numbers, capitals after a stop."""
        parts: list[str] = []
        opened, capital = "", True
        for number in tokens:
            word = self.words[number] if number >= len(SPECIAL) else _special(SPECIAL[number], chance)
            if word in BEFORE:
                opened = word
            elif word in AFTER and parts:
                parts[-1] += word
                capital = word == "."
            else:
                parts.append(opened + (word.capitalize() if capital else word))
                opened, capital = "", False
        return parts


def _level(sections: dict[str, Ints], depth: int, size: int) -> Level:
    chances = np.exp(-sections[f"chances{depth}"] * CHANCE_STEP)
    if depth == 1:
        chances[: SPECIAL.index(NUMBER)] = 0.0  # an unknown word cannot be printed, and nothing predicts the start of a line
    words = sections.get(f"words{depth}", np.arange(size))
    above = sections.get(f"children{depth - 1}", np.array([0, size]))
    parents = np.repeat(np.arange(len(above) - 1), np.diff(above))
    below = sections.get(f"children{depth}", np.zeros(0, np.int64))
    return Level(words, np.concatenate(([0.0], np.cumsum(chances))), parents * size + words, below)


def _special(token: str, chance: random.Random) -> str:
    if token == ROMAN:
        return chance.choice(ROMANS)
    kind = chance.random()
    if kind < 0.25:
        return str(chance.randint(*YEARS))
    return str(chance.randint(1, 31 if kind < 0.85 else 9999))
