"""How likely Vietnamese syllables follow each other: four-gram statistics in one memory-mapped file.

The file is a tree of sorted children. A node of depth k stands for k tokens in a row; its children are the tokens seen after
them. Looking up one token after up to three others is a binary search at each depth, so nothing is unpacked and nothing is
copied when the file is opened. `tools/train_language.py` writes the file.

    8 bytes   MAGIC (also says the version of the format)
    4 bytes   size of the header, little endian
    header    JSON: {"sections": {name: [offset, size, format]}, "body_sha256": ..., "recipe": {...}}, offsets from the body
    body      sections, each starting at a multiple of 8
"""

from __future__ import annotations

import hashlib
import json
import mmap
import sys
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import ToolMissing
from pipeline.model import ReaderInfo
from pipeline.read.habits import Habits
from pipeline.read.tokens import NUMBER, SPECIAL, START, key, letters

MAGIC = b"SYLLAB01"
ORDER = 4
CHANCE_STEP = 1 / 15
"""Nats for one step of a stored log-probability: 255 steps reach -17, rarer than one token of the training text."""
WEIGHT_STEP, WEIGHT_TOP = 1 / 16, 2.0
"""Back-off weights are stored as WEIGHT_TOP - steps: +2 to -14 nats."""

NUMBERED = -2.3
"""Nats: one in ten of the tokens after a word are numbers."""

State = tuple[int, int, int]
"""Where the model stands: the nodes of the last one, two and three tokens; -1 where they were never seen in a row."""
NOWHERE: State = (-1, -1, -1)
"""Nothing is known of what came before."""

Numbers = Sequence[int]


@dataclass(frozen=True, slots=True)
class Level:
    """Nodes of one depth. `words`: sorted within each parent. `first_child[i]:first_child[i + 1]`: the children of node i."""

    words: Numbers
    chances: Numbers
    weights: Numbers
    first_child: Numbers


