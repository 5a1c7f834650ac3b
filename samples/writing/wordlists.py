"""The data files of this package, and the people and places that are put together from them."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> Mapping[str, Any]:
    """One of this package's TOML files."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist. `courtesy` is "ông" or "bà"."""

    courtesy: str
    name: str


def invented_person(rng: random.Random) -> Person:
    names = load("agencies")["people"]
    courtesy, sex = rng.choice((("ông", "male"), ("bà", "female")))
    return Person(courtesy, " ".join(rng.choice(names[part]) for part in ("family", f"middle_{sex}", f"given_{sex}")))


def invented_place(rng: random.Random) -> str:
    """Two syllables that sound like a commune, a district or a school."""
    places = load("agencies")["places"]
    return f"{rng.choice(places['first'])} {rng.choice(places['second'])}"
