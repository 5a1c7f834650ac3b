"""Pages -> the bytes of one file, as scanners and phones write them: PDF, TIFF, JPEG or PNG. Same pages, same bytes."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import pikepdf
from PIL import Image, PngImagePlugin, TiffImagePlugin

from samples.picture import Pixels
from samples.recipe import Mode, Recipe
from samples.spoil.page import ScannedPage

MARK = "sohoa sample"
"""Stands in every file's metadata, so that a sample is never taken for a record."""
WHITE = np.uint8(255)
PHOTO_WIDTH_POINTS = 595.0
EXIF_ORIENTATION = {0: 1, 1: 8, 2: 3, 3: 6}
"""Stored quarter turns clockwise -> the tag by which a viewer undoes them."""
ORIENTATION_TAG, DESCRIPTION_TAG, ROWS_PER_STRIP_TAG, STRIP_OFFSETS_TAG, STRIP_SIZES_TAG = 274, 270, 278, 273, 279


def write_scan(pages: Sequence[ScannedPage], recipe: Recipe, rng: random.Random) -> tuple[str, bytes]:
    """File name ending and content. Most are PDFs; single pages are at times pictures, long bilevel ones at times TIFFs."""
    suffix = _suffix(len(pages), recipe, rng)
    match suffix:
        case ".pdf":
            return suffix, _pdf(pages, recipe, stored_turns=rng.choice((1, 2, 3)) if rng.random() < 0.08 else 0)
        case ".tif":
            return suffix, _tiff(pages, recipe)
        case ".jpg":
            held_upright = not recipe.photo or rng.random() < 0.5
            return suffix, _jpeg_file(pages[0], recipe, stored_turns=0 if held_upright else rng.choice((1, 3)))
        case _:
            return suffix, _png(pages[0])


def _suffix(count: int, recipe: Recipe, rng: random.Random) -> str:
    draw = rng.random()
    if count > 1:
        return ".tif" if draw < 0.12 and not recipe.photo else ".pdf"
    if recipe.photo:
        return ".jpg" if draw < 0.7 else ".pdf"
    if draw < 0.78:
        return ".pdf"
    if recipe.mode is Mode.BILEVEL or draw < 0.84:
        return ".tif"
    return ".png" if recipe.quality is None or draw < 0.88 else ".jpg"


def _as_stored(page: ScannedPage, turns: int = 0) -> Pixels:
    """The picture as it lies in the file: turned by the page's own quarter turns and by those that metadata undoes."""
    return np.ascontiguousarray(np.rot90(page.pixels, -(page.turns + turns)))


def _pdf(pages: Sequence[ScannedPage], recipe: Recipe, stored_turns: int) -> bytes:
    pdf = pikepdf.new()
    for page in pages:
        pixels = _as_stored(page, stored_turns)
        height, width = pixels.shape[:2]
        point = 72 / page.dpi if page.dpi else PHOTO_WIDTH_POINTS / width
        size = (round(width * point, 2), round(height * point, 2))
        added = pdf.add_blank_page(page_size=size)
        image = pdf.make_stream(*_image_stream(pixels, recipe))
        added.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
        added.Contents = pdf.make_stream(f"q {size[0]} 0 0 {size[1]} 0 0 cm /Im0 Do Q".encode())
        if stored_turns:
            added.Rotate = -90 * stored_turns % 360
    pdf.docinfo["/Producer"] = MARK
    pdf.docinfo["/CreationDate"] = "D:20200101000000Z"
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _image_stream(pixels: Pixels, recipe: Recipe) -> tuple[bytes, pikepdf.Dictionary]:
    """Encoded picture and its dictionary: CCITT for two levels, DCT, or plain samples that saving deflates."""
    height, width = pixels.shape[:2]
    image = pikepdf.Dictionary(
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=width,
        Height=height,
        BitsPerComponent=8,
        ColorSpace=pikepdf.Name.DeviceRGB if pixels.ndim == 3 else pikepdf.Name.DeviceGray,
    )
    if recipe.mode is Mode.BILEVEL:
        image.BitsPerComponent, image.Filter = 1, pikepdf.Name.CCITTFaxDecode
        image.DecodeParms = pikepdf.Dictionary(K=-1, Columns=width, Rows=height)
        return _group4(pixels), image
    if recipe.quality is None:
        return pixels.tobytes(), image
    image.Filter = pikepdf.Name.DCTDecode
    return _jpeg(pixels, recipe.quality), image


def _group4(pixels: Pixels) -> bytes:
    """CCITT group 4 data, the one strip of a TIFF; inverted, so that Pillow codes paper as the white runs that PDF expects."""
    out = io.BytesIO()
    Image.fromarray(WHITE - pixels).convert("1").save(
        out, "TIFF", compression="group4", tiffinfo={ROWS_PER_STRIP_TAG: pixels.shape[0]}
    )
    out.seek(0)
    with TiffImagePlugin.TiffImageFile(out) as tiff:
        (start,), (size,) = tiff.tag_v2[STRIP_OFFSETS_TAG], tiff.tag_v2[STRIP_SIZES_TAG]
    return out.getvalue()[start : start + size]


def _jpeg(pixels: Pixels, quality: int, **metadata: Any) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=quality, comment=MARK.encode(), **metadata)
    return out.getvalue()


def _jpeg_file(page: ScannedPage, recipe: Recipe, stored_turns: int) -> bytes:
    """A phone stores what its sensor saw and notes in the EXIF data how it was held; a scanner notes the resolution."""
    exif = Image.Exif()
    exif[DESCRIPTION_TAG] = MARK
    exif[ORIENTATION_TAG] = EXIF_ORIENTATION[stored_turns]
    resolution = {"dpi": (page.dpi, page.dpi)} if page.dpi else {}
    return _jpeg(_as_stored(page, stored_turns), recipe.quality or 95, exif=exif, **resolution)


def _png(page: ScannedPage) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Description", MARK)
    out = io.BytesIO()
    Image.fromarray(_as_stored(page)).save(out, "PNG", pnginfo=info, dpi=(page.dpi or 72,) * 2)
    return out.getvalue()


def _tiff(pages: Sequence[ScannedPage], recipe: Recipe) -> bytes:
    images = [Image.fromarray(_as_stored(page)) for page in pages]
    how: dict[str, Any] = {"compression": "tiff_lzw"}
    if recipe.mode is Mode.BILEVEL:
        images, how = [image.convert("1") for image in images], {"compression": "group4"}
    elif recipe.quality is not None:
        how = {"compression": "jpeg", "quality": recipe.quality}
    out = io.BytesIO()
    images[0].save(
        out, "TIFF", save_all=True, append_images=images[1:], dpi=(recipe.dpi,) * 2, tiffinfo={DESCRIPTION_TAG: MARK}, **how
    )
    return out.getvalue()
