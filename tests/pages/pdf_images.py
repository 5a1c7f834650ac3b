"""One-page PDFs around an image coded in every way that PDF knows, for `test_scans_in_pdf.py`."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence
from functools import cache

import numpy as np
import pikepdf
from PIL import Image

from pipeline.pages.fax import group_4
from pipeline.pixels import Pixels
from tests.file_parts import jpeg
from tests.pages.jbig2 import generic_region
from tests.printed_page import page_picture

PAGE = (413.0, 585.0)
Coded = tuple[dict[str, object], bytes]
"""The entries of an image's dictionary but for its size, and its bytes."""


@cache
def grey() -> Pixels:
    """Print on paper, not symmetric in any way."""
    return np.asarray(page_picture().resize((620, 877)), np.uint8)


def black_and_white() -> Pixels:
    return np.where(grey() < 128, 0, 255).astype(np.uint8)


def _bits(pixels: Pixels, bits: int) -> bytes:
    """Samples of 1, 2 or 4 bits in rows padded to bytes."""
    samples = (pixels >> (8 - bits)).astype(np.uint8)
    apart = np.unpackbits(samples[..., None], axis=2)[..., 8 - bits :].reshape(samples.shape[0], -1)
    return np.packbits(apart, axis=1).tobytes()


def _flat(bits: int, space: object, data: bytes, **more: object) -> Coded:
    return {"BitsPerComponent": bits, "ColorSpace": space, "Filter": "/FlateDecode", **more}, zlib.compress(data)


def _fax(*, black_is_1: bool, inverted: bool) -> Coded:
    """`inverted`: the code is of the negative, and the Decode array turns it round."""
    stored = group_4(255 - black_and_white() if inverted != black_is_1 else black_and_white())
    parameters = {"K": -1, "Columns": stored.width, "Rows": stored.height, "BlackIs1": black_is_1}
    entries = {"BitsPerComponent": 1, "ColorSpace": "/DeviceGray", "Filter": "/CCITTFaxDecode", "DecodeParms": parameters}
    return entries | ({"Decode": [1, 0]} if inverted else {}), stored.data


def _jbig2() -> Coded:
    """A page of one generic region, arithmetically coded."""
    pixels = black_and_white()
    height, width = pixels.shape
    page = struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)
    region = struct.pack(">IIIIB", width, height, 0, 0, 0) + b"\x06\x02\xff" + generic_region(pixels == 0)
    segments = struct.pack(">IBBBI", 0, 48, 0, 1, len(page)) + page + struct.pack(">IBBBI", 1, 38, 0, 1, len(region)) + region
    return {"BitsPerComponent": 1, "ColorSpace": "/DeviceGray", "Filter": "/JBIG2Decode"}, segments


def _png_rows() -> Coded:
    """RGB with PNG's predictor, every row coded as the difference to the one above."""
    colours = np.repeat(grey()[..., None], 3, axis=2).reshape(grey().shape[0], -1)
    above = np.vstack([np.zeros_like(colours[:1]), colours[:-1]])
    rows = np.hstack([np.full((colours.shape[0], 1), 2, np.uint8), colours - above])
    parameters = {"Predictor": 15, "Colors": 3, "BitsPerComponent": 8, "Columns": grey().shape[1]}
    return _flat(8, "/DeviceRGB", rows.tobytes(), DecodeParms=parameters)


def _run_lengths() -> Coded:
    data = grey().tobytes()
    literal = b"".join(bytes([len(part) - 1]) + part for part in (data[at : at + 128] for at in range(0, len(data), 128)))
    return {"BitsPerComponent": 8, "ColorSpace": "/DeviceGray", "Filter": "/RunLengthDecode"}, literal + b"\x80"


def _dct(picture: Image.Image, space: str) -> Coded:
    return {"BitsPerComponent": 8, "ColorSpace": space, "Filter": "/DCTDecode"}, jpeg(picture, quality=95)


def _jpx() -> Coded:
    file = io.BytesIO()
    Image.fromarray(grey()).convert("RGB").save(file, "JPEG2000", quality_mode="dB", quality_layers=[45])
    return {"Filter": "/JPXDecode"}, file.getvalue()


