"""A word without a frame is a mark only when it stands by itself: no end of a sentence, no cell, no item of a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.model import BoundingBox, Line, bounds
from pipeline.secrecy.words import BEFORE_MAT, level_of
from pipeline.text import fold, words

ITEM = re.compile(r"^\s*(?:[-+*•–—]|\d+[.)]|[a-zđ][.)])\s|[;:,]\s*$")
"""An item of a list, or of a sentence that goes on."""

APART = 2.0
"""Line heights between words of which the further ones belong to something else."""

LEADING = 1.3
"""Line heights between two lines of one paragraph at most."""

FULL_WIDTH = 0.45
"""Share of the page's width of a line of running text."""

FAR = 0.3
"""Share of the page's height between a mark at its head and the same one at its foot, and between no two items of a list."""

MORE_BEFORE = ("dau", "chu", "toi", "tuyet", "la", "hai", "va", "hoac")
"""Folded words after which "MẬT" on the next line goes on."""


@dataclass(frozen=True, slots=True)
class Said:
    """A mark as it was read. `stamped`: in a frame or in red, so that nothing else is asked of it."""

    level: str
    box: BoundingBox
    stamped: bool


def parts_of(line: Line) -> list[Line]:
    """A line, or its first and last words where they stand far from the others: a mark beside the header is found as one line
    with it."""
    gaps = [after.box.left - before.box.right for before, after in pairwise(line.words)]
    cuts = [place for place, gap in enumerate(gaps, 1) if gap > APART * line.box.height]
    if not cuts:
        return [line]
    pieces = (line.words[: cuts[0]], line.words[cuts[-1] :])
    return [line, *(replace(line, words=words, box=bounds([word.box for word in words])) for words in pieces)]


def stands_alone(box: BoundingBox, lines: Sequence[Line], width: int) -> bool:
    """Whether what stands in `box` is no end of what stands above it, no item of a list and no part of a line that goes on.

    `width` of the page in pixels.
    """
    own = [line for line in lines if line.box.overlap(box) > 0.5 * box.area]
    if any(ITEM.search(line.text) for line in own):
        return False
    above = [other for other in lines if all(other is not line for line in own) and _is_above(other.box, box)]
    return not any(_goes_on(other, width) for other in above)


def without_lists(said: Sequence[Said], lines: Sequence[Line], height: int) -> list[Said]:
    """Those without a frame, unless another one is near: a list or a table without rules names one level after the other.

    `height` of the page in pixels.
    """
    levels = [*(one.box for one in said), *(line.box for line in lines if level_of(line.text, stamped=False))]
    return [one for one in said if not any(_is_near(one.box, other, FAR * height) for other in levels)]


def _is_near(box: BoundingBox, other: BoundingBox, far: float) -> bool:
    """Another one, and no second reading of the same."""
    return not box.overlap(other) and abs(box.middle[1] - other.middle[1]) < far


def _is_above(other: BoundingBox, box: BoundingBox) -> bool:
    across = min(other.right, box.right) - max(other.left, box.left)
    gap = box.top - other.bottom
    return across > 0 and -0.5 * box.height < gap < LEADING * box.height and other.middle[1] < box.top


def _goes_on(above: Line, width: int) -> bool:
    tokens = words(fold(above.text))
    return bool(tokens) and (tokens[-1] in (*BEFORE_MAT, *MORE_BEFORE) or above.box.width > FULL_WIDTH * width)
