"""Tables -> strips, one a row: with rules around every cell, or without any."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from samples.document import Align, Face, Run, Table
from samples.typeset.blocks import stacked, text_width
from samples.typeset.lines import set_runs
from samples.typeset.sheet import PrintedLine, Rule, Strip
from samples.typeset.style import SINGLE, Style

PADDING = 4.0
SMALLER = 1.0
"""Tables are set a point smaller than the body."""


def table_strips(table: Table, style: Style) -> list[Strip]:
    """The title row (of a ruled table) is kept with the first row. A little room is left above and below."""
    size = style.size - SMALLER
    strips = [Strip(style.gap, keep_with_next=True)]
    if table.ruled:
        titles = [column.title for column in table.columns]
        strips.append(_row(table, titles, size, style, is_title=True))
    strips += [_row(table, row, size, style, is_title=False) for row in table.rows]
    return [*strips, Strip(style.gap)]


def _row(table: Table, cells: Sequence[str], size: float, style: Style, *, is_title: bool) -> Strip:
    face = Face.BOLD if is_title else Face.REGULAR
    leading, left, width = size * SINGLE, style.left, text_width(style)
    edges = [left]
    for column in table.columns:
        edges.append(edges[-1] + column.share * width)
    set_cells = [
        set_runs([Run(cell, face)], size, start + PADDING, end - start - 2 * PADDING, Align.CENTRE if is_title else column.align)
        for cell, column, start, end in zip(cells, table.columns, edges, edges[1:], strict=False)
    ]
    rows = max(len(cell) for cell in set_cells)
    height = rows * leading + (2 * PADDING if table.ruled else PADDING / 2)
    top = PADDING if table.ruled else 0.0
    centred = is_title or style.centred_cells
    placed = [stacked(cell, top + (rows - len(cell)) * leading / 2 * centred, leading) for cell in set_cells]
    rules = _frame(edges, height) if table.ruled else ()
    return Strip(height, _row_lines(placed), rules, keep_with_next=is_title)


def _row_lines(cells: Sequence[Sequence[PrintedLine]]) -> tuple[PrintedLine, ...]:
    """One transcript line for each line of the row: first lines of all cells, then second ones, ..."""
    return tuple(
        PrintedLine(tuple(word for line in across if line for word in line.words))
        for across in zip_longest(*cells, fillvalue=None)
    )


def _frame(edges: Sequence[float], height: float) -> tuple[Rule, ...]:
    across = tuple(Rule(edges[0], y, edges[-1], y) for y in (0.0, height))
    return across + tuple(Rule(x, 0.0, x, height) for x in edges)
