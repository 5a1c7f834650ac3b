"""A look through the whole store, a part at a time: what has got lost beside the objects is made anew from them.

    manifest without result or quarantine, and no mark    marked as pending
    pending, and no arrival                               counted as arrived: its bytes and its manifest are safe
    result without index entry                            indexed

A part is all records whose ids begin alike; only one is in memory at a time. A survey may be broken off after any part, and gone
on with by anybody (`begin_at`). What it finds it heals; found again, it does nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import structlog

from pipeline.custody import Custody, records
from pipeline.custody.attempts import quarantine
from pipeline.custody.documents import Manifest
from pipeline.custody.indexing import Indexing, index_missing
from pipeline.custody.lookup import manifest_of
from pipeline.custody.pending import everything, mark_pending
from pipeline.custody.purge import finish_all
from pipeline.custody.receive import acknowledge_first
from pipeline.custody.status import State, newest_of, purged_in, state_at
from pipeline.errors import DigestMismatch, IndexUnavailable, UnknownRecord
from pipeline.ports import RecordTask, Store

log = structlog.get_logger()

ONE_PART, SIXTEEN_PARTS = 40, 600
"""Records in the 256th of a store up to which all, or a 16th, is looked at in one go: ten thousand records, a second or two."""


@dataclass(frozen=True, slots=True)
class Healed:
    """What one part lacked. `pending`: how much is to be read in it."""

    part: str
    pending: int
    marked: int
    arrivals: int
    indexed: int = 0


def survey(custody: Custody, indexing: Indexing, begin_at: str = "", parts: Sequence[str] | None = None) -> Iterator[Healed]:
    """Heal part after part; `begin_at`: the first one; `parts`: where not as the size of the store wants it.

    Raises StoreUnavailable.

    An index that does not answer is not asked again: the next survey comes to it.
    """
    marked = {one.task for one in everything(custody.store)}
    answers = True
    for part in parts or parts_of(custody.store):
        if part >= begin_at[: len(part)]:
            indexed = _index(custody, indexing, part) if answers else None
            healed = _heal(custody, part, marked)
            answers = indexed is not None
            yield replace(healed, indexed=indexed or 0)


def parts_of(store: Store) -> list[str]:
    """How ids begin in each part: the larger the store, the more parts."""
    sample = len(newest_of(store, records.MANIFESTS, "00"))
    signs = 0 if sample <= ONE_PART else 1 if sample <= SIXTEEN_PARTS else 2
    return [f"{number:0{signs}x}" if signs else "" for number in range(16**signs)]


def acknowledge_waiting(custody: Custody) -> int:
    """Count the first arrival of records that wait and whose receiver died just before it could; returns how many.

    Who reads a record does the same, so that nothing hangs on this.
    """
    count = 0
    for one in everything(custody.store):
        try:
            count += acknowledge_first(custody, manifest_of(custody.store, one.task.record_id))
        except (DigestMismatch, UnknownRecord) as error:  # it is quarantined when it is tried; there is none yet
            log.warning("arrival_not_made_up", record_id=one.task.record_id, code=error.code)
    return count


def _heal(custody: Custody, part: str, marked: set[RecordTask]) -> Healed:
    pending = list(_pending(custody, part))
    lost = [task for task in pending if task not in marked]
    manifests = [manifest for task in lost if (manifest := _manifest_or_quarantine(custody, task)) is not None]
    arrivals = sum(acknowledge_first(custody, manifest) for manifest in manifests)
    made = sum(mark_pending(custody.store, manifest) for manifest in manifests)
    return Healed(part, len(pending), made, arrivals)


def _pending(custody: Custody, part: str) -> Iterator[RecordTask]:
    """Results are listed last: what is done meanwhile is looked at in vain rather than not at all."""
    manifests = newest_of(custody.store, records.MANIFESTS, part)
    given_up = newest_of(custody.store, records.QUARANTINE, part)
    results = newest_of(custody.store, records.RESULTS, part)
    purged = purged_in(custody.store, part)
    for record_id, generation in manifests.items():
        if record_id in purged:
            continue
        if state_at(generation, results.get(record_id, 0), given_up.get(record_id, 0)) is State.PENDING:
            yield RecordTask(record_id, generation)


def _manifest_or_quarantine(custody: Custody, task: RecordTask) -> Manifest | None:
    """None: it has rotted. Without a mark nobody would ever try to read it, and tell."""
    try:
        return manifest_of(custody.store, task.record_id)
    except DigestMismatch as error:
        quarantine(custody, task.record_id, task.generation, error)
        return None


def _index(custody: Custody, indexing: Indexing, part: str) -> int | None:
    """What interrupted purges left is removed before. None: the index did not answer."""
    try:
        finish_all(custody, indexing.index, part)
        return index_missing(custody, indexing, part)
    except IndexUnavailable as error:
        log.warning("index_not_mended", code=error.code)
        return None
