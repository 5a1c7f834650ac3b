"""Is what was read a mark of secrecy? The three levels as a stamp has them, in capitals, misread by a sign or two."""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz.distance import Levenshtein

from pipeline.text import fold, words

LEVELS = ("TUYỆT MẬT", "TỐI MẬT", "MẬT")
"""The longest first: the others end as it does."""

LEAST_CAPITALS = 0.6
"""Share of the letters: a reader takes a small V for a large one, and the other way round, in faint print."""

MOST_SIGNS = 12
"""Letters of TUYỆT MẬT, and some that were seen in its frame."""

SURE, FAR = 0.9, 3
"""Confidence of every word of, and letters that are others in, what is surely no mark."""

SIGNS = str.maketrans({"0": "o", "1": "i", "4": "a", "7": "t", "5": "s", "!": "i", "|": "i"})
FOR_M = "mnhw"
FOR_T = "tiljfyr7"
FOR_FRAME = "iljtf"
"""What a worn M or T is read as, and the side of a frame."""

SHORT = re.compile(rf"[{FOR_FRAME}]?(?:[{FOR_M}]at|m[aoeuy][{FOR_T}]|mit)[{FOR_FRAME}]?")
"""MẬT, with a sign or two misread or the frame read along; M and two strokes (of a seal) are none."""

DOTTED = re.compile(r"M[ẬẠẶ][IJL1|!]")
"""MẬT with a worn T: the dot below tells it from MAI also without a frame."""

LIKE_MAT = re.compile(rf"ma[{FOR_T}]$")

WORN = str.maketrans({**dict.fromkeys("tlejf1", "i"), "u": "ii"})
"""What is left of letters when thin ink is gone: upright strokes."""

SHORTEST_WORN = 5
"""Letters: of shorter words too little is left to tell them from others."""

BEFORE_MAT = (
    "bi", "bao", "do", "cao", "co", "giai", "lieu", "ban", "hop", "muc", "tin", "tien", "nguyen", "than", "ong", "duong",
    "thuong", "khuyen",
)  # fmt: skip
"""Folded: "bí mật", "bảo mật", "độ mật", and "tiền mặt": words that are no level."""


def level_of(text: str, *, stamped: bool) -> str | None:
    """The level that a whole line says. `stamped`: it stands in a frame, in red or askew, so that more is believed."""
    if sum(map(str.isalnum, text)) > MOST_SIGNS:
        return None
    return (_level(text, stamped=True) if stamped else None) or _level(text, stamped=False)


def _level(text: str, *, stamped: bool) -> str | None:
    bare = "".join(words(fold(text.translate(SIGNS) if stamped else text)))
    if not 2 <= len(bare) <= MOST_SIGNS or not is_in_capitals(text):
        return None
    letters = "".join(char for char in unicodedata.normalize("NFC", text) if not char.isspace())
    if bare == "mat" or DOTTED.fullmatch(letters):
        return "MẬT"
    if stamped and SHORT.fullmatch(bare):
        return "MẬT"
    dotted = bool(DOTTED.fullmatch(letters[-3:]))
    if _is_like(bare, "tuyetmat", 3 if stamped or dotted else 2) and not _is_other(bare):
        return "TUYỆT MẬT"
    if stamped and dotted and "y" in bare[:-3] and not _is_other(bare):
        return "TUYỆT MẬT"
    if _is_like(bare, "toimat", 2 if stamped or dotted else 1) and not _is_other(bare):
        return "TỐI MẬT"
    return None


def _is_like(bare: str, level: str, most: int) -> bool:
    """So many signs are others at most, or one when worn letters are told by their upright strokes alone."""
    worn = Levenshtein.distance(bare.translate(WORN), level.translate(WORN)) <= 1 and len(level) > SHORTEST_WORN
    return worn or Levenshtein.distance(bare, level) <= most


def may_be_misread(text: str, *, framed: bool) -> bool:
    """Whether a mark may have been read so: nothing, or a few signs, which without a frame are no figures and no small print."""
    signs = [char for char in text if char.isalnum()]
    if framed or len(signs) > MOST_SIGNS:
        return len(signs) <= MOST_SIGNS
    small = sum(char.islower() for char in signs)
    return 2 * small <= len(signs) and 3 * sum(char.isdigit() for char in signs) <= 2 * len(signs)


def is_surely_other(text: str, confidence: float) -> bool:
    """Whether a reader is so sure of a word so far from every level that nobody else has to be asked."""
    bare = "".join(words(fold(text)))
    far = all(Levenshtein.distance(bare, fold(level).replace(" ", "")) > FAR for level in LEVELS)
    return confidence >= SURE and len(bare) > FAR and far


def is_in_capitals(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return bool(letters) and sum(char.isupper() for char in letters) >= LEAST_CAPITALS * len(letters)


def _is_other(bare: str) -> bool:
    """Something else before "mật"."""
    return bool(LIKE_MAT.search(bare)) and bare[:-3].endswith(BEFORE_MAT)
