"""Marks of secrecy: looked for on every page before anything else is made of it.

Two ways that do not depend on each other: what the reader said of the page's lines, and places of a stamp's size and shape that
are cut out, turned upright and read by themselves (places.py), on the page as it was scanned: filters take faint stamps for dirt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby

import cv2
import numpy as np

from pipeline.clean.ink import REDNESS, positive, redness
from pipeline.model import BoundingBox, Line, Word, bounds
from pipeline.pixels import Pixels, as_pixels
from pipeline.ports import PageReader
from pipeline.secrecy.alone import Said, parts_of, stands_alone, without_lists
from pipeline.secrecy.cutting import BAND
from pipeline.secrecy.places import paler_places, stamp_places
from pipeline.secrecy.sheet import read_places
from pipeline.secrecy.words import LEVELS, level_of
from pipeline.text import fold

WELL_READ, READ = 0.85, 0.6
"""Confidences of a line that is no misread mark: of any of SHORTEST_KNOWN signs, of one with a figure in it."""
SHORTEST_KNOWN, LONGEST_MARK = 6, 16
"""Signs: a shorter line may be half of a mark, a longer one is none however it was read."""
OF_LEVELS = frozenset(word for level in LEVELS for word in fold(level).split())
ENOUGH_LINES = 3
"""Well-read lines that show that the page stands upright; else it is looked at from all four sides."""
RED_SHARE = 0.01
"""Of a place: red enough for a pressed stamp."""
WHOLE = 0.9
"""Share of a place that one word covers when it is that word."""


@dataclass(frozen=True, slots=True)
class Mark:
    """`level`: TUYỆT MẬT, TỐI MẬT or MẬT. `box` on the page as seen; None where the page had to be turned to read it."""

    level: str
    box: BoundingBox | None


@dataclass(frozen=True, slots=True)
class _Page:
    """What `find_mark` is given."""

    seen: Pixels
    lines: Sequence[Line]
    tables: Sequence[BoundingBox]

    def is_red(self, box: BoundingBox) -> bool:
        crop = self.seen[max(0, box.top) : box.bottom, max(0, box.left) : box.right]
        if crop.ndim == 2 or not crop.size:
            return False
        return float(np.mean(redness(crop) > REDNESS)) > RED_SHARE

    def is_text(self, box: BoundingBox) -> bool:
        """Whether it is a word of a long line with letters that were taken for a frame, which is larger than what is in it."""
        words = (word for line in self.lines if len(line.text) > LONGEST_MARK for word in line.words)
        return any(_is_sure(word) and word.box.overlap(box) > WHOLE * box.area for word in words)

    def may_be_printed(self, box: BoundingBox) -> bool:
        """Without frame or colour a mark stands by itself in the upper part of the page."""
        height, width = self.seen.shape[:2]
        in_table = any(box.overlap(table) > 0.5 * box.area for table in self.tables)
        return box.top < BAND * height and not in_table and stands_alone(box, self.lines, width)

    def is_read(self, box: BoundingBox) -> bool:
        """Whether it is a word that was read well among others: then the line tells what it is."""
        words = (word for line in self.lines for word in line.words)
        return any(_is_sure(word) and word.box.overlap(box) > 0.5 * box.area for word in words)


def find_mark(seen: Pixels, lines: Sequence[Line], tables: Sequence[BoundingBox], reader: PageReader) -> Mark | None:
    """The first mark of secrecy on a page.

    `seen`: the upright page, grey or RGB; `lines`: all that was read on it, nothing left out; `tables`: where rules make a grid.
    Boxes in pixels of `seen`.
    """
    page, said = _Page(seen, lines, tables), []
    well_read = [line for line in lines if _is_no_mark(line)]
    for one in chain(_in_lines(page), _in_places(page, well_read, reader)):
        if one.stamped:
            return Mark(one.level, one.box)
        said.append(one)
    for one in without_lists(said, lines, seen.shape[0]):
        return Mark(one.level, one.box)
    return None if len(well_read) >= ENOUGH_LINES else _turned_mark(seen, reader)


def _is_no_mark(line: Line) -> bool:
    """Sure enough not to be read again; a line that may be one is judged by its own words as well."""
    sure, signs = line.confidence or 0.0, len(line.text)
    return (
        (sure >= WELL_READ and signs >= SHORTEST_KNOWN)
        or (sure >= READ and any(char.isdigit() for char in line.text))
        or (sure >= READ and signs > LONGEST_MARK)
    )


def _words_of(line: Line) -> Iterator[BoundingBox]:
    """Where its words stand, as far as they were read: the line finder may have taken a mark beside or upon them for a part of
    the line."""
    for well, run in groupby(line.words, key=lambda word: word.confidence is None or word.confidence >= READ):
        if well:
            yield bounds([word.box for word in run])


def _is_text(line: Line, word: Word) -> bool:
    """Whether it is a word of running text beyond doubt. That of a level may be a stamp that was found as one line with it."""
    return (line.confidence or 0.0) >= WELL_READ and _is_sure(word) and fold(word.text) not in OF_LEVELS


def _is_sure(word: Word) -> bool:
    return (word.confidence or 0.0) >= WELL_READ


def _in_lines(page: _Page) -> Iterator[Said]:
    """Lines that are a mark and nothing else: in red anywhere, in black in the upper part of the page and outside of tables."""
    for line in (part for whole in page.lines for part in parts_of(whole)):
        if level_of(line.text, stamped=True) is None:  # which believes more
            continue
        red = page.is_red(line.box)
        level = level_of(line.text, stamped=red)
        if level and (red or page.may_be_printed(line.box)):
            yield Said(level, line.box, stamped=red)


def _in_places(page: _Page, well_read: Sequence[Line], reader: PageReader) -> Iterator[Said]:
    """What stands in a frame or in red is a stamp; other words are believed as far as printed lines are."""
    grey = _all_ink(page.seen)
    running = [word.box for line in well_read if len(line.text) > LONGEST_MARK for word in line.words if _is_text(line, word)]
    places = stamp_places(grey, [box for line in well_read for box in _words_of(line)], running)
    places += [place for place in paler_places(grey) if place.framed or not page.is_read(place.box)]
    places = [place for place in places if not (place.framed and page.is_text(place.box))]
    stamped = {place.box: place.framed or page.is_red(place.box) for place in places}
    asked = [place for place in places if stamped[place.box] or page.may_be_printed(place.box)]
    for place, text in read_places(asked, reader.line_readers):
        if level := level_of(text, stamped=stamped[place.box]):
            yield Said(level, place.box, stamped=stamped[place.box])


def _turned_mark(seen: Pixels, reader: PageReader) -> Mark | None:
    """On a page with next to no text nobody knows which way is up."""
    page = _all_ink(seen)
    for turn in (cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_COUNTERCLOCKWISE):
        for place, text in read_places(stamp_places(as_pixels(cv2.rotate(page, turn))), reader.line_readers):
            if level := level_of(text, stamped=place.framed):
                return Mark(level, None)
    return None


def _all_ink(seen: Pixels) -> Pixels:
    """Grey, ink of any colour dark: red and blue both are in green light."""
    return positive(seen if seen.ndim == 2 else as_pixels(cv2.extractChannel(seen, 1)))
