"""One page from the printer's tray to the scanner's memory, step by step."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

import numpy as np

from samples.picture import Colour, Pixels, TrueLine, carried
from samples.recipe import Mode, Recipe
from samples.spoil import lens, paper, sensor
from samples.spoil.marks import marked
from samples.typeset.drawing import draw_print
from samples.typeset.sheet import A4, Sheet

FINE_DPI = 200
"""Letters of 100 and 150 dpi are drawn twice as large and averaged, as a sensor does."""
BLACK: Colour = (18, 18, 18)


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """`pixels` as seen, upright; `lines` in reading order with corners in them. `dpi`: None for a photo. `skew`: degrees that
    text lines rise to the right. `turns`: quarter turns clockwise by which the page lies in the file."""

    pixels: Pixels
    lines: tuple[TrueLine, ...]
    dpi: int | None
    skew: float
    turns: int

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


def scanned(sheet: Sheet, back: Sheet | None, recipe: Recipe, issued: date, key: str) -> ScannedPage:
    """Print, mark, age, lay on the glass and scan one sheet. `back` is what stands on its other side; `key` seeds all chance."""
    rng, chance = random.Random(f"{key}:faults"), np.random.default_rng(random.Random(f"{key}:grain").getrandbits(64))
    dpi = recipe.dpi if recipe.dpi >= FINE_DPI else 2 * recipe.dpi
    printed, lines = draw_print(sheet.lines, sheet.rules, A4, dpi)
    blots, lines = marked(sheet, lines, recipe, issued, rng, dpi)
    page = paper.blotted(paper.on_paper(printed, recipe.paper, recipe.ink, colour=recipe.mode is Mode.COLOUR), blots)
    page = _aged(page, back, recipe, rng, dpi)
    page, lines = _placed(page, lines, recipe, rng, dpi)
    return ScannedPage(
        _sensed(page, recipe, rng, chance), lines, None if recipe.photo else recipe.dpi, recipe.skew, recipe.quarter_turns
    )


def _aged(page: Pixels, back: Sheet | None, recipe: Recipe, rng: random.Random, dpi: int) -> Pixels:
    if recipe.show_through and back:
        behind, _ = draw_print(back.lines, back.rules, A4, dpi)
        page = paper.shown_through(page, behind, recipe.show_through, dpi)
    if recipe.blotches:
        page = paper.blotchy(page, recipe.blotches, rng)
    if recipe.folds:
        page = paper.folded(page, recipe.folds, rng, dpi)
    if recipe.holes:
        page = paper.punched(page, rng, dpi)
    return page


def _placed(
    page: Pixels, lines: tuple[TrueLine, ...], recipe: Recipe, rng: random.Random, dpi: int
) -> tuple[Pixels, tuple[TrueLine, ...]]:
    if dpi != recipe.dpi:
        page, matrix = lens.scaled(page, recipe.dpi / dpi)
        lines = carried(lines, matrix)
    if recipe.skew:
        page, matrix = lens.skewed(page, recipe.skew, BLACK if recipe.edge else recipe.paper)
        lines = carried(lines, matrix)
    if recipe.photo:
        page, matrix = lens.photographed(page, rng)
        lines = carried(lines, matrix)
    return page, lines


def _sensed(page: Pixels, recipe: Recipe, rng: random.Random, chance: np.random.Generator) -> Pixels:
    if recipe.blur:
        page = sensor.blurred(page, recipe.blur, recipe.dpi)
    if recipe.noise:
        page = sensor.noisy(page, recipe.noise, chance)
    if recipe.edge:
        page = sensor.edged(page, recipe.edge, rng)
    if recipe.mode is Mode.BILEVEL:
        page = sensor.bilevel(page, recipe.broken, chance)
    return sensor.specked(page, recipe.specks, chance) if recipe.specks else page
