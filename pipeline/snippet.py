"""A page's text and what was looked for -> the stretch of it that shows that best."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from pipeline.model import BoundingBox
from pipeline.query import Snippet
from pipeline.terms import Term, Words
from pipeline.text import WORD, joined_key, shown_folded

LONGEST_WORDS = 36
"""Words of a snippet: two or three printed lines."""

LONGEST_CHARACTERS = 400
"""Of a snippet, which holds also where readers made one endless word of a rule."""

LEAD_WORDS = 6
"""Words shown before the first mark."""

BETWEEN = re.compile(r"(?:[^\w\n]|_){1,3}")
"""Signs between two words that are shown as one."""


@dataclass(frozen=True, slots=True)
class Found:
    """Words first..last (inclusive) of the page stand for a term."""

    first: int
    last: int
    term: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters start..end of a page's text and the marks in it."""

    start: int
    end: int
    marks: tuple[tuple[int, int], ...]


def best_stretch(text: str, terms: tuple[Term, ...]) -> Stretch | None:
    """None when no word of the terms stands in the text. A mark stands on one line."""
    words, wanted = WORD.findall(text), tuple(dict.fromkeys(terms))
    found = sorted(_as_typed(list(_found(wanted, words)), wanted), key=lambda one: (one.first, one.last))
    if not found:
        return None
    chosen = max(_stretches(found), key=_worth)
    first = max(0, min(one.first for one in chosen) - LEAD_WORDS)
    last = min(len(words) - 1, max(first + LONGEST_WORDS - 1, *(one.last for one in chosen)))
    matched = {at for one in found for at in range(one.first, one.last + 1) if first <= at <= last}
    spans = [word.span() for word in islice(WORD.finditer(text), first, last + 1)]
    marks = _marks(text, [spans[at - first] for at in sorted(matched)])
    start = max(spans[0][0] if first else 0, marks[0][0] - LONGEST_CHARACTERS // 2)
    end = min(spans[-1][1] if last < len(words) - 1 else len(text), start + LONGEST_CHARACTERS)
    shown = tuple((mark_start, min(mark_end, end)) for mark_start, mark_end in marks if mark_start < end)
    return Stretch(start, end, shown)


def cut_out(page_no: int, text: str, stretch: Stretch, boxes: tuple[BoundingBox, ...]) -> Snippet:
    """Line breaks become spaces; dots stand where the page goes on. `boxes` of the marks."""
    before, after = ("… " if stretch.start else ""), (" …" if stretch.end < len(text) else "")
    moved = len(before) - stretch.start
    shown = before + text[stretch.start : stretch.end].replace("\n", " ") + after
    return Snippet(page_no, shown, tuple((start + moved, end + moved) for start, end in stretch.marks), boxes)


def _found(terms: tuple[Term, ...], words: list[str]) -> Iterator[Found]:
    """Of `words`, as they are printed, few begin a term: marks are looked at only there."""
    folded = [*map(shown_folded, words)]
    starts: dict[str, list[tuple[int, Words]]] = defaultdict(list)
    for number, term in enumerate(terms):
        for run in term.folded:
            starts[run[0]].append((number, run))
    for at in [at for at, word in enumerate(folded) if word in starts]:
        for number, run in starts[folded[at]]:
            end = at + len(run)
            if len(run) == 1 or tuple(folded[at:end]) == run:
                yield Found(at, end - 1, number, tuple(map(joined_key, words[at:end])) in terms[number].exact)


def _as_typed(found: list[Found], terms: tuple[Term, ...]) -> list[Found]:
    """Where a word stands with the marks as typed, it was not meant where it stands with others."""
    typed = {one.term for one in found if one.exact and terms[one.term].has_marks}
    return [one for one in found if one.exact or one.term not in typed]


def _stretches(found: list[Found]) -> Iterator[list[Found]]:
    """With each find, the last ones of the other terms before it that can be shown together with it."""
    latest: dict[int, Found] = {}
    for one in found:
        latest[one.term] = one
        latest = {term: other for term, other in latest.items() if one.last - other.first < LONGEST_WORDS - LEAD_WORDS}
        yield [*latest.values()] or [one]


def _worth(stretch: list[Found]) -> tuple[int, int, int]:
    """Most terms, then most with the marks as typed, then the closest together; of equal ones the first is taken."""
    width = max(one.last for one in stretch) - min(one.first for one in stretch)
    return len(stretch), sum(one.exact for one in stretch), -width


def _marks(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """One mark for words with little between them ("15/QĐ-UBND"): a mark stands on one line and has one box."""
    marks: list[tuple[int, int]] = []
    for start, end in spans:
        if marks and BETWEEN.fullmatch(text, marks[-1][1], start):
            marks[-1] = (marks[-1][0], end)
        else:
            marks.append((start, end))
    return marks
