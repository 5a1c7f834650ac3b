"""The measures of a page, chosen once per document within what the decree of its time allows."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from samples.document import DECREE_2020

MM = 72 / 25.4
SINGLE = 1.15
"""Height of a line set "single", in ems of Times."""


class NumberPlace(StrEnum):
    TOP_CENTRE = "top_centre"
    FOOT_RIGHT = "foot_right"
    FOOT_CENTRE = "foot_centre"


@dataclass(frozen=True, slots=True)
class Style:
    """Points. `size` is the body's, `leading` from baseline to baseline, `gap` between paragraphs, `signing_gap` between
    position and name of a signer. `centred_cells`: short cells stand in the middle of high rows."""

    left: float
    right: float
    top: float
    bottom: float
    size: float
    leading: float
    gap: float
    indent: float
    signing_gap: float
    number_place: NumberPlace
    centred_cells: bool


def choose_style(rng: random.Random, issued: date) -> Style:
    """Margins, sizes and spacing as one typist of that time would set them."""
    size = rng.choice((13.0, 13.0, 13.5, 14.0, 14.0))
    old_place = rng.choice((NumberPlace.FOOT_RIGHT, NumberPlace.FOOT_RIGHT, NumberPlace.FOOT_CENTRE))
    return Style(
        left=rng.uniform(28, 35) * MM,
        right=rng.uniform(15, 20) * MM,
        top=rng.uniform(20, 25) * MM,
        bottom=rng.uniform(20, 25) * MM,
        size=size,
        leading=size * SINGLE * rng.uniform(1.0, 1.22),
        gap=rng.uniform(3, 7),
        indent=rng.choice((10.0, 12.7)) * MM,
        signing_gap=rng.uniform(78, 108),
        number_place=NumberPlace.TOP_CENTRE if issued >= DECREE_2020 else old_place,
        centred_cells=rng.random() < 0.5,
    )


def tightened(style: Style) -> Style:
    """The least that the decree allows: 13 pt, single spacing, 20 mm above and below."""
    return replace(
        style, top=20 * MM, bottom=20 * MM, size=13.0, leading=13.0 * SINGLE, gap=3.0, signing_gap=min(style.signing_gap, 84.0)
    )
