"""The things that a page paints, as the modules of this package speak of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import pikepdf

from pipeline.pages.geometry import Rectangle
from pipeline.pages.picture import Matrix


class MarkKind(Enum):
    TEXT = "text"
    IMAGE = "image"
    PATH = "path"
    SHADING = "shading"


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing painted. `box`: user space, clipped. `trail`: index of the instruction in the page, in the form it calls ...

    `matrix`: the unit square of an image, or the text space of a text -> user space. `image`: None when it cannot be taken out
    (inline images, stencils in colour). `opaque`: nothing under it shows through. `whole`: no clipping path cuts into it.
    """

    kind: MarkKind
    box: Rectangle
    trail: tuple[int, ...]
    matrix: Matrix
    image: pikepdf.Object | None = None
    opaque: bool = True
    whole: bool = True


def intersection(one: Rectangle, other: Rectangle) -> Rectangle:
    """What both cover; left > right or bottom > top when that is nothing."""
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def area(box: Rectangle) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])
