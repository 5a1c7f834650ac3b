"""What a file draws over its scan: kept in the rendition, and told apart into what is read with the page and what is not.

Not read: signature widgets, and texts in the page's content (certification boxes, download watermarks): they become regions.
Read: notes, stamps and filled fields, pictures and lines over the scan - and a number or a day that an office program stamped on
the page as a signature widget of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from pipeline.model import BoundingBox, Region, RegionKind, Word
from pipeline.pages.annotations import Annotation
from pipeline.pages.drawing import draw_transparent, page_alone, remove_content, remove_content_before, saved
from pipeline.pages.geometry import PageFrame, Rectangle
from pipeline.pages.marks import Mark, MarkKind
from pipeline.pages.pdf_page import PdfPage
from pipeline.pages.picture import Overlay
from pipeline.pages.text_layer import text_lines
from pipeline.pixels import Pixels

STAMPED_NUMBER = re.compile(r"[\d./-]{1,10}[A-Za-z]?")
"""11, 08, 123a, 05/2025: what is filled into "Số: .../" and "ngày ..."; never the name and time of a signature box."""

LARGE_TEXT_SHARE = 0.4
"""A text that runs over so much of the page's width or height, or slantwise, is a watermark; a smaller one certifies."""

MARGIN = 4
"""Pixels around an overlay: strokes and soft edges reach over the box that the file names."""


@dataclass(frozen=True, slots=True)
class Overlaid:
    """`overlays`: all that the file draws over the scan. `read`: the part that belongs to what is read."""

    overlays: tuple[Overlay, ...]
    read: tuple[Overlay, ...]
    regions: tuple[Region, ...]

    def laid_on(self, pixels: Pixels) -> Pixels:
        """The scan with what belongs to it."""
        return laid_over(pixels, self.read)


def stamped_numbers(page: PdfPage, width: int, height: int) -> frozenset[int]:
    """Indices of the signature widgets that show a number and nothing else."""
    signatures = [one for one in page.annotations if one.names is RegionKind.DIGITAL_SIGNATURE]
    if not signatures:
        return frozenset()
    alone = page_alone(page.source, page.frame, [one.index for one in signatures])
    remove_content(alone)
    with saved(alone) as file:
        words = [word for line in text_lines(file, page.frame, width, height) for word in line.words]
    to_pixels = page.frame.to_pixels(width, height)
    shown = {one.index: _text_in(to_pixels.box(*one.box), words) for one in signatures}
    return frozenset(index for index, text in shown.items() if STAMPED_NUMBER.fullmatch(text))


def overlaid(page: PdfPage, at: int, width: int, height: int) -> Overlaid:
    """Everything over the scan `page.marks[at]`, whose canvas is `width` x `height`. Raises Damaged, DiskFull, ToolMissing."""
    above = page.marks[at + 1 :]
    if not above and not page.annotations:
        return Overlaid((), (), ())
    to_pixels = page.frame.to_pixels(width, height)
    numbers = stamped_numbers(page, width, height)
    read_annotations = [one for one in page.annotations if one.names is None or one.index in numbers]
    layer = _Layer(page, page.marks[at].trail, width, height)
    whole = BoundingBox(0, 0, width, height)
    texts = [mark for mark in above if mark.kind is MarkKind.TEXT]
    others = [mark for mark in above if mark.kind is not MarkKind.TEXT]
    painted = [_pixel_box(to_pixels.box(*mark.box), whole) for mark in others]
    read_boxes = painted + [_pixel_box(to_pixels.box(*one.box), whole) for one in read_annotations]
    all_boxes = painted + [_pixel_box(to_pixels.box(*one.box), whole) for one in page.annotations]
    return Overlaid(
        layer.draw([whole] if texts else all_boxes, page.annotations, texts=True, content=bool(above)),
        layer.draw(read_boxes, read_annotations, texts=False, content=bool(others)),
        (*named_regions(page, numbers, width, height), *_text_regions(texts, page.frame, width, height)),
    )


def not_read(page: PdfPage, numbers: frozenset[int], width: int, height: int) -> tuple[Overlay, ...]:
    """The annotations of a drawn page that the rendition shows and the reader does not see."""
    hidden = [one for one in page.annotations if one.names is not None and one.index not in numbers]
    to_pixels = page.frame.to_pixels(width, height)
    boxes = [_pixel_box(to_pixels.box(*one.box), BoundingBox(0, 0, width, height)) for one in hidden]
    return _Layer(page, (), width, height).draw(boxes, hidden, texts=False, content=False)


def named_regions(page: PdfPage, numbers: frozenset[int], width: int, height: int) -> tuple[Region, ...]:
    """Signature widgets and watermarks among the annotations, but for stamped numbers."""
    to_pixels = page.frame.to_pixels(width, height)
    whole = BoundingBox(0, 0, width, height)
    return tuple(
        Region(one.names, _pixel_box(to_pixels.box(*one.box), whole), 1.0)
        for one in page.annotations
        if one.names is not None and one.index not in numbers
    )


