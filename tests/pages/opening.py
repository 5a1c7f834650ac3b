"""How the tests of this room open a file, and what other programs see of it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray

from pipeline.intake import HEAD_BYTES, sniff
from pipeline.pages import Limits, PageScan, PageSource, open_pages
from pipeline.pixels import Pixels

LIMITS = Limits(max_pages=2000, max_page_megapixels=50)


@contextmanager
def opened(data: bytes, folder: Path, limits: Limits = LIMITS) -> Iterator[PageSource]:
    file = folder / "input"
    file.write_bytes(data)
    with open_pages(file, sniff(data[:HEAD_BYTES]), limits) as source:
        yield source


def only_page(data: bytes, folder: Path, limits: Limits = LIMITS) -> PageScan:
    with opened(data, folder, limits) as source:
        assert source.page_count == 1
        return source.load(1)


def seen_by_pdfium(data: bytes, page_no: int = 1, *, dpi: float = 100) -> Pixels:
    """The page as another program draws it, in grey."""
    document = pypdfium2.PdfDocument(io.BytesIO(data))
    drawn = document[page_no - 1].render(scale=dpi / 72, may_draw_forms=True).to_pil().convert("L")
    return np.asarray(drawn)


def difference(one: Pixels, other: Pixels) -> float:
    """Mean difference (0-255) of two pictures of the same thing, looked at from afar."""
    return float(np.abs(_small(one) - _small(other)).mean())


def shape_difference(one: Pixels, other: Pixels) -> float:
    """How much the proportions of two pictures differ: 0 = alike."""
    return float(abs(one.shape[1] / one.shape[0] - other.shape[1] / other.shape[0]))


def _small(pixels: Pixels) -> NDArray[np.float32]:
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(np.ascontiguousarray(pixels[..., :3]), cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey, (124, 175), interpolation=cv2.INTER_AREA), np.float32)
