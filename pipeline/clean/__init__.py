"""The order of the filters, and nothing else: a page as the file shows it -> pictures that are good to read."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.clean.blank import is_blank
from pipeline.clean.denoise import despeckle
from pipeline.clean.deskew import estimate_skew
from pipeline.clean.ink import positive, red_layer, without_red
from pipeline.clean.orient import quarter_turn, turned
from pipeline.clean.photo import find_sheet, in_even_light
from pipeline.clean.view import View
from pipeline.model import BoundingBox
from pipeline.pixels import Pixels
from pipeline.ports import PageReader


@dataclass(frozen=True, slots=True)
class CleanPage:
    """`seen`: the page with quarter turns undone; boxes of a Page are in its pixels.

    `print`: grey, straight, red ink faded, specks gone: what is read. `red`: the same geometry, red ink alone as dark on white;
    None where the page has none. `view`: how both lie on `seen`. `orientation` and `skew` as in Page.
    """

    seen: Pixels
    print: Pixels
    red: Pixels | None
    view: View
    orientation: int
    skew: float
    blank: bool

    def box_as_seen(self, box: BoundingBox) -> BoundingBox:
        """A box of `print` or `red` on the page as seen."""
        return self.view.box_as_seen(box, self.seen.shape[1], self.seen.shape[0])


READING_DPI = 300
"""Resolution at which pages are read; 200 dpi reads as well, more only costs time (600 dpi: four times)."""
TOO_FINE_DPI = 360
UNKNOWN_DPI_SIDE = 4200
"""Pixels: long side of a picture without a resolution that is read as it is: A4 at 360 dpi."""


def clean_page(pixels: Pixels, dpi: float | None, reader: PageReader) -> CleanPage:
    """RGB or grey pixels as the file shows them, and their resolution -> CleanPage."""
    grey = without_red(pixels)
    orientation = quarter_turn(grey, reader)
    seen, grey = turned(pixels, orientation), turned(grey, orientation)
    sheet = find_sheet(grey) or View.whole(grey.shape[1], grey.shape[0])
    ink = despeckle(in_even_light(positive(sheet.draw(grey))))
    blank = is_blank(ink)
    skew = 0.0 if blank else estimate_skew(ink)
    view = sheet.turned(skew, _scale(seen, dpi))
    red = red_layer(seen)
    return CleanPage(
        seen=seen,
        print=_in_view(ink, sheet, view),
        red=None if red is None else view.draw(red),
        view=view,
        orientation=orientation,
        skew=skew,
        blank=blank and red is None,
    )


def _in_view(ink: Pixels, sheet: View, view: View) -> Pixels:
    """`ink` is drawn in `sheet` already: only the turn is left."""
    left = View(view.matrix @ sheet.back, view.width, view.height)
    return left.draw(ink)


def _scale(pixels: Pixels, dpi: float | None) -> float:
    if dpi is not None:
        return READING_DPI / dpi if dpi > TOO_FINE_DPI else 1.0
    return min(1.0, UNKNOWN_DPI_SIDE / max(int(side) for side in pixels.shape[:2]))
