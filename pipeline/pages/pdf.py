"""PDF files: what each page shows, taken out where it is one scanned image, drawn where it is anything else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pikepdf
import structlog

from pipeline.errors import Damaged, InputError, NeedsPassword, NoPages, PageTooLarge, TooManyPages
from pipeline.model import Finding
from pipeline.pages.decoding import decoding
from pipeline.pages.drawn_page import drawn_scan
from pipeline.pages.embedded import Unsupported
from pipeline.pages.entries import dictionary
from pipeline.pages.notice import notice_scan
from pipeline.pages.pdf_page import PdfPage, look_at
from pipeline.pages.scan import Limits, PageScan
from pipeline.pages.scanned_page import scan_mark, scanned_scan, undecoded_scan

log = structlog.get_logger()

LOST_PAGE = "Pages tree includes"
"""How qpdf's warning begins when the tree of pages names one that is not in the file; it leaves the page out."""


@contextmanager
def open_pdf(file: Path, limits: Limits) -> Iterator[PdfSource]:
    """Raises Damaged, NeedsPassword, NoPages, TooManyPages."""
    try:
        with decoding():
            pdf = pikepdf.open(file, suppress_warnings=True)
    except Damaged as error:
        if isinstance(error.__cause__, pikepdf.PasswordError):
            raise NeedsPassword from error
        raise
    with pdf:
        yield PdfSource(pdf, limits)


class PdfSource:
    """The pages of one opened PDF. Nothing is drawn or decoded before a page is loaded."""

    def __init__(self, pdf: pikepdf.Pdf, limits: Limits) -> None:
        self._pdf = pdf
        self._limits = limits
        with decoding():
            self.page_count = len(pdf.pages)
            self._hidden_layers = _hidden_layers(pdf)
            warnings = [str(warning) for warning in pdf.get_warnings()]  # asking empties the list
            self._repaired = bool(warnings)
            self.findings = tuple(_findings(pdf, repaired=self._repaired))
        if any(LOST_PAGE in warning for warning in warnings):
            raise Damaged("pages are missing")
        if self.page_count == 0:
            raise NoPages
        if self.page_count > limits.max_pages:
            raise TooManyPages(f"{self.page_count} > {limits.max_pages}")

    def load(self, page_no: int) -> PageScan:
        """Raises Damaged, PageTooLarge for this page; DiskFull, ToolMissing for all."""
        with decoding():
            page = self._look_at(page_no)
            at = scan_mark(page.marks, page.frame)
            if at is None:
                return drawn_scan(page, self._limits)
            try:
                return scanned_scan(page, at, self._limits)
            except Unsupported:
                return drawn_scan(page, self._limits)

    def notice(self, page_no: int, code: str) -> PageScan:
        """The page's scan as it lies in the file if it is one image of a bearable size, else a white page with `code`."""
        if code == PageTooLarge.code:
            return notice_scan(page_no, code)
        try:
            with decoding():
                page = self._look_at(page_no)
                at = scan_mark(page.marks, page.frame)
                return notice_scan(page_no, code) if at is None else undecoded_scan(page, at, self._limits)
        except (InputError, Unsupported):
            return notice_scan(page_no, code)
        except Exception as error:  # what kept the page from being read may keep its picture from being taken out
            log.warning("page_picture_lost", page_no=page_no, error=type(error).__name__)
            return notice_scan(page_no, code)

    def _look_at(self, page_no: int) -> PdfPage:
        return look_at(self._pdf.pages[page_no - 1], page_no, self._hidden_layers, repaired=self._repaired)


def _hidden_layers(pdf: pikepdf.Pdf) -> frozenset[tuple[int, int]]:
    """Object numbers of the optional content that is switched off when the file is opened."""
    off = dictionary(dictionary(pdf.Root, "/OCProperties"), "/D").get("/OFF")
    layers = off if isinstance(off, pikepdf.Array) else ()
    return frozenset(layer.objgen for layer in layers if isinstance(layer, pikepdf.Dictionary))


def _findings(pdf: pikepdf.Pdf, *, repaired: bool) -> Iterator[Finding]:
    if repaired:
        yield Finding("FILE_REPAIRED")
    if len(pdf.attachments):
        yield Finding("ATTACHMENTS", None, str(len(pdf.attachments)))
