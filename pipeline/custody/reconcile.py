"""Making up what a process that died left undone. Runs twice, or beside anything else, without harm.

manifest without arrival      counted as arrived: its bytes and its manifest are safe
result without index entry    indexed
original without manifest     never acknowledged: swept while nothing is being received
try without an end            closed by the next worker before it tries the record again (attempts.py)
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from pipeline.custody import Custody, records
from pipeline.custody.documents import Arrival, Pointer, decode, encode
from pipeline.custody.indexing import Indexing, index_missing
from pipeline.custody.lookup import manifest_of, put_once
from pipeline.custody.moving import refuse_moved
from pipeline.custody.shapes import is_object
from pipeline.custody.status import Ledger, read_ledger
from pipeline.errors import DigestMismatch
from pipeline.ports import Store

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What was made up. `pending`: work that waits now."""

    arrivals: int
    indexed: int
    swept: int
    pending: int


def reconcile(custody: Custody, indexing: Indexing, *, alone: bool = True) -> Reconciled:
    """Heal everything that can be healed without reading a page.

    `alone`: no other machine receives into this store. The gate keeps only this machine's receivers out, so that beside others
    nothing is swept: an original that nobody acknowledged costs room, one that is removed too early is lost.

    Raises HomeLocked when files keep coming in, HomeMoved and its like, IndexUnavailable, StoreUnavailable.
    """
    refuse_moved(custody.store)
    arrivals = acknowledge_known(custody, read_ledger(custody.store))
    swept = sweep_orphans(custody) if alone else 0
    indexed = index_missing(custody.store, indexing)
    return Reconciled(arrivals, indexed, swept, sum(1 for _ in read_ledger(custody.store).pending()))


def acknowledge_known(custody: Custody, ledger: Ledger) -> int:
    """Count the first arrival of records whose receiver died just before it could; returns how many.

    A receiver that is alive writes the very same arrival.
    """
    arrived = {arrival.record_id for arrival in ledger.arrivals}
    return sum(_acknowledge_first(custody, record_id) for record_id in ledger.manifests if record_id not in arrived)


def sweep_orphans(custody: Custody) -> int:
    """Remove originals that were stored and never acknowledged; returns how many. Nothing is received meanwhile.

    Kept, whatever is missing beside it: what any manifest, arrival or result has to do with. A damaged manifest may have to do
    with anything, so nothing is swept then. Raises HomeLocked, DigestMismatch.
    """
    with custody.gate.exclusive():
        ledger = read_ledger(custody.store)
        pointed = _live_pointers(custody.store, ledger)
        originals = filter(is_object, custody.store.list_after(records.ORIGINALS))
        candidates = [key for key in originals if records.digest_in(key) not in pointed]
        if not candidates:
            return 0
        named = {_original_of(custody.store, record_id) for record_id in ledger.manifests}
        orphans = [key for key in candidates if records.digest_in(key) not in named]
        for key in orphans:
            custody.store.remove(key)
        log.info("orphans_swept", count=len(orphans))
        return len(orphans)


def _acknowledge_first(custody: Custody, record_id: str) -> bool:
    try:
        manifest = manifest_of(custody.store, record_id)
    except DigestMismatch:
        log.error("manifest_damaged", record_id=record_id)
        return False
    key = records.arrival_key(manifest.unit, manifest.batch, manifest.arrival_id, manifest.record_id)
    return put_once(
        custody.store, key, encode(Arrival(manifest.record_id, manifest.source, manifest.original.name, custody.clock.now()))
    )


def _live_pointers(store: Store, ledger: Ledger) -> set[str]:
    """Digests that a pointer gives to a record of which anything is known; pointers of the others are removed."""
    known = {*ledger.manifests, *ledger.results, *(arrival.record_id for arrival in ledger.arrivals)}
    live = set()
    for key in list(filter(is_object, store.list_after(records.CONTENT))):
        try:
            dead = decode(Pointer, store.get(key), key).record_id not in known
        except DigestMismatch:
            dead = False  # what it said is not known, so that nothing may follow from it
        if dead:
            store.remove(key)
        else:
            live.add(records.digest_in(key))
    return live


def _original_of(store: Store, record_id: str) -> str:
    return manifest_of(store, record_id).original.sha256
