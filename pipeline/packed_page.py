"""A page packed for the index: its text, the words it is found by, and where its words stand. What is shown of it."""

from __future__ import annotations

import json
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
    """`page.words` are in the order of the text. Numbers are kept as differences, which deflate well.

    `exact`: the words by which the page is found, for an index that has to be told them again.
    """
    places = [(word.start, word.end, word.box.left, word.box.top, word.box.right, word.box.bottom) for word in page.words]
    columns = [[now - then for now, then in zip(column, (0, *column), strict=False)] for column in zip(*places, strict=True)]
    content = [page.page_no, page.text, exact, columns]
    return zlib.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(errors="replace"))


def unpack(packed: bytes) -> PackedPage:
    """Raises IndexUnavailable when it is damaged."""
    page_no, text, _, columns = _content(packed)
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
    return str(_content(packed)[2])


def _content(packed: bytes) -> list[Any]:
    try:
        content: list[Any] = json.loads(zlib.decompress(packed))
    except (zlib.error, ValueError) as error:
        raise IndexUnavailable("tệp chỉ mục bị hỏng") from error
    return content
