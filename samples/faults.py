"""Classes of faults: each changes some values of a recipe, more so with greater strength."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import replace

from samples.document import Entries
from samples.recipe import Mode, Recipe
from samples.spoil.stamps import URGENCIES

Change = Callable[[Recipe, random.Random, float], Recipe]
"""Recipe, chance, strength (0 to 1) -> recipe."""


def _skew(recipe: Recipe, rng: random.Random, strength: float) -> Recipe:
    return replace(recipe, skew=rng.choice((-1, 1)) * (0.3 + 2.7 * strength) * rng.uniform(0.7, 1.0))


def _turn(recipe: Recipe, rng: random.Random, _strength: float) -> Recipe:
    return replace(recipe, quarter_turns=rng.choice((1, 2, 3)))


def _noise(recipe: Recipe, _rng: random.Random, strength: float) -> Recipe:
    return replace(recipe, noise=4 + 18 * strength)


def _specks(recipe: Recipe, _rng: random.Random, strength: float) -> Recipe:
    return replace(recipe, specks=0.0002 + 0.003 * strength)


def _show_through(recipe: Recipe, _rng: random.Random, strength: float) -> Recipe:
    return replace(recipe, show_through=0.06 + 0.16 * strength)


def _low_contrast(recipe: Recipe, _rng: random.Random, strength: float) -> Recipe:
    paper = round(235 - 40 * strength)
    return replace(recipe, ink=round(70 + 75 * strength), paper=(paper, paper, paper))


def _yellow(recipe: Recipe, _rng: random.Random, strength: float) -> Recipe:
    paper = (round(250 - 30 * strength), round(242 - 40 * strength), round(222 - 70 * strength))
    return replace(recipe, paper=paper, ink=round(30 + 40 * strength), blotches=round(8 + 22 * strength), mode=Mode.COLOUR)


def _bilevel(recipe: Recipe, _rng: random.Random, _strength: float) -> Recipe:
    return replace(recipe, mode=Mode.BILEVEL, blur=max(recipe.blur, 0.6), noise=6.0)


def _fax(recipe: Recipe, rng: random.Random, strength: float) -> Recipe:
    return replace(_bilevel(recipe, rng, strength), broken=0.25 + 0.75 * strength, specks=0.0003 + 0.001 * strength, dpi=200)


def _dpi(dpi: int) -> Change:
    def set_dpi(recipe: Recipe, _rng: random.Random, _strength: float) -> Recipe:
        return replace(recipe, dpi=dpi)

    return set_dpi


def _jpeg(recipe: Recipe, _rng: random.Random, strength: float) -> Recipe:
    return replace(recipe, quality=round(85 - 60 * strength))


def _blur(recipe: Recipe, _rng: random.Random, strength: float) -> Recipe:
    return replace(recipe, blur=0.5 + 1.1 * strength)


def _seal(recipe: Recipe, _rng: random.Random, _strength: float) -> Recipe:
    return replace(recipe, seal=True)


def _signature(recipe: Recipe, _rng: random.Random, _strength: float) -> Recipe:
    return replace(recipe, signature=True)


def _handwriting(recipe: Recipe, _rng: random.Random, _strength: float) -> Recipe:
    return replace(recipe, entries=Entries.PENNED)


def _blanks(recipe: Recipe, _rng: random.Random, _strength: float) -> Recipe:
    return replace(recipe, entries=Entries.LEFT_BLANK)


def _urgent(recipe: Recipe, rng: random.Random, _strength: float) -> Recipe:
    return replace(recipe, urgency=rng.choice(URGENCIES))


def _incoming(recipe: Recipe, _rng: random.Random, _strength: float) -> Recipe:
    return replace(recipe, incoming=True)


def _folds(recipe: Recipe, _rng: random.Random, strength: float) -> Recipe:
    return replace(recipe, folds=1 + round(2 * strength))


def _holes(recipe: Recipe, _rng: random.Random, _strength: float) -> Recipe:
    return replace(recipe, holes=True)


def _edge(recipe: Recipe, _rng: random.Random, strength: float) -> Recipe:
    return replace(recipe, edge=0.006 + 0.03 * strength)


def _photo(recipe: Recipe, _rng: random.Random, strength: float) -> Recipe:
    return replace(
        recipe,
        photo=True,
        dpi=min(recipe.dpi, 200),
        mode=Mode.COLOUR,
        quality=round(88 - 25 * strength),
        blur=0.3 + 0.5 * strength,
        paper=(232, 228, 220),
        ink=28,
        noise=3.0,
        skew=0.0,
    )


CLASSES: Mapping[str, Change] = {
    "dpi-100": _dpi(100),
    "dpi-150": _dpi(150),
    "dpi-300": _dpi(300),
    "skew": _skew,
    "turn": _turn,
    "noise": _noise,
    "specks": _specks,
    "show-through": _show_through,
    "low-contrast": _low_contrast,
    "yellow-paper": _yellow,
    "jpeg": _jpeg,
    "blur": _blur,
    "seal": _seal,
    "signature": _signature,
    "handwriting": _handwriting,
    "blanks": _blanks,
    "urgent": _urgent,
    "incoming": _incoming,
    "folds": _folds,
    "holes": _holes,
    "edge": _edge,
    "bilevel": _bilevel,
    "fax": _fax,
    "photo": _photo,
}
"""In the order in which they change a recipe: what a fax or a camera delivers is settled last."""
_RESOLUTIONS = ("dpi-100", "dpi-150", "dpi-300")
_LOST_IN_BILEVEL = ("noise", "show-through", "low-contrast", "yellow-paper", "jpeg", "folds")
OVERRULES: Mapping[str, tuple[str, ...]] = {
    "dpi-100": ("dpi-150", "dpi-300"),
    "dpi-150": ("dpi-300",),
    "blanks": ("handwriting",),
    "bilevel": _LOST_IN_BILEVEL,
    "fax": (*_LOST_IN_BILEVEL, *_RESOLUTIONS, "bilevel", "blur", "specks"),
    "photo": ("skew", "noise", "low-contrast", "yellow-paper", "jpeg", "blur", "edge", "dpi-300", "bilevel", "fax"),
}
"""What cannot be seen any more beside a class: it is left out, so that a recipe's `classes` only names what is on the page."""
