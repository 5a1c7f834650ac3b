"""TIFF, JPEG, PNG and JPEG 2000 files: each frame of a TIFF is a page, of the others the first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageOps
from PIL.ExifTags import Base

from pipeline.errors import NoPages, TooManyPages
from pipeline.intake import JPEG, JPEG_2000, PNG, TIFF
from pipeline.model import Finding
from pipeline.pages.decoding import decoding, inside_library
from pipeline.pages.fax import group_4, is_black_and_white
from pipeline.pages.jpeg import jp2_stream, jpeg_stream
from pipeline.pages.notice import notice_scan
from pipeline.pages.picture import EncodedImage, Matrix, Picture, PlacedImage
from pipeline.pages.pixels import as_pixels, check_size
from pipeline.pages.png_stream import lossless, png_stream
from pipeline.pages.resolution import SQUARE_ENOUGH, header_dpi
from pipeline.pages.scan import Limits, PageScan
from pipeline.pages.tiff_strips import check_strips, jpeg_frame
from pipeline.pixels import Pixels

PILLOW_FORMATS = {TIFF: "TIFF", JPEG: "JPEG", PNG: "PNG", JPEG_2000: "JPEG2000"}
"""Only these decoders are ever handed the bytes; Pillow has some forty."""

LOSSLESS = frozenset({TIFF, PNG})
"""What PDF cannot hold of these is coded again without loss; a CMYK JPEG becomes an ordinary one."""

KEEPERS = {JPEG: jpeg_stream, PNG: png_stream, JPEG_2000: jp2_stream}
"""What takes a whole file as it is, if PDF can hold it so."""

SIDEWAYS = frozenset({5, 6, 7, 8})
"""EXIF orientations that exchange width and height."""

SEEN_FROM_STORED = {
    1: Matrix(1, 0, 0, -1, 0, 1),
    2: Matrix(-1, 0, 0, -1, 1, 1),
    3: Matrix(-1, 0, 0, 1, 1, 0),
    4: Matrix(1, 0, 0, 1, 0, 0),
    5: Matrix(0, 1, -1, 0, 1, 0),
    6: Matrix(0, 1, 1, 0, 0, 0),
    7: Matrix(0, -1, 1, 0, 0, 1),
    8: Matrix(0, -1, -1, 0, 1, 1),
}
"""EXIF orientation -> where PDF's unit square (y up) of the stored image stands on the page as seen, both sides 1, y down."""


@contextmanager
def open_raster(file: Path, media_type: str, limits: Limits) -> Iterator[RasterSource]:
    """Raises Damaged, NoPages, TooManyPages."""
    with inside_library():
        image = Image.open(file, formats=[PILLOW_FORMATS[media_type]])
    with image:
        yield RasterSource(file, image, media_type, limits)


class RasterSource:
    """The frames of one opened image file."""

    def __init__(self, file: Path, image: Image.Image, media_type: str, limits: Limits) -> None:
        self._file = file
        self._image = image
        self._media_type = media_type
        self._limits = limits
        self.findings: tuple[Finding, ...] = ()
        self.page_count = self._count_frames() if media_type == TIFF else 1

    def _count_frames(self) -> int:
        """Walks the chain of directories, and stops where there are too many (a chain may be a loop)."""
        count = 0
        with inside_library():
            while count <= self._limits.max_pages:
                try:
                    self._image.seek(count)
                except EOFError:
                    break
                count += 1
        if count > self._limits.max_pages:
            raise TooManyPages(f"> {self._limits.max_pages}")
        if count == 0:
            raise NoPages
        return count

    def load(self, page_no: int) -> PageScan:
        """Raises Damaged, PageTooLarge."""
        with decoding():
            image = self._image_of(page_no)
            given_dpi = header_dpi(image.info.get("dpi"), max(image.size))
            with inside_library():
                orientation = image.getexif().get(Base.Orientation, 1)
                image.load()
                seen = image if self._media_type == TIFF else ImageOps.exif_transpose(image)  # Pillow turns a TIFF by itself
            pixels = as_pixels(seen)
            stored = self._stored(image, pixels, orientation)
        dpi = given_dpi[::-1] if given_dpi and orientation in SIDEWAYS else given_dpi
        square = with_square_pixels(pixels, dpi, self._limits.max_page_pixels)
        whole = Matrix(a=square.shape[1], d=square.shape[0])
        picture = Picture((replace(stored, matrix=stored.matrix.then(whole)),)) if stored else None
        return PageScan(page_no, square, round(max(dpi), 2) if dpi else None, None, (), (), picture)

    def _image_of(self, page_no: int) -> Image.Image:
        """The frame, not decoded yet. Raises PageTooLarge, Damaged."""
        if self._media_type == TIFF:
            with inside_library():
                self._image.seek(page_no - 1)
        check_size(*self._image.size, self._limits.max_page_pixels)
        return self._image

    def notice(self, page_no: int, code: str) -> PageScan:
        return notice_scan(page_no, code)

    def _stored(self, image: Image.Image, pixels: Pixels, orientation: int) -> PlacedImage | None:
        """The image as it lies in the file, or coded again without loss, in the unit square of the page as seen (y down).

        None when it can only be coded again with loss.
        """
        if self._media_type == TIFF:
            tags = image.tag_v2  # type: ignore[attr-defined]
            if orientation == 1:
                check_strips(tags, self._file, pixels)
            kept = jpeg_frame(tags, self._file)
        else:
            kept = KEEPERS[self._media_type](self._file.read_bytes())
        if kept is not None:
            return PlacedImage(kept, SEEN_FROM_STORED.get(orientation, SEEN_FROM_STORED[1]))
        return PlacedImage(_code_again(pixels), SEEN_FROM_STORED[1]) if self._media_type in LOSSLESS else None


def _code_again(pixels: Pixels) -> EncodedImage:
    """Without loss: Group 4 for black and white, else as a PNG does."""
    return group_4(pixels) if is_black_and_white(pixels) else lossless(pixels)


def with_square_pixels(pixels: Pixels, dpi: tuple[float, float] | None, max_pixels: int) -> Pixels:
    """Stretched along the coarser axis where the two differ. Raises PageTooLarge."""
    if dpi is None or max(dpi) <= SQUARE_ENOUGH * min(dpi):
        return pixels
    height, width = pixels.shape[:2]
    new_width, new_height = round(width * max(dpi) / dpi[0]), round(height * max(dpi) / dpi[1])
    check_size(new_width, new_height, max_pixels)
    return np.asarray(cv2.resize(pixels, (new_width, new_height), interpolation=cv2.INTER_LINEAR), np.uint8)
