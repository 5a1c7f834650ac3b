"""PDF, TIFF, JPEG, PNG, JPEG 2000 -> one picture a page, bounded in pixels and number."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.intake import PDF
from pipeline.model import Finding
from pipeline.pages.pdf import open_pdf
from pipeline.pages.raster import open_raster
from pipeline.pages.scan import Limits, PageScan, PageSource

__all__ = ["Limits", "PageScan", "PageSource", "open_pages"]


@contextmanager
def open_pages(file: Path, media_type: str, limits: Limits) -> Iterator[PageSource]:
    """Open a file of a sniffed media type. Raises Damaged, NeedsPassword, NoPages, TooManyPages.

    A file of one page is its page: what is wrong with the page (Damaged, PageTooLarge) is raised here. Of longer files a bad page
    is the page's own matter.
    """
    opened = open_pdf(file, limits) if media_type == PDF else open_raster(file, media_type, limits)
    with opened as source:
        yield source if source.page_count > 1 else _SinglePage(source)


class _SinglePage:
    """A source whose only page is decoded at once, and not a second time."""

    def __init__(self, source: PageSource) -> None:
        self._source = source
        self._scan = source.load(1)
        self.page_count = 1

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self._source.findings

    def load(self, page_no: int) -> PageScan:
        return self._scan

    def notice(self, page_no: int, code: str) -> PageScan:
        return self._source.notice(page_no, code)
