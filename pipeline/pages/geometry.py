"""Where a PDF page's points fall on the picture of the page as seen."""

from __future__ import annotations

from dataclasses import dataclass

import pikepdf

from pipeline.errors import Damaged
from pipeline.model import BoundingBox
from pipeline.pages.picture import Matrix

Rectangle = tuple[float, float, float, float]
"""Left, bottom, right, top in a PDF's user space (y grows upwards)."""

POINTS_PER_INCH = 72.0
SMALLEST_SIDE_POINTS = 3.0
"""ISO 19005-2, 6.1.13: no page of PDF/A is smaller; nothing can be read on one that is."""

LARGEST_USER_UNIT = 75_000.0
"""What Acrobat takes (ISO 32000-1, annex C): more is nonsense and counts as 1."""


@dataclass(frozen=True, slots=True)
class PageFrame:
    """The part of a page that is shown: `box` in user space, turned `rotate` degrees clockwise, `unit` points a user unit."""

    box: Rectangle
    rotate: int
    unit: float

    @property
    def points(self) -> tuple[float, float]:
        """Width and height of the page as seen, in user units: points to programs that know no user units, such as poppler."""
        across, down = self.box[2] - self.box[0], self.box[3] - self.box[1]
        return (down, across) if self.rotate in (90, 270) else (across, down)

    @property
    def inches(self) -> tuple[float, float]:
        """Width and height of the page as seen."""
        across, down = self.points
        return across * self.unit / POINTS_PER_INCH, down * self.unit / POINTS_PER_INCH

    def to_unit(self) -> Matrix:
        """User space -> the page as seen with both sides 1 (origin top left, y down)."""
        left, low, right, high = self.box
        level = Matrix(1 / (right - left), 0, 0, -1 / (high - low), -left / (right - left), high / (high - low))
        turns = {
            0: Matrix(),
            90: Matrix(0, 1, -1, 0, 1, 0),
            180: Matrix(-1, 0, 0, -1, 1, 1),
            270: Matrix(0, -1, 1, 0, 0, 1),
        }
        return level.then(turns[self.rotate])

    def to_pixels(self, width: int, height: int) -> Matrix:
        """User space -> pixels of a picture of the whole page."""
        return self.to_unit().then(Matrix(a=width, d=height))

    def cut(self, pixels: BoundingBox, width: int, height: int) -> PageFrame:
        """The frame of a part of the page, given in pixels of its `width` x `height` picture."""
        inverse = _inverse(self.to_pixels(width, height))
        return PageFrame(inverse.box(pixels.left, pixels.top, pixels.right, pixels.bottom), self.rotate, self.unit)


def frame_of(page: pikepdf.Page) -> PageFrame:
    """Raises Damaged when the page has no area."""
    media = _rectangle(page.obj, "/MediaBox")
    if media is None:
        raise Damaged("MediaBox")
    crop = _rectangle(page.obj, "/CropBox") or media
    shown = _intersection(crop, media)
    if min(shown[2] - shown[0], shown[3] - shown[1]) < SMALLEST_SIDE_POINTS:
        shown = media
    if min(shown[2] - shown[0], shown[3] - shown[1]) < SMALLEST_SIDE_POINTS:
        raise Damaged("MediaBox")
    return PageFrame(shown, _quarter_turns(_inherited(page.obj, "/Rotate")), _user_unit(page.obj.get("/UserUnit")))


def _inherited(node: pikepdf.Object, key: str) -> pikepdf.Object | None:
    """A page attribute from the page or the nodes above it (bounded: a damaged tree may be a loop)."""
    for _ in range(50):
        if key in node:
            return node[key]
        if not isinstance(node.get("/Parent"), pikepdf.Dictionary):
            return None
        node = node["/Parent"]
    return None


def _rectangle(node: pikepdf.Object, key: str) -> Rectangle | None:
    """Corners in the usual order, whichever two opposite ones the file gives."""
    given = _inherited(node, key)
    try:
        x1, y1, x2, y2 = (float(value) for value in given)  # type: ignore[union-attr]
    except (TypeError, ValueError):
        return None
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _intersection(one: Rectangle, other: Rectangle) -> Rectangle:
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def _quarter_turns(given: object) -> int:
    """Degrees clockwise; what is no multiple of 90 counts as 0, as viewers do."""
    try:
        degrees = int(given)  # type: ignore[call-overload]
    except (TypeError, ValueError):
        return 0
    return degrees % 360 if degrees % 90 == 0 else 0


def _user_unit(given: object) -> float:
    try:
        unit = float(given)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return 1.0
    return unit if 0 < unit <= LARGEST_USER_UNIT else 1.0


def _inverse(matrix: Matrix) -> Matrix:
    a, b, c, d, e, f = matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f
    area = a * d - b * c
    return Matrix(d / area, -b / area, -c / area, a / area, (c * f - d * e) / area, (b * e - a * f) / area)
