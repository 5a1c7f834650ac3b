"""SHA-256 of what passes by."""

from __future__ import annotations

import hashlib
from typing import BinaryIO, Protocol

from pipeline.disk import disk_errors

CHUNK_BYTES = 1 << 20


class Readable(Protocol):
    def read(self, size: int, /) -> bytes:
        """The next bytes, at most `size`. Nothing is left only when all that was read is proven whole: else it raises."""


def digest_and_size(stream: Readable) -> tuple[str, int]:
    """Of all that is left in the stream."""
    digest = hashlib.sha256()
    size = 0
    while chunk := stream.read(CHUNK_BYTES):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def copy_hashed(stream: Readable, file: BinaryIO) -> tuple[str, int]:
    """Copy all that is left into a file of ours; digest and size of what was copied. Raises DiskFull, other disk errors."""
    digest = hashlib.sha256()
    size = 0
    while chunk := stream.read(CHUNK_BYTES):
        digest.update(chunk)
        size += len(chunk)
        with disk_errors():
            file.write(chunk)
    return digest.hexdigest(), size
