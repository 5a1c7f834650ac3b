"""The one Vietnamese normaliser. Index, query, extraction and tests all use these functions and no others.

Three levels, each built on the one before:

    clean("Ho\\u0300a  b\\u00ecnh")  -> "Hòa bình"     NFC, controls dropped, white space folded: how text is kept
    match_key("HÒA bình")      -> "hoà bình"     one tone placement, one dash and quote, case folded: "the same word"
    fold("Quyết định")         -> "quyet dinh"   no marks, đ -> d: what people type in a hurry
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import product

WORDS_KEPT = 50_000
"""Words of which keys are kept, 10 MB: of a page nearly all have been seen before."""

TONES = "\u0300\u0301\u0303\u0309\u0323"
SHAPES = str.maketrans(
    {
        "–": "-",
        "—": "-",
        "‑": "-",
        "−": "-",
        "“": '"',
        "”": '"',
        "„": '"',
        "‘": "'",
        "’": "'",
        "`": "'",
        "…": "...",
        "Ð": "Đ",
        "ð": "đ",
    }
)
_SHAPED = re.compile(f"[{''.join(map(chr, SHAPES))}]")
WORD = re.compile(r"[^\W_]+")
CONTROLS = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
"""Invisible, or no character at all: C0 and C1 without the white space among them, soft hyphen, zero width, direction marks,
lone surrogates (from file names in an unknown encoding)."""

MARKS = re.compile(r"[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
"""Combining marks of the Latin script; vowel signs of others are letters and stay."""


def _tone_moves() -> dict[str, str]:
    """Old placement -> new: òa -> oà, òe -> oè, ùy -> uỳ, in every mix of case."""
    moves = {}
    for pair, tone in product(("oa", "oe", "uy"), TONES):
        for first, second in product((pair[0], pair[0].upper()), (pair[1], pair[1].upper())):
            moves[unicodedata.normalize("NFC", first + tone) + second] = first + unicodedata.normalize("NFC", second + tone)
    return moves


_MOVES = _tone_moves()
_MOVE = re.compile(rf"(?<![qQ])[{''.join(sorted({pair[0] for pair in _MOVES}))}][aeyAEY](?![^\W\d_])")

_OPEN_I = re.compile(rf"(?:[hklmst]|qu)(?P<vowel>[iy])[{TONES}]?")


def clean(text: str) -> str:
    """NFC, invisible characters out, runs of white space as one space. Form feeds and line breaks become spaces too."""
    return " ".join(unicodedata.normalize("NFC", CONTROLS.sub("", text)).split())


def place_tones(text: str) -> str:
    """NFC text with the tone of open oa, oe and uy on the second vowel (hòa -> hoà, ủy -> uỷ); "quý" and "hoàn" stay."""
    return _MOVE.sub(lambda found: _MOVES.get(found[0], found[0]), text)


def match_key(text: str) -> str:
    """Two strings with one key are the same words as a person sees them: case, tone placement, dash and quote shapes folded."""
    plain = _SHAPED.sub(lambda found: str(SHAPES[ord(found[0])]), clean(text))  # many times quicker than str.translate
    return unicodedata.normalize("NFC", place_tones(plain).casefold())  # folding case takes a few foreign letters apart


def fold(text: str) -> str:
    """`match_key` without marks: đ -> d, ậ -> a. What is found when marks are not typed."""
    key = match_key(text)
    if key.isascii():
        return key
    bare = MARKS.sub("", unicodedata.normalize("NFD", key.replace("đ", "d")))
    return " ".join(unicodedata.normalize("NFC", bare).split())  # a mark that stood by itself leaves a gap


def words(text: str) -> list[str]:
    """Runs of letters and digits, in order, as written."""
    return WORD.findall(text)


@lru_cache(maxsize=WORDS_KEPT)
def match_keys(word: str) -> tuple[str, ...]:
    """`words` of the `match_key` of one word: one, or some where folding its case takes it apart."""
    return tuple(words(match_key(word)))


@lru_cache(maxsize=WORDS_KEPT)
def joined_key(word: str) -> str:
    """All of `match_keys` as one."""
    return "".join(match_keys(word))


@lru_cache(maxsize=WORDS_KEPT)
def folded_key(word: str) -> str:
    """`fold` of one word."""
    return fold(word)


@lru_cache(maxsize=WORDS_KEPT)
def shown_folded(word: str) -> str:
    """`folded_key` of the `joined_key` of a word as it is printed."""
    return folded_key(joined_key(word))


def spellings(word: str) -> tuple[str, ...]:
    """A match key and how else it is rightly written: "kỳ" is "kì", "lý" is "lí". Only open syllables have two ways."""
    bare = unicodedata.normalize("NFD", word)
    found = _OPEN_I.fullmatch(bare)
    if found is None:
        return (word,)
    other = "i" if found["vowel"] == "y" else "y"
    return word, unicodedata.normalize("NFC", bare[: found.start("vowel")] + other + bare[found.end("vowel") :])
