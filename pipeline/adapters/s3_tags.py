"""What an S3 server's tag says of an object's bytes: their MD5, or the MD5 of the MD5s of the parts in which they came."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import BinaryIO

from urllib3 import BaseHTTPResponse

TAG = re.compile(r"[0-9a-f]{32}(?:-(?P<parts>[1-9][0-9]{0,4}))?")

CHUNK_BYTES = 1 << 20

OWN_TAGS = ("aws:kms", "aws:kms:dsse")
ENCRYPTION = "x-amz-server-side-encryption"
"""Kinds of encryption under which a tag looks like an MD5 and is none."""


def md5_of(body: BinaryIO) -> bytes:
    """Of all that is left in it."""
    digest = hashlib.md5(usedforsecurity=False)
    while chunk := body.read(CHUNK_BYTES):
        digest.update(chunk)
    return digest.digest()


def parts_of(tag: str, answer: BaseHTTPResponse) -> int | None:
    """In how many parts an object came, 0: in one piece; None: its tag says nothing of its bytes."""
    found = TAG.fullmatch(tag)
    headers = answer.headers
    if found is None or headers.get(ENCRYPTION, "") in OWN_TAGS or f"{ENCRYPTION}-customer-algorithm" in headers:
        return None
    return int(found["parts"] or 0)


class TagDigest:
    """The tag of bytes that pass by. `part_sizes`: of all parts in which they came; none: in one piece."""

    def __init__(self, part_sizes: Sequence[int]) -> None:
        self._sizes = part_sizes
        self._md5s: list[bytes] = []
        self._open = hashlib.md5(usedforsecurity=False)
        self._in_open = 0

    def update(self, data: bytes) -> None:
        rest = memoryview(data)
        while len(self._md5s) < len(self._sizes) and self._in_open + len(rest) >= self._sizes[len(self._md5s)]:
            room = self._sizes[len(self._md5s)] - self._in_open
            self._open.update(rest[:room])
            self._md5s.append(self._open.digest())
            self._open, self._in_open, rest = hashlib.md5(usedforsecurity=False), 0, rest[room:]
        self._open.update(rest)
        self._in_open += len(rest)

    def hexdigest(self) -> str:
        if not self._sizes:
            return self._open.hexdigest()
        if self._in_open or len(self._md5s) < len(self._sizes):
            return ""  # more, or less, than the parts are together
        return f"{hashlib.md5(b''.join(self._md5s), usedforsecurity=False).hexdigest()}-{len(self._sizes)}"
