"""The incoming stamp ("ĐẾN"): a small frame on page 1 with the receiving office, number, date and route, mostly by hand."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from pipeline.layout.tables import Ruling
from pipeline.model import BoundingBox, Line
from pipeline.text import fold

STAMP_BAND = 0.6
"""The stamp is put on the free space of the upper part of page 1."""
PAGE_MM = 210
WIDTH_MM, HEIGHT_MM = (30.0, 75.0), (16.0, 48.0)
"""The decree asks for 35 x 50 mm, lying or standing; real ones are a little smaller or wider."""


def incoming_stamp(pool: list[Line], ruling: Ruling, width: int, height: int) -> tuple[list[Line], list[Line]]:
    """Lines of the stamp, and the rest. `width`, `height` of the page in pixels."""
    head = next((line for line in pool if line.box.bottom < STAMP_BAND * height and _says_incoming(line.text)), None)
    for frame in ruling.frames:
        inside = [line for line in pool if _mostly_in(line.box, frame)]
        labels = sum(_is_label(line.text) for line in inside)
        if _is_stamp_sized(frame, width, height) and (labels >= 2 or any(line is head for line in inside) or _weak(inside)):
            return _taken(pool, inside)
    if head is None:
        return [], pool
    size = head.box.height
    reach = BoundingBox(head.box.left - 4 * size, head.box.top - 4 * size, head.box.right + 10 * size, head.box.bottom + 5 * size)
    return _taken(pool, [line for line in pool if line is head or (_mostly_in(line.box, reach) and _is_label(line.text))])


def _is_stamp_sized(frame: BoundingBox, width: int, height: int) -> bool:
    across, down = frame.width * PAGE_MM / min(width, height), frame.height * PAGE_MM / min(width, height)
    return frame.bottom < STAMP_BAND * height and WIDTH_MM[0] <= across <= WIDTH_MM[1] and HEIGHT_MM[0] <= down <= HEIGHT_MM[1]


def _weak(inside: list[Line]) -> bool:
    """A frame full of what is hard to read: labels under handwriting."""
    known = [line.confidence for line in inside if line.confidence is not None]
    return len(known) >= 3 and sum(known) / len(known) < 0.75


def _taken(pool: list[Line], inside: list[Line]) -> tuple[list[Line], list[Line]]:
    ids = {id(line) for line in inside}
    return inside, [line for line in pool if id(line) not in ids]


def _says_incoming(text: str) -> bool:
    bare = re.sub(r"[^a-z ]+", " ", fold(text)).strip()
    return bare in ("den", "cv den", "van ban den") or fuzz.ratio(bare, "cong van den") >= 85


def _is_label(text: str) -> bool:
    bare = re.sub(r"[^a-z ]+", " ", fold(text)).strip()
    return bare.split(" ")[0] in ("so", "ngay", "chuyen", "den") or fuzz.partial_ratio("luu ho so", bare) >= 85


def _mostly_in(box: BoundingBox, frame: BoundingBox) -> bool:
    return box.overlap(frame) >= 0.6 * box.area