@cache
def codings() -> dict[str, Coded]:
    picture = Image.fromarray(grey())
    palette = bytes(value for index in range(16) for value in (index * 17,) * 3)
    wrapped, inner = _dct(picture, "/DeviceGray")
    return {
        "JPEG, grey": _dct(picture, "/DeviceGray"),
        "JPEG, colour": _dct(picture.convert("RGB"), "/DeviceRGB"),
        "JPEG, CMYK": _dct(picture.convert("RGB").convert("CMYK"), "/DeviceCMYK"),
        "JPEG in Flate": ({**wrapped, "Filter": ["/FlateDecode", "/DCTDecode"]}, zlib.compress(inner)),
        "JPEG 2000": _jpx(),
        "Group 4": _fax(black_is_1=False, inverted=False),
        "Group 4, BlackIs1": _fax(black_is_1=True, inverted=False),
        "Group 4, Decode": _fax(black_is_1=False, inverted=True),
        "Group 4, BlackIs1 and Decode": _fax(black_is_1=True, inverted=True),
        "JBIG2": _jbig2(),
        "1 bit": _flat(1, "/DeviceGray", _bits(black_and_white(), 1)),
        "1 bit, inverted": _flat(1, "/DeviceGray", _bits(255 - black_and_white(), 1), Decode=[1, 0]),
        "stencil": _flat(1, None, _bits(black_and_white(), 1), ImageMask=True),
        "4 bits": _flat(4, "/DeviceGray", _bits(grey(), 4)),
        "8 bits": _flat(8, "/DeviceGray", grey().tobytes()),
        "16 bits": _flat(16, "/DeviceGray", (grey().astype(">u2") * 257).tobytes()),
        "palette": _flat(4, ["/Indexed", "/DeviceRGB", 15, palette], _bits(grey(), 4)),
        "PNG rows": _png_rows(),
        "run lengths": _run_lengths(),
        "CMYK samples": _flat(8, "/DeviceCMYK", np.dstack([np.zeros((*grey().shape, 3), np.uint8), 255 - grey()]).tobytes()),
        "spot colour": _flat(8, ["/Separation", "/Spot", "/DeviceGray", _INK], (255 - grey()).tobytes()),
    }


_INK = {"FunctionType": 2, "Domain": [0, 1], "C0": [1], "C1": [0], "N": 1}


def pdf_with(
    coded: Coded,
    *,
    size: tuple[int, int] = (620, 877),
    placed: Sequence[float] = (PAGE[0], 0, 0, PAGE[1], 0, 0),
    box: Sequence[float] = (0, 0, *PAGE),
    rotate: int = 0,
    before: bytes = b"",
    after: bytes = b"",
    **page_entries: object,
) -> bytes:
    """A page that paints `before`, the image by the matrix `placed`, and `after`."""
    pdf = pikepdf.new()
    entries, data = coded
    image = pikepdf.Stream(pdf, data)
    for key, value in {"Type": "/XObject", "Subtype": "/Image", "Width": size[0], "Height": size[1], **entries}.items():
        if value is not None:
            image[f"/{key}"] = _object(value)
    page = pdf.add_blank_page(page_size=PAGE)
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=image))
    matrix = " ".join(f"{value:f}" for value in placed).encode()
    page.obj.Contents = pdf.make_stream(b"%b q %b cm /Scan Do Q %b" % (before, matrix, after))
    for key, value in {"MediaBox": list(box), "Rotate": rotate, **page_entries}.items():
        page.obj[f"/{key}"] = _object(value)
    file = io.BytesIO()
    pdf.save(file)
    return file.getvalue()


def _object(value: object) -> object:
    if isinstance(value, str):
        return pikepdf.Name(value)
    if isinstance(value, bytes):
        return pikepdf.String(value)
    if isinstance(value, list):
        return pikepdf.Array([_object(item) for item in value])
    if isinstance(value, dict):
        return pikepdf.Dictionary({f"/{key}": _object(item) for key, item in value.items()})
    return value
