"""A second copy of everything, in another store (a folder on another disk); restore.py is the way back.

Objects are written once, so that a backup copies what the copy does not have. At its end stands a ledger of all digests, in the
form of `sha256sum`, which checks it too; what counts is the newest ledger, and an interrupted backup has none: it is just
continued. Each object is compared with its digest before it is taken, and read again after it was written. What was copied
before is not read again: whether the home still is what it was, `fixity` tells.

A backup forgets nothing: what the home has lost since stays in the ledger, and is named each time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from pipeline.custody import records
from pipeline.custody.copying import bring_object, expected_digest
from pipeline.custody.documents import Committed
from pipeline.custody.lookup import file_digests, put_once, readable
from pipeline.custody.needs import needs_of
from pipeline.custody.shapes import is_object, kind_of
from pipeline.errors import DigestMismatch, KeyMissing, OtherHome
from pipeline.ports import Store

log = structlog.get_logger()

LEDGERS = "ledgers/"


@dataclass(frozen=True, slots=True)
class Copied:
    """`copied`, `kept`: objects that were copied, that had been before and were not read again.

    `damaged`: keys of objects not taken, because they are not what they were. `missing`: of those that the home has lost and
    the backup keeps.
    """

    copied: int
    kept: int
    damaged: tuple[str, ...]
    missing: tuple[str, ...]


def backup(store: Store, copy: Store, spool: Path) -> Copied:
    """Bring `copy` up to `store`; `spool`: the folder for unfinished objects of `copy`. May be interrupted and begun again.

    Damaged objects are left out and named; a good one that was copied earlier stays. Raises OtherHome, DiskFull,
    StoreUnavailable.
    """
    known = newest_ledger(copy)
    refuse_other_home(store, known)
    there = set(copy.list_after(""))
    ledger: dict[str, str] = {}
    tally = _Tally()
    files = file_digests(result for _, result in readable(store, records.RESULTS, Committed))
    for key in _snapshot(store):
        if key in known and key in there:
            ledger[key] = known[key]
            tally.kept += 1
        elif (digest := tally.copy_object(store, copy, key, expected_digest(key, files), spool)) is not None:
            ledger[key] = digest
    missing = _missing(store, copy, known.keys() - ledger.keys() - set(tally.damaged))
    _write_ledger(copy, ledger | {key: known[key] for key in missing})
    log.info("backup_made", objects=len(ledger), copied=tally.copied, damaged=len(tally.damaged), missing=len(missing))
    return Copied(tally.copied, tally.kept, tuple(tally.damaged), missing)


def newest_ledger(copy: Store) -> dict[str, str]:
    """Key -> digest of the last complete backup, in the order of writing; empty when there is none.

    A damaged ledger gives way to the one before.
    """
    for key in reversed(list(copy.list_after(LEDGERS))):
        data = copy.get(key)
        if hashlib.sha256(data).hexdigest() == key.split(".")[1]:
            lines = (line.split("  ", 1) for line in data.decode("ascii").splitlines())
            return {name: digest for digest, name in lines if is_object(name)}
    return {}


def refuse_other_home(store: Store, ledger: dict[str, str]) -> None:
    """Raises OtherHome when both know of records and of none in common. An empty home may be the one that lost everything."""
    records_here = [key for key in store.list_after(records.MANIFESTS) if is_object(key)]
    records_there = any(key.startswith(records.MANIFESTS) for key in ledger)
    if records_here and records_there and ledger.keys().isdisjoint(records_here):
        raise OtherHome


@dataclass(slots=True)
class _Tally:
    """What was done so far."""

    copied: int = 0
    kept: int = 0
    damaged: list[str] = field(default_factory=list)

    def copy_object(self, store: Store, copy: Store, key: str, expected: str | None, spool: Path) -> str | None:
        """The digest of the object, now in both; None: it is damaged, or it was removed since it was listed."""
        try:
            digest, copied = bring_object(store, copy, key, expected, spool)
        except KeyMissing:
            return None
        except DigestMismatch:
            self.damaged.append(key)
            return None
        self.copied += copied
        self.kept += not copied
        return digest


def _snapshot(store: Store) -> Iterator[str]:
    """All keys at one moment, in the order in which their objects were written; at last what says why some of them had gone
    before they could be copied."""
    listed = {kind: list(filter(is_object, store.list_after(kind))) for kind in reversed(records.WRITE_ORDER)}
    for kind in records.WRITE_ORDER:
        yield from listed[kind]
    for kind in (records.PURGED, records.DESTROYED):
        yield from sorted(set(filter(is_object, store.list_after(kind))).difference(listed[kind]))


def _missing(store: Store, copy: Store, gone: set[str]) -> tuple[str, ...]:
    """What the home should still have, of all that is gone from it since the backup before."""
    if not gone:
        return ()
    needs = needs_of(store, copy)
    return tuple(sorted(key for key in gone if needs.include(key)))


def _write_ledger(copy: Store, ledger: dict[str, str]) -> None:
    """In the order of writing, which makes every part of a restored home a legal state."""
    ordered = sorted(ledger, key=lambda key: records.WRITE_ORDER.index(kind_of(key)))
    data = "".join(f"{ledger[key]}  {key}\n" for key in ordered).encode("ascii")
    number = sum(1 for _ in copy.list_after(LEDGERS)) + 1
    put_once(copy, f"{LEDGERS}{number:06d}.{hashlib.sha256(data).hexdigest()}.txt", data)
