"""Pictures -> image objects of the rendition, as they are or coded as small as they may be."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.archive.pdf_file import PdfFile, number
from pipeline.pages.fax import group_4, is_black_and_white
from pipeline.pages.picture import EncodedImage, Overlay
from pipeline.pages.png_stream import lossless
from pipeline.pixels import Pixels

JPEG_QUALITY = 80
"""Drawn pages with colour or grey: beyond it files grow quickly and print looks the same."""

PAPER_ABOVE, INK_BELOW = 224, 32
MOST_GREY = 0.0005
"""Share of the page that may be grey (soft edges apart) for it to count as black and white."""


def add_image(pdf: PdfFile, image: EncodedImage | Pixels) -> int:
    """Write an image object; returns its number."""
    stored = image if isinstance(image, EncodedImage) else coded(image)
    return pdf.add_stream(_entries(pdf, stored), stored.data)


def add_overlay(pdf: PdfFile, overlay: Overlay) -> int:
    """Write RGBA pixels as an image with a soft mask, without loss; returns its number."""
    alpha = overlay.pixels[..., 3]
    colours = np.where(alpha[..., None] > 0, overlay.pixels[..., :3], 255).astype(np.uint8)
    mask = lossless(np.ascontiguousarray(alpha))
    masked = pdf.add_stream(_entries(pdf, mask), mask.data)
    picture = lossless(colours)
    return pdf.add_stream(_entries(pdf, picture) + b"/SMask %d 0 R" % masked, picture.data)


def coded(pixels: Pixels) -> EncodedImage:
    """Group 4 where the page is black and white, JPEG where it is not."""
    if is_black_and_white(pixels):
        return group_4(pixels)
    if is_print(pixels):
        return group_4(np.where(pixels < 128, 0, 255).astype(np.uint8))
    return jpeg(pixels)


def is_print(pixels: Pixels) -> bool:
    """A grey page on which nothing but the soft edges of letters is grey: thin enough to vanish when a pixel is taken off it."""
    if pixels.ndim == 3:
        return False
    grey = ((pixels >= INK_BELOW) & (pixels <= PAPER_ABOVE)).astype(np.uint8)
    return float(cv2.erode(grey, np.ones((3, 3), np.uint8)).mean()) < MOST_GREY


def jpeg(pixels: Pixels) -> EncodedImage:
    height, width = pixels.shape[:2]
    ordered = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
    _, data = cv2.imencode(".jpg", ordered, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY, cv2.IMWRITE_JPEG_OPTIMIZE, 1])
    return EncodedImage(data.tobytes(), width, height, 8, 1 if pixels.ndim == 2 else 3, "DCTDecode")


def _entries(pdf: PdfFile, image: EncodedImage) -> bytes:
    entries = b"/Type/XObject/Subtype/Image/Width %d/Height %d/Filter/%b" % (image.width, image.height, image.codec.encode())
    if image.codec != "JPXDecode":  # a JPEG 2000 file says these itself, and PDF/A wants no second opinion
        entries += b"/BitsPerComponent %d/ColorSpace%b" % (image.bits, _colour_space(pdf, image))
    if image.decode:
        entries += b"/Decode[" + b" ".join(number(value) for value in image.decode) + b"]"
    parameters = b"".join(b"/%b %b" % (name.encode(), _value(value)) for name, value in image.parameters.items())
    if image.jbig2_globals is not None:
        parameters += b"/JBIG2Globals %d 0 R" % pdf.add_stream(b"", image.jbig2_globals)
    return entries + (b"/DecodeParms<<%b>>" % parameters if parameters else b"")


def _colour_space(pdf: PdfFile, image: EncodedImage) -> bytes:
    if image.palette is not None:
        return b"[/Indexed/DeviceRGB %d<%b>]" % (len(image.palette) // 3 - 1, image.palette.hex().encode())
    if image.icc is not None:
        return b"[/ICCBased %d 0 R]" % pdf.add_deflated(b"/N %d" % image.components, image.icc)
    return b"/DeviceGray" if image.components == 1 else b"/DeviceRGB"


def _value(value: int | bool) -> bytes:
    return str(value).lower().encode()
