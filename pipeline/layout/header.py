"""The head of page 1: organ, number and subject on the left; national title, motto, place and date on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.layout.anchors import is_date_line, is_motto, motto_likeness, starts_body
from pipeline.model import Line, bounds

HEADER_BAND = 0.45
"""Share of the page's height; lower down a national title belongs to another document on the same page."""
SURE_MOTTO = 82.0
"""Likeness (0-100) from which the end of a line is the national title and what stands before it the left column."""
SPLIT_GAP = 0.5
"""Line heights between two words at which a line that crosses the middle of the head is two lines found as one."""


def header(pool: list[Line], width: int, height: int) -> tuple[list[Line], list[Line], list[Line]]:
    """Left column, right column, the rest. No national title (or the Party's) at the top: no header."""
    pool = [part for line in pool for part in (_split_before_motto(line) if line.box.top < HEADER_BAND * height else [line])]
    motto = _motto(pool, width, height)
    if motto is None:
        return [], [], pool
    gap = _gap(pool, motto)
    pool = [part for line in pool for part in (_split_at(line, gap) if _may_be_two(line, motto) else [line])]
    right = _right_column(pool, motto, gap) or [motto]
    left = _left_column(pool, motto, gap, max(line.box.bottom for line in right))
    taken = {id(line) for line in (*left, *right)}
    return left, right, [line for line in pool if id(line) not in taken]


def _motto(pool: Sequence[Line], width: int, height: int) -> Line | None:
    upper = (line for line in pool if line.box.top < HEADER_BAND * height and line.box.middle[0] > 0.4 * width)
    return next((line for line in upper if is_motto(line.text)), None)


def _gap(pool: Sequence[Line], motto: Line) -> float:
    """Where the columns part: x in pixels."""
    size = motto.box.height
    beside = [
        line.box.right
        for line in pool
        if line.box.middle[0] < motto.box.left
        and abs(line.box.middle[1] - motto.box.middle[1]) < 4 * size
        and line.box.width > 2 * size
    ]
    gap = (max(beside, default=motto.box.left - size) + motto.box.left) / 2
    return min(gap, motto.box.left + 0.2 * motto.box.width)


def _split_before_motto(line: Line) -> list[Line]:
    """ "SỞ NỘI VỤ CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", found as one line, as two."""
    likeness = [motto_likeness(" ".join(word.text for word in line.words[place:])) for place in range(len(line.words))]
    place = max(range(len(likeness)), key=likeness.__getitem__, default=0)
    return halves(line, place) if place and likeness[place] >= SURE_MOTTO else [line]


def _may_be_two(line: Line, motto: Line) -> bool:
    """Rows beside the two lines of the title, and the row with the date."""
    size = motto.box.height
    beside = motto.box.top - size < line.box.top < motto.box.bottom + 1.5 * size
    return beside or (line.box.top < motto.box.bottom + 9 * size and is_date_line(line.text))


def _split_at(line: Line, gap: float) -> list[Line]:
    """A line over both columns ("Số: 15/QĐ-UBND   Bắc Ninh, ngày ...") as two, where its words stand apart."""
    for place in range(1, len(line.words)):
        before, after = line.words[place - 1].box, line.words[place].box
        apart = after.left - before.right >= SPLIT_GAP * line.box.height
        if apart and before.right < gap + line.box.height and after.left > gap - line.box.height:
            return halves(line, place)
    return [line]


def halves(line: Line, place: int) -> list[Line]:
    """The words before `place`, and from it on, as lines of their own."""
    return [
        replace(line, words=words, box=bounds([word.box for word in words])) for words in (line.words[:place], line.words[place:])
    ]


def _right_column(pool: Sequence[Line], motto: Line, gap: float) -> list[Line]:
    """From the title down to the date; without a date down to the second motto line."""
    size = motto.box.height
    below = [
        line
        for line in pool
        if line.box.left > gap - size and motto.box.top - 2 * size < line.box.top < motto.box.bottom + 9 * size
    ]
    dates = [line.box.bottom for line in below if is_date_line(line.text) and line.box.left > gap - size]
    mottoes = [line.box.bottom for line in below if is_motto(line.text)]
    end = min(dates) if dates else max(mottoes, default=motto.box.bottom)
    return [line for line in below if line.box.middle[1] < end]


def _left_column(pool: Sequence[Line], motto: Line, gap: float, right_end: int) -> list[Line]:
    """From the top down to the first line that crosses the gap, begins the body, or stands apart below the date."""
    size = motto.box.height
    column: list[Line] = []
    for line in pool:
        if line.box.top < motto.box.top - 5 * size or line.box.left > gap - size:
            continue
        crosses = line.box.left < gap - size and line.box.right > gap + size
        if crosses and line.box.top > motto.box.bottom:
            break
        if line.box.middle[0] > gap:
            continue
        apart = bool(column) and line.box.top - max(before.box.bottom for before in column) > 1.3 * size
        if starts_body(line.text) or (apart and line.box.top > right_end):
            break
        column.append(line)
    return column
