"""Pages for the tests of reading: samples with their truth, and sheets with a few things stamped or drawn on them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from config.wiring.readers import page_reader
from pipeline.model import Page
from pipeline.pages import PageScan
from pipeline.pixels import Pixels
from pipeline.ports import PageReader
from samples import DrawnSample, draw_sample
from samples.spoil.paper import blotted
from samples.spoil.pen import INKS, signature
from samples.spoil.seal import seal

DPI = 200.0
RED, BLACK = (190, 30, 50), (20, 20, 20)
FONT = "/usr/share/fonts/truetype/croscore/Tinos-Bold.ttf"
Ink = tuple[int, int, int]


@lru_cache(maxsize=1)
def fused() -> PageReader:
    """The reader as it is shipped, loaded once."""
    return page_reader("fused")


@lru_cache(maxsize=64)
def sample(index: int, degrade: str, seed: int = 5) -> DrawnSample:
    return draw_sample(seed, index, degrade)


def scan_of(pixels: Pixels, dpi: float | None = DPI, page_no: int = 1) -> PageScan:
    return PageScan(page_no, pixels, dpi, None, (), (), None)


def empty_sheet() -> Pixels:
    """A4 in colour at 200 dpi."""
    return np.full((2339, 1654, 3), 250, np.uint8)


def stamped(pixels: Pixels, *texts: tuple[int, int, str], ink: Ink = RED) -> Pixels:
    """Lines pressed onto a page, each with its left top corner."""
    image = Image.fromarray(pixels)
    draw, face = ImageDraw.Draw(image), ImageFont.truetype(FONT, 38)
    for left, top, text in texts:
        draw.text((left, top), text, font=face, fill=ink)
    return np.asarray(image)


def sealed(pixels: Pixels, x: int, y: int) -> Pixels:
    return blotted(pixels, [seal(x, y, random.Random(3), DPI)])


def signed(pixels: Pixels, x: int, y: int) -> Pixels:
    return blotted(pixels, [signature(x, y, 160, random.Random(1), DPI, INKS[0])])


def texts_of(page: Page) -> list[str]:
    return [line.text for line in page.lines]


def shares_of(page: Page, words: Sequence[str]) -> float:
    """How many of these words (in any order) the page has."""
    left = [word for line in page.lines for word in line.text.split()]
    found = 0
    for word in words:
        if word in left:
            left.remove(word)
            found += 1
    return found / len(words)
