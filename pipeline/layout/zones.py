"""Which line belongs to which part of an administrative page (decree 30/2020, appendix I; older circulars alike)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from pipeline.layout.anchors import PAGE_NUMBER, is_capitals, is_recipients_head
from pipeline.layout.header import halves, header
from pipeline.layout.positions import is_position
from pipeline.layout.stamps import incoming_stamp
from pipeline.layout.tables import Ruling, Table
from pipeline.model import Line, Zone

BLOCKS_APART = 2.2
"""Line heights by which positions of two blocks side by side may differ: one organ takes two lines, the other one."""
APART = 1.0
"""Line heights between the last word of a recipient and a position beside it (a reader gives the room to the word before it)."""
RECIPIENT = re.compile(r"^\s*[-–—+•*]")
BLOCK_MIDDLE = 0.55
"""Share of the page's width beyond which the middle of a signature block stands; that of a title is at 0.53."""
NUMBER_BAND = 0.09
"""Share of the page's height at top and foot in which a lone number is the page's own."""


@dataclass(frozen=True, slots=True)
class Band:
    """Columns side by side at the end of a document: recipients and signature blocks, in reading order."""

    top: int
    columns: tuple[tuple[Zone, tuple[Line, ...]], ...]


@dataclass(slots=True)
class PageParts:
    """Lines by part; every line of the page is in exactly one of them."""

    top_number: list[Line] = field(default_factory=list)
    header_left: list[Line] = field(default_factory=list)
    header_right: list[Line] = field(default_factory=list)
    stamps: list[Line] = field(default_factory=list)
    in_tables: list[Line] = field(default_factory=list)
    bands: list[Band] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)
    foot_number: list[Line] = field(default_factory=list)


def part(lines: Sequence[Line], ruling: Ruling, width: int, height: int) -> PageParts:
    """Each step takes its lines out of the pool and leaves the rest to the next."""
    parts = PageParts()
    pool = sorted(lines, key=lambda line: (line.box.top, line.box.left))
    parts.top_number, parts.foot_number, pool = page_numbers(pool, height)
    parts.stamps, pool = incoming_stamp(pool, ruling, width, height)
    parts.in_tables, pool = _within(pool, ruling.tables)
    parts.header_left, parts.header_right, pool = header(pool, width, height)
    parts.bands, parts.body = signature_bands(pool, width)
    return parts


def page_numbers(pool: list[Line], height: int) -> tuple[list[Line], list[Line], list[Line]]:
    """The first line when it is a lone number at the top, the last when at the foot, and the rest."""
    top: list[Line] = []
    foot: list[Line] = []
    if pool and _is_number(pool[0], pool[1:]) and pool[0].box.top < NUMBER_BAND * height:
        top, pool = pool[:1], pool[1:]
    last = max(pool, key=lambda line: line.box.bottom, default=None)
    if last and _is_number(last, [line for line in pool if line is not last]) and last.box.bottom > (1 - NUMBER_BAND) * height:
        foot, pool = [last], [line for line in pool if line is not last]
    return top, foot, pool


def _is_number(line: Line, others: Sequence[Line]) -> bool:
    alone = not any(min(line.box.bottom, o.box.bottom) - max(line.box.top, o.box.top) > 0.4 * line.box.height for o in others)
    return alone and bool(PAGE_NUMBER.match(line.text))


def _within(pool: list[Line], tables: Sequence[Table]) -> tuple[list[Line], list[Line]]:
    inside: list[Line] = []
    rest: list[Line] = []
    for line in pool:
        x, y = line.box.middle
        in_one = any(t.box.left <= x <= t.box.right and t.box.top <= y <= t.box.bottom for t in tables)
        (inside if in_one else rest).append(line)
    return inside, rest


def signature_bands(pool: list[Line], width: int) -> tuple[list[Band], list[Line]]:
    """Recipients beside signature blocks, and blocks side by side; what belongs to no band is body."""
    bands: list[Band] = []
    body = [part for line in pool for part in _apart_from_position(line, width)]
    for head in [line for line in body if is_recipients_head(line.text) and line.box.left < 0.5 * width]:
        if any(line is head for line in body):
            beside, body = _recipients_band(head, body, width)
            bands.append(beside)
    blocks, body = _blocks_band(body, width)
    return ([blocks, *bands] if blocks else bands), body


