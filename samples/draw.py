"""One sample in memory: a document written, set in type, spoiled, and put into a file, with the truth about it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from pipeline.text import fold
from samples.document import Document, Entries
from samples.levels import choose_recipe, in_turn
from samples.recipe import Recipe
from samples.scan_file import write_scan
from samples.spoil.page import ScannedPage, scanned
from samples.truth import field_truth, transcript, word_boxes
from samples.typeset.pages import fit_pages
from samples.typeset.sheet import Sheet
from samples.typeset.style import choose_style
from samples.writing import KINDS, write_document


@dataclass(frozen=True, slots=True)
class DrawnSample:
    """A sample in memory: the file's bytes, the pages as pictures with their true lines, and the truth as it is written out."""

    name: str
    suffix: str
    content: bytes
    kind: str
    recipe: Recipe
    pages: tuple[ScannedPage, ...]
    transcript: str
    truth: dict[str, Any]
    words: dict[str, Any]


def draw_sample(seed: int, index: int, degrade: str = "mixed") -> DrawnSample:
    """Sample `index` (from 1) of a seed. Depends on nothing else; the text is the same whatever is done to the page."""
    key = f"{seed}:{index}"
    recipe = choose_recipe(degrade, seed, index, random.Random(f"{key}:{degrade}"))
    kind = in_turn(KINDS, f"{seed}:kinds", index)
    document, sheets = write_sheets(key, kind, recipe.entries)
    pages = tuple(
        scanned(sheet, _other_side(sheets, number, recipe, key), recipe, document.issued, f"{key}:{degrade}:{number}")
        for number, sheet in enumerate(sheets)
    )
    suffix, content = write_scan(pages, recipe, random.Random(f"{key}:file"))
    name = f"s{seed}-{degrade}-{index:05d}-{fold(kind).replace(' ', '-')}"
    truth = field_truth(document, recipe, pages, name + suffix)
    return DrawnSample(name, suffix, content, kind, recipe, pages, transcript(pages), truth, word_boxes(pages))


def write_sheets(key: str, kind: str, entries: Entries) -> tuple[Document, tuple[Sheet, ...]]:
    """A made-up document of a kind, set in type."""
    rng = random.Random(f"{key}:words")
    document = write_document(rng, kind, entries)
    return document, fit_pages(document, choose_style(rng, document.issued))


def _other_side(sheets: tuple[Sheet, ...], number: int, recipe: Recipe, key: str) -> Sheet | None:
    """What may show through: the neighbouring page, or a page of some other document."""
    if not recipe.show_through:
        return None
    if len(sheets) > 1:
        return sheets[number + 1 if number + 1 < len(sheets) else number - 1]
    return write_sheets(f"{key}:back", KINDS[0], Entries.TYPED)[1][0]


def draw_samples(seed: int, degrade: str = "mixed", first: int = 1) -> Iterator[DrawnSample]:
    """Samples without end, in order, in memory."""
    return (draw_sample(seed, index, degrade) for index in count(first))
