"""One object from one store into another, proven sound on the way: what copies and what restores uses it."""

from __future__ import annotations

from pathlib import Path

from pipeline.custody import records
from pipeline.custody.digests import digest_and_size
from pipeline.custody.documents import is_intact
from pipeline.custody.lookup import put_once
from pipeline.custody.spool import hashed_copy
from pipeline.disk import disk_errors
from pipeline.errors import DigestMismatch, KeyMissing, NotKept
from pipeline.ports import Store


def bring_object(
    source: Store, target: Store, key: str, expected: str | None, spool: Path, *, is_new: bool = False
) -> tuple[str, bool]:
    """Have `target` hold what `source` holds; digest, and whether it had to be written. Damaged bytes there are replaced.

    `expected`: the digest, where it is known. `is_new`: the target listed no such object; it is not asked for it again. Raises
    KeyMissing, DigestMismatch: nothing was changed; NotKept: the target does not give back what it took.
    """
    with source.open(key) as stream, hashed_copy(stream, spool) as copy:
        if expected not in (None, copy.sha256) or not _is_sealed(key, copy.path):
            raise DigestMismatch(key)
        there = None if is_new else digest_of(target, key)
        if there == copy.sha256:
            return copy.sha256, False
        if there is not None:
            if expected is None and not is_document(key):
                raise DigestMismatch(key)  # nothing tells which of the two is right
            target.remove(key)
        put_once(target, key, copy.path)
    if digest_of(target, key) != copy.sha256:
        raise NotKept(key)
    return copy.sha256, True


def digest_of(store: Store, key: str) -> str | None:
    """SHA-256 of an object as it is read now; None: it is not there."""
    try:
        with store.open(key) as stream:
            return digest_and_size(stream)[0]
    except KeyMissing:
        return None


def expected_digest(key: str, files: dict[str, str]) -> str | None:
    """What the digest must be: an original's key tells, a file's is in its result; small documents carry their own seal."""
    return records.digest_in(key) if key.startswith(records.ORIGINALS) else files.get(key)


def is_document(key: str) -> bool:
    """Whether the object is one of the small sealed documents."""
    return not key.startswith((records.ORIGINALS, records.FILES))


def _is_sealed(key: str, path: Path) -> bool:
    if not is_document(key):
        return True
    with disk_errors():
        return is_intact(path.read_bytes())