def _apart_from_position(line: Line, width: int) -> list[Line]:
    """ "Nơi nhận:   TM. ỦY BAN NHÂN DÂN", "- Như trên;   GIÁM ĐỐC", found as one line, as two."""
    if line.box.left > 0.4 * width or not (RECIPIENT.match(line.text) or is_recipients_head(line.text.partition(":")[0] + ":")):
        return [line]
    pitch = median(word.box.width / len(word.text) for word in line.words)
    for place in range(1, len(line.words)):
        before = line.words[place - 1]
        room = line.words[place].box.left - before.box.left - pitch * len(before.text)
        if room >= APART * line.box.height and is_position(" ".join(word.text for word in line.words[place:])):
            return halves(line, place)
    return [line]


def _recipients_band(head: Line, body: list[Line], width: int) -> tuple[Band, list[Line]]:
    """The column of recipients under "Nơi nhận" and the signature block to its right."""
    size = head.box.height
    recipients: list[Line] = [head]
    for line in body:
        near = line.box.top - max(r.box.bottom for r in recipients) < 1.6 * size
        if line is not head and line.box.top >= head.box.top and near and line.box.left < head.box.left + 4 * size:
            recipients.append(line)
    split = min(max(line.box.right for line in recipients), 0.62 * width)
    top = _band_top(head, body, split)
    taken = {id(line) for line in recipients}
    block = [
        line for line in body if id(line) not in taken and line.box.top >= top and line.box.middle[0] > min(split, 0.45 * width)
    ]
    rest = {id(line) for line in block} | taken
    columns = ((Zone.RECIPIENTS, tuple(recipients)), (Zone.SIGNATURE, tuple(block)))
    return Band(min(head.box.top, top), columns), [line for line in body if id(line) not in rest]


def _band_top(head: Line, body: Sequence[Line], split: float) -> int:
    """Where the signature block to the right of "Nơi nhận" begins: it may stand a few lines higher."""
    size = head.box.height
    top = head.box.top - size // 2
    for line in reversed(body):
        right = line.box.middle[0] > split and line.box.left > head.box.right
        if (
            right
            and top - 3 * size < line.box.bottom
            and line.box.top < top
            and (is_position(line.text) or is_capitals(line.text))
        ):
            top = line.box.top
    return top


def _blocks_band(body: list[Line], width: int) -> tuple[Band | None, list[Line]]:
    """Two signature blocks side by side without recipients beside them (minutes, contracts, joint documents)."""
    capitals = [line for line in body if is_capitals(line.text) and line.box.width < 0.48 * width]
    pairs = [
        (one, other)
        for one in capitals
        for other in capitals
        if one.box.right < other.box.left
        and abs(one.box.middle[1] - other.box.middle[1]) < BLOCKS_APART * one.box.height
        and (is_position(one.text) or is_position(other.text))
    ]
    if not pairs:
        return _single_block(body, [line for line in capitals if is_position(line.text)], width)
    left, right = pairs[0]
    split = (left.box.right + right.box.left) / 2
    top = min(left.box.top, right.box.top)
    for line in reversed(body):
        beyond = min(line.box.right - split, split - line.box.left)
        one_side = beyond < 0.25 * line.box.width
        if one_side and is_capitals(line.text) and line.box.top < top and top - line.box.bottom < 1.2 * line.box.height:
            top = line.box.top
    inside = [
        line
        for line in body
        if line.box.top >= top and not line.box.left < split - 2 * line.box.height < split + 2 * line.box.height < line.box.right
    ]
    columns = tuple(
        (Zone.SIGNATURE, tuple(line for line in inside if (line.box.middle[0] < split) is first)) for first in (True, False)
    )
    taken = {id(line) for line in inside}
    return Band(top, columns), [line for line in body if id(line) not in taken]


def _single_block(body: list[Line], heads: Sequence[Line], width: int) -> tuple[Band | None, list[Line]]:
    """One block in the right half with nothing beside it; it runs to the end of the text. Who decides, in capitals in the middle
    under a title, is none."""
    for start in (line for line in heads if line.box.middle[0] > BLOCK_MIDDLE * width and line.box.left > 0.3 * width):
        block = [line for line in body if line.box.top >= start.box.top - 2]
        if median(line.box.left for line in block) >= 0.3 * width:
            taken = {id(line) for line in block}
            columns = ((Zone.SIGNATURE, tuple(block)),)
            return Band(start.box.top, columns), [line for line in body if id(line) not in taken]
    return None, body
