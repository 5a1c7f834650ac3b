"""A page packed for the index: its text, the words it is found by, and where its words stand. What is shown of it.

Deflated: a line of JSON (page number, text, words, number of places, form of the numbers), then the places, column by column, as
differences. So a page is unpacked in a tenth of a millisecond; a search unpacks twenty.
"""

from __future__ import annotations

import json
import struct
import zlib
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from pipeline.errors import IndexUnavailable
from pipeline.index import IndexedPage
from pipeline.model import BoundingBox, bounds
from pipeline.query import Snippet
from pipeline.snippet import best_stretch, cut_out
from pipeline.terms import Term

SHORT, LONG = "h", "i"
MOST_SHORT = 32_767
"""Numbers of 16 bits do for every page of up to so many pixels; of others they have 32."""

LEVEL = 4
"""Of deflating: a sixth of the time of the usual one for a twentieth more bytes."""


@dataclass(frozen=True, slots=True)
class PackedPage:
    """A page as it is read back. `places`: for each word start, end, left, top, right, bottom, column by column."""

    page_no: int
    text: str
    places: tuple[list[int], ...]

    def box_around(self, start: int, end: int) -> BoundingBox | None:
        """Around the words that characters start..end touch; None when no place is known of any."""
        if not self.places:
            return None
        starts, ends, *sides = self.places
        words = range(bisect_right(ends, start), bisect_left(starts, end))
        return bounds([BoundingBox(*(side[at] for side in sides)) for at in words]) if words else None


def pack(page: IndexedPage, exact: str = "") -> bytes:
    """`page.words` are in the order of the text.

    `exact`: the words by which the page is found, for an index that has to be told them again.
    """
    places = [(word.start, word.end, word.box.left, word.box.top, word.box.right, word.box.bottom) for word in page.words]
    steps = [now - then for column in zip(*places, strict=True) for now, then in zip(column, (0, *column), strict=False)]
    form = SHORT if max(steps, default=0) <= MOST_SHORT and min(steps, default=0) >= -MOST_SHORT else LONG
    head = json.dumps([page.page_no, page.text, exact, len(places), form], ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(head.encode(errors="replace") + b"\n" + struct.pack(f"<{len(steps)}{form}", *steps), LEVEL)


def unpack(packed: bytes) -> PackedPage:
    """Raises IndexUnavailable when it is damaged."""
    (page_no, text, _, count, _), steps = _content(packed)
    columns = [steps[start : start + count] for start in range(0, len(steps), count)] if count else []
    return PackedPage(page_no, text, tuple(list(accumulate(column)) for column in columns))


def snippet_of(packed: bytes, terms: tuple[Term, ...]) -> Snippet | None:
    """What a page shows of the terms; None when no word of them stands in its text. Raises IndexUnavailable."""
    page = unpack(packed)
    stretch = best_stretch(page.text, terms)
    if stretch is None:
        return None
    boxes = [page.box_around(start, end) for start, end in stretch.marks]
    return cut_out(page.page_no, page.text, stretch, tuple(box for box in boxes if box))


def unpack_words(packed: bytes) -> str:
    """The words by which the packed page is found. Raises IndexUnavailable when it is damaged."""
    return str(_content(packed)[0][2])


def _content(packed: bytes) -> tuple[list[Any], tuple[int, ...]]:
    """The line of JSON and the numbers."""
    try:
        head, _, numbers = zlib.decompress(packed).partition(b"\n")  # within JSON a line break is written \\n
        content = json.loads(head)
        form = {SHORT: SHORT, LONG: LONG}[content[-1]]
        return content, struct.unpack(f"<{len(numbers) // struct.calcsize(form)}{form}", numbers)
    except (zlib.error, ValueError, LookupError, TypeError, struct.error) as error:
        raise IndexUnavailable("tệp chỉ mục bị hỏng") from error