class SyllableModel:
    """The statistics of one file. Pure: the same tokens, the same numbers."""

    def __init__(self, sections: dict[str, Numbers], words: list[str], classes: list[str], digest: str) -> None:
        self.digest = digest
        self._words = words
        self._ids = {word: i for i, word in enumerate(words)}
        self._class_starts = sections["class_starts"]
        self._classes = {name: i for i, name in enumerate(classes)}
        self._names = sections["names"]
        self._levels = tuple(
            Level(
                sections.get(f"words{depth}", ()),
                sections[f"chances{depth}"],
                sections.get(f"weights{depth}", ()),
                sections.get(f"children{depth}", ()),
            )
            for depth in range(1, ORDER + 1)
        )
        self._chance = tuple(-step * CHANCE_STEP for step in range(256))
        self._weight = tuple(WEIGHT_TOP - step * WEIGHT_STEP for step in range(256))

    @classmethod
    def open(cls, path: Path) -> SyllableModel:
        """Map the file into memory and check it. Raises ToolMissing when it is missing, cut off, changed or another version."""
        try:
            with path.open("rb") as file:
                mapped = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            return cls._from_bytes(mapped)
        except (OSError, ValueError, KeyError) as error:
            raise ToolMissing(f"{path.name}: {error}") from error

    @classmethod
    def _from_bytes(cls, data: memoryview) -> SyllableModel:
        if bytes(data[:8]) != MAGIC or sys.byteorder != "little":
            raise ValueError("not a syllable model of this version for this processor")
        end = 12 + int.from_bytes(data[8:12], "little")
        header: dict[str, Any] = json.loads(bytes(data[12:end]))
        body = data[end:]
        digest = hashlib.sha256(body).hexdigest()
        if digest != header["body_sha256"]:
            raise ValueError("its content does not match its digest")
        parts = {name: body[offset : offset + size] for name, (offset, size, _) in header["sections"].items()}
        numbers: dict[str, Numbers] = {
            name: parts[name].cast(form) for name, (_, _, form) in header["sections"].items() if form in "BHI"
        }
        words, classes = (bytes(parts[name]).decode("utf-8").split("\n") for name in ("vocabulary", "classes"))
        return cls(numbers, words, classes, digest)

    @property
    def size(self) -> int:
        """Words in the vocabulary, the special ones among them."""
        return len(self._words)

    def words(self) -> list[str]:
        """The vocabulary without the special words, spellings of the same letters together."""
        return self._words[len(SPECIAL) :]

    def number(self, token: str) -> int:
        """The token's place in the vocabulary; 0 = unknown."""
        return self._ids.get(key(token), 0)

    def knows(self, token: str) -> bool:
        return self.number(token) != 0

    def advance(self, state: State, word: int) -> tuple[float, State]:
        """Log-probability (nats) of `word` where the model stands, and where it stands then."""
        one, two, three = state
        child3 = self._child(2, two, word)
        child2 = self._child(1, one, word)
        after = (word, child2, child3)
        back = 0.0
        if three >= 0:
            child4 = self._child(3, three, word)
            if child4 >= 0:
                return self._chance[self._levels[3].chances[child4]], after
            back += self._weight[self._levels[2].weights[three]]
        if child3 >= 0:
            return back + self._chance[self._levels[2].chances[child3]], after
        if two >= 0:
            back += self._weight[self._levels[1].weights[two]]
        if child2 >= 0:
            return back + self._chance[self._levels[1].chances[child2]], after
        if one >= 0:
            back += self._weight[self._levels[0].weights[one]]
        return back + self._chance[self._levels[0].chances[word]], after

    def _child(self, depth: int, node: int, word: int) -> int:
        """The node one deeper that stands for `node` and then `word`; -1 = never seen."""
        if node < 0:
            return -1
        starts, words = self._levels[depth - 1].first_child, self._levels[depth].words
        start, end = starts[node], starts[node + 1]
        found = bisect_left(words, word, start, end)
        return found if found < end and words[found] == word else -1

    def opening(self) -> State:
        """Where the model stands at the beginning of a sentence."""
        return self.advance(NOWHERE, self._ids[START])[1]

    def is_numbered(self, token: str) -> bool:
        """Whether a number follows this word as often as anything else ("ngày", "khoản", "số")."""
        state = self.advance(NOWHERE, self.number(token))[1]
        return self.knows(token) and self.advance(state, self._ids[NUMBER])[0] > NUMBERED

    def spellings(self, token: str) -> list[str]:
        """All known syllables with the letters of `token`, its own spelling among them if known: lower case, NFC."""
        name = self._classes.get(letters(token))
        return [] if name is None else self._words[self._class_starts[name] : self._class_starts[name + 1]]

    def name_chance(self, word: int) -> float:
        """Log-probability (nats) of a token among the capitalised syllables inside sentences: persons, places, organs."""
        return self._chance[self._names[word]]


@dataclass(frozen=True, slots=True)
class Language:
    """All that is known before a line is read: the syllables, the readers' habits, what makes a choice believable.

    The digest of `info` covers both files it was made of.
    """

    syllables: SyllableModel
    first: Habits
    second: Habits
    believable: tuple[float, ...]
    info: ReaderInfo


def open_language(first: str, second: str | None = None, folder: Path = Path(__file__).parent) -> Language:
    """The language as the readers of these names (`ReaderInfo.name`) see it. Raises ToolMissing for a file or a reader."""
    file = folder / "habits.json"
    try:
        content = file.read_bytes()
        learned = json.loads(content)
        one, two = (Habits(**learned["readers"][name]) for name in (first, second or first))
        believable = tuple(learned["confidence"].values())
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ToolMissing(f"{file.name}: {error}") from error
    syllables = SyllableModel.open(folder / "vi_syllables.lm")
    digest = hashlib.sha256(syllables.digest.encode() + content).hexdigest()
    return Language(syllables, one, two, believable, ReaderInfo("syllables", MAGIC.decode(), digest))
