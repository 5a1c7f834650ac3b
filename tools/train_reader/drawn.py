"""Labelled lines of pages that were never printed: written, set in type, spoiled and cut out as the product cuts real ones.

The line finder finds them on the cleaned page, so that a crop has the errors that a crop will have; what stands in it is told by
the page's truth, laid beside what a network that reads already says of it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np

from pipeline.adapters.onnx_lines import COLUMN, OnnxLines, ink_map
from pipeline.model import BoundingBox
from pipeline.pixels import Pixels
from pipeline.ports import LineFinder
from pipeline.read.found_lines import FoundLines
from samples.document import Entries, Kind
from samples.levels import choose_recipe
from samples.recipe import Recipe
from samples.spoil.page import ScannedPage, scanned
from samples.typeset.fonts import FAMILY, set_in
from samples.typeset.pages import fit_pages
from samples.typeset.style import choose_style
from samples.writing import KINDS, write_document
from tools.read_lines import best_match, found_lines, said
from tools.train_reader.shelf import LabelledLine
from tools.train_reader.words import Corpus, reworded

FAMILIES = {FAMILY: 0.72, "NotoSerif": 0.08, "Arimo": 0.1, "NotoSans": 0.05, "Cousine": 0.05}
"""Nearly everything is set in Times; old files have typewriters, tables and letterheads sans serif."""
LEVELS = {"mixed": 0.6, "heavy": 0.25, "light": 0.15}
SHAKEN = 0.5
"""Of the boxes lie a little otherwise than the finder says: other pages shake it otherwise."""
SHAKE = 0.04
"""Standard deviation, in line heights."""
LEAST_COLUMNS = 1.05
"""Output columns that a character needs, and LEAST_MORE for the whole line: CTC cannot learn from less."""
LEAST_MORE = 2


def drawn_lines(key: str, corpus: Corpus, finder: LineFinder, reader: OnnxLines) -> Iterator[LabelledLine]:
    """Of all pages of one document; the same key, the same lines."""
    rng = random.Random(key)
    recipe = replace(_recipe(rng), quarter_turns=0)
    with set_in(rng.choices(*zip(*FAMILIES.items(), strict=True))[0]):
        document = reworded(write_document(rng, rng.choice(KINDS), recipe.entries), corpus, rng)
        sheets = fit_pages(document, choose_style(rng, document.issued))
        back = sheets[-1] if recipe.show_through else None
        pages = [scanned(sheet, back, recipe, document.issued, f"{key}:{place}") for place, sheet in enumerate(sheets)]
    for page in pages:
        yield from _lines_of(page, recipe, rng, finder, reader)


def _recipe(rng: random.Random) -> Recipe:
    level = rng.choices(*zip(*LEVELS.items(), strict=True))[0]
    recipe = choose_recipe(level, rng.randrange(1 << 30), rng.randint(1, 1000), rng)
    return replace(recipe, entries=Entries.TYPED) if rng.random() < 0.7 else recipe


def _lines_of(
    page: ScannedPage, recipe: Recipe, rng: random.Random, finder: LineFinder, reader: OnnxLines
) -> Iterator[LabelledLine]:
    truth = [line.text for line in page.lines if all(word.kind in (Kind.PRINT, Kind.STAMP) for word in line.words)]
    pixels = _stretched(_compressed(page.pixels, recipe), rng)
    picture, boxes = found_lines(pixels, page.dpi, FoundLines(finder, reader))
    for box, reading in zip(boxes, reader.read_lines(picture, boxes), strict=True):
        text = best_match([said(reading)], truth)
        if text:
            yield from labelled(picture, _shaken(box, rng), text)


def labelled(picture: Pixels, box: BoundingBox, text: str) -> Iterator[LabelledLine]:
    """One line, or none where it is too narrow for what is said to stand there."""
    ink = np.round(ink_map(picture, box).ink * 255).astype(np.uint8)
    if ink.shape[1] / COLUMN >= LEAST_COLUMNS * len(text) + LEAST_MORE:
        yield LabelledLine(ink, text)


def _compressed(pixels: Pixels, recipe: Recipe) -> Pixels:
    if recipe.quality is None:
        return pixels
    swapped = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR) if pixels.ndim == 3 else pixels
    stored = cv2.imencode(".jpg", swapped, [cv2.IMWRITE_JPEG_QUALITY, recipe.quality])[1]
    seen = np.asarray(cv2.imdecode(stored, cv2.IMREAD_COLOR if pixels.ndim == 3 else cv2.IMREAD_GRAYSCALE))
    return np.asarray(cv2.cvtColor(seen, cv2.COLOR_BGR2RGB) if pixels.ndim == 3 else seen, np.uint8)


def _stretched(pixels: Pixels, rng: random.Random) -> Pixels:
    """Type that is a little narrower or wider, as no two faces called Times are alike."""
    factor = rng.uniform(0.93, 1.07)
    return np.asarray(cv2.resize(pixels, None, fx=factor, fy=1.0, interpolation=cv2.INTER_AREA), np.uint8)


def _shaken(box: BoundingBox, rng: random.Random) -> BoundingBox:
    if rng.random() >= SHAKEN:
        return box
    left, top, right, bottom = (round(rng.gauss(0, SHAKE * box.height)) for _ in range(4))
    return BoundingBox(box.left + left, box.top + top, max(box.right + right, box.left + left + 2), box.bottom + bottom)
