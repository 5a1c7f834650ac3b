"""The rendition: PDF/A-2b, the scan's own image over invisible words, pages upright."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.archive.hidden_text import Paper, text_operators
from pipeline.archive.images import add_image, add_overlay
from pipeline.archive.letters import Letters
from pipeline.archive.metadata import describe, info_dictionary, xmp_packet
from pipeline.archive.pdf_file import PdfFile, number
from pipeline.disk import disk_errors
from pipeline.model import DocumentType, Fields, Original, Page
from pipeline.pages.picture import Matrix, Overlay, Picture, PlacedImage, whole_page
from pipeline.pages.scan import PageScan

POINTS_PER_INCH = 72.0
ASSUMED_DPI = 200.0
"""For files that do not say: what the circular asks of scans of papers. Only the size of the page on paper depends on it."""

LARGEST_SIDE_POINTS = 14_400.0
SMALLEST_SIDE_POINTS = 3.0
"""Bounds of a page in PDF/A-2 (ISO 19005-2, 6.1.13)."""


PRODUCT = "sohoa"


class RenditionWriter:
    """Writes page by page; memory does not grow with the pages.

    The file appears at `path` when `finish` returns; leaving the block before that leaves nothing there.
    Raises DiskFull, HomeReadOnly, StoreUnavailable.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(path.name + ".part")

    def __enter__(self) -> Self:
        with disk_errors():
            self._stream = self._part.open("wb")
            self._pdf = PdfFile(self._stream)
        self._letters = Letters()
        self._root, self._tree, self._font = (self._pdf.reserve() for _ in range(3))
        self._pages: list[int] = []
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with suppress(OSError):  # a full disk may refuse the last buffered bytes; the file is thrown away
            self._stream.close()
        self._part.unlink(missing_ok=True)

    def add(self, scan: PageScan, page: Page) -> None:
        """Append a page: its picture turned upright by `page.orientation`, and its words."""
        picture = scan.picture or Picture((PlacedImage(scan.pixels, whole_page(scan.width, scan.height)),))
        paper = _paper(page, scan.dpi)
        seen = _upright(page.orientation, scan.width, scan.height).then(paper.to_points())
        with disk_errors():
            drawn = [(add_image(self._pdf, placed.image), placed.matrix.then(seen)) for placed in picture.images]
            drawn += [(add_overlay(self._pdf, over), _place(over).then(seen)) for over in picture.overlays]
            self._add_page(paper, drawn, text_operators(page, paper, self._letters))

    def _add_page(self, paper: Paper, drawn: list[tuple[int, Matrix]], text: bytes) -> None:
        names = b"".join(b"/Im%d %d 0 R" % (at, image) for at, (image, _) in enumerate(drawn))
        painted = b"".join(b"q %b cm/Im%d Do Q\n" % (_six(matrix), at) for at, (_, matrix) in enumerate(drawn))
        content = self._pdf.add_deflated(b"", painted + text)
        self._pages.append(
            self._pdf.add(
                b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %b %b]/Contents %d 0 R/Resources<</XObject<<%b>>/Font<</T %d 0 R>>>>>>"
                % (self._tree, number(paper.width), number(paper.height), content, names, self._font)
            )
        )

    def finish(self, original: Original, document_type: DocumentType | None, fields: Fields) -> None:
        """Complete the file and put it in its place, durably."""
        about = describe(original, document_type, fields, _producer(), datetime.now(UTC))
        with disk_errors():
            info = self._pdf.add(info_dictionary(about))
            self._add_root(self._pdf.add_stream(b"/Type/Metadata/Subtype/XML", xmp_packet(about)))
            self._pdf.close(self._root, info, bytes.fromhex(original.sha256)[:16])
            self._stream.flush()
            os.fsync(self._stream.fileno())
            self._stream.close()
            self._part.replace(self._path)

    def _add_root(self, metadata: int) -> None:
        pdf = self._pdf
        self._letters.add_font(pdf, _shipped("glyphless.ttf"), self._font)
        profile = pdf.add_deflated(b"/N 3", _shipped("srgb.icc"))
        kids = b" ".join(b"%d 0 R" % page for page in self._pages)
        pdf.add(b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(self._pages), kids), self._tree)
        pdf.add(
            b"<</Type/Catalog/Pages %d 0 R/Metadata %d 0 R/Lang(vi-VN)/ViewerPreferences<</DisplayDocTitle true>>"
            b"/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB IEC61966-2.1)"
            b"/DestOutputProfile %d 0 R>>]>>" % (self._tree, metadata, profile),
            self._root,
        )


def _paper(page: Page, dpi: float | None) -> Paper:
    scale = POINTS_PER_INCH / (dpi or page.dpi or ASSUMED_DPI)
    longest, shortest = max(page.width, page.height), min(page.width, page.height)
    return Paper(min(max(scale, SMALLEST_SIDE_POINTS / shortest), LARGEST_SIDE_POINTS / longest), page.width, page.height)


def _upright(orientation: int, width: int, height: int) -> Matrix:
    """Pixels of the page as the file shows it (`width` x `height`) -> the same page after its content is turned upright."""
    return {
        0: Matrix(),
        90: Matrix(0, -1, 1, 0, 0, width),
        180: Matrix(-1, 0, 0, -1, width, height),
        270: Matrix(0, 1, -1, 0, height, 0),
    }[orientation]


def _place(overlay: Overlay) -> Matrix:
    box = overlay.box
    return Matrix(box.width, 0, 0, -box.height, box.left, box.bottom)


def _six(matrix: Matrix) -> bytes:
    return b" ".join(number(value) for value in (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f))


def _producer() -> str:
    """The installed version; a source tree that was never installed has none."""
    try:
        return f"{PRODUCT} {version(PRODUCT)}"
    except PackageNotFoundError:
        return PRODUCT


def _shipped(name: str) -> bytes:
    return files("pipeline.archive").joinpath(name).read_bytes()
