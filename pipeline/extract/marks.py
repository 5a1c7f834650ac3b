"""Marks of urgency: words in a box under the number. Those of secrecy end the reading before it comes here (pipeline/secrecy)."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from pipeline.extract.spans import PlacedLine, present, whole
from pipeline.model import ABSENT, Field, Page, Zone
from pipeline.secrecy.words import LEVELS
from pipeline.text import fold, words

URGENCY = ("HỎA TỐC HẸN GIỜ", "HỎA TỐC", "THƯỢNG KHẨN", "KHẨN")
PLACES = frozenset({Zone.HEADER_LEFT, Zone.HEADER_RIGHT, Zone.STAMP, Zone.BODY})
MARK_BAND = 0.5
"""Marks stand in the upper half of the first page."""


def is_mark(text: str) -> bool:
    return mark_in(text, URGENCY) is not None or mark_in(text, LEVELS) is not None


def mark_in(text: str, marks: Sequence[str]) -> str | None:
    """The mark that is the whole line, but for a letter in the longer ones; frames read as bars do not count."""
    bare = " ".join(words(fold(text)))
    for mark in marks:
        known = fold(mark)
        if bare == known or (len(known) >= 7 and fuzz.ratio(bare, known) >= 82):
            return mark
    return None


def find_mark(pages: Sequence[Page], marks: Sequence[str]) -> Field:
    """The first mark of a kind on the first page."""
    for page in pages[:1]:
        for line in page.lines:
            found = mark_in(line.text, marks)
            if found and line.zone in PLACES and line.box.top < MARK_BAND * page.height:
                return present(found, [whole(PlacedLine(page.page_no, line))])
    return ABSENT
