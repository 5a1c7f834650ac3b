"""Names and positions upon which a seal lies, read a second time with the seal wiped out.

A seal covers the left of the signature (decree 30/2020, article 33) and with it the first letters of what is printed above and
below. Its ring is taken out alone, and if that is not enough all of it; what then reads as a whole name or a known position is
better than what was read before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product

import cv2

from pipeline.family_names import FAMILY_NAMES
from pipeline.layout.anchors import RANKS, is_capitals, is_name, is_recipients_head
from pipeline.layout.furniture import Seal
from pipeline.layout.positions import position_in
from pipeline.layout.tables import find_ruling
from pipeline.model import BoundingBox, Line
from pipeline.pixels import Pixels, as_pixels
from pipeline.ports import PageReader

Wipe = Callable[[Pixels, Seal, BoundingBox], Pixels]
"""A seal taken out of what was cut out of the page."""
LEFT, RIGHT, DOWN = 2.6, 3.6, 1.7
"""Radii of a seal within which the lines that it may touch stand."""
RING = (0.93, 1.05)
DISC = 1.03
"""Radii of what is wiped out: the ring with its blur, and all that is within."""
WHITE = 255
NAME_SURE, POSITION_SURE = 0.7, 0.4
"""Confidence from which a second reading is believed: known titles are few, names are many."""
WHOLE = 0.8
"""Confidence from which a first reading is left as it is."""
EDGE = 0.3
"""Line heights from the edge of the cut-out within which a line may be a part of one."""


def read_beside_seals(picture: Pixels, seals: Sequence[Seal], reader: PageReader, lines: Sequence[Line]) -> list[Line]:
    """`lines` with what was read again near `seals` in `picture` (print, or the red layer) put in its place."""
    now = list(lines)
    for seal, wipe in product(seals, (_without_ring, _without_disc)):
        if _wants_reading(seal, now):
            again = _read_again(picture, seal, wipe, reader)
            for line in sorted(again, key=lambda line: (-len(line.text), -(line.confidence or 0.0))):
                now = _with(line, now)
    return now


def _wants_reading(seal: Seal, lines: Sequence[Line]) -> bool:
    """The seal of a signature whose name or position was not read whole."""
    around = _around(seal)
    near = [line for line in lines if _is_in(line.box, around)]
    signs = any((position_in(line.text) and is_capitals(line.text)) or is_name(line.text) for line in near)
    closes = signs or any(is_recipients_head(line.text) and line.box.bottom > around.top for line in lines)
    return closes and not (any(map(_is_whole_name, near)) and any(map(_is_whole_position, near)))


def _around(seal: Seal) -> BoundingBox:
    x, y, radius = seal.x, seal.y, seal.radius
    return BoundingBox(
        max(0, round(x - LEFT * radius)), max(0, round(y - DOWN * radius)), round(x + RIGHT * radius), round(y + DOWN * radius)
    )


def _is_in(box: BoundingBox, around: BoundingBox) -> bool:
    x, y = box.middle
    return around.left <= x <= around.right and around.top <= y <= around.bottom


def _read_again(picture: Pixels, seal: Seal, wipe: Wipe, reader: PageReader) -> Iterator[Line]:
    around = _around(seal)
    cut_out = picture[around.top : around.bottom, around.left : around.right]
    if cut_out.size == 0:
        return
    wiped, is_gone = wipe(cut_out, seal, around), wipe is _without_disc
    for line in reader.read_page(wiped, find_ruling(wiped)):
        moved = _moved(line, around.left, around.top)
        if (
            _is_believed(line)
            and not _is_cut(moved, around)
            and not ((is_gone or not is_name(line.text)) and _begins_at_rim(moved, seal))
        ):
            yield moved


def _without_ring(cut_out: Pixels, seal: Seal, around: BoundingBox) -> Pixels:
    middle = round(seal.x - around.left), round(seal.y - around.top)
    radius, thickness = (RING[0] + RING[1]) / 2 * seal.radius, (RING[1] - RING[0]) * seal.radius
    return as_pixels(cv2.circle(cut_out.copy(), middle, round(radius), WHITE, max(1, round(thickness))))


def _without_disc(cut_out: Pixels, seal: Seal, around: BoundingBox) -> Pixels:
    middle = round(seal.x - around.left), round(seal.y - around.top)
    return as_pixels(cv2.circle(cut_out.copy(), middle, round(DISC * seal.radius), WHITE, cv2.FILLED))


def _is_cut(line: Line, around: BoundingBox) -> bool:
    """By the edge: "Lê Thi" of "Lê Thiên Phú" is a name too."""
    edge = EDGE * line.box.height
    return line.box.left < around.left + edge or line.box.right > around.right - edge


def _begins_at_rim(line: Line, seal: Seal) -> bool:
    """What stood before the line may be under the seal: "GIÁM ĐỐC" of "PHÓ GIÁM ĐỐC"."""
    right, down = line.box.left - EDGE * line.box.height - seal.x, line.box.middle[1] - seal.y
    return right > 0 and right**2 + down**2 < (DISC * seal.radius) ** 2


def _is_believed(line: Line) -> bool:
    sure = line.confidence if line.confidence is not None else 0.0
    return (_has_family_name(line.text) and sure >= NAME_SURE) or (_is_known_position(line.text) and sure >= POSITION_SURE)


def _has_family_name(text: str) -> bool:
    return is_name(text) and RANKS.sub("", text.strip()).split()[0] in FAMILY_NAMES


def _is_known_position(text: str) -> bool:
    position = position_in(text) if is_capitals(text) else None
    return position is not None and not position.cut and not position.marked


def _is_whole_name(line: Line) -> bool:
    return _has_family_name(line.text) and (line.confidence or 1.0) >= WHOLE


def _is_whole_position(line: Line) -> bool:
    return _is_known_position(line.text) and (line.confidence or 1.0) >= WHOLE


def _moved(line: Line, right: int, down: int) -> Line:
    words = tuple(replace(word, box=word.box.moved(right, down)) for word in line.words)
    return replace(line, words=words, box=line.box.moved(right, down))


def _with(line: Line, lines: list[Line]) -> list[Line]:
    """`line` in place of those that it stands on, if they are less than it is."""
    under = [other for other in lines if line.box.overlap(other.box) > 0.3 * min(line.box.area, other.box.area)]
    if any(not _is_less(other, line) for other in under):
        return lines
    taken = {id(other) for other in under}
    return [other for other in lines if id(other) not in taken] + [line]


def _is_less(read: Line, again: Line) -> bool:
    if again.text.endswith(read.text) and len(again.text) > len(read.text):
        return True
    return again.text != read.text and not _is_whole_name(read) and not _is_whole_position(read)
