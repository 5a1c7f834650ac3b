"""A page packed for the index: its text, the words it is found by, and where its words stand. What is shown of it.

Deflated: a line of JSON (page number, text, words, number of places, form of the numbers), then the places, column by column, as
differences. So a page is unpacked in a tenth of a millisecond; a search unpacks twenty.
"""

from __future__ import annotations

import json
import struct
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
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
    """A page as it is read back. `steps`: for each of `count` words start, end, left, top, right, bottom, column by column, each
    number as the difference to the one before it."""

    page_no: int
    text: str
    steps: tuple[int, ...]
    count: int

    def boxes_around(self, stretches: Sequence[tuple[int, int]]) -> list[BoundingBox | None]:
        """Around the words that characters start..end touch; None when no place is known of any."""
        starts, ends = self._column(0), self._column(1)
        touched = [range(bisect_right(ends, start), bisect_left(starts, end)) for start, end in stretches]
        needed = max((words.stop for words in touched if words), default=0)
        sides = [self._column(number, needed) for number in range(2, 6)]
        return [bounds([BoundingBox(*(side[at] for side in sides)) for at in words]) if words else None for words in touched]

    def _column(self, number: int, needed: int | None = None) -> list[int]:
        """Its first numbers, or all: to add up those of words that are not shown would take most of the time."""
        first = number * self.count
        return list(accumulate(self.steps[first : first + (self.count if needed is None else needed)]))


def pack(page: IndexedPage, exact: str = "") -> bytes:
    """`page.words` are in the order of the text.

    `exact`: the words by which the page is found, for an index that has to be told them again.
    """
    form, numbers = _numbers(page)
    head = json.dumps([page.page_no, page.text, exact, len(page.words), form], ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(head.encode(errors="replace") + b"\n" + numbers, LEVEL)


def _numbers(page: IndexedPage) -> tuple[str, bytes]:
    """The places and their form. An array is a third quicker here than lists; what is left is mostly reading the words."""
    import numpy as np  # a tenth of a second, which whoever only searches is spared

    places = [
        number
        for word in page.words
        for number in (word.start, word.end, word.box.left, word.box.top, word.box.right, word.box.bottom)
    ]
    columns = np.array(array(LONG, places), dtype=np.int32).reshape(-1, 6).T
    steps = np.diff(columns, prepend=0)
    form = SHORT if np.abs(steps).max(initial=0) <= MOST_SHORT else LONG
    return form, steps.astype(f"<{form}").tobytes()


def unpack(packed: bytes) -> PackedPage:
    """Raises IndexUnavailable when it is damaged."""
    (page_no, text, _, count, _), steps = _content(packed)
    return PackedPage(page_no, text, steps, count)


def snippet_of(packed: bytes, terms: tuple[Term, ...]) -> Snippet | None:
    """What a page shows of the terms; None when no word of them stands in its text. Raises IndexUnavailable."""
    page = unpack(packed)
    stretch = best_stretch(page.text, terms)
    if stretch is None:
        return None
    return cut_out(page.page_no, page.text, stretch, tuple(box for box in page.boxes_around(stretch.marks) if box))


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
