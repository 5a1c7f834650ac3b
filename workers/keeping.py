"""What one of all machines does for all: what the queue has lost is sent again, what others left half-done is made up."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

import structlog

from pipeline.custody import Custody
from pipeline.custody.indexing import Indexing, index_missing
from pipeline.custody.moving import refuse_moved
from pipeline.custody.presence import KEEPERS, first_present, show_presence
from pipeline.custody.reconcile import acknowledge_known
from pipeline.custody.status import read_ledger
from pipeline.errors import IndexUnavailable, QueueUnavailable

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Kept:
    """`pending`: records that wait to be read; `sent`: of them sent again; `indexed`: entries that the index lacked."""

    pending: int
    sent: int
    indexed: int


def keep_if_first(custody: Custody, indexing: Indexing, owner: str) -> Kept | None:
    """Show that `owner` is here, and keep the house if it is the first of all who are; None: another one does.

    Two who take each other for dead may both do it: nothing is done twice that matters. Raises StoreUnavailable.
    """
    now = custody.clock.now()
    show_presence(custody.store, now, KEEPERS, owner)
    return keep_house(custody, indexing) if first_present(custody.store, now, KEEPERS) == owner else None


def keep_house(custody: Custody, indexing: Indexing) -> Kept:
    """One round. As many pending tasks are sent as the queue lacks: with an emptied queue all, beside a full one none.

    Raises StoreUnavailable; HomeMoved and its like.
    """
    refuse_moved(custody.store)
    ledger = read_ledger(custody.store)
    acknowledge_known(custody, ledger)
    pending = list(ledger.pending())
    sent = indexed = 0
    try:
        for task in islice(pending, max(0, len(pending) - custody.queue.waiting())):
            custody.queue.send(task)
            sent += 1
    except QueueUnavailable as error:
        log.warning("queue_not_filled", code=error.code)
    try:
        indexed = index_missing(custody.store, indexing)
    except IndexUnavailable as error:
        log.warning("index_not_mended", code=error.code)
    log.info("house_kept", pending=len(pending), sent=sent, indexed=indexed)
    return Kept(len(pending), sent, indexed)
