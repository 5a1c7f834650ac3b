"""From results to the search index, which is disposable: it never holds work up, and what it misses is made up later."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import structlog

from pipeline.custody import records
from pipeline.custody.lookup import file_of, manifest_of, placement_of, result_of
from pipeline.custody.records import record_of_refresh
from pipeline.custody.status import read_ledger
from pipeline.errors import DigestMismatch, PermanentError, SohoaError, TransientError
from pipeline.index import IndexEntry, Placement
from pipeline.ports import Index, Store

log = structlog.get_logger()

RECORD_FILE = "record.json"

EntryMaker = Callable[[bytes, Placement], IndexEntry]
"""record.json as it was written, and where the record belongs -> what the index holds."""


@dataclass(frozen=True, slots=True)
class Indexing:
    index: Index
    make_entry: EntryMaker


def index_record(store: Store, indexing: Indexing, record_id: str) -> bool:
    """Put the newest result of a record into the index; False: there is none.

    Raises IndexUnavailable, DigestMismatch, KeyMissing, UnknownRecord.
    """
    entry = _entry(store, indexing.make_entry, record_id)
    if entry is None:
        return False
    indexing.index.put([entry])
    return True


def index_missing(store: Store, indexing: Indexing) -> int:
    """Bring the index up to the store; returns how many entries were written. Raises IndexUnavailable.

    A result that cannot be read is left out and logged: `fixity` names it.
    """
    indexed = indexing.index.generations()
    results = read_ledger(store).results
    stale = [record_id for record_id, generation in results.items() if indexed.get(record_id, 0) < generation]
    written = sum(_index_or_log(store, indexing, record_id) for record_id in stale)
    return written + refresh_entries(store, indexing)


def refresh_entries(store: Store, indexing: Indexing) -> int:
    """Write entries again of records that came in a further batch. Raises IndexUnavailable."""
    written = 0
    for key in list(store.list_after(records.REFRESH)):
        # No result yet: the entry that will be made of it reads all batches anyway.
        written += _index_or_log(store, indexing, record_of_refresh(key))
        store.remove(key)
    return written


def rebuild_index(store: Store, indexing: Indexing) -> int:
    """Fill a new index from the store while the old one serves; returns the number of records. No page is read again.

    What was done meanwhile went into the old index, so that the new one is brought up to the store at once.
    """
    count = indexing.index.rebuild(entries(store, indexing.make_entry))
    return count + index_missing(store, indexing)


def entries(store: Store, make_entry: EntryMaker) -> Iterator[IndexEntry]:
    """One for each record that has a result; what cannot be read is logged and left out."""
    for record_id in read_ledger(store).results:
        try:
            entry = _entry(store, make_entry, record_id)
        except PermanentError as error:
            log.error("result_unreadable", record_id=record_id, code=error.code)
            continue
        if entry is not None:
            yield entry


def _index_or_log(store: Store, indexing: Indexing, record_id: str) -> bool:
    try:
        return index_record(store, indexing, record_id)
    except TransientError:
        raise
    except PermanentError as error:
        log.error("result_unreadable", record_id=record_id, code=error.code)
        return False


def _entry(store: Store, make_entry: EntryMaker, record_id: str) -> IndexEntry | None:
    committed = result_of(store, record_id)
    if committed is None:
        return None
    manifest = manifest_of(store, record_id)
    placement = placement_of(store, manifest)
    key = file_of(committed, RECORD_FILE)
    try:
        return make_entry(store.get(key), replace(placement, generation=committed.generation))
    except SohoaError:
        raise
    except Exception as error:  # what cannot be understood is as good as damaged, and must not stop the others
        raise DigestMismatch(key) from error