def laid_over(pixels: Pixels, overlays: Iterable[Overlay]) -> Pixels:
    """The page with the overlays on it; grey stays grey where they are."""
    result = pixels
    for over in overlays:
        if result.ndim == 2 and not _is_grey(over):
            result = np.repeat(result[..., None], 3, axis=2)
        result = _mixed(result, over)
    return result


def _is_grey(over: Overlay) -> bool:
    seen = over.pixels[over.pixels[..., 3] > 0]
    return bool((seen[:, :3] == seen[:, :1]).all())


def _mixed(page: Pixels, over: Overlay) -> Pixels:
    """A copy of the page, grey or RGB, with the overlay on it."""
    colours, alpha = over.pixels[..., :3].astype(np.float32), over.pixels[..., 3:].astype(np.float32) / 255
    if page.ndim == 2:
        colours, alpha = colours[..., 0], alpha[..., 0]
    rows, columns = slice(over.box.top, over.box.bottom), slice(over.box.left, over.box.right)
    copy = page.copy()
    copy[rows, columns] = (page[rows, columns] * (1 - alpha) + colours * alpha + 0.5).astype(np.uint8)
    return copy


@dataclass(frozen=True, slots=True)
class _Layer:
    """What a page paints over its scan, ready to be drawn in parts. `trail`: where the scan is painted."""

    page: PdfPage
    trail: tuple[int, ...]
    width: int
    height: int

    def draw(
        self, boxes: list[BoundingBox], annotations: Iterable[Annotation], *, texts: bool, content: bool
    ) -> tuple[Overlay, ...]:
        indices = [one.index for one in annotations]
        drawn = (self._draw_part(box, indices, texts=texts, content=content) for box in joined(boxes))
        return tuple(overlay for overlay in drawn if overlay is not None)

    def _draw_part(self, box: BoundingBox, indices: list[int], *, texts: bool, content: bool) -> Overlay | None:
        frame = self.page.frame.cut(box, self.width, self.height)
        alone = page_alone(self.page.source, frame, indices)
        if content:
            remove_content_before(alone, self.trail, texts=texts)
        else:
            remove_content(alone)
        with saved(alone) as file:
            return _trimmed(draw_transparent(file, frame, box.width, box.height), box)


def _trimmed(drawn: Pixels, box: BoundingBox) -> Overlay | None:
    """Without its empty edges; None when nothing is drawn."""
    rows, columns = np.flatnonzero(drawn[..., 3].any(axis=1)), np.flatnonzero(drawn[..., 3].any(axis=0))
    if not rows.size:
        return None
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    place = BoundingBox(box.left + left, box.top + top, box.left + right, box.top + bottom)
    return Overlay(np.ascontiguousarray(drawn[top:bottom, left:right]), place)


def joined(boxes: list[BoundingBox]) -> list[BoundingBox]:
    """Boxes that overlap become one; empty ones go."""
    apart: list[BoundingBox] = []
    for box in (one for one in boxes if one.area):
        grown = box
        while touching := [other for other in apart if other.overlap(grown)]:
            apart = [other for other in apart if other not in touching]
            for other in touching:
                grown = grown.union(other)
        apart.append(grown)
    return apart


def _text_regions(texts: list[Mark], frame: PageFrame, width: int, height: int) -> tuple[Region, ...]:
    to_pixels = frame.to_pixels(width, height)
    whole = BoundingBox(0, 0, width, height)
    found: dict[RegionKind, list[BoundingBox]] = {RegionKind.CERTIFICATION: [], RegionKind.WATERMARK: []}
    for mark in texts:
        box = _pixel_box(to_pixels.box(*mark.box), whole)
        level = mark.matrix.then(to_pixels)
        slantwise = min(abs(level.b), abs(level.a)) > 0.05 * max(abs(level.a), abs(level.b))
        large = max(box.width / width, box.height / height) > LARGE_TEXT_SHARE
        found[RegionKind.WATERMARK if slantwise or large else RegionKind.CERTIFICATION].append(box)
    return tuple(Region(kind, box, None) for kind, boxes in found.items() for box in joined(boxes))


def _pixel_box(box: Rectangle, within: BoundingBox) -> BoundingBox:
    """Whole pixels around a rectangle, with a margin, cut to the page; empty when it lies outside."""
    left, top, right, bottom = box
    return BoundingBox(
        max(within.left, int(left) - MARGIN),
        max(within.top, int(top) - MARGIN),
        min(within.right, int(right) + 1 + MARGIN),
        min(within.bottom, int(bottom) + 1 + MARGIN),
    )


def _text_in(box: Rectangle, words: list[Word]) -> str:
    """The words whose middle lies in `box`, joined."""
    left, top, right, bottom = box
    inside = [word for word in words if left <= word.box.middle[0] <= right and top <= word.box.middle[1] <= bottom]
    return " ".join(word.text for word in inside)
