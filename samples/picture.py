"""Pictures of pages, and where each word stands in them. Pixels from the top left corner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from samples.document import Kind

Pixels = NDArray[np.uint8]
"""H x W (grey) or H x W x 3 (RGB); 0 = black."""
Matrix = NDArray[np.float64]
"""3 x 3, maps (x, y, 1) of one picture to another."""
Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class TrueWord:
    """`corners`: 4 x 2, the word's ink box carried through every bend the page took."""

    text: str
    kind: Kind
    corners: NDArray[np.float64]

    @property
    def extent(self) -> Box:
        """Left, top, right and bottom of the corners."""
        (left, top), (right, bottom) = self.corners.min(axis=0).tolist(), self.corners.max(axis=0).tolist()
        return left, top, right, bottom

    def box(self, width: int, height: int) -> tuple[int, int, int, int]:
        """The upright whole-pixel box around the corners, inside a picture of that size."""
        left, top, right, bottom = self.extent
        return max(0, floor(left)), max(0, floor(top)), min(width, ceil(right)), min(height, ceil(bottom))


@dataclass(frozen=True, slots=True)
class TrueLine:
    """`header`: of the two columns at the top of page 1."""

    words: tuple[TrueWord, ...]
    header: bool = False

    @property
    def text(self) -> str:
        """As a transcript has it."""
        return " ".join(f"[handwriting:{word.text}]" if word.kind is Kind.HANDWRITING else word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Blot:
    """Ink that was put on the printed page: `mask` 255 = all of it, `left`, `top`: where the mask lies on the page."""

    mask: Pixels
    left: int
    top: int
    colour: Colour


def corners_of(box: Box) -> NDArray[np.float64]:
    left, top, right, bottom = box
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], dtype=np.float64)


def carried(lines: Sequence[TrueLine], matrix: Matrix) -> tuple[TrueLine, ...]:
    """The same lines in the picture that `matrix` makes."""
    return tuple(
        replace(line, words=tuple(replace(word, corners=mapped(word.corners, matrix)) for word in line.words)) for line in lines
    )


def mapped(points: NDArray[np.float64], matrix: Matrix) -> NDArray[np.float64]:
    """N x 2 points through a projective map."""
    moved = np.c_[points, np.ones(len(points))] @ matrix.T
    return np.asarray(moved[:, :2] / moved[:, 2:], dtype=np.float64)
