"""The head of a document: who issued it, number and notation, place and date, and a letter's "V/v"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.extract.dates import DateLine, read_date_line
from pipeline.extract.marks import is_mark
from pipeline.extract.number import NumberLine, read_bare_number_line, read_number_line, with_whole_numbers
from pipeline.extract.organs import goes_on
from pipeline.extract.spans import PlacedLine, Span
from pipeline.layout.anchors import is_capitals
from pipeline.model import BoundingBox, Page, RegionKind, Zone, bounds
from pipeline.text import fold, words

ABOUT = re.compile(r"^[\W_]*(v\s*/\s*v|vv|v/|v\.v|ve viec)\b[\s:.,]*")
"""“V/v” under the number of a letter, on folded text."""
ORGAN_HEADS = (
    "uy ban nhan dan", "ubnd", "hoi dong nhan dan", "hdnd", "so", "bo", "truong", "phong", "ban", "cuc", "chi cuc",
    "tong cuc", "vu", "vien", "trung tam", "cong ty", "tong cong ty", "doan", "bch", "ban chap hanh", "lien doan", "hoi",
    "van phong", "thanh tra", "kho bac", "ngan hang", "benh vien", "cong an", "toa an", "tinh uy", "thanh uy", "huyen uy",
    "dang uy", "dang bo", "chi bo", "quan uy", "khoa", "mat tran", "uy ban", "hoi dong", "cong doan", "chinh phu",
    "quoc hoi", "thu tuong", "dai hoc", "hoc vien", "bao hiem", "chi nhanh", "doi", "tram", "nha xuat ban", "tap doan",
    "bo chi huy", "bo tu lenh", "vien kiem sat", "ban quan ly", "to cong tac", "uy ban mat tran", "thi uy", "xa", "dai",
    "bao", "ten don vi", "ten co quan", "ten to chuc",
)  # fmt: skip
"""First words of an organ's name; a line of the left header that begins otherwise goes on with the line before."""
FRAGMENT = 0.6
"""Confidence under which a line that is not in capitals is no part of an organ's name."""


@dataclass(frozen=True, slots=True)
class Header:
    """Lines of the head by what they are; `number` and `date` with the lines they were read from; boxes of handwriting."""

    page_no: int
    organs: tuple[tuple[PlacedLine, ...], ...]
    number_line: PlacedLine | None
    number: NumberLine | None
    date_line: PlacedLine | None
    date: DateLine | None
    about: tuple[PlacedLine, ...]
    by_hand: tuple[BoundingBox, ...]

    @property
    def notation(self) -> str | None:
        return self.number.notation if self.number else None

    def is_by_hand(self, span: Span) -> bool:
        """Handwriting stands where the span does, be it between two of its words."""
        place = bounds([word.box for word in span.words])
        return any(place.overlap(box) > 0 for box in self.by_hand)

    @property
    def is_letter(self) -> bool:
        return bool(self.about)


def header_of(pages: Sequence[Page]) -> Header | None:
    """The head of the first page that has one."""
    for page in pages:
        column = with_whole_numbers([line for line in page.lines if line.zone is Zone.HEADER_LEFT])
        left = [PlacedLine(page.page_no, line) for line in column]
        right = [PlacedLine(page.page_no, line) for line in page.lines if line.zone is Zone.HEADER_RIGHT]
        if right:
            by_hand = tuple(region.box for region in page.regions if region.kind is RegionKind.HANDWRITING)
            return _header(page.page_no, left, right, by_hand)
    return None


def _header(page_no: int, left: Sequence[PlacedLine], right: Sequence[PlacedLine], by_hand: tuple[BoundingBox, ...]) -> Header:
    left = [placed for placed in left if len("".join(words(placed.text))) > 1]
    about_at = next((i for i, placed in enumerate(left) if ABOUT.match(fold(placed.text))), None)
    number_at, number = _number_in(left, about_at)
    ends = [i for i in (number_at, about_at) if i is not None]
    number_line = left[number_at] if number_at is not None else None
    date_line = next((placed for placed in [*right, *left] if read_date_line(placed.text)), None)
    about = (
        [] if about_at is None else [p for p in left[about_at:] if p is not number_line and not _is_stamped(p, left[about_at])]
    )
    return Header(
        page_no=page_no,
        organs=organs_of(left[: min(ends)] if ends else left),
        number_line=number_line,
        number=number,
        date_line=date_line,
        date=read_date_line(date_line.text) if date_line else None,
        about=tuple(about),
        by_hand=by_hand,
    )


def _number_in(left: Sequence[PlacedLine], about_at: int | None) -> tuple[int | None, NumberLine | None]:
    """The number line and its place; above "V/v" one that lost its "Số:" will do."""
    for read, lines in ((read_number_line, left), (read_bare_number_line, left[:about_at])):
        for place, placed in enumerate(lines):
            if number := read(placed.text):
                return place, number
    return None, None


def organs_of(lines: Sequence[PlacedLine]) -> tuple[tuple[PlacedLine, ...], ...]:
    """Lines of the left header above the number, grouped by organ: the parent first, the issuing one last."""
    groups: list[list[PlacedLine]] = []
    for placed in lines:
        if is_mark(placed.text) or not placed.text.strip(" *-_.=~") or _is_fragment(placed):
            continue
        if groups and not _begins_organ(placed.text):
            groups[-1].append(placed)
        else:
            groups.append([placed])
    return tuple(tuple(group) for group in groups)


def _is_stamped(placed: PlacedLine, about: PlacedLine) -> bool:
    """A mark of urgency, or the name of the office that received the letter: under "V/v" nothing else stands in capitals."""
    names = [word for word in words(placed.text) if len(word) > 1 and word.isalpha() and word.isupper()]
    return is_mark(placed.text) or (is_capitals(placed.text) and len(names) > 2 and not is_capitals(about.text))


def _is_fragment(placed: PlacedLine) -> bool:
    """What a pen or a stamp left above the number: names of organs stand in capitals and are read with ease."""
    sure = placed.line.confidence if placed.line.confidence is not None else 1.0
    return sure < FRAGMENT and not is_capitals(placed.text) and not _begins_organ(placed.text)


def _begins_organ(text: str) -> bool:
    bare = " ".join(words(fold(text)))
    if goes_on(text):
        return False
    return any(fuzz.ratio(bare[: len(head)], head) >= 88 and bare[len(head) :][:1] in ("", " ") for head in ORGAN_HEADS)
