"""Which faults meet on a page: by level, by name, and by whose turn it is.

none     clean grey print at 300 dpi, nothing added, nothing lost
light    number and day by hand, seal and signature, one mild fault
mixed    as in an office's folder: every class in turn, with the marks and small faults that most scans have
heavy    up to six strong faults at once
CLASS    the name of one class of faults: that alone on a clean 200 dpi page
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

from pipeline.errors import UsageError
from samples.faults import CLASSES, OVERRULES
from samples.recipe import Mode, Recipe

MARKS = ("seal", "signature", "handwriting")
"""What nearly every issued document carries."""
LEVELS = ("none", "light", "mixed", "heavy")
DEGRADATIONS = (*LEVELS, *CLASSES)
OFTEN = {
    "skew": 0.55,
    "jpeg": 0.45,
    "bilevel": 0.2,
    "dpi-300": 0.2,
    "holes": 0.06,
    "edge": 0.1,
    "show-through": 0.08,
    "specks": 0.1,
    "noise": 0.15,
}
"""Chance of a further fault in `mixed`, after what a folder of office scans shows."""
MILD = ("skew", "noise", "specks", "jpeg", "blur", "holes", "yellow-paper")
HARSH = tuple(name for name in CLASSES if name not in ("blanks", "dpi-300", *MARKS))


def choose_recipe(level: str, seed: int, index: int, rng: random.Random) -> Recipe:
    """The recipe of sample `index` (from 1). Raises UsageError for an unknown level."""
    marks = dict.fromkeys(MARKS, 0.5)
    match level:
        case "none":
            return Recipe(dpi=300, quality=None, mode=Mode.GREY)
        case "light":
            return _applied(Recipe(), marks | {rng.choice(MILD): 0.2}, rng)
        case "mixed":
            return _mixed(seed, index, rng)
        case "heavy":
            return _applied(Recipe(), marks | {name: rng.uniform(0.8, 1.0) for name in rng.sample(HARSH, 6)}, rng)
        case name if name in CLASSES:
            return _applied(Recipe(), {name: rng.uniform(0.2, 1.0)}, rng)
    raise UsageError(f"--degrade {level}: một trong {', '.join(DEGRADATIONS)}")


def _mixed(seed: int, index: int, rng: random.Random) -> Recipe:
    """One class whose turn it is, so that each appears once in every len(CLASSES) samples, and the usual company."""
    featured = in_turn(tuple(CLASSES), f"{seed}:classes", index)
    chosen = {name: rng.uniform(0.1, 0.6) for name, chance in OFTEN.items() if rng.random() < chance}
    chosen |= {name: 0.5 for name in MARKS if rng.random() < 0.6}
    chosen = {name: strength for name, strength in chosen.items() if featured not in OVERRULES.get(name, ())}
    paper = rng.choice(((255, 255, 255), (250, 249, 247), (246, 247, 250)))
    base = Recipe(
        mode=rng.choice((Mode.COLOUR, Mode.COLOUR, Mode.GREY)),
        paper=paper,
        ink=25,
        blur=0.35,
        noise=1.5,
        quality=rng.randint(65, 88),
        skew=rng.gauss(0, 0.15),
    )
    return _applied(base, chosen | {featured: rng.uniform(0.3, 0.9)}, rng)


def _applied(recipe: Recipe, strengths: Mapping[str, float], rng: random.Random) -> Recipe:
    """All classes of `strengths` that no other of them overrules."""
    hidden = {name for over in strengths for name in OVERRULES.get(over, ())}
    for name, change in CLASSES.items():
        if name in strengths and name not in hidden:
            recipe = replace(change(recipe, rng, strengths[name]), classes=(*recipe.classes, name))
    return recipe


def in_turn(names: tuple[str, ...], key: str, index: int) -> str:
    """Each name once in every len(names) consecutive indexes (from 1), in an order that changes from round to round."""
    turn, place = divmod(index - 1, len(names))
    return random.Random(f"{key}:{turn}").sample(names, len(names))[place]
