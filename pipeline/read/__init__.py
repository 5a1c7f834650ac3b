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

HARD_TO_READ = 0.75
"""Mean confidence of a page under which a person should look at all of it."""


def read_page(scan: PageScan, reader: PageReader, work_folder: Path | None) -> tuple[Page, tuple[Finding, ...]]:
    """One page read. Pictures of the stages go to `work_folder` if there is one."""
    if scan.own_text is not None:
        return _from_text_layer(scan, scan.own_text), ()
    clean = clean_page(scan.pixels, scan.dpi, reader)
    keep_picture(work_folder, scan.page_no, "straight", clean.print)
    page = _page(scan, clean, (), ())
    if clean.blank:
        return replace(page, blank=True), (Finding("BLANK_PAGE", scan.page_no),)
    lines, seals = _read_print(clean, reader)
    regions = tuple(Region(RegionKind.SEAL, clean.box_as_seen(seal.box), seal.confidence) for seal in seals)
    page = _page(scan, clean, (*scan.regions, *regions), tuple(_as_seen(line, clean) for line in lines))
    return page, _doubts(page)


def _page(scan: PageScan, clean: CleanPage, regions: tuple[Region, ...], lines: tuple[Line, ...]) -> Page:
    height, width = clean.seen.shape[:2]
    return Page(scan.page_no, width, height, scan.dpi, clean.orientation, clean.skew, False, False, regions, lines)


def _read_print(clean: CleanPage, reader: PageReader) -> tuple[list[Line], list[Seal]]:
    """Lines of the straight picture in reading order, and the seals that were kept out of them.

    A page with a red seal is an original: no black one is looked for.
    """
    ruling = find_ruling(clean.print)
    picture = without_rules(clean.print, ruling)
    red_seals = [] if clean.red is None else find_seals(clean.red, WITH_CARE)
    black_seals = [] if red_seals else find_seals(clean.print)
    lines = only_print(reader.read_page(picture, ruling), picture, black_seals, red_seals, ruling.tables)
    lines = read_beside_seals(picture, black_seals, reader, lines)
    if clean.red is not None:
        lines += red_lines(clean.red, reader, red_seals, lines)
        lines = read_beside_seals(clean.red, red_seals, reader, lines)
    height, width = clean.print.shape
    return in_reading_order(lines, ruling, width, height), red_seals or black_seals


def _as_seen(line: Line, clean: CleanPage) -> Line:
    words = tuple(replace(word, box=clean.box_as_seen(word.box)) for word in line.words)
    return replace(line, words=words, box=clean.box_as_seen(line.box))


def _from_text_layer(scan: PageScan, lines: Sequence[Line]) -> Page:
    """A born-digital page: its own words, put in order like read ones."""
    ruling: Ruling = find_ruling(without_red(scan.pixels))
    ordered = in_reading_order(lines, ruling, scan.width, scan.height)
    blank = not lines
    return Page(scan.page_no, scan.width, scan.height, scan.dpi, 0, 0.0, blank, True, scan.regions, tuple(ordered))


def _doubts(page: Page) -> tuple[Finding, ...]:
    """Ink without words, or words hard to read: never silently half-read."""
    if not page.lines:
        return (Finding("NO_TEXT", page.page_no),)
    if page.confidence is not None and page.confidence < HARD_TO_READ:
        return (Finding("LOW_CONFIDENCE", page.page_no, f"{page.confidence:.2f}"),)
    return ()
