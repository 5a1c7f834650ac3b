"""Marks of secrecy with the reader that is shipped: what gets through, and what is stopped wrongly.

    python -m tests.bench.secrecy --stamped 200 --plain 500 --seed 77 [--scans FOLDER] [--jobs 2]
    python -m tests.bench.secrecy --items 7,44-50 --plain 0

`--items` draws these stamped samples of the seed alone; then nothing is said of what the office is promised, and 1 means that one
got through.

Stamped samples carry one mark each: turned, faint, small, black, bilevel, without a frame, under the number or above the header.
Plain pages speak of secrecy in sentences, headings, lists and tables and carry none. Of real scans only names and figures are told.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from statistics import mean
from typing import Any
from unittest.mock import patch

import pipeline.read as reading
from config.wiring.readers import page_reader
from pipeline.errors import InputError
from pipeline.intake import measure
from pipeline.pages import Limits, PageScan, open_pages
from pipeline.pixels import use_one_thread
from pipeline.ports import PageReader
from pipeline.secrecy import Mark, find_mark
from samples.secrecy import draw_mentioning, draw_stamped
from samples.spoil.page import ScannedPage

LIMITS = Limits(max_pages=500, max_page_megapixels=100)
MOST_GOT_THROUGH, MOST_STOPPED = 0, 2
"""What the office is promised of 200 stamped and of 500 plain pages."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A page: its name, the level that stands on it and the one that was found (None: none), and a core's time that finding it took."""

    name: str
    marked: str | None
    found: str | None
    seconds: float


@lru_cache(maxsize=1)
def shipped() -> PageReader:
    use_one_thread()
    return page_reader("fused")


def look(name: str, scan: PageScan, marked: str | None) -> Looked:
    """Read a page as the journey does, with the time of the search for a mark alone."""
    spent = [0.0]

    def timed(*arguments: Any) -> Mark | None:
        began = time.process_time()
        try:
            return find_mark(*arguments)
        finally:
            spent.append(time.process_time() - began)

    with patch.object(reading, "find_mark", timed):
        _, findings = reading.read_page(scan, shipped(), None)
    return Looked(name, marked, next((one.detail for one in findings if one.code == "SECRET_MARK"), None), sum(spent))


def stamped(seed: int, index: int) -> list[Looked]:
    drawn = draw_stamped(seed, index)
    name = f"stamped {index}: {drawn.look}, {drawn.mark.place.value}, page {drawn.page_no}"
    return [look(name, scan_of(drawn.page, drawn.page_no), drawn.mark.word)]


def plain(seed: int, index: int) -> list[Looked]:
    pages = draw_mentioning(seed, index)
    return [look(f"plain {index}, page {number}", scan_of(page, number), None) for number, page in enumerate(pages, 1)]


def real(file: Path) -> list[Looked]:
    """Every page of a real scan; what cannot be opened is no page."""
    looked = []
    try:
        with open_pages(file, measure(file, 10**9).media_type, LIMITS) as source:
            for number in range(1, source.page_count + 1):
                looked.append(look(f"{file.name}, page {number}", source.load(number), None))
    except InputError as error:
        print(f"{file.name}: {error.code}", file=sys.stderr)
    return looked


def scan_of(page: ScannedPage, page_no: int) -> PageScan:
    return PageScan(page_no, page.pixels, page.dpi, None, (), (), None)


def plain_pages(pool: ProcessPoolExecutor, seed: int, count: int) -> Iterator[Looked]:
    """Documents are drawn until there are so many pages."""
    documents = pool.map(plain, [seed] * count, range(1, count + 1))
    yield from islice(chain.from_iterable(documents), count)


def numbers(text: str) -> list[int]:
    """ "7,44-46" as 7, 44, 45, 46."""
    ends = [part.split("-") for part in text.split(",")]
    return [number for first, *last in ends for number in range(int(first), int((last or [first])[0]) + 1)]


def main(arguments: list[str]) -> int:
    """1: more got through, or was stopped wrongly, than may be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stamped", type=int, default=200)
    parser.add_argument("--plain", type=int, default=500)
    parser.add_argument("--seed", type=int, default=77)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--scans", type=Path)
    parser.add_argument("--items", type=numbers, metavar="7,44-50", help="only these stamped samples")
    asked = parser.parse_args(arguments)
    with ProcessPoolExecutor(asked.jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        items = asked.items or range(1, asked.stamped + 1)
        marked = list(chain.from_iterable(pool.map(stamped, [asked.seed] * len(items), items)))
        unmarked = list(plain_pages(pool, asked.seed, asked.plain))
        files = sorted(one for one in asked.scans.iterdir() if one.suffix.lower() in SCANS) if asked.scans else []
        scans = list(chain.from_iterable(pool.map(real, files)))
        pool.shutdown(cancel_futures=True)
    missed = [one for one in marked if one.found is None]
    wrong = [one for one in unmarked if one.found is not None]
    told(f"stamped samples: {len(marked)}, got through {len(missed)}", missed)
    told(f"level read wrongly: {sum(one.found not in (None, one.marked) for one in marked)}", [])
    told(f"plain pages: {len(unmarked)}, stopped wrongly {len(wrong)}", wrong)
    if files:
        told(f"real scans: {len(files)} files, {len(scans)} pages, stopped", [one for one in scans if one.found])
    seconds = [one.seconds for one in (*unmarked, *scans)]
    if seconds:
        told(f"search for a mark: {1000 * mean(seconds):.0f} ms of a core a page", [])
    return int(len(missed) > MOST_GOT_THROUGH or len(wrong) > MOST_STOPPED)


SCANS = {".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff"}


def told(line: str, pages: list[Looked]) -> None:
    print(line, *(f"    {one.name}: {one.marked or one.found}" for one in pages), sep="\n", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
