"""Line readings made from text, as the two readers give them."""

from __future__ import annotations

from functools import lru_cache

from pipeline.model import BoundingBox, Word
from pipeline.ports import LineReading
from pipeline.read.fuse import FusedLine
from pipeline.read.language import Language, open_language

PITCH, TOP, BOTTOM = 10, 100, 130
"""Pixels of a character; rows of the line."""


@lru_cache(maxsize=1)
def language() -> Language:
    """The shipped one, opened once."""
    return open_language("sohoa-lines", "tesseract-lines")


def network(text: str, doubtful: str = "", sure: float = 0.9995, doubt: float = 0.55) -> LineReading:
    """What the small network says: a confidence for each character, low for those in `doubtful`."""
    words, chars, left = [], [], 0
    for word in text.split():
        values = tuple(doubt if char in doubtful else sure for char in word)
        words.append(Word(word, _box(left, word), sum(values) / len(values)))
        chars.append(values)
        left += (len(word) + 1) * PITCH
    return LineReading(tuple(words), tuple(chars))


def tesseract(text: str, doubtful: str = "", sure: float = 0.96, doubt: float = 0.75) -> LineReading:
    """What Tesseract says: a confidence for each word, lower for words with a character in `doubtful`."""
    words, left = [], 0
    for word in text.split():
        words.append(Word(word, _box(left, word), doubt if set(word) & set(doubtful) else sure))
        left += (len(word) + 1) * PITCH
    return LineReading(tuple(words))


def text_of(line: FusedLine) -> str:
    return " ".join(word.text for word in line.words)


def _box(left: int, word: str) -> BoundingBox:
    return BoundingBox(left, TOP, left + len(word) * PITCH, BOTTOM)
