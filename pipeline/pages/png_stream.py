"""A PNG's own compressed rows, as PDF's FlateDecode takes them unchanged: lossless, and nothing is coded again."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO

from PIL import Image

from pipeline.pages.picture import EncodedImage
from pipeline.pixels import Pixels

GREY, RGB, INDEXED = 0, 2, 3
HEADER = struct.Struct(">IIBBBBB")
SIGNATURE_BYTES = 8


def png_stream(data: bytes) -> EncodedImage | None:
    """The image of a whole PNG file; None when PDF cannot hold it as it is (interlaced, alpha, transparent colour)."""
    chunks = list(_chunks(data))
    width, height, bits, color, _, _, interlaced = HEADER.unpack(chunks[0][1])
    if interlaced or color not in (GREY, RGB, INDEXED) or any(kind == b"tRNS" for kind, _ in chunks):
        return None
    samples = 3 if color == RGB else 1
    return EncodedImage(
        data=b"".join(body for kind, body in chunks if kind == b"IDAT"),
        width=width,
        height=height,
        bits=bits,
        components=1 if color == GREY else 3,
        codec="FlateDecode",
        parameters={"Predictor": 15, "Colors": samples, "BitsPerComponent": bits, "Columns": width},
        palette=next((body for kind, body in chunks if kind == b"PLTE"), None) if color == INDEXED else None,
    )


def lossless(pixels: Pixels) -> EncodedImage:
    """Pixels, grey or RGB, without any loss."""
    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    stream = png_stream(file.getvalue())
    if stream is None:
        raise ValueError("pixels are grey or RGB")
    return stream


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = SIGNATURE_BYTES
    while at + 12 <= len(data):
        (size,) = struct.unpack_from(">I", data, at)
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        at += 12 + size
