"""JPEG and JPEG 2000 bytes as PDF/A-2 takes them unchanged; what it does not take is coded again by the caller."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from pipeline.pages.picture import EncodedImage

SOFS_OF_PDF = frozenset({0xC0, 0xC1, 0xC2})
"""Baseline, extended and progressive Huffman coding (ISO 32000-1, 7.4.8); lossless and arithmetic coding are not in PDF."""

OTHER_SOFS = frozenset(range(0xC3, 0xD0)) - {0xC4, 0xC8, 0xCC}
START_OF_SCAN = 0xDA
APP2 = 0xE2
ICC_HEAD = b"ICC_PROFILE\x00"
ICC_COLORS = {1: b"GRAY", 3: b"RGB "}
ICC_CLASSES = (b"scnr", b"mntr", b"prtr", b"spac")

CODESTREAM = b"\xff\x4f\xff\x51"
SRGB, GREY, SYCC = 16, 17, 18
"""Enumerated colour spaces of a JP2's colr box that every reader of PDF/A-2 knows."""


def jpeg_stream(data: bytes) -> EncodedImage | None:
    """A JPEG file as it is; None for CMYK, 12 bits, lossless or arithmetic coding. Raises ValueError when there is no frame."""
    profile = b""
    for marker, body, _ in segments(data):
        if marker == APP2 and body.startswith(ICC_HEAD):
            profile += body[len(ICC_HEAD) + 2 :]
        if marker in OTHER_SOFS:
            return None
        if marker in SOFS_OF_PDF:
            bits, height, width, components = struct.unpack_from(">BHHB", body)
            if bits != 8 or components not in ICC_COLORS or height == 0:
                return None
            return EncodedImage(data, width, height, 8, components, "DCTDecode", icc=usable_icc(profile, components))
    raise ValueError("no frame in the JPEG")


def usable_icc(profile: bytes, components: int) -> bytes | None:
    """The profile if PDF/A-2 admits it (version 2 or 4, right class and number of colours), else None: sRGB is meant."""
    if len(profile) < 128 or struct.unpack_from(">I", profile)[0] != len(profile) or profile[36:40] != b"acsp":
        return None
    if profile[8] > 4 or profile[12:16] not in ICC_CLASSES or profile[16:20] != ICC_COLORS.get(components):
        return None
    return profile


def jp2_stream(data: bytes) -> EncodedImage | None:
    """A JPEG 2000 file or codestream as it is; None unless it has 1 or 3 colours of 8 bits, no alpha (ISO 19005-2, 6.2.8.3)."""
    start = data.find(CODESTREAM)
    if start < 0:
        raise ValueError("no codestream in the JPEG 2000 file")
    _, right, bottom, left, top = struct.unpack_from(">HIIII", data, start + 6)
    components = struct.unpack_from(">H", data, start + 40)[0]
    depths = set(data[start + 42 : start + 42 + 3 * components : 3])
    if components not in ICC_COLORS or depths != {7} or not _plain_colour(data[:start], components):
        return None
    return EncodedImage(data, right - left, bottom - top, 8, components, "JPXDecode")


def _plain_colour(boxes: bytes, components: int) -> bool:
    """No palette, no alpha, and an enumerated colour space of as many components; a bare codestream has no boxes."""
    if not boxes:
        return True
    at = boxes.find(b"colr")
    if at < 0 or b"pclr" in boxes or b"cdef" in boxes or boxes[at + 4] != 1:
        return False
    (space,) = struct.unpack_from(">I", boxes, at + 7)
    return bool(space == GREY if components == 1 else space in (SRGB, SYCC))


def segments(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Marker, body and where the body begins, of each segment up to that of the first scan."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return
        marker = data[at + 1]
        if marker in (0xFF, 0x01) or 0xD0 <= marker <= 0xD8:  # fill byte, or a marker without a body
            at += 1 if marker == 0xFF else 2
            continue
        (size,) = struct.unpack_from(">H", data, at + 2)
        yield marker, data[at + 4 : at + 2 + size], at + 4
        if marker == START_OF_SCAN:
            return
        at += 2 + size
