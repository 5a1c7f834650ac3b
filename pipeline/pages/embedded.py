"""An image XObject of a PDF -> its own bytes for the rendition, and its pixels for reading."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import pikepdf
from PIL import Image

from pipeline.errors import Damaged
from pipeline.pages.entries import as_whole_number, numbers, whole_number
from pipeline.pages.fax import as_tiff, check_whole
from pipeline.pages.jpeg import jp2_stream, jpeg_stream, usable_icc
from pipeline.pages.picture import EncodedImage
from pipeline.pages.pixels import as_pixels, check_size
from pipeline.pixels import Pixels

LOSSLESS = frozenset({"/FlateDecode", "/LZWDecode", "/RunLengthDecode", "/ASCIIHexDecode", "/ASCII85Decode"})
SHORT_NAMES = {
    "/DCT": "/DCTDecode",
    "/CCF": "/CCITTFaxDecode",
    "/Fl": "/FlateDecode",
    "/LZW": "/LZWDecode",
    "/RL": "/RunLengthDecode",
}
MOST_COLOURS = 256
"""Of a palette (ISO 32000-1, 8.6.6.3)."""

COMPONENTS = {"/DeviceGray": 1, "/CalGray": 1, "/DeviceRGB": 3, "/CalRGB": 3}
PILLOW_FORMATS = {"DCTDecode": "JPEG", "JPXDecode": "JPEG2000", "CCITTFaxDecode": "TIFF"}


class Unsupported(Exception):
    """This image cannot be taken out of its PDF; the page is drawn instead. Never leaves `pipeline.pages`."""


@dataclass(frozen=True, slots=True)
class _Colours:
    """What the samples mean: 1 grey or 3 RGB components, indices into `palette` (RGB triples), an admissible profile."""

    components: int
    palette: bytes | None = None
    icc: bytes | None = None


def take_out(image: pikepdf.Object, max_pixels: int) -> EncodedImage:
    """The image's own bytes, still coded, and what they mean.

    Raises Unsupported (CMYK, spot colours, odd codings: to be drawn), PageTooLarge, Damaged.
    """
    width, height = _size(image)
    check_size(width, height, max_pixels)
    codecs, parameters = _filters(image)
    codec = codecs[-1] if codecs else "/FlateDecode"
    if codec == "/DCTDecode":
        if whole_number(parameters, "/ColorTransform", 1) != 1:
            raise Unsupported("JPEG whose colours only its dictionary explains")
        return _jpeg(image, _inner_bytes(image, codecs))
    if codec == "/JPXDecode":
        return _jpeg_2000(image, _inner_bytes(image, codecs))
    if codec == "/CCITTFaxDecode":
        return _fax(image, _inner_bytes(image, codecs), parameters)
    if codec == "/JBIG2Decode" and len(codecs) == 1:
        return _jbig2(image, parameters)
    if set(codecs) <= LOSSLESS:
        return _samples(image, codecs, parameters)
    raise Unsupported(codec)


def _size(image: pikepdf.Object) -> tuple[int, int]:
    """Raises Damaged."""
    return whole_number(image, "/Width", 0), whole_number(image, "/Height", 0)


def pixels_of(image: pikepdf.Object, taken: EncodedImage) -> Pixels:
    """The pixels of an image that `take_out` gave, in the image's own size. Raises Unsupported (JBIG2), Damaged, OSError."""
    if taken.codec == "JBIG2Decode":
        raise Unsupported(taken.codec)
    if taken.codec == "FlateDecode":
        return _unpacked(taken, _samples_bytes(image))
    data = as_tiff(taken) if taken.codec == "CCITTFaxDecode" else taken.data
    with Image.open(BytesIO(data), formats=[PILLOW_FORMATS[taken.codec]]) as opened:
        if opened.size != (taken.width, taken.height):
            raise Unsupported("the image has another size than its dictionary says")
        opened.load()
        pixels = as_pixels(opened)
    if taken.codec == "CCITTFaxDecode" and int(taken.parameters["K"]) < 0:
        check_whole(taken.data, 255 - pixels if taken.parameters.get("BlackIs1") else pixels)
    return 255 - pixels if _is_inverted(taken.decode) else pixels


