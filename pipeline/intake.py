"""What a file is, before anything opens it: its type by content, its size, its digest. Nothing here decodes."""

from __future__ import annotations

import errno
import hashlib
import os
import unicodedata
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import EmptyFile, TooLarge, UnknownType, UnreadableFile
from pipeline.model import Original

HEAD_BYTES = 1024
"""A PDF's header may stand anywhere in the first 1024 bytes (ISO 32000-1, annex H.3.4.1)."""

CHUNK_BYTES = 1 << 20
NAME_CHARACTERS = 255
"""What file systems allow for one name; a longer one is cut before its ending."""

PDF = "application/pdf"
TIFF = "image/tiff"
JPEG = "image/jpeg"
PNG = "image/png"
JPEG_2000 = "image/jp2"

SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),  # BigTIFF
    (b"MM\x00+", TIFF),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", JPEG_2000),
    (b"\xff\x4f\xff\x51", JPEG_2000),  # a bare codestream
)

NOT_PDF = (b"pk\x03\x04", b"mz", b"<!doctype html", b"<html")
"""How archives, programs and web pages begin, in small letters: a "%PDF-" further on proves nothing there."""


def sniff(head: bytes) -> str:
    """The media type of a file that starts with `head` (its first 1024 bytes, fewer if it is shorter).

    Raises EmptyFile, UnknownType.
    """
    if not head:
        raise EmptyFile
    for signature, media_type in SIGNATURES:
        if head.startswith(signature):
            return media_type
    if b"%PDF-" in head[:HEAD_BYTES] and not head.lstrip().lower().startswith(NOT_PDF):
        return PDF
    raise UnknownType


def measure(file: Path, max_bytes: int) -> Original:
    """Type, size and SHA-256 of a file, read once from start to end.

    Raises EmptyFile, UnknownType, TooLarge, UnreadableFile.
    """
    digest = hashlib.sha256()
    size = 0
    try:
        with _open_regular(file) as stream:
            head = stream.read(HEAD_BYTES)
            media_type = sniff(head)
            chunk = head
            while chunk:
                size += len(chunk)
                if size > max_bytes:
                    raise TooLarge(f"> {max_bytes // 1_000_000} MB")
                digest.update(chunk)
                chunk = stream.read(CHUNK_BYTES)
    except OSError as error:
        raise UnreadableFile(errno.errorcode.get(error.errno or 0, "")) from error
    return Original(kept_name(file.name), digest.hexdigest(), size, media_type)


def _open_regular(file: Path) -> BinaryIO:
    """Only regular files: opening a pipe would wait for ever, a device may never end."""
    if file.exists() and not file.is_file():
        raise UnreadableFile("not a regular file")
    return file.open("rb")


def kept_name(name: str) -> str:
    """A file's name as it is recorded: NFC, without bytes that are no text, at most 255 characters. Never used as a path."""
    readable = os.fsencode(name).decode("utf-8", "replace")
    whole = unicodedata.normalize("NFC", readable)
    if len(whole) <= NAME_CHARACTERS:
        return whole
    ending = Path(whole).suffix[:16]
    return whole[: NAME_CHARACTERS - len(ending)] + ending
