"""How the tests of this room write a rendition, and what other programs take out of it."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pypdfium2

from pipeline.archive import RenditionWriter
from pipeline.intake import measure
from pipeline.model import (
    ABSENT,
    LIST_FIELDS,
    SCALAR_FIELDS,
    BoundingBox,
    Field,
    Fields,
    FieldState,
    Line,
    Original,
    Page,
    Word,
    Zone,
    bounds,
)
from pipeline.pages import Limits, PageScan, open_pages
from pipeline.pixels import Pixels

LIMITS = Limits(max_pages=5000, max_page_megapixels=50)
ORIGINAL = Original("quét.pdf", "ab" * 32, 1, "application/pdf")
A4 = (1240, 1754)


def fields(**values: str) -> Fields:
    present = {name: Field(value, value, FieldState.PRESENT, 0.9, 1, None) for name, value in values.items()}
    return Fields({name: present.get(name, ABSENT) for name in SCALAR_FIELDS}, dict.fromkeys(LIST_FIELDS, ()), ())


def scan(pixels: Pixels | None = None, dpi: float | None = 150.0) -> PageScan:
    white = np.full((A4[1], A4[0]), 255, np.uint8)
    return PageScan(1, white if pixels is None else pixels, dpi, None, (), (), None)


def line(top: int, words: Sequence[str], *, left: int = 100, letter: int = 15, gap: int = 14, height: int = 34) -> Line:
    """A line of print: each letter `letter` pixels wide."""
    placed = []
    for text in words:
        placed.append(Word(text, BoundingBox(left, top, left + letter * len(text), top + height), 0.9))
        left += letter * len(text) + gap
    return Line(tuple(placed), bounds([word.box for word in placed]), Zone.BODY)


def page(lines: Sequence[Line], *, size: tuple[int, int] = A4, orientation: int = 0, skew: float = 0.0) -> Page:
    return Page(1, *size, 150.0, orientation, skew, False, False, (), tuple(lines))


def write(path: Path, pages: Sequence[tuple[PageScan, Page]], **values: str) -> Path:
    with RenditionWriter(path) as rendition:
        for one in pages:
            rendition.add(*one)
        rendition.finish(ORIGINAL, None, fields(**values))
    return path


def rendition_of(data: bytes, folder: Path, lines: Sequence[Line] = ()) -> Path:
    """The rendition of a whole file, with the same words on every page."""
    file = folder / "original"
    file.write_bytes(data)
    original = measure(file, 10**9)
    with open_pages(file, original.media_type, LIMITS) as source, RenditionWriter(folder / "rendition.pdf") as rendition:
        for number in range(1, source.page_count + 1):
            shown = source.load(number)
            words = shown.own_text if shown.own_text is not None else tuple(lines)
            rendition.add(shown, Page(number, shown.width, shown.height, shown.dpi, 0, 0.0, False, False, shown.regions, words))
        rendition.finish(original, None, fields())
    return folder / "rendition.pdf"


def text_by_poppler(path: Path) -> str:
    return subprocess.run(["pdftotext", "-raw", "-enc", "UTF-8", str(path), "-"], capture_output=True, check=True).stdout.decode()


def text_by_pdfium(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        return "\f".join(sheet.get_textpage().get_text_range() for sheet in document)


def drawn_by_pdfium(path: Path, page_no: int = 1, *, width: int) -> Pixels:
    with pypdfium2.PdfDocument(io.BytesIO(path.read_bytes())) as document:
        sheet = document[page_no - 1]
        return np.asarray(sheet.render(scale=width / sheet.get_width()).to_pil().convert("L"))