def _jpeg(image: pikepdf.Object, data: bytes) -> EncodedImage:
    taken = jpeg_stream(data)
    colours = _colours(image)
    if taken is None or colours.palette is not None or taken.components != colours.components:
        raise Unsupported("JPEG of other than grey or RGB")
    return _described(image, taken, colours)


def _jpeg_2000(image: pikepdf.Object, data: bytes) -> EncodedImage:
    taken = jp2_stream(data)
    if taken is None or whole_number(image, "/SMaskInData", 0) != 0:
        raise Unsupported("JPEG 2000 with a palette, alpha or other depths")
    colours = _colours(image) if "/ColorSpace" in image else _Colours(taken.components)
    if colours.palette is not None or colours.components != taken.components:
        raise Unsupported("JPEG 2000 of other than grey or RGB")
    return _described(image, taken, colours)


def _described(image: pikepdf.Object, taken: EncodedImage, colours: _Colours) -> EncodedImage:
    """A JPEG with what its dictionary adds; the dictionary's profile wins over the file's."""
    size = _size(image)
    if size != (taken.width, taken.height):
        raise Unsupported("the image has another size than its dictionary says")
    return EncodedImage(taken.data, *size, 8, taken.components, taken.codec, icc=colours.icc, decode=_decode(image))


def _fax(image: pikepdf.Object, data: bytes, parameters: pikepdf.Object) -> EncodedImage:
    if bool(parameters.get("/EncodedByteAlign", False)) or _colours(image) != _Colours(1):
        raise Unsupported("CCITT with aligned rows or colours")
    width, height = _size(image)
    columns = whole_number(parameters, "/Columns", 1728)
    if columns != width:
        raise Unsupported("CCITT rows of another length than the image's")
    kept: dict[str, int | bool] = {"K": whole_number(parameters, "/K", 0), "Columns": columns, "Rows": height}
    for name in ("EndOfLine", "BlackIs1"):
        if bool(parameters.get(f"/{name}", False)):
            kept[name] = True
    if not bool(parameters.get("/EndOfBlock", True)):
        kept["EndOfBlock"] = False
    return EncodedImage(data, width, height, 1, 1, "CCITTFaxDecode", kept, decode=_decode(image))


def _jbig2(image: pikepdf.Object, parameters: pikepdf.Object) -> EncodedImage:
    shared = parameters.get("/JBIG2Globals")
    segments = shared.read_bytes() if isinstance(shared, pikepdf.Stream) else None
    size = _size(image)
    return EncodedImage(image.read_raw_bytes(), *size, 1, 1, "JBIG2Decode", decode=_decode(image), jbig2_globals=segments)


def _samples(image: pikepdf.Object, codecs: list[str], parameters: pikepdf.Object) -> EncodedImage:
    """Samples without loss: as they are when they are deflated, else deflated here (PDF/A knows no LZW)."""
    colours = _colours(image)
    bits = 1 if bool(image.get("/ImageMask", False)) else whole_number(image, "/BitsPerComponent", 8)
    if bits not in (1, 2, 4, 8, 16) or (colours.palette and bits == 16):
        raise Unsupported(f"{bits} bits a sample")
    kept: dict[str, int | bool] = {}
    if codecs == ["/FlateDecode"]:
        data = image.read_raw_bytes()
        kept = {name: whole_number(parameters, f"/{name}", 1) for name in PREDICTOR if f"/{name}" in parameters}
    else:
        data = zlib.compress(_samples_bytes(image))
    size = _size(image)
    return EncodedImage(data, *size, bits, colours.components, "FlateDecode", kept, colours.palette, colours.icc, _decode(image))


PREDICTOR = ("Predictor", "Colors", "BitsPerComponent", "Columns")


def _samples_bytes(image: pikepdf.Object) -> bytes:
    """The samples, unpacked by qpdf, which knows all lossless codings."""
    return image.read_bytes(pikepdf.StreamDecodeLevel.specialized)


def _filters(image: pikepdf.Object) -> tuple[list[str], pikepdf.Object]:
    """The names of the codings, outermost first, and the parameters of the innermost."""
    given = image.get("/Filter", pikepdf.Array())
    codecs = [str(name) for name in given] if isinstance(given, pikepdf.Array) else [str(given)]
    parameters = image.get("/DecodeParms", pikepdf.Dictionary())
    if isinstance(parameters, pikepdf.Array):
        parameters = parameters[-1] if len(parameters) == len(codecs) > 0 else pikepdf.Dictionary()
    plain = isinstance(parameters, pikepdf.Dictionary)
    return [SHORT_NAMES.get(name, name) for name in codecs], parameters if plain else pikepdf.Dictionary()


