"""Files to digitize, and readers that go wrong on purpose, for `test_journey.py`."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
from PIL import Image

from config.profiles import document_types, gazetteer
from config.wiring.readers import page_reader
from pipeline.intake import measure
from pipeline.journey import Options, Tools, digitize
from pipeline.layout.tables import Ruling
from pipeline.model import Line, MadeBy, ReaderInfo, Result
from pipeline.pages import Limits
from pipeline.pixels import Pixels
from pipeline.ports import LineReader, PageReader
from samples import draw_sample
from samples.spoil.page import ScannedPage
from tests.drawn import line, paper, rows_of_print
from tests.read.doubles import KnowingPages

LIMITS = Limits(max_pages=50, max_page_megapixels=50)
TODAY = date(2026, 6, 1)
JPEG_DPI = 200


@lru_cache(maxsize=1)
def shipped_reader() -> PageReader:
    return page_reader("fused")


@dataclass(frozen=True, slots=True)
class Report:
    """Three scanned pages: the head on the first, signer and recipients on the last. `truth`: the fields."""

    pages: tuple[ScannedPage, ...]
    truth: dict[str, Any]

    @property
    def content(self) -> bytes:
        return pdf_of([page.pixels for page in self.pages])


@lru_cache(maxsize=1)
def report() -> Report:
    """A report of two pages, with a page of some other document between them."""
    two, other = draw_sample(5, 12, "jpeg"), draw_sample(5, 8, "jpeg")
    return Report((two.pages[0], other.pages[2], two.pages[1]), two.truth)


def plain_page(rows: int = 10) -> Pixels:
    """Grey, with something like print on it."""
    return rows_of_print(paper(), rows=rows)


def pdf_of(pictures: Sequence[Pixels]) -> bytes:
    """A scanner's PDF: a JPEG a page."""
    images = [Image.fromarray(np.ascontiguousarray(pixels)) for pixels in pictures]
    out = io.BytesIO()
    images[0].save(out, "PDF", save_all=True, append_images=images[1:], resolution=JPEG_DPI, quality=85)
    return out.getvalue()


def with_broken_page(pdf: bytes, page_no: int) -> bytes:
    """The same with an image that nobody can decode."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as file:
        (image,) = file.pages[page_no - 1].Resources.XObject.values()
        image.write(b"no picture at all", filter=pikepdf.Name.DCTDecode)
        file.save(out)
    return out.getvalue()


@dataclass
class FailingReader:
    """PageReader that raises `error` on the page with that number (it is shown every page once, in order)."""

    inner: PageReader
    page_no: int
    error: Exception
    pages: int = 0

    @property
    def infos(self) -> tuple[ReaderInfo, ...]:
        return self.inner.infos

    @property
    def line_readers(self) -> tuple[LineReader, ...]:
        return self.inner.line_readers

    def quarter_turns(self, picture: Pixels) -> tuple[int, float]:
        self.pages += 1
        return self.inner.quarter_turns(picture)

    def read_page(self, picture: Pixels, ruling: Ruling) -> list[Line]:
        if self.pages == self.page_no:
            raise self.error
        return self.inner.read_page(picture, ruling)


@dataclass
class ListeningWatch:
    """PageWatch that remembers what it was told; raises `error` when page `until` begins."""

    until: int = 0
    error: BaseException | None = None
    told: list[tuple[int, int]] = field(default_factory=list)
    stages: dict[str, float] = field(default_factory=dict)

    def page_started(self, page_no: int, page_count: int) -> None:
        self.told.append((page_no, page_count))
        if self.error is not None and page_no == self.until:
            raise self.error

    def stage_took(self, stage: str, seconds: float) -> None:
        self.stages[stage] = self.stages.get(stage, 0.0) + seconds


def quick_reader(text: str = "Điều này có hiệu lực") -> KnowingPages:
    """Reads the same line on every page, at once."""
    return KnowingPages([line(text, 210, 300)])


@dataclass
class Desk:
    """A folder in which files are digitized; `out` holds the results of the last one."""

    folder: Path
    watch: ListeningWatch = field(default_factory=ListeningWatch)

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def digitize(
        self,
        content: bytes,
        reader: PageReader,
        *,
        skip_pages: frozenset[int] = frozenset(),
        work_folder: Path | None = None,
        limits: Limits = LIMITS,
        today: date = TODAY,
        cleared_pages: frozenset[int] = frozenset(),
    ) -> Result:
        file = self.folder / "quet.pdf"
        file.write_bytes(content)
        self.out.mkdir(exist_ok=True)
        tools = Tools(reader, document_types(), gazetteer(), MadeBy("1.0", reader.infos, {"reader": "double"}))
        options = Options(limits, today, skip_pages, work_folder, cleared_pages)
        return digitize(file, measure(file, 10**9), tools, options, self.out, self.watch)
