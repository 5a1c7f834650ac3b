"""Strips -> sheets: fill pages, keep together what belongs together, print page numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from samples.document import Align, Block, Document, Ending, Masthead, PageBreak, Paragraph, Run, Table, Title
from samples.typeset.blocks import ending_strip, masthead_strip, paragraph_strips, text_width, title_strip
from samples.typeset.lines import set_runs
from samples.typeset.sheet import A4, PrintedLine, Seat, Sheet, Strip, moved_line, moved_rule
from samples.typeset.style import MM, NumberPlace, Style, tightened
from samples.typeset.tables import table_strips

KEPT_BEFORE_ENDING = 2
"""A signature never stands alone on a page: that many lines of the text go with it."""


def set_pages(document: Document, style: Style) -> tuple[Sheet, ...]:
    """The whole document in type."""
    strips = [strip for block in document.blocks for strip in _strips(block, style)]
    pages = _filled(strips, A4[1] - style.top - style.bottom)
    sheets, count = [], 0
    for strips_of_page in pages:
        count = 1 if strips_of_page[0].starts_page else count + 1
        sheets.append(_sheet(strips_of_page, count, style))
    return tuple(sheets)


def fit_pages(document: Document, style: Style) -> tuple[Sheet, ...]:
    """Set in type as typists do: when a little less space saves a page, they take it."""
    sheets, tighter = set_pages(document, style), set_pages(document, tightened(style))
    return tighter if len(tighter) < len(sheets) else sheets


def _strips(block: Block, style: Style) -> list[Strip]:
    match block:
        case Masthead():
            return [masthead_strip(block, style)]
        case Title():
            return [title_strip(block, style)]
        case Paragraph():
            return paragraph_strips(block, style)
        case Table():
            return table_strips(block, style)
        case Ending():
            return [ending_strip(block, style)]
        case PageBreak():
            return [Strip(0.0, starts_page=True)]


def _filled(strips: Iterable[Strip], room: float) -> list[list[Strip]]:
    """Pages full of strips, none higher than `room` unless one strip alone is."""
    pages: list[list[Strip]] = [[]]
    for strip in strips:
        page = pages[-1]
        if page and (strip.starts_page or sum(one.height for one in page) + strip.height > room):
            kept = 0 if strip.starts_page else _carried(page, strip)
            pages.append(page[len(page) - kept :])
            del page[len(page) - kept :]
        pages[-1].append(strip)
    return pages


def _carried(page: Sequence[Strip], strip: Strip) -> int:
    """How many strips at the end of a page go over to the next one with `strip`; never the whole page."""
    kept = KEPT_BEFORE_ENDING if strip.is_ending else 0
    while kept < len(page) and page[len(page) - kept - 1].keep_with_next:
        kept += 1
    return kept if kept < len(page) else 0


def _sheet(strips: Sequence[Strip], count: int, style: Style) -> Sheet:
    lines: list[PrintedLine] = []
    rules, seats, y, header_bottom = [], [], style.top, None
    for strip in strips:
        lines += [moved_line(line, 0.0, y) for line in strip.lines]
        rules += [moved_rule(rule, 0.0, y) for rule in strip.rules]
        seats += [Seat(seat.x, seat.y + y, seat.height) for seat in strip.seats]
        y += strip.height
        if any(line.header for line in strip.lines):
            header_bottom = y
    number = _page_number(count, style)
    if number and style.number_place is NumberPlace.TOP_CENTRE:
        lines = [number, *lines]
    elif number:
        lines.append(number)
    return Sheet(tuple(lines), tuple(rules), tuple(seats), header_bottom)


def _page_number(count: int, style: Style) -> PrintedLine | None:
    """Not on the first page."""
    if count == 1:
        return None
    top = style.number_place is NumberPlace.TOP_CENTRE
    y = style.top - 5 * MM if top else A4[1] - style.bottom + 8 * MM
    (line,) = set_runs([Run(f"{count}")], style.size, style.left, text_width(style), Align.CENTRE)
    if style.number_place is NumberPlace.FOOT_RIGHT:
        right = A4[0] - style.right - line.words[0].width
        return moved_line(line, right - line.words[0].x, y)
    return moved_line(line, 0.0, y)