def _inner_bytes(image: pikepdf.Object, codecs: list[str]) -> bytes:
    """The bytes under any outer Flate coding."""
    data = image.read_raw_bytes()
    for outer in codecs[:-1]:
        if outer != "/FlateDecode":
            raise Unsupported(outer)
        data = zlib.decompress(data)
    return data


def _colours(image: pikepdf.Object) -> _Colours:
    if bool(image.get("/ImageMask", False)):
        return _Colours(1)  # a stencil painted black: 0 is ink, as in a grey image
    space = image.get("/ColorSpace")
    if isinstance(space, pikepdf.Array) and len(space) >= 4 and str(space[0]) in ("/Indexed", "/I"):
        return _Colours(3, palette=_palette(space))
    return _base_colours(space)


def _base_colours(space: pikepdf.Object | None) -> _Colours:
    if isinstance(space, pikepdf.Array) and len(space) == 2 and str(space[0]) == "/ICCBased":
        components = whole_number(space[1], "/N", 0) if isinstance(space[1], pikepdf.Stream) else 0
        if components not in (1, 3):
            raise Unsupported("an ICC profile that is neither grey nor RGB")
        return _Colours(components, icc=usable_icc(space[1].read_bytes(), components))
    name = str(space[0] if isinstance(space, pikepdf.Array) and len(space) else space)
    if name not in COMPONENTS:
        raise Unsupported(name)
    return _Colours(COMPONENTS[name])


def _palette(space: pikepdf.Array) -> bytes:
    if not isinstance(space[3], (pikepdf.Stream, pikepdf.String)):
        raise Damaged("a palette without its colours")
    table = space[3].read_bytes() if isinstance(space[3], pikepdf.Stream) else bytes(space[3])
    if _base_colours(space[1]).components == 1:
        table = bytes(value for grey in table for value in (grey, grey, grey))
    wanted = 3 * (as_whole_number(space[2], "/Indexed") + 1)
    if wanted > 3 * MOST_COLOURS:
        raise Damaged("/Indexed")
    return table[:wanted].ljust(wanted, b"\x00")


def _decode(image: pikepdf.Object) -> tuple[float, ...]:
    """The Decode array; empty when it says nothing."""
    given = numbers(image, "/Decode")
    if not given or given == (0.0, 1.0) * (len(given) // 2):
        return ()
    if not _is_inverted(given):
        raise Unsupported("an unusual Decode array")
    return given


def _is_inverted(decode: tuple[float, ...]) -> bool:
    return bool(decode) and decode == (1.0, 0.0) * (len(decode) // 2)


def _unpacked(taken: EncodedImage, packed: bytes) -> Pixels:
    """Samples of 1, 2, 4, 8 or 16 bits in rows padded to bytes -> grey or RGB."""
    channels = 1 if taken.palette else taken.components
    row_bytes = (taken.width * channels * taken.bits + 7) // 8
    if len(packed) < row_bytes * taken.height:
        raise Damaged("the image ends too early")
    rows = np.frombuffer(packed, np.uint8, row_bytes * taken.height).reshape(taken.height, row_bytes)
    samples = _samples_of(rows, taken.bits)[:, : taken.width * channels]
    if taken.palette:
        table = np.frombuffer(taken.palette, np.uint8).reshape(-1, 3)
        return np.asarray(table[np.minimum(samples, len(table) - 1)])
    top = (1 << min(taken.bits, 8)) - 1
    grey = (samples * (255 // top)).astype(np.uint8)
    shaped = grey if channels == 1 else grey.reshape(taken.height, taken.width, channels)
    return 255 - shaped if _is_inverted(taken.decode) else shaped


def _samples_of(rows: Pixels, bits: int) -> Pixels:
    """One number a sample; of 16 bits the upper 8 (the nearest 8-bit value but for rounding)."""
    if bits == 16:
        return rows[:, ::2]
    if bits == 8:
        return rows
    apart = np.unpackbits(rows, axis=1).reshape(rows.shape[0], -1, bits)
    weights = (1 << np.arange(bits)[::-1]).astype(np.uint8)
    return np.asarray(apart @ weights, np.uint8)
