"""A page's picture -> what stands on it: upright, straight, lines found, read, freed of furniture, put in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.clean import CleanPage, clean_page
from pipeline.clean.ink import without_red
from pipeline.layout.furniture import WITH_CARE, Seal, find_seals
from pipeline.layout.order import in_reading_order
from pipeline.layout.scribbles import only_print
from pipeline.layout.tables import Ruling, find_ruling, without_rules
from pipeline.model import Finding, Line, Page, Region, RegionKind
from pipeline.pages import PageScan
from pipeline.ports import PageReader
from pipeline.read.beside_seals import read_beside_seals
from pipeline.read.pictures import keep_picture
from pipeline.read.red import red_lines
from pipeline.secrecy import Mark, find_mark

HARD_TO_READ = 0.75
"""Mean confidence of a page under which a person should look at all of it."""


def read_page(
    scan: PageScan, reader: PageReader, work_folder: Path | None, *, cleared: bool = False
) -> tuple[Page, tuple[Finding, ...]]:
    """One page read. Pictures of the stages go to `work_folder` if there is one.

    With a mark of secrecy on it nothing of the page is given but the finding SECRET_MARK, unless a person has said that it is
    none (`cleared`): then CLEARED_MARK is one finding among others.
    """
    if scan.own_text is not None:
        page, doubts, mark = _from_text_layer(scan, scan.own_text, reader)
    else:
        page, doubts, mark = _from_picture(scan, reader, work_folder)
    if mark is None:
        return page, doubts
    if cleared:
        return page, (*doubts, Finding("CLEARED_MARK", scan.page_no, mark.level))
    return replace(page, lines=(), regions=()), (Finding("SECRET_MARK", scan.page_no, mark.level),)


def mark_on_picture(scan: PageScan, reader: PageReader) -> Mark | None:
    """A mark of secrecy on a page of which nothing was read."""
    return find_mark(scan.pixels, (), (), reader)


def _from_picture(scan: PageScan, reader: PageReader, work_folder: Path | None) -> tuple[Page, tuple[Finding, ...], Mark | None]:
    clean = clean_page(scan.pixels, scan.dpi, reader)
    keep_picture(work_folder, scan.page_no, "straight", clean.print)
    page = _page(scan, clean, (), ())
    if clean.blank:
        mark = find_mark(clean.seen, (), (), reader)
        return replace(page, blank=mark is None), (Finding("BLANK_PAGE", scan.page_no),), mark
    lines, seals, mark = _read_print(clean, reader)
    regions = tuple(Region(RegionKind.SEAL, clean.box_as_seen(seal.box), seal.confidence) for seal in seals)
    page = _page(scan, clean, (*scan.regions, *regions), tuple(_as_seen(line, clean) for line in lines))
    return page, _doubts(page), mark


def _page(scan: PageScan, clean: CleanPage, regions: tuple[Region, ...], lines: tuple[Line, ...]) -> Page:
    height, width = clean.seen.shape[:2]
    return Page(scan.page_no, width, height, scan.dpi, clean.orientation, clean.skew, False, False, regions, lines)


def _read_print(clean: CleanPage, reader: PageReader) -> tuple[list[Line], list[Seal], Mark | None]:
    """Lines of the straight picture in reading order, the seals that were kept out of them, and a mark of secrecy.

    A page with a red seal is an original: no black one is looked for.
    """
    ruling = find_ruling(clean.print)
    picture = without_rules(clean.print, ruling)
    red_seals = [] if clean.red is None else find_seals(clean.red, WITH_CARE)
    black_seals = [] if red_seals else find_seals(clean.print)
    read = reader.read_page(picture, ruling)
    lines = only_print(read, picture, black_seals, red_seals, ruling.tables)
    lines = read_beside_seals(picture, black_seals, reader, lines)
    red: list[Line] = []
    if clean.red is not None:
        red = red_lines(clean.red, reader, red_seals, lines)
        lines = read_beside_seals(clean.red, red_seals, reader, [*lines, *red])
    mark = _mark(clean, [*read, *red], ruling, reader)
    height, width = clean.print.shape
    return in_reading_order(lines, ruling, width, height), red_seals or black_seals, mark


def _mark(clean: CleanPage, read: Sequence[Line], ruling: Ruling, reader: PageReader) -> Mark | None:
    """Of all that was read, before anything is taken for furniture."""
    seen = [_as_seen(line, clean) for line in read if line.words]
    tables = [clean.box_as_seen(table.box) for table in ruling.tables]
    return find_mark(clean.seen, seen, tables, reader)


def _as_seen(line: Line, clean: CleanPage) -> Line:
    words = tuple(replace(word, box=clean.box_as_seen(word.box)) for word in line.words)
    return replace(line, words=words, box=clean.box_as_seen(line.box))


def _from_text_layer(scan: PageScan, lines: Sequence[Line], reader: PageReader) -> tuple[Page, tuple[Finding, ...], Mark | None]:
    """A born-digital page: its own words, put in order like read ones. A stamp may be pressed on it as a picture."""
    ruling: Ruling = find_ruling(without_red(scan.pixels))
    ordered = in_reading_order(lines, ruling, scan.width, scan.height)
    blank = not lines
    page = Page(scan.page_no, scan.width, scan.height, scan.dpi, 0, 0.0, blank, True, scan.regions, tuple(ordered))
    return page, (), find_mark(scan.pixels, lines, [table.box for table in ruling.tables], reader)


def _doubts(page: Page) -> tuple[Finding, ...]:
    """Ink without words, or words hard to read: never silently half-read."""
    if not page.lines:
        return (Finding("NO_TEXT", page.page_no),)
    if page.confidence is not None and page.confidence < HARD_TO_READ:
        return (Finding("LOW_CONFIDENCE", page.page_no, f"{page.confidence:.2f}"),)
    return ()
