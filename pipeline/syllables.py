"""Does a string look like Vietnamese? Judged by how its syllables are built; no word list.

A syllable is an onset, a vowel group and an ending, with at most one tone mark (only an acute or a dot below before c, ch, p, t).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from pipeline.text import TONES

ONSETS = "b|ch|c|d|đ|gh|gi|g|h|kh|k|l|m|ngh|ng|nh|n|ph|p|qu|r|s|th|tr|t|v|x"
VOWELS = (
    "iêu|yêu|uôi|ươi|ươu|oai|oay|oeo|uây|uyê|uya|uyu|uêu|"
    "ia|iê|ya|yê|ua|uô|ưa|ươ|oa|oă|oe|oo|uê|uy|uơ|uâ|uă|ue|"
    "ai|ao|au|ay|âu|ây|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|a|ă|â|e|ê|i|o|ô|ơ|u|ư|y"
)
ENDINGS = "ch|c|m|ng|nh|n|p|t"
SYLLABLE = re.compile(rf"(?:{ONSETS})?(?:{VOWELS})(?:{ENDINGS})?")
STOPPED = re.compile(r"(?:ch|[cpt])$")
STOPPED_TONES = "\u0301\u0323"
ABBREVIATION = re.compile(r"[A-ZĐ]{2,6}")


def is_syllable(word: str) -> bool:
    """Built like a Vietnamese syllable and cased like one: quyết, Quyết, QUYẾT, but not quYết."""
    word = unicodedata.normalize("NFC", word)
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    parts = unicodedata.normalize("NFD", word.lower())
    tones = [char for char in parts if char in TONES]
    bare = unicodedata.normalize("NFC", "".join(char for char in parts if char not in TONES))
    if len(tones) > 1 or not SYLLABLE.fullmatch(bare):
        return False
    return not STOPPED.search(bare) or not tones or tones[0] in STOPPED_TONES


def share_of_syllables(words: Sequence[str]) -> float:
    """Share (0.0-1.0) of the words of letters that are possible syllables.

    Abbreviations (UBND) are not judged; where there is nothing to judge it is 0.5.
    """
    judged = [word for word in words if word.isalpha() and not ABBREVIATION.fullmatch(word)]
    return sum(is_syllable(word) for word in judged) / len(judged) if judged else 0.5
