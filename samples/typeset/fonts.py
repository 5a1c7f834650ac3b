"""The type: Tinos, which has the widths of Times New Roman and all Vietnamese letters. Whoever trains a reader takes others too.

It is looked for, by file name, below the folders where systems keep fonts. Debian and Ubuntu have it in `fonts-croscore`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from itertools import product
from pathlib import Path

from PIL import ImageFont

from pipeline.errors import ToolMissing
from samples.document import Face

FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("~/.local/share/fonts"),
    Path("~/.fonts"),
    Path("/Library/Fonts"),
    Path("~/Library/Fonts"),
)
FAMILY = "Tinos"
MEASURE_PX = 512
"""Widths are measured at one large size, where rounding to the pixel grid no longer shows, and scaled."""
VOWELS, TONES = "aăâeêioôơuưy", "\u0300\u0301\u0303\u0309\u0323"
SIGNS = " 0123456789.,;:/()-–%&'\"+…"

_family = ContextVar("family", default=FAMILY)


@contextmanager
def set_in(family: str) -> Iterator[None]:
    """What is set in type meanwhile is set in this family, which is looked for like the usual one."""
    before = _family.set(family)
    try:
        yield
    finally:
        _family.reset(before)


def find_fonts(folders: Iterable[Path] = FOLDERS, family: str = FAMILY) -> dict[Face, Path]:
    """The four files of the family. Raises ToolMissing, naming the package to install, when one is nowhere."""
    roots = [folder.expanduser() for folder in folders]
    found: dict[Face, Path] = {}
    for face in Face:
        path = next((hit for root in roots if root.is_dir() for hit in sorted(root.rglob(f"{family}-{face.value}.ttf"))), None)
        if path is None:
            raise ToolMissing(f"phông chữ {family}-{face.value}.ttf; Debian/Ubuntu: apt install fonts-croscore")
        found[face] = path
    return found


@cache
def _checked_fonts(family: str) -> dict[Face, Path]:
    found = find_fonts(family=family)
    for path in found.values():
        missing = missing_glyphs(ImageFont.truetype(str(path), 32, layout_engine=ImageFont.Layout.BASIC))
        if missing:
            raise ToolMissing(f"phông chữ {path.name} thiếu các chữ {''.join(missing)}; cài lại gói fonts-croscore")
    return found


def missing_glyphs(font: ImageFont.FreeTypeFont) -> list[str]:
    """Characters of Vietnamese print that the font draws as its "not here" box."""
    absent = _shape(font, "\uffff")
    return [char for char in alphabet() if char != " " and _shape(font, char) == absent]


def alphabet() -> str:
    """Every character that a Vietnamese administrative text may print."""
    toned = (unicodedata.normalize("NFC", vowel + tone) for vowel, tone in product(VOWELS, ("", *TONES)))
    letters = "".join(toned) + "đbcdfghjklmnpqrstvwxz"
    return letters + letters.upper() + SIGNS


def _shape(font: ImageFont.FreeTypeFont, char: str) -> bytes:
    return bytes(font.getmask(char))


def font(face: Face, size_px: float) -> ImageFont.FreeTypeFont:
    """The basic layout engine is enough for precomposed letters and, unlike the other, the same everywhere."""
    return _font(_family.get(), face, size_px)


def ink_box(text: str, face: Face, size_px: float) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of what is black, from the start of the baseline."""
    return _ink_box(_family.get(), text, face, size_px)


def width_em(text: str, face: Face) -> float:
    """Advance width in ems."""
    return _width_em(_family.get(), text, face)


@lru_cache(maxsize=256)
def _font(family: str, face: Face, size_px: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_checked_fonts(family)[face]), size_px, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=50_000)
def _ink_box(family: str, text: str, face: Face, size_px: float) -> tuple[int, int, int, int]:
    mask, (x, y) = _font(family, face, size_px).getmask2(text, "L", anchor="ls")
    left, top, right, bottom = mask.getbbox() or (0, 0, 0, 0)
    return left + x, top + y, right + x, bottom + y


@lru_cache(maxsize=50_000)
def _width_em(family: str, text: str, face: Face) -> float:
    return _font(family, face, MEASURE_PX).getlength(text) / MEASURE_PX
