"""A second copy of everything, in another store (a folder on another disk), and the way back.

Objects are written once, so that a backup copies what the copy does not have. At its end stands a ledger of all digests, in the
form of `sha256sum`, which checks it too; what counts is the newest ledger, and an interrupted backup has none: it is just
continued. Each object is compared with its digest before it is taken, and read again after it was written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from pipeline.custody import records
from pipeline.custody.digests import digest_and_size
from pipeline.custody.documents import Committed, is_intact
from pipeline.custody.fixity import OnObject
from pipeline.custody.lookup import file_digests, put_once, readable
from pipeline.custody.spool import hashed_copy
from pipeline.disk import disk_errors
from pipeline.errors import BackupMissing, DigestMismatch, HomeNotEmpty, KeyMissing
from pipeline.ports import Store

log = structlog.get_logger()

LEDGERS = "ledgers/"


@dataclass(frozen=True, slots=True)
class Copied:
    """`copied`, `kept`: objects that were copied, that were there before. `damaged`: their keys."""

    copied: int
    kept: int
    damaged: tuple[str, ...]


def backup(store: Store, copy: Store, spool: Path, on_object: OnObject | None = None) -> Copied:
    """Bring `copy` up to `store`; `spool`: the folder for unfinished objects of `copy`. May be interrupted and begun again.

    Damaged objects are left out and named; a good one that was copied earlier stays. Raises DiskFull, StoreUnavailable.
    """
    known = _newest_ledger(copy)
    there = set(copy.list_after(""))
    ledger: dict[str, str] = {}
    tally = _Tally(on_object)
    files = file_digests(result for _, result in readable(store, records.RESULTS, Committed))
    for key in _snapshot(store):
        if key in known and key in there:
            ledger[key] = known[key]
            tally.kept += 1
        elif (digest := tally.copy_object(store, copy, key, _expected(key, files), spool)) is not None:
            ledger[key] = digest
        tally.told()
    _write_ledger(copy, ledger)
    log.info("backup_made", objects=len(ledger), copied=tally.copied, damaged=len(tally.damaged))
    return Copied(tally.copied, tally.kept, tuple(tally.damaged))


def restore(copy: Store, store: Store, spool: Path, on_object: OnObject | None = None) -> Copied:
    """Fill an empty home from the newest complete backup; an interrupted restore is continued. The index is not part of it.

    What is damaged in the backup is left out and named. Raises BackupMissing, HomeNotEmpty when `store` holds anything else.
    """
    ledger = _newest_ledger(copy)
    if not ledger:
        raise BackupMissing
    if any(key not in ledger for key in store.list_after("")):
        raise HomeNotEmpty
    tally = _Tally(on_object)
    for key, digest in ledger.items():
        if tally.copy_object(copy, store, key, digest, spool) is None and key not in tally.damaged:
            tally.damaged.append(key)
        tally.told()
    log.info("backup_restored", objects=len(ledger), copied=tally.copied, damaged=len(tally.damaged))
    return Copied(tally.copied, tally.kept, tuple(tally.damaged))


@dataclass(slots=True)
class _Tally:
    """What was done so far."""

    on_object: OnObject | None
    copied: int = 0
    kept: int = 0
    damaged: list[str] = field(default_factory=list)
    seen: int = 0

    def copy_object(self, source: Store, target: Store, key: str, expected: str | None, spool: Path) -> str | None:
        """The digest of the object, now in both; None: it is damaged, or it was swept since it was listed."""
        try:
            digest, copied = _copy_object(source, target, key, expected, spool)
        except KeyMissing:
            return None
        except DigestMismatch:
            self.damaged.append(key)
            return None
        self.copied += copied
        self.kept += not copied
        return digest

    def told(self) -> None:
        self.seen += 1
        if self.on_object is not None:
            self.on_object(self.seen)


def _copy_object(source: Store, target: Store, key: str, expected: str | None, spool: Path) -> tuple[str, bool]:
    """Digest, and whether it had to be copied. Raises KeyMissing, DigestMismatch (on either side)."""
    with source.open(key) as stream, hashed_copy(stream, spool) as copy:
        if expected not in (None, copy.sha256) or not _is_sealed(key, copy.path):
            raise DigestMismatch(key)
        copied = put_once(target, key, copy.path)
    if _digest(target, key) != copy.sha256:
        raise DigestMismatch(key)
    return copy.sha256, copied


def _digest(store: Store, key: str) -> str:
    with store.open(key) as stream:
        return digest_and_size(stream)[0]


def _expected(key: str, files: dict[str, str]) -> str | None:
    """What the digest must be: an original's key tells, a file's is in its result; small documents carry their own."""
    return records.digest_in(key) if key.startswith(records.ORIGINALS) else files.get(key)


def _is_sealed(key: str, path: Path) -> bool:
    if key.startswith((records.ORIGINALS, records.FILES)):
        return True
    with disk_errors():
        return is_intact(path.read_bytes())


def _snapshot(store: Store) -> Iterator[str]:
    """All keys at one moment, in the order in which their objects were written."""
    listed = {kind: list(store.list_after(kind)) for kind in reversed(records.WRITE_ORDER)}
    for kind in records.WRITE_ORDER:
        yield from listed[kind]


def _newest_ledger(copy: Store) -> dict[str, str]:
    """Key -> digest of the last complete backup; empty when there is none. A damaged ledger gives way to the one before."""
    for key in reversed(list(copy.list_after(LEDGERS))):
        data = copy.get(key).data
        if hashlib.sha256(data).hexdigest() == key.split(".")[1]:
            lines = (line.split("  ", 1) for line in data.decode("ascii").splitlines())
            return {name: digest for digest, name in lines}
    return {}


def _write_ledger(copy: Store, ledger: dict[str, str]) -> None:
    data = "".join(f"{digest}  {key}\n" for key, digest in ledger.items()).encode("ascii")
    number = sum(1 for _ in copy.list_after(LEDGERS)) + 1
    put_once(copy, f"{LEDGERS}{number:06d}.{hashlib.sha256(data).hexdigest()}.txt", data)
