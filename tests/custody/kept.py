"""What a store holds, and harm done to it."""

from __future__ import annotations

from pipeline.adapters.directory_store import DirectoryStore
from pipeline.custody.records import CLEARED, DESTROYED, PASSING, PURGED

RARE = (CLEARED, PURGED, DESTROYED)
"""Kinds of which an ordinary home has none; test_secrecy.py and test_purge.py make some."""


def contents(store: DirectoryStore) -> dict[str, bytes]:
    """All objects of a home, or of its copy without the ledgers; strays too, but not what comes and goes beside the objects."""
    beside = ("ledgers/", *PASSING)
    return {key: store.get(key) for key in store.list_after("") if not key.startswith(beside)}


def damage_in(store: DirectoryStore, key: str) -> None:
    """One byte rots."""
    path = store.path_of(key)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
