"""A PDF written object by object as it comes: what is written leaves memory, only the offsets stay."""

from __future__ import annotations

import zlib
from typing import BinaryIO

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
"""The second line marks the file as binary (ISO 19005-2, 6.1.2)."""


class PdfFile:
    """Objects are numbered from 1; a number may be reserved, named in other objects, and written later."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._offsets: list[int] = []
        self._stream.write(HEADER)

    def reserve(self) -> int:
        self._offsets.append(0)
        return len(self._offsets)

    def add(self, body: bytes, number: int | None = None) -> int:
        """Write an object (under a reserved number); returns its number."""
        number = number or self.reserve()
        self._offsets[number - 1] = self._stream.tell()
        self._stream.write(b"%d 0 obj\n%b\nendobj\n" % (number, body))
        return number

    def add_stream(self, entries: bytes, data: bytes, number: int | None = None) -> int:
        """Write a stream as it is; `entries`: its dictionary without /Length."""
        return self.add(b"<<%b/Length %d>>\nstream\n%b\nendstream" % (entries, len(data), data), number)

    def add_deflated(self, entries: bytes, data: bytes, number: int | None = None) -> int:
        return self.add_stream(entries + b"/Filter/FlateDecode", zlib.compress(data, 9), number)

    def close(self, root: int, info: int, file_id: bytes) -> None:
        """Write the cross-reference table and the trailer; every reserved number has been written. `file_id`: 16 bytes."""
        start = self._stream.tell()
        rows = b"".join(b"%010d 00000 n \n" % offset for offset in self._offsets)
        size = len(self._offsets) + 1
        self._stream.write(b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, rows))
        name = file_id.hex().encode()
        trailer = b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%b><%b>]>>\nstartxref\n%d\n%%%%EOF\n"
        self._stream.write(trailer % (size, root, info, name, name, start))


def text_string(text: str) -> bytes:
    """A text string object: UTF-16 with a byte order mark, in hexadecimal."""
    return b"<" + (b"\xfe\xff" + text.encode("utf-16-be", "replace")).hex().encode() + b">"


def number(value: float) -> bytes:
    """At most four decimals, never an exponent."""
    written = f"{value:.4f}".rstrip("0").rstrip(".")
    return (written if written not in ("", "-0") else "0").encode()
