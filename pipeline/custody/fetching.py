"""A copy on this machine of an object that lies on another one. What is copied has the digest that was written down for it.

Bytes may be spoilt on the way: what differs, or is cut off, is asked for again before it is said to be so in the store.
"""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4

import structlog

from pipeline.custody.digests import copy_hashed
from pipeline.disk import disk_errors
from pipeline.errors import DigestMismatch, StoreUnavailable
from pipeline.ports import Store

log = structlog.get_logger()

FETCHES = 3


def fetch(store: Store, key: str, sha256: str, file: Path) -> None:
    """Copy an object to `file`. Raises KeyMissing, DigestMismatch, StoreUnavailable, DiskFull: `file` is no whole copy then."""
    cut_off: StoreUnavailable | None = None
    for _ in range(FETCHES):
        try:
            with store.open(key) as stream, disk_errors(), file.open("wb") as copy:
                digest, _size = copy_hashed(stream, copy)
        except StoreUnavailable as error:
            cut_off = error
        else:
            if digest == sha256:
                return
            cut_off = None
        log.warning("object_came_spoilt", key=key, cut_off=cut_off is not None)
    raise cut_off or DigestMismatch(key)


def fetched(store: Store, key: str, sha256: str, folder: Path) -> Path:
    """Where the copy lies below `folder`; made whole or not at all, and kept, since objects never change.

    Raises KeyMissing, DigestMismatch, StoreUnavailable, DiskFull.
    """
    path = folder / key
    if not path.exists():
        with disk_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
        copy = path.parent / uuid4().hex
        try:
            fetch(store, key, sha256, copy)
            with disk_errors(), copy.open("rb") as whole:
                os.fsync(whole.fileno())
                copy.replace(path)
        finally:
            copy.unlink(missing_ok=True)
    return path
