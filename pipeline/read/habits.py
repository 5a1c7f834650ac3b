"""What a reader mistakes for what, and how far its confidence can be believed: learned by `tools/learn_habits.py`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from pipeline.read.tokens import bare

FLOOR = 1e-4
"""No reader is believed more than 9,999 times in 10,000, nor less than once."""
MUTE_SHARE = 0.02
"""P(a sign that the reader cannot write is printed where it wrote one that looks like it, or nothing)."""

LOST_ON = 0.05
"""P(the next character too is passed over): words are lost whole."""


@dataclass(frozen=True, slots=True)
class Habits:
    """One reader.

    `trust`: (a, b) of P(character right) = logistic(a + suspicion[character] + b x logit(confidence)).
    `confusions`: said -> printed -> share among the wrong ones, both in lower case. `other_marks`, `other_case`, `other_letter`:
    share of a printed character that the table does not name, by kind. `extra`: share of wrong characters that stand for
    nothing. `lost`: P(a printed character is passed over). `space_lost`, `space_added`: P(a space is overlooked, invented).
    `mute`: signs that the reader cannot write -> what it may write instead.
    """

    trust: Sequence[float]
    suspicion: Mapping[str, float]
    confusions: Mapping[str, Mapping[str, float]]
    other_marks: float
    other_case: float
    other_letter: float
    extra: float
    lost: float
    space_lost: float
    space_added: float
    mute: Mapping[str, str]

    def right(self, said: str, sure: Sequence[float]) -> tuple[float, ...]:
        """For each character of `said` P(it is what is printed), by how sure the reader was of it."""
        return tuple(self._right(char, value) for char, value in zip(said, sure, strict=True))

    def _right(self, char: str, confidence: float) -> float:
        a, b = self.trust
        believed = min(max(confidence, FLOOR), 1 - FLOOR)
        odds = a + self.suspicion.get(char.lower(), 0.0) + b * math.log(believed / (1 - believed))
        return min(max(1 / (1 + math.exp(-odds)), FLOOR), 1 - FLOOR)

    def chance(self, said: str, right: Sequence[float], printed: str) -> float:
        """Log-probability (nats) of `printed` where the reader said `said`; no spaces in either. `right` as of `said`."""
        if said == printed:
            return sum(map(math.log, right))
        total = 0.0
        for step in Levenshtein.opcodes(said, printed):
            for offset in range(max(step.src_end - step.src_start, step.dest_end - step.dest_start)):
                place, aim = step.src_start + offset, step.dest_start + offset
                wanted = printed[aim] if aim < step.dest_end else ""
                if place < step.src_end:
                    total += self._letter(said[place], right[place], wanted)
                else:
                    total += math.log(MUTE_SHARE if wanted in self.mute else LOST_ON if offset else self.lost)
        return total

    def _letter(self, said: str, right: float, printed: str) -> float:
        if said == printed:
            return math.log(right)
        if said in self.mute.get(printed, ""):
            return math.log(MUTE_SHARE)
        return math.log((1 - right) * self._share(said, printed))

    def _share(self, said: str, printed: str) -> float:
        """P(printed | said and wrong)."""
        if not printed:
            return self.extra
        low, aim = said.lower(), printed.lower()
        if low == aim:
            return self.other_case
        kind = self.other_marks if bare(said) == bare(printed) else self.other_letter
        case = 1.0 if said.isupper() == printed.isupper() else self.other_case
        return case * (self.confusions.get(low, {}).get(aim, 0.0) + kind)
