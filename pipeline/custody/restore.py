"""The way back from a backup: what the home lacks, and what has rotted in it. What is sound or newer is never touched."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import structlog

from pipeline.custody.backup import newest_ledger, refuse_other_home
from pipeline.custody.copying import bring_object, digest_of, expected_digest, is_document
from pipeline.custody.documents import is_intact
from pipeline.custody.needs import needs_of
from pipeline.errors import BackupMissing, DigestMismatch, KeyMissing
from pipeline.ports import Store

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Restored:
    """Keys of objects that had gone (`returned`), that had rotted (`replaced`), and that the backup has no sound copy of
    either (`lost`). `kept`: how many were sound."""

    returned: tuple[str, ...]
    replaced: tuple[str, ...]
    kept: int
    lost: tuple[str, ...]


class Condition(Enum):
    """Of an object as it stands in the home."""

    SOUND = "sound"
    ROTTEN = "rotten"
    GONE = "gone"


def restore(copy: Store, store: Store, spool: Path) -> Restored:
    """Make a home whole again, or fill an empty one, from the newest complete backup. An interrupted restore is continued.

    Every object of the home that the backup knows is read again. Nothing else may work on the home meanwhile; the index is not
    part of it. `spool`: the folder for unfinished objects of the home. Raises BackupMissing, OtherHome.
    """
    ledger = newest_ledger(copy)
    if not ledger:
        raise BackupMissing
    refuse_other_home(store, ledger)
    needs = needs_of(store, copy)
    tally = _Tally()
    for key, digest in ledger.items():
        if needs.include(key):
            expected = expected_digest(key, needs.files) or digest
            tally.note(key, *_mend(copy, store, key, expected, spool))
    log.info("backup_restored", returned=len(tally.returned), replaced=len(tally.replaced), lost=len(tally.lost))
    return Restored(tuple(tally.returned), tuple(tally.replaced), tally.kept, tuple(tally.lost))


@dataclass(slots=True)
class _Tally:
    """What was done so far."""

    returned: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    kept: int = 0

    def note(self, key: str, before: Condition, after: Condition) -> None:
        if before is Condition.SOUND:
            self.kept += 1
        elif after is not Condition.SOUND:
            self.lost.append(key)
        else:
            (self.returned if before is Condition.GONE else self.replaced).append(key)


def _mend(copy: Store, store: Store, key: str, expected: str, spool: Path) -> tuple[Condition, Condition]:
    """How the object stood, and how it stands now."""
    before = _condition(store, key, expected)
    if before is Condition.SOUND:
        return before, before
    try:
        bring_object(copy, store, key, expected, spool)
    except (KeyMissing, DigestMismatch):
        return before, before
    return before, Condition.SOUND


def _condition(store: Store, key: str, expected: str) -> Condition:
    """A document is sound by its own seal: the home's may be another than the backup's, and newer."""
    if is_document(key):
        try:
            sound = is_intact(store.get(key))
        except KeyMissing:
            return Condition.GONE
        return Condition.SOUND if sound else Condition.ROTTEN
    digest = digest_of(store, key)
    if digest is None:
        return Condition.GONE
    return Condition.SOUND if digest == expected else Condition.ROTTEN
