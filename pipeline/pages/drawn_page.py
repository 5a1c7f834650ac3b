"""A page that is anything but one scanned image, drawn: born-digital text, layers, strips, forms."""

from __future__ import annotations

from math import sqrt

from pipeline.errors import PageTooLarge
from pipeline.model import Finding
from pipeline.pages.drawing import draw, page_alone, saved
from pipeline.pages.embedded import Unsupported, take_out
from pipeline.pages.entries import whole_number
from pipeline.pages.geometry import PageFrame
from pipeline.pages.marks import Mark, MarkKind, area
from pipeline.pages.overlay import named_regions, not_read, stamped_numbers
from pipeline.pages.pdf_page import PdfPage
from pipeline.pages.picture import Picture, PlacedImage, whole_page
from pipeline.pages.pixels import check_size
from pipeline.pages.resolution import believable_dpi
from pipeline.pages.scan import Limits, PageScan
from pipeline.pages.text_layer import is_usable, text_lines

LOWEST_DRAWING_DPI = 100.0
"""A page so large that it fits the limit only below this cannot be read when drawn."""

HIGHEST_DRAWING_DPI = 400.0
"""Enough for any print; a page of finer image strips is drawn at this."""

UPRIGHT_SHARE = 0.9
"""The rest may be a watermark or the labels of a table's columns."""


def drawn_scan(page: PdfPage, limits: Limits) -> PageScan:
    """Raises Damaged, PageTooLarge, DiskFull, ToolMissing."""
    _check_images(page.marks, limits)
    width, height, dpi = _size(page, limits)
    numbers = stamped_numbers(page, width, height)
    read = [one.index for one in page.annotations if one.names is None or one.index in numbers]
    with saved(page_alone(page.source, page.frame, read)) as file:
        pixels = draw(file, page.frame, width, height)
        has_text = any(mark.kind is MarkKind.TEXT for mark in page.marks)
        lines = text_lines(file, page.frame, width, height) if has_text and _is_upright(page) else ()
    usable = bool(lines) and is_usable(lines, pixels)
    findings = () if usable or not has_text else (Finding("TEXT_LAYER_IGNORED", page.page_no),)
    unread = not_read(page, numbers, width, height)
    tiles = _tiles(page, width, height, limits) if not read else ()
    images = tiles or (PlacedImage(pixels, whole_page(width, height)),)
    picture = Picture(images, unread) if tiles or unread else None
    regions = named_regions(page, numbers, width, height)
    return PageScan(page.page_no, pixels, dpi, lines if usable else None, regions, findings, picture)


def _is_upright(page: PdfPage) -> bool:
    """Nearly all letters stand upright on the page as seen. Others have to be read: the page is to be turned."""
    to_unit = page.frame.to_unit()
    letters = [mark.matrix.then(to_unit) for mark in page.marks if mark.kind is MarkKind.TEXT]
    return sum(letter.a > abs(letter.b) for letter in letters) >= UPRIGHT_SHARE * len(letters)


def _tiles(page: PdfPage, width: int, height: int, limits: Limits) -> tuple[PlacedImage, ...]:
    """The page's images as they lie in the file if they are all that it paints, none seen through another; else nothing."""
    to_pixels = page.frame.to_pixels(width, height)
    tiles = []
    for mark in page.marks:
        if mark.image is None or not (mark.opaque and mark.whole):
            return ()
        try:
            tiles.append(PlacedImage(take_out(mark.image, limits.max_page_pixels), mark.matrix.then(to_pixels)))
        except Unsupported:
            return ()
    return tuple(tiles)


def _check_images(marks: tuple[Mark, ...], limits: Limits) -> None:
    """poppler decodes an image whole, however small it is shown. Raises PageTooLarge."""
    for mark in marks:
        if mark.image is not None:
            width, height = (max(1, whole_number(mark.image, side, 1)) for side in ("/Width", "/Height"))
            check_size(width, height, limits.max_page_pixels)


def _size(page: PdfPage, limits: Limits) -> tuple[int, int, float | None]:
    """Pixels across and down, and dpi: as asked for, or less where the page would be too large. Raises PageTooLarge."""
    across, down = page.frame.inches
    wanted = _dpi_of_images(page.marks, page.frame) or limits.draw_dpi
    affordable = sqrt(limits.max_page_pixels / (across * down))
    dpi = min(wanted, affordable)
    if dpi < min(LOWEST_DRAWING_DPI, wanted):
        raise PageTooLarge(f"{across:.0f} x {down:.0f} in")
    width, height = max(1, int(across * dpi)), max(1, int(down * dpi))
    return width, height, believable_dpi(dpi, max(width, height))


def _dpi_of_images(marks: tuple[Mark, ...], frame: PageFrame) -> float | None:
    """The resolution of a page that is nothing but images (strips, layers): drawing it finer would only make it larger."""
    images = [mark for mark in marks if mark.kind is MarkKind.IMAGE and mark.image is not None]
    if len(images) < len([mark for mark in marks if mark.kind is not MarkKind.PATH]) or not images:
        return None
    if sum(area(mark.box) for mark in images) < area(frame.box) / 2:
        return None
    finest = max(
        whole_number(mark.image, "/Width", 0) * 72 / max(1.0, frame.unit * sqrt(mark.matrix.a**2 + mark.matrix.b**2))
        for mark in images
        if mark.image is not None
    )
    return min(max(finest, LOWEST_DRAWING_DPI), HIGHEST_DRAWING_DPI)
