"""CCITT Group 4: one-bit pictures as PDF and TIFF both hold them."""

from __future__ import annotations

import struct
from io import BytesIO

import numpy as np
from PIL import Image

from pipeline.errors import Damaged
from pipeline.pages.picture import EncodedImage
from pipeline.pixels import Pixels

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, OFFSETS, SAMPLES, ROWS, COUNTS, GROUP_3_OPTIONS = (
    256, 257, 258, 259, 262, 273, 277, 278, 279, 292,
)  # fmt: skip
GROUP_3, GROUP_4 = 3, 4
WHITE_IS_ZERO, BLACK_IS_ZERO = 0, 1
SHORT, LONG = 3, 4

ALLOWED_SHARE = 0.02
ALLOWED_BYTES = 100
"""How far the size of a page coded again may be off: ends of data, padding, the habits of coders."""


def group_4(pixels: Pixels) -> EncodedImage:
    """A black and white page (0 and 255 alone), coded in one strip."""
    height, width = pixels.shape
    file = BytesIO()
    # libtiff would cut the page into strips of 64 kB; one strip is what PDF holds. True is ink, and coded as black.
    Image.fromarray(pixels < 128).save(file, "TIFF", compression="group4", strip_size=width * height)
    with Image.open(file, formats=["TIFF"]) as tiff:
        tags = tiff.tag_v2  # type: ignore[attr-defined]
        start, size = tags[OFFSETS][0], tags[COUNTS][0]
    data = file.getvalue()[start : start + size]
    return EncodedImage(data, width, height, 1, 1, "CCITTFaxDecode", {"K": -1, "Columns": width, "Rows": height})


def as_tiff(image: EncodedImage) -> bytes:
    """A CCITT stream in the smallest TIFF file around it, for a decoder that reads files."""
    k = int(image.parameters.get("K", 0))
    photometric = BLACK_IS_ZERO if image.parameters.get("BlackIs1") else WHITE_IS_ZERO
    tags = [
        (WIDTH, LONG, int(image.parameters.get("Columns", 1728))),
        (HEIGHT, LONG, image.height),
        (BITS, SHORT, 1),
        (COMPRESSION, SHORT, GROUP_4 if k < 0 else GROUP_3),
        (PHOTOMETRIC, SHORT, photometric),
        (OFFSETS, LONG, 0),
        (SAMPLES, SHORT, 1),
        (ROWS, LONG, image.height),
        (COUNTS, LONG, len(image.data)),
    ]
    if k >= 0:
        tags.append((GROUP_3_OPTIONS, LONG, 1 if k > 0 else 0))
    body_at = 8 + 2 + 12 * len(tags) + 4
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, body_at if tag == OFFSETS else value) for tag, kind, value in tags)
    return b"II*\x00" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4) + image.data


def check_whole(coded: bytes, decoded: Pixels) -> None:
    """libtiff goes on after a broken code word and gives back what it made of the rest. Coded again, such a page is another size.

    `coded`: Group 4; `decoded`: black where the code has black. Of 56 real pages by four makers of scanners none differed by
    more than 0.12 %; of pages with three changed bytes 11 in 12 by more than 5 %. Raises Damaged.
    """
    size, again = len(coded.rstrip(b"\x00")), len(group_4(decoded).data)
    if abs(size - again) > ALLOWED_SHARE * size + ALLOWED_BYTES:
        raise Damaged("Group 4")


def is_black_and_white(pixels: Pixels) -> bool:
    """Grey pixels that are all 0 or 255."""
    return pixels.ndim == 2 and not bool(np.any((pixels != 0) & (pixels != 255)))
