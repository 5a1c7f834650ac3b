"""Reading order: the parts of an administrative page one after the other, as a person reads them.

Page number at the top; left header column; right header column; stamps of the header; then body, tables and signature bands
as they come down the page; in a band the recipients before the signature block; page number at the foot. The decree's layout
is known, so it is used: a learned order joined the two header columns on some real pages and put stamps between sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.layout.tables import Ruling, Table
from pipeline.layout.zones import PageParts, part
from pipeline.model import BoundingBox, Line, Zone


def in_reading_order(lines: Sequence[Line], ruling: Ruling, width: int, height: int) -> list[Line]:
    """Lines of one straight page (`width` x `height` pixels) with their zones, in reading order."""
    parts = part(lines, ruling, width, height)
    return [
        *_column(parts.top_number, Zone.PAGE_NUMBER),
        *_column(parts.header_left, Zone.HEADER_LEFT),
        *_column(parts.header_right, Zone.HEADER_RIGHT),
        *_column(parts.stamps, Zone.STAMP),
        *_down_the_page(parts, ruling.tables),
        *_column(parts.foot_number, Zone.PAGE_NUMBER),
    ]


def _down_the_page(parts: PageParts, tables: Sequence[Table]) -> list[Line]:
    """Body, tables and signature bands by where they begin."""
    blocks: list[tuple[int, list[Line]]] = [(row[0].box.top, row) for row in rows(parts.body)]
    for table in tables:
        cells = [line for line in parts.in_tables if _inside(line.box, table.box)]
        if cells:
            blocks.append((table.box.top, table_order(cells, table)))
    for band in parts.bands:
        ordered = [line for zone, column in band.columns for line in _column(column, zone)]
        blocks.append((band.top, ordered))
    return [line for _, block in sorted(blocks, key=lambda block: block[0]) for line in block]


def _column(lines: Sequence[Line], zone: Zone) -> list[Line]:
    return [replace(line, zone=zone) for row in rows(lines) for line in row]


def rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines that stand side by side as one row, rows from top to bottom, each from left to right, `same_row` set."""
    found: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.box.middle[1]):
        if found and _side_by_side(found[-1], line.box):
            found[-1].append(line)
        else:
            found.append([line])
    return [_as_row(sorted(row, key=lambda line: line.box.left)) for row in found]


def _side_by_side(row: Sequence[Line], box: BoundingBox) -> bool:
    """The box's middle is within half a line height of the row's first line and stands over none of the row's lines."""
    first = row[0].box
    close = abs(first.middle[1] - box.middle[1]) < 0.5 * min(first.height, box.height)
    return close and all(
        min(box.right, other.box.right) - max(box.left, other.box.left) < 0.3 * min(box.width, other.box.width) for other in row
    )


def _as_row(row: Sequence[Line]) -> list[Line]:
    return [replace(line, same_row=place > 0) for place, line in enumerate(row)]


def _inside(box: BoundingBox, around: BoundingBox) -> bool:
    x, y = box.middle
    return around.left <= x <= around.right and around.top <= y <= around.bottom


def table_order(lines: Sequence[Line], table: Table) -> list[Line]:
    """Row by row; in a row the first lines of all cells from left to right, then the second lines.

    A cell that covers several rows is read once, whole, with the first line of its first row.
    """
    keyed = []
    for cell_no, cell in enumerate(table.cells):
        inside = [line for line in lines if _inside(line.box, cell.box)]
        for line_no, row in enumerate(rows(inside)):
            line_in_row = 0 if cell.last_row > cell.row else line_no
            keyed += [((cell.row, line_in_row, cell_no, line_no, place), line) for place, line in enumerate(row)]
    ordered = sorted(keyed, key=lambda item: item[0])
    taken = {id(line) for line in lines if any(_inside(line.box, cell.box) for cell in table.cells)}
    loose = [line for line in lines if id(line) not in taken]
    before: tuple[int, int] | None = None
    result = []
    for key, line in ordered:
        result.append(replace(line, zone=Zone.TABLE, same_row=key[:2] == before))
        before = key[:2]
    return result + [replace(line, zone=Zone.TABLE) for row in rows(loose) for line in row]
