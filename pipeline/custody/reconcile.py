"""Making up what a process that died left undone. Runs twice, or beside anything else, without harm.

manifest without arrival      counted as arrived: its bytes and its manifest are safe (survey.py)
result without index entry    indexed (survey.py, indexing.py)
original without manifest     never acknowledged: swept while nothing is being received
try without an end            closed by the next worker before it tries the record again (attempts.py)
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from pipeline.custody import Custody, records
from pipeline.custody.documents import Pointer, decode
from pipeline.custody.indexing import Indexing, refresh_all
from pipeline.custody.lookup import manifest_of
from pipeline.custody.moving import refuse_moved
from pipeline.custody.shapes import is_object
from pipeline.custody.status import Ledger, read_ledger
from pipeline.custody.survey import acknowledge_waiting, survey
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
    arrivals = acknowledge_waiting(custody)
    healed = list(survey(custody, indexing))
    swept = sweep_orphans(custody) if alone else 0
    refreshed = refresh_all(custody, indexing)
    return Reconciled(
        arrivals + sum(part.arrivals for part in healed),
        refreshed + sum(part.indexed for part in healed),
        swept,
        sum(part.pending for part in healed),
    )


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
