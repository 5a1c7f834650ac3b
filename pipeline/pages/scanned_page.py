"""A page that is one scanned image: its own bytes and pixels, and what the file draws over it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import pikepdf

from pipeline.model import BoundingBox
from pipeline.pages.drawing import decode_image
from pipeline.pages.embedded import Unsupported, pixels_of, take_out
from pipeline.pages.geometry import PageFrame
from pipeline.pages.marks import Mark, MarkKind, area, intersection
from pipeline.pages.overlay import overlaid
from pipeline.pages.pdf_page import PdfPage
from pipeline.pages.picture import EncodedImage, Matrix, Picture, PlacedImage
from pipeline.pages.pixels import check_size
from pipeline.pages.resolution import SQUARE_ENOUGH, believable_dpi
from pipeline.pages.scan import Limits, PageScan
from pipeline.pixels import Pixels

SMALLEST_SHARE = 0.5
"""An image that covers less of its page is an illustration, not a scan of the page."""

WHOLE_SHARE = 0.98
EDGE_SLACK = 0.02
"""Scanner software rounds page boxes: an image that misses the page's edges by less than this is the page."""

LAYERED_SHARE = 0.25
"""Another image as large as this over the scan: a page split into layers (mixed raster content), which is drawn as a whole."""

STRAIGHT = 1e-3
"""What counts as zero in a rotation: a tenth of a pixel along a page."""


def scan_mark(marks: tuple[Mark, ...], frame: PageFrame) -> int | None:
    """Which of the marks is the scan of the page; None when the page is anything else than one image and things over it."""
    whole = area(frame.box)
    for at in reversed(range(len(marks))):
        mark = marks[at]
        share = area(intersection(mark.box, frame.box)) / whole
        if mark.kind is not MarkKind.IMAGE or share < LAYERED_SHARE:
            continue
        suits = share >= SMALLEST_SHARE and mark.image is not None and mark.whole and _is_straight(mark.matrix, frame)
        return at if suits and _hides(mark, marks[:at], share) else None
    return None


def _hides(mark: Mark, below: tuple[Mark, ...], share: float) -> bool:
    """Nothing that was painted before is still seen."""
    if not below:
        return True
    inside = share >= WHOLE_SHARE or all(
        area(intersection(other.box, mark.box)) >= WHOLE_SHARE * area(other.box) for other in below
    )
    return mark.opaque and inside


def _is_straight(matrix: Matrix, frame: PageFrame) -> bool:
    m = matrix.then(frame.to_unit())
    return max(abs(m.b), abs(m.c)) < STRAIGHT or max(abs(m.a), abs(m.d)) < STRAIGHT


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the scan stands: on a canvas of `width` x `height` pixels (the page as seen), by `matrix` from PDF's unit square."""

    width: int
    height: int
    dpi: float
    matrix: Matrix


def placement(mark: Mark, stored: EncodedImage, frame: PageFrame) -> Placement:
    """The canvas on which the image keeps its own pixels; an image that reaches the page's edges is the whole canvas."""
    on_page = mark.matrix.then(frame.to_unit())
    left, top, right, bottom = on_page.box(0, 0, 1, 1)
    sideways = abs(on_page.a) < STRAIGHT
    columns, rows = (stored.height, stored.width) if sideways else (stored.width, stored.height)
    inches = frame.inches
    across, down = columns / ((right - left) * inches[0]), rows / ((bottom - top) * inches[1])
    if max(across, down) <= SQUARE_ENOUGH * min(across, down):
        width, height = columns / (right - left), rows / (bottom - top)
    else:
        width, height = max(across, down) * inches[0], max(across, down) * inches[1]
    if max(abs(left), abs(top), abs(right - 1), abs(bottom - 1)) <= EDGE_SLACK:
        on_page = on_page.then(Matrix(e=-left, f=-top)).then(Matrix(a=1 / (right - left), d=1 / (bottom - top)))
        width, height = width * (right - left), height * (bottom - top)
    whole = max(1, round(width)), max(1, round(height))
    return Placement(*whole, max(across, down), on_page.then(Matrix(a=whole[0], d=whole[1])))


def on_canvas(pixels: Pixels, place: Placement) -> Pixels:
    """The stored image turned, flipped, stretched if its pixels are not square, and laid on white paper."""
    seen = _turned(pixels, place.matrix)
    left, top, right, bottom = (round(value) for value in place.matrix.box(0, 0, 1, 1))
    height, width = seen.shape[:2]
    if abs(height - (bottom - top)) > 1 or abs(width - (right - left)) > 1:
        width, height = right - left, bottom - top
        seen = np.asarray(cv2.resize(seen, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    right, bottom = left + width, top + height
    if (left, top, right, bottom) == (0, 0, place.width, place.height):
        return np.ascontiguousarray(seen)
    paper = np.full((place.height, place.width, *seen.shape[2:]), 255, np.uint8)
    shown = BoundingBox(max(0, left), max(0, top), min(place.width, right), min(place.height, bottom))
    part = seen[shown.top - top : shown.bottom - top, shown.left - left : shown.right - left]
    paper[shown.top : shown.bottom, shown.left : shown.right] = part
    return paper


def _turned(pixels: Pixels, matrix: Matrix) -> Pixels:
    """Rows and columns in the order in which `matrix` (straight; unit square, y up -> page, y down) lays them."""
    if abs(matrix.a) > abs(matrix.b):
        rows, columns = -1 if matrix.d > 0 else 1, -1 if matrix.a < 0 else 1
        return pixels[::rows, ::columns]
    sideways = pixels.swapaxes(0, 1)
    rows, columns = -1 if matrix.b < 0 else 1, -1 if matrix.c > 0 else 1
    return sideways[::rows, ::columns]


def scanned_scan(page: PdfPage, at: int, limits: Limits) -> PageScan:
    """The scan at `page.marks[at]` with its overlays. Raises Unsupported (draw the page), Damaged, PageTooLarge."""
    mark_image, stored, place = _taken(page, at, limits)
    pixels = on_canvas(_pixels(mark_image, stored), place)
    over = overlaid(page, at, place.width, place.height)
    dpi = believable_dpi(place.dpi, max(place.width, place.height))
    picture = Picture((PlacedImage(stored, place.matrix),), over.overlays)
    return PageScan(page.page_no, over.laid_on(pixels), dpi, None, over.regions, (), picture)


def undecoded_scan(page: PdfPage, at: int, limits: Limits) -> PageScan:
    """The scan as it lies in the file, for the rendition alone: to the reader it is a white page. Raises as `scanned_scan`."""
    _, stored, place = _taken(page, at, limits)
    white = np.broadcast_to(np.uint8(255), (place.height, place.width))
    dpi = believable_dpi(place.dpi, max(place.width, place.height))
    return PageScan(page.page_no, white, dpi, None, (), (), Picture((PlacedImage(stored, place.matrix),)))


def _taken(page: PdfPage, at: int, limits: Limits) -> tuple[pikepdf.Object, EncodedImage, Placement]:
    mark = page.marks[at]
    if mark.image is None:
        raise Unsupported("inline image")
    stored = take_out(mark.image, limits.max_page_pixels)
    place = placement(mark, stored, page.frame)
    check_size(place.width, place.height, limits.max_page_pixels)
    return mark.image, stored, place


def _pixels(image: pikepdf.Object, stored: EncodedImage) -> Pixels:
    try:
        return pixels_of(image, stored)
    except Unsupported:
        return decode_image(image, stored.width, stored.height)
