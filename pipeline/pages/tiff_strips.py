"""The bytes of a TIFF frame as they lie in the file: checked where a decoder would not, and kept where PDF can hold them."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pipeline.errors import Damaged
from pipeline.pages.fax import check_whole
from pipeline.pages.jpeg import START_OF_SCAN, jpeg_stream, segments
from pipeline.pages.picture import EncodedImage
from pipeline.pixels import Pixels

HEIGHT, COMPRESSION, PHOTOMETRIC, OFFSETS, ROWS, COUNTS, PLANES, TILE_WIDTH, JPEG_TABLES = (
    257, 259, 262, 273, 278, 279, 284, 322, 347,
)  # fmt: skip
GROUP_4, JPEG = 4, 7
BLACK_IS_ZERO, RGB = 1, 2

BASELINE, RESTART_INTERVAL, FIRST_RESTART = 0xC0, 0xDD, 0xD0
LONGEST_INTERVAL = 65_535

Tags = Mapping[int, Any]


def check_strips(tags: Tags, file: Path, stored: Pixels) -> None:
    """Raises Damaged when a Group 4 strip of a frame is not whole; `stored`: the frame's pixels, not turned."""
    if tags.get(COMPRESSION) != GROUP_4 or TILE_WIDTH in tags:
        return
    rows = int(tags.get(ROWS, tags[HEIGHT]))
    decoded = 255 - stored if tags.get(PHOTOMETRIC) == BLACK_IS_ZERO else stored
    for at, coded in enumerate(_strips(tags, file)):
        check_whole(coded, decoded[at * rows : (at + 1) * rows])


def jpeg_frame(tags: Tags, file: Path) -> EncodedImage | None:
    """A JPEG frame as one JPEG, its code unchanged; None when the frame is coded otherwise."""
    if tags.get(COMPRESSION) != JPEG or TILE_WIDTH in tags or tags.get(PLANES, 1) != 1:
        return None
    tables = tags.get(JPEG_TABLES, b"")
    if not isinstance(tables, bytes):
        raise Damaged("tables of a JPEG in a TIFF")
    whole = _joined([b"\xff\xd8" + tables[2:-2] + strip[2:] for strip in _strips(tags, file)], int(tags[HEIGHT]))
    image = jpeg_stream(whole) if whole else None
    if image is not None and tags.get(PHOTOMETRIC) == RGB:
        # nothing in the strips says so, and programs take three colours for luminance and chrominance
        return replace(image, parameters={"ColorTransform": 0})
    return image


def _joined(strips: list[bytes], height: int) -> bytes | None:
    """JPEGs of the same kind, one above the other, as one: each strip becomes an interval between two restart markers, at which a
    decoder begins anew as it does at the start of a file."""
    parts = [_parts(strip) for strip in strips]
    segments_kept = parts[0][0]
    frame = dict(segments_kept).get(BASELINE)
    if frame is None or any(RESTART_INTERVAL in dict(part) for part, _ in parts):
        return None
    if len(parts) > 1:
        interval = _interval(frame)
        if interval is None:
            return None
        segments_kept = [*segments_kept[:-1], (RESTART_INTERVAL, struct.pack(">H", interval)), segments_kept[-1]]
    taller = frame[:1] + struct.pack(">H", height) + frame[3:]
    head = b"".join(_segment(marker, taller if marker == BASELINE else body) for marker, body in segments_kept)
    code = b"".join(scan + bytes((0xFF, FIRST_RESTART + at % 8)) for at, (_, scan) in enumerate(parts))
    return b"\xff\xd8" + head + code[:-2] + b"\xff\xd9"


def _interval(frame: bytes) -> int | None:
    """Blocks (ISO 10918-1, A.2.4) in a strip with this frame header; None when the strip ends within a row of them."""
    _, rows, columns, colours = struct.unpack_from(">BHHB", frame)
    factors = [(frame[7 + 3 * at] >> 4, frame[7 + 3 * at] & 15) for at in range(colours)]
    across, down = (8, 8) if colours == 1 else (8 * max(side) for side in zip(*factors, strict=True))
    interval = -(-columns // across) * (rows // down)
    return interval if rows % down == 0 and interval <= LONGEST_INTERVAL else None


def _segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def _parts(jpeg: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """The segments up to the scan's own, and the scan's code."""
    found = list(segments(jpeg))
    if not found or found[-1][0] != START_OF_SCAN:
        raise Damaged("a strip without a scan")
    _, body, start = found[-1]
    end = jpeg.rindex(b"\xff\xd9")
    return [(marker, content) for marker, content, _ in found], jpeg[start + len(body) : end]


def _strips(tags: Tags, file: Path) -> list[bytes]:
    """Read one by one: the file may have hundreds of frames."""
    strips = []
    with file.open("rb") as stream:
        for start, size in zip(tags[OFFSETS], tags[COUNTS], strict=True):
            stream.seek(start)
            strips.append(stream.read(size))
    return strips
