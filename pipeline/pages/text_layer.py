"""The text that a PDF page carries: taken out with its boxes, and judged whether it may be believed."""

from __future__ import annotations

import re
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import cv2
import numpy as np

from pipeline.errors import Damaged, ToolMissing
from pipeline.model import BoundingBox, Line, Word, Zone, bounds
from pipeline.pages.geometry import PageFrame
from pipeline.pages.vietnamese import reads_like_vietnamese
from pipeline.pixels import Pixels
from pipeline.text import clean

XHTML = "{http://www.w3.org/1999/xhtml}"
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that broken fonts map to and XML forbids."""

SOFT_HYPHEN = "\u00ad"
"""Some programs name the hyphen so; on a page it is always seen."""

INK_BELOW = 128
LETTER = 0.3, 1.2
"""Height of a letter, in heights of a word's box (which has room for marks and descenders)."""

MOST_MISSED = 0.0005
"""Real pages with a sound layer miss none at all; one that lacks a single capital of a table misses 0.0008."""


def text_lines(file: Path, frame: PageFrame, width: int, height: int) -> tuple[Line, ...]:
    """Lines of a lone page's text; boxes in pixels of its `width` x `height` picture, in the order of poppler's columns.

    Confidence is 1.0: nothing was read. Raises Damaged, ToolMissing.
    """
    across, down = (pixels / points for pixels, points in zip((width, height), frame.points, strict=True))
    lines = (_line(line, across, down) for line in _layout(file).iter(f"{XHTML}line"))
    return tuple(line for line in lines if line is not None)


def _layout(file: Path) -> ElementTree.Element:
    try:
        done = subprocess.run(["pdftotext", "-bbox-layout", "-enc", "UTF-8", str(file), "-"], capture_output=True, check=True)
        return ElementTree.fromstring(CONTROLS.sub("", done.stdout.decode("utf-8", "replace")))  # noqa: S314  poppler wrote it
    except FileNotFoundError as error:
        raise ToolMissing("poppler-utils") from error
    except (subprocess.CalledProcessError, ElementTree.ParseError) as error:
        raise Damaged("pdftotext") from error


def _line(line: ElementTree.Element, across: float, down: float) -> Line | None:
    words = tuple(
        Word(text, _box(word, across, down), 1.0)
        for word in line.iter(f"{XHTML}word")
        for text in clean((word.text or "").replace(SOFT_HYPHEN, "-")).split()
    )
    return Line(words, bounds([word.box for word in words]), Zone.BODY) if words else None


def _box(element: ElementTree.Element, across: float, down: float) -> BoundingBox:
    left, top, right, bottom = (float(element.get(key, 0)) for key in ("xMin", "yMin", "xMax", "yMax"))
    return BoundingBox(round(left * across), round(top * down), round(right * across), round(bottom * down))


def is_usable(lines: tuple[Line, ...], picture: Pixels) -> bool:
    """Whether a page's own text can stand for reading it: good Vietnamese, and hardly a letter-like shape without text."""
    return reads_like_vietnamese("\n".join(line.text for line in lines)) and missed_share(lines, picture) <= MOST_MISSED


def missed_share(lines: tuple[Line, ...], picture: Pixels) -> float:
    """Of the letter-sized shapes on the page (grey or RGB): the share that lies in no word's box.

    Tells layers whose fonts name only some of their letters ("ộc lập - Tự do") and pages whose text is partly a picture.
    """
    ink = np.asarray(picture.min(axis=2) if picture.ndim == 3 else picture) < INK_BELOW
    height = float(np.median([word.box.height for line in lines for word in line.words]))
    _, _, stats, centres = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    tall, wide = stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_WIDTH]
    letters = centres[(tall > LETTER[0] * height) & (tall < LETTER[1] * height) & (wide < LETTER[1] * height)]
    covered = np.zeros(ink.shape, bool)
    for word in (word for line in lines for word in line.words):
        covered[max(0, word.box.top) : word.box.bottom, max(0, word.box.left) : word.box.right] = True
    inside = covered[letters[:, 1].astype(int), letters[:, 0].astype(int)]
    return float(1 - inside.mean()) if len(letters) else 0.0
