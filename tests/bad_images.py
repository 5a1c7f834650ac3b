"""The images of docs/inputs.md, as `bad_inputs` has its other files: one function a row, each returning the bytes of a file."""

from __future__ import annotations

import io
import struct
import zlib
from functools import cache

import numpy as np
from PIL import Image

from tests.file_parts import DPI, image_file, jpeg, png_chunk
from tests.printed_page import A4_PIXELS, page_picture


@cache
def png_of_1600_megapixels() -> bytes:
    """40,000 x 40,000 white pixels of one bit in 200 kB."""
    side = 40_000
    rows = zlib.compress((b"\x00" + b"\xff" * (side // 8)) * side, 9)
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*part) for part in ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b"")))


@cache
def png_of_16_bits() -> bytes:
    wide = np.asarray(page_picture(), np.uint16) * 257
    return image_file(Image.fromarray(wide), "PNG")


def jpeg_in_cmyk() -> bytes:
    return jpeg(page_picture().convert("RGB").convert("CMYK"))


def png_with_alpha() -> bytes:
    """Black letters on nothing: on black they would vanish."""
    nothing = Image.new("RGBA", A4_PIXELS, (0, 0, 0, 0))
    nothing.paste((0, 0, 0, 255), mask=Image.eval(page_picture(), lambda value: 255 - value))
    return image_file(nothing, "PNG")


def png_with_palette() -> bytes:
    return image_file(page_picture().convert("RGB").quantize(8), "PNG")


def png_of_one_bit() -> bytes:
    return image_file(page_picture().convert("1"), "PNG", dpi=(DPI, DPI))


def jpeg_turned_by_exif(orientation: int) -> bytes:
    """The page as it is seen is always the same; the stored pixels are turned or mirrored, and EXIF says how."""
    undo = {
        1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
    }[orientation]  # fmt: skip
    stored = page_picture() if undo is None else page_picture().transpose(undo)
    exif = Image.Exif()
    exif[0x0112] = orientation
    return jpeg(stored, exif=exif, quality=90)


@cache
def tiff_of_three_frames() -> bytes:
    """Three pages in one file: black and white, grey of another size, and colour."""
    frames = [page_picture().convert("1"), page_picture().resize((620, 877)), page_picture().convert("RGB")]
    file = io.BytesIO()
    frames[0].save(file, "TIFF", save_all=True, append_images=frames[1:], compression="tiff_deflate", dpi=(DPI, DPI))
    return file.getvalue()


def tiff_whose_second_frame_is_cut() -> bytes:
    whole = tiff_of_three_frames()
    with Image.open(io.BytesIO(whole)) as tiff:
        tiff.seek(1)
        tags = tiff.tag_v2  # type: ignore[attr-defined]
        start, size = tags[273][0], tags[279][0]
    return whole[: start + 10] + bytes(size - 10) + whole[start + size :]


def tiff_in_a_loop() -> bytes:
    """The list of frames leads back to its first one."""
    whole = bytearray(image_file(page_picture().convert("1"), "TIFF", compression="group4"))
    (first,) = struct.unpack_from("<I", whole, 4)
    (entries,) = struct.unpack_from("<H", whole, first)
    struct.pack_into("<I", whole, first + 2 + 12 * entries, first)
    return bytes(whole)


def tiff_group_4() -> bytes:
    return image_file(page_picture().convert("1"), "TIFF", compression="group4", dpi=(DPI, DPI))


def tiff_of_jpeg_strips() -> bytes:
    return image_file(page_picture(), "TIFF", compression="jpeg", quality=75, dpi=(DPI, DPI))


def truncated_jpeg() -> bytes:
    whole = jpeg(page_picture())
    return whole[: len(whole) * 6 // 10]


@cache
def jpeg_2000() -> bytes:
    return image_file(page_picture().convert("RGB"), "JPEG2000", quality_mode="dB", quality_layers=[38])
