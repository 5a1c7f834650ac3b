"""Does a text read like Vietnamese? Judged by how its syllables are built; no word list.

Text layers made by an OCR without Vietnamese, or in an old font encoding (TCVN3, VNI), have letters that no syllable has, lack
the marks that most syllables carry, and mix capitals into words.
"""

from __future__ import annotations

import re
import unicodedata

from pipeline.syllables import is_syllable
from pipeline.text import TONES

SHAPES = "ăâđêôơư"

LETTERS = (
    "".join(
        unicodedata.normalize("NFC", shape + tone)
        for vowel in "aăâeêioôơuưy"
        for shape in (vowel, vowel.upper())
        for tone in ("", *TONES)
    )
    + "đĐ"
)
SIGNS = "–—‑−‘’“”„…•·§°º²³½¼×÷±≤≥€®™©→←\u00a0\uf0b7\uf0a7\uf02d"
"""Dashes, quotes, bullets (those of Word's symbol fonts too) and what stands in tables and formulas."""

WORD = re.compile(r"[^\W\d_]+")

STRANGE = re.compile(rf"[^\x21-\x7e{LETTERS}{SIGNS}]")

FEWEST_WORDS = 12
"""Below this nothing can be said: a page of a few words is read again, which costs little."""

LOWEST_SYLLABLE_SHARE = 0.83
LOWEST_MARKED_SHARE = 0.50
"""Measured: of the words of real documents 0.92-0.99 are built like syllables (the rest: foreign names, abbreviations) and
0.74-0.92 carry a mark; of layers made without Vietnamese at most 0.75 and 0.28."""


def reads_like_vietnamese(text: str) -> bool:
    """Whether `text` (NFC, any length) can be taken as the text of a Vietnamese page."""
    syllables, marked = shares(text)
    return syllables >= LOWEST_SYLLABLE_SHARE and marked >= LOWEST_MARKED_SHARE and not has_strange_words(text)


def has_strange_words(text: str) -> bool:
    """A word with two letters or signs that no Vietnamese page has: one font of the page does not name its letters rightly."""
    return any(len(STRANGE.findall(word)) > 1 for word in unicodedata.normalize("NFC", text).split())


def shares(text: str) -> tuple[float, float]:
    """Of the words in `text`: the share built like syllables, and the share that is so and carries a mark; 0, 0 for too few."""
    found = [word for word in WORD.findall(unicodedata.normalize("NFC", text)) if not _is_abbreviation(word)]
    if len(found) < FEWEST_WORDS:
        return 0.0, 0.0
    good = [word for word in found if is_syllable(word)]
    return len(good) / len(found), sum(_is_marked(word) for word in good) / len(found)


def _is_marked(word: str) -> bool:
    parts = unicodedata.normalize("NFD", word.lower())
    return any(char in TONES for char in parts) or any(char in SHAPES for char in unicodedata.normalize("NFC", word.lower()))


def _is_abbreviation(word: str) -> bool:
    """UBND, HĐND, TTr: capitals without a vowel group say nothing about the layer."""
    return word.isupper() and not re.search(r"[AEIOUY]", unicodedata.normalize("NFD", word))
