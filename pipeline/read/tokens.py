"""What the syllable model counts: runs of letters, runs of digits, and every other character by itself.

Vietnamese is written syllable by syllable, so a run of letters is a syllable, an abbreviation or a foreign word. The model
sees a token's `key`: lower case, one tone placement, one dash and one quote; all numbers are one key,
Roman numerals in capitals another.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pipeline.text import SHAPES, TONES, place_tones

UNKNOWN, START, NUMBER, ROMAN = "<unk>", "<s>", "<n>", "<r>"
SPECIAL = (UNKNOWN, START, NUMBER, ROMAN)
"""The first words of every vocabulary: not in it, start of a line, a number, a Roman numeral."""
TOKEN = re.compile(r"[^\W\d_¹²³]+|\d+|[^\w\s]|[_¹²³]")
_NUMERAL = re.compile(r"[IVX]{1,5}")
_ADDRESS = re.compile(r"\S+@\S*\w\S*|\W*(https?:|www\.)\S+|\S*\w\.(vn|com|net|org|gov|edu)\b\S*", re.IGNORECASE)
_CODE = re.compile(r"(?=\D*\d|[^/]*/)\W*[^\W_]+([/.,_-]+[^\W_]+)+\W*")
_RUN = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=20_000)
def key(token: str) -> str:
    """What the model counts for a token (NFC)."""
    if token.isdigit():
        return NUMBER
    if _NUMERAL.fullmatch(token):
        return ROMAN
    return place_tones(token.translate(SHAPES)).lower()


@lru_cache(maxsize=20_000)
def letters(token: str) -> str:
    """Lower case without marks, character for character: "Quyết" -> "quyet". Words with the same letters differ in marks only."""
    return "".join(bare(char) for char in token)


@lru_cache(maxsize=2_000)
def bare(char: str) -> str:
    """One character without marks, in lower case; always one character."""
    first = unicodedata.normalize("NFD", char)[0]
    return "d" if first in "đĐ" else first.lower()[0]


def keys(text: str) -> list[str]:
    """The keys of a line, in order."""
    return [key(token) for token in TOKEN.findall(unicodedata.normalize("NFC", text))]


def is_fixed(word: str) -> bool:
    """An e-mail address, a web address, a document's number and symbol (15/QĐ-UBND, 5.2.1a): no dictionary knows it better."""
    if _ADDRESS.fullmatch(word):
        return True
    runs = _RUN.findall(word)
    return bool(runs and _CODE.fullmatch(word)) and all(len(run) == 1 or run[:2].isupper() for run in runs)


def like(pattern: str, word: str) -> str:
    """Lower-case `word` with the capitals of `pattern`, letter for letter, and its tone where `pattern` puts it.

    "hoà" like "HÓA" -> "HÒA". Both have the same letters but for marks.
    """
    if _tone_is_early(pattern):
        word = early_tone(word)
    return "".join(char.upper() if model.isupper() else char for char, model in zip(word, pattern, strict=True))


_LATE = re.compile(rf"(?<!q)(o(?=[ae])|u(?=y))([aey])([{TONES}])$")


@lru_cache(maxsize=5_000)
def early_tone(word: str) -> str:
    """Lower-case word with the tone of open oa, oe and uy on the first vowel, as most typists put it: "hoà" -> "hòa"."""
    apart = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", _LATE.sub(r"\1\3\2", apart))


def _tone_is_early(pattern: str) -> bool:
    """Whether the page's hand is the early one, as far as this word shows: true unless its tone stands late."""
    lower = pattern.lower()
    return not (lower != early_tone(lower) and place_tones(lower) == lower)
