"""What comes from elsewhere -> our own copy, hashed while it is copied. What is stored is what was hashed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipeline.custody.digests import CHUNK_BYTES, Readable, copy_hashed
from pipeline.custody.offers import Offer
from pipeline.disk import disk_errors, new_locked_file
from pipeline.errors import TooLarge
from pipeline.intake import HEAD_BYTES, kept_name, sniff
from pipeline.model import Original


@dataclass(frozen=True, slots=True)
class Spooled:
    """A copy that nobody else writes to; gone when the `with` ends unless the store took it over."""

    path: Path
    original: Original


@dataclass(frozen=True, slots=True)
class HashedCopy:
    """A copy whose digest is of what was written, whatever becomes of the source."""

    path: Path
    sha256: str
    size_bytes: int


@contextmanager
def hashed_copy(stream: BinaryIO, folder: Path) -> Iterator[HashedCopy]:
    """Copy a stream of ours into `folder`, until the `with` ends or the store takes the copy over. Raises DiskFull."""
    with new_locked_file(folder, 0o600) as (path, copy):
        sha256, size = copy_hashed(stream, copy)
        with disk_errors():
            copy.flush()
        yield HashedCopy(path, sha256, size)


@contextmanager
def spooled(offer: Offer, folder: Path, max_bytes: int) -> Iterator[Spooled]:
    """Copy what is offered into `folder`. The copy is locked, so that a sweep can tell it from one whose writer died.

    Raises EmptyFile, UnknownType, TooLarge; UnreadableFile, FileChanging or StoreUnavailable as the offer does when it is read;
    DiskFull and other errors of our own disk.
    """
    with offer.opened() as source, new_locked_file(folder, 0o600) as (path, copy):
        sha256, media_type = _copied(source, copy, max_bytes)
        with disk_errors():
            copy.flush()
        yield Spooled(path, Original(kept_name(offer.name), sha256, copy.tell(), media_type))


def _copied(source: Readable, copy: BinaryIO, max_bytes: int) -> tuple[str, str]:
    """Digest and media type of what was copied."""
    chunk = source.read(CHUNK_BYTES)
    media_type = sniff(chunk[:HEAD_BYTES])
    digest = hashlib.sha256()
    size = 0
    while chunk:
        size += len(chunk)
        if size > max_bytes:
            raise TooLarge(f"> {max_bytes // 1_000_000} MB")
        digest.update(chunk)
        with disk_errors():
            copy.write(chunk)
        chunk = source.read(CHUNK_BYTES)
    return digest.hexdigest(), media_type
