"""Printed phrases by which the parts of an administrative page are known, found in spite of OCR slips.

All comparisons are on folded text (no marks, lower case), so that a lost diacritic costs nothing.
"""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from pipeline.syllables import is_syllable
from pipeline.text import fold

MOTTOES = (
    "cong hoa xa hoi chu nghia viet nam", "doc lap - tu do - hanh phuc", "dang cong san viet nam", "doan tncs ho chi minh",
    "doan thanh nien cong san ho chi minh",
)  # fmt: skip
"""First lines of the right header column: the state, the Party, the Youth Union."""
BODY_STARTS = ("kinh gui", "can cu", "dieu 1")
RANKS = re.compile(
    r"^[\W_]*((gs|pgs|ts|ths|bs|bsckii|bscki|ck|cki|ckii|cn|ks|ds|ls|nsnd|nsut|ttnd|ttut|thầy thuốc \w+ \w+|"
    r"[a-zđ]?s(?=\.)|đại tá|thượng tá|trung tá|thiếu tá|đại úy|thượng úy|trung úy|thiếu tướng|trung tướng|"
    r"ông|bà|đ/c|đồng chí)[\s.,]+)+",
    re.IGNORECASE,
)
"""Degrees and ranks before a name, also with their first letter lost under a seal ("S." of "TS."); they are not the name."""
DATE = re.compile(r"ng[aà]y.{0,14}th[aá]ng.{0,10}n[aă]m", re.IGNORECASE)
NUMBER_LINE = re.compile(r"^[\W_]*[s5$]\w{0,2}\s*[:.;]?.{0,16}[-/]\s*[a-z]{1,6}\s*[-/]\s*[a-z]{2}")
"""“Số: 15/QĐ-UBND”, “Số 57-NQ/TW” on folded text, whatever a pen made of the number."""
PAGE_NUMBER = re.compile(r"^[\W_]*(trang\s*)?(\d{1,4}|[ivxlIVXL]{1,5})(\s*/\s*\d{1,4})?[\W_]*$")


def is_motto(text: str) -> bool:
    return motto_likeness(text) >= 72


def motto_likeness(text: str) -> float:
    """0-100: how much a line is like the one of MOTTOES that it is most like."""
    bare = fold(text)
    return max(fuzz.ratio(bare, motto) for motto in MOTTOES)


def is_recipients_head(text: str) -> bool:
    """ "Nơi nhận:" alone on its line, or with the first recipient after the colon."""
    head, colon, _ = fold(text).partition(":")
    letters = "".join(char for char in head if char.isalpha())
    return (bool(colon) or len(letters) <= 9) and fuzz.ratio(letters, "noinhan") >= 80


def is_date_line(text: str) -> bool:
    return bool(DATE.search(text)) or fuzz.partial_ratio("ngay thang nam", re.sub(r"[\d\W]+", " ", fold(text))) >= 85


def is_number_line(text: str) -> bool:
    return bool(NUMBER_LINE.match(fold(text)))


def starts_body(text: str) -> bool:
    bare = fold(text).lstrip(" -.'\"")
    return any(fuzz.ratio(bare[: len(start)], start) >= 85 for start in BODY_STARTS)


def is_capitals(text: str) -> bool:
    """Nearly all letters are capitals (OCR turns one or two small)."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 2 and sum(c.isupper() for c in letters) >= 0.8 * len(letters)


def is_name(text: str) -> bool:
    """Two to six syllables, each with a capital first, no digits: "Nguyễn Văn An", with or without a degree before it."""
    bare = RANKS.sub("", text.strip()).strip(" .,;:'\"*_-|")
    parts = bare.split()
    if not 2 <= len(parts) <= 6 or is_capitals(bare):
        return False
    return all(part.istitle() and part.isalpha() and is_syllable(part) for part in parts)
