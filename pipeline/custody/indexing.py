"""From results to the search index, which is disposable: it never holds work up, and what it misses is made up later.

    refresh/<record>.<time>.<generation>     the entry is to be made anew; stands before the result that it announces

Many entries go into the index in one call: a search server takes two hundred in little more time than one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice, takewhile
from typing import TypeVar

import structlog

from pipeline.custody import Custody, records
from pipeline.custody.documents import Committed
from pipeline.custody.left_out import forget_left_out, left_out, offer
from pipeline.custody.lookup import (
    content_of,
    file_of,
    manifest_of_generation,
    placement_of,
    put_once,
    result_of,
    result_of_generation,
)
from pipeline.custody.status import newest_of, read_ledger
from pipeline.custody.stopped import out_of_sight, stop_of
from pipeline.errors import DigestMismatch, PermanentError, SohoaError, TransientError
from pipeline.index import IndexEntry, Placement
from pipeline.ports import Index, Putting, Store

log = structlog.get_logger()

RECORD_FILE = "record.json"

AT_ONCE = 200
"""Entries of one call: some megabytes."""

NEVER_CAME = timedelta(hours=1)
"""A mark whose result has not come by then was left by one who died before it could be written."""

Read = TypeVar("Read")

EntryMaker = Callable[[bytes, Placement], IndexEntry]
"""record.json as it was written, and where the record belongs -> what the index holds."""


@dataclass(frozen=True, slots=True)
class Indexing:
    index: Index
    make_entry: EntryMaker


def index_record(custody: Custody, indexing: Indexing, record_id: str) -> bool:
    """Put the newest result of a record into the index; False: there is none, or it is out of sight and was taken out.

    Raises IndexUnavailable, DigestMismatch, KeyMissing, UnknownRecord.
    """
    committed = result_of(custody.store, record_id)
    if committed is None:
        return False
    if (stop := stop_of(custody.store, record_id)) is not None:
        indexing.index.remove(record_id, stop.generation)
        return False
    offer(custody.store, indexing.index, [_entry(custody.store, indexing.make_entry, committed)], custody.clock.now())
    return True


def note_refresh(store: Store, record_id: str, generation: int, now: datetime) -> None:
    """The entry is to be made anew once there is a result of this generation; 0: of whatever result there is."""
    put_once(store, records.refresh_key(record_id, generation, now), b"")


def refresh_entries(store: Store, indexing: Indexing, now: datetime, *, after: str = "", most: int = AT_ONCE) -> int:
    """Write entries that are out of date, `most` of them in one call; returns how many were settled. Raises IndexUnavailable.

    `after`: a record's id where to begin; those before it come when there are few behind it. A result that cannot be read is left
    out and logged: `fixity` names it. What the index puts off keeps its mark.
    """
    marks = list(islice(filter(None, map(_parsed, _from(store, after))), most))
    hidden = _take_out(store, indexing.index, {mark.record_id for mark in marks if mark.generation != 1})  # 1: none is older
    announced = {mark: _readable(partial(_announced, store, mark), mark.record_id) for mark in marks}
    newest = {result.record_id: result for result in announced.values() if result is not None and result.record_id not in hidden}
    entries = [entry for result in newest.values() if (entry := _entry_or_log(store, indexing.make_entry, result))]
    offered = offer(store, indexing.index, entries, now)
    put_off = {record_id for record_id, putting in offered.items() if putting is Putting.PUT_OFF}
    for mark, result in announced.items():
        awaited = result is None and mark.generation and now - mark.since <= NEVER_CAME
        if mark.record_id not in put_off and not awaited:
            store.remove(mark.key)
    return len(offered) - len(put_off) + len(hidden)


def _take_out(store: Store, index: Index, record_ids: Iterable[str]) -> set[str]:
    """Those of the records whose results are out of sight, once the index has forgotten them."""
    stops = [stop for record_id in record_ids if (stop := stop_of(store, record_id)) is not None]
    for stop in stops:
        index.remove(stop.record_id, stop.generation)
    return {stop.record_id for stop in stops}


def refresh_all(custody: Custody, indexing: Indexing) -> int:
    """All entries that are out of date and whose results have come. Raises IndexUnavailable."""
    count = 0
    while written := refresh_entries(custody.store, indexing, custody.clock.now()):
        count += written
    return count


def count_out_of_date(store: Store, most: int = AT_ONCE) -> int:
    """How many entries are to be made anew, `most` at the most."""
    return sum(1 for _ in islice(store.list_after(records.REFRESH), most))


def oldest_refresh(store: Store) -> datetime | None:
    """Since when the entry is out of date that has been so for longest."""
    return min((mark.since for mark in map(_parsed, store.list_after(records.REFRESH)) if mark), default=None)


def rebuild_index(custody: Custody, indexing: Indexing) -> int:
    """Fill a new index from the store while the old one serves; returns the number of records. No page is read again.

    What was done meanwhile went into the old index, so that the new one is brought up to the store at once.
    """
    count = indexing.index.rebuild(entries(custody.store, indexing.make_entry))
    forget_left_out(custody.store)
    return count + index_missing(custody, indexing)


def index_missing(custody: Custody, indexing: Indexing, beginning: str = "") -> int:
    """Bring the index up to the store, of records whose ids begin so; returns how many it took.

    What it has refused is passed over for a day. Raises IndexUnavailable.
    """
    store, now = custody.store, custody.clock.now()
    indexed = indexing.index.generations(beginning)
    results = newest_of(store, records.RESULTS, beginning)
    notes = {note.record_id: note for note in left_out(store, beginning)}
    resting = {note.record_id for note in notes.values() if note.may_rest(now) and note.generation == results.get(note.record_id)}
    stale = [one for one, generation in results.items() if indexed.get(one, 0) < generation or one in notes]
    hidden = out_of_sight(store, beginning, results)
    for record_id in hidden.keys() & indexed.keys():
        indexing.index.remove(record_id, hidden[record_id])
    wanted = [record_id for record_id in stale if record_id not in resting and record_id not in hidden]
    taken = 0
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        found = (_readable(partial(result_of, store, record_id), record_id) for record_id in some)
        entries = [entry for result in found if result and (entry := _entry_or_log(store, indexing.make_entry, result))]
        offered = offer(store, indexing.index, entries, now)
        taken += sum(putting in (Putting.WRITTEN, Putting.NEWER_STANDS) for putting in offered.values())
    return taken


def entries(store: Store, make_entry: EntryMaker) -> Iterator[IndexEntry]:
    """One for each record that has a result; what cannot be read is logged and left out."""
    ledger = read_ledger(store)
    hidden = out_of_sight(store, "", ledger.results)
    for record_id in ledger.results:
        if record_id in hidden:
            continue
        result = _readable(partial(result_of, store, record_id), record_id)
        if result and (entry := _entry_or_log(store, make_entry, result)):
            yield entry


@dataclass(frozen=True, slots=True)
class _Mark:
    """`generation`: of the result to wait for; 0: none."""

    key: str
    record_id: str
    generation: int
    since: datetime


def _from(store: Store, after: str) -> Iterator[str]:
    """Marks in key order from a record on, then those before it."""
    start = f"{records.REFRESH}{after}"
    yield from store.list_after(records.REFRESH, start if after else "")
    if after:
        yield from takewhile(lambda key: key <= start, store.list_after(records.REFRESH))


def _parsed(key: str) -> _Mark | None:
    try:
        record_id, since, generation = key.removeprefix(records.REFRESH).split(".")
        return _Mark(key, record_id, int(generation), records.moment(since))
    except ValueError:  # somebody else's
        return None


def _announced(store: Store, mark: _Mark) -> Committed | None:
    """The result that a mark announces, None: it has not come yet. Where it announces none, the newest there is."""
    if mark.generation == 0:
        return result_of(store, mark.record_id)
    return result_of_generation(store, mark.record_id, mark.generation)


def _readable(read: Callable[[], Read | None], record_id: str) -> Read | None:
    """None: it cannot be read, which is logged."""
    try:
        return read()
    except TransientError:
        raise
    except PermanentError as error:
        log.error("result_unreadable", record_id=record_id, code=error.code)
        return None


def _entry_or_log(store: Store, make_entry: EntryMaker, committed: Committed) -> IndexEntry | None:
    return _readable(partial(_entry, store, make_entry, committed), committed.record_id)


def _entry(store: Store, make_entry: EntryMaker, committed: Committed) -> IndexEntry:
    """Where a record belongs is the same in all its generations."""
    placement = placement_of(store, manifest_of_generation(store, committed.record_id, committed.generation))
    content = content_of(store, committed, RECORD_FILE)
    try:
        return make_entry(content, placement)
    except SohoaError:
        raise
    except Exception as error:  # what cannot be understood is as good as damaged, and must not stop the others
        raise DigestMismatch(file_of(committed, RECORD_FILE)) from error
