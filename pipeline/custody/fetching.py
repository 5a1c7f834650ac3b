"""A copy on this machine of an object that lies on another one, for people and programs that open files."""

from __future__ import annotations

from pathlib import Path

from pipeline.custody.spool import hashed_copy
from pipeline.disk import disk_errors
from pipeline.ports import Store


def fetched(store: Store, key: str, folder: Path) -> Path:
    """Where the copy lies below `folder`; made whole or not at all, and kept, since objects never change.

    Raises KeyMissing, StoreUnavailable, DiskFull.
    """
    path = folder / key
    if not path.exists():
        with disk_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
        with store.open(key) as stream, hashed_copy(stream, path.parent) as copy, disk_errors():
            copy.path.replace(path)
    return path
