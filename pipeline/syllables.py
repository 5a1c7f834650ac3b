"""Is this string a possible Vietnamese syllable? A rule of sound and spelling, no word list.

onset + (glide) nucleus + coda, and one tone mark: stops (c ch p t) take only acute or dot.
"""

from __future__ import annotations

import re
import unicodedata

from pipeline.text import TONES

_ONSET = r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx])?"
_NUCLEUS = r"(?:uyê|uya|iê|yê|ươ|uô|oă|oa|oe|oo|uâ|uê|uơ|uy|ia|ya|ưa|ua|ui|ưu|[aăâeêioôơuưy])"
_CODA = r"(?:ch|ng|nh|[cmnptiuoy])?"
_SHAPE = re.compile(f"{_ONSET}{_NUCLEUS}{_CODA}")
ABBREVIATION = re.compile(r"[A-ZĐ]{2,6}")
_STOP = re.compile(r"(?:ch|[cpt])$")
_OPEN_TONES = {"\u0300", "\u0303", "\u0309"}


def is_syllable(word: str) -> bool:
    """True for "nghiêng", "Quyết", "UBND"-like strings False. Case does not matter; expects NFC or NFD letters only."""
    parts = unicodedata.normalize("NFD", word.lower())
    tones = [char for char in parts if char in TONES]
    bare = unicodedata.normalize("NFC", "".join(char for char in parts if char not in TONES))
    if len(tones) > 1 or not _SHAPE.fullmatch(bare):
        return False
    return not (_STOP.search(bare) and tones and tones[0] in _OPEN_TONES)


def share_of_syllables(words: list[str]) -> float:
    """Share (0.0-1.0) of the words of letters that are possible syllables. Abbreviations (UBND) are not judged; nothing to judge: 0.5."""
    judged = [word for word in words if word.isalpha() and not ABBREVIATION.fullmatch(word)]
    return sum(is_syllable(word) for word in judged) / len(judged) if judged else 0.5
