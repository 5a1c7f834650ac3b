"""What the index does not take: a record that it refuses is found by its fields at least, noted, and not offered at every turn.

    left_out/<record>.<time>.<generation>.<what>    what of the record is not in the index: its `pages`, or `all` of it

It is offered again a day later, and when the index is built anew: the server may have more memory then, or the program be mended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from pipeline.custody import records
from pipeline.custody.lookup import put_once
from pipeline.index import IndexEntry
from pipeline.ports import Index, Putting, Store

log = structlog.get_logger()

OFFERED_AGAIN = timedelta(days=1)

PAGES, ALL = "pages", "all"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A note: `what` of a record's generation is not in the index, PAGES or ALL, and since when that is known."""

    key: str
    record_id: str
    generation: int
    what: str
    since: datetime

    def may_rest(self, now: datetime) -> bool:
        """Whether it is too early to offer it again."""
        return now - self.since < OFFERED_AGAIN


def offer(store: Store, index: Index, entries: Sequence[IndexEntry], now: datetime) -> dict[str, Putting]:
    """Put entries into the index; record_id -> what became of it, if need be without its pages.

    What is put off may be offered again soon. Raises IndexUnavailable, StoreUnavailable: then all may.
    """
    if not entries:
        return {}
    done = index.put(entries)
    refused = [one for one in entries if done[one.placement.record_id] is Putting.REFUSED]
    bare = index.put(replace(one, pages=()) for one in refused) if refused else {}
    final = {**done, **bare}
    for note in left_out(store):
        if final.get(note.record_id, Putting.PUT_OFF) is not Putting.PUT_OFF:
            store.remove(note.key)
    for one in refused:
        _note(store, one, final[one.placement.record_id], now)
    return final


def left_out(store: Store, beginning: str = "") -> list[LeftOut]:
    """Of records whose ids begin so, in the order of ids."""
    return [note for key in store.list_after(f"{records.LEFT_OUT}{beginning}") if (note := _parsed(key))]


def forget_left_out(store: Store) -> None:
    """Everything may be offered again."""
    for note in left_out(store):
        store.remove(note.key)


def _note(store: Store, entry: IndexEntry, bare: Putting, now: datetime) -> None:
    """`bare`: what became of the record without its pages."""
    place = entry.placement
    if bare is not Putting.PUT_OFF:
        what = ALL if bare is Putting.REFUSED else PAGES
        log.warning("left_out_of_index", record_id=place.record_id, generation=place.generation, what=what)
        put_once(store, records.left_out_key(place.record_id, place.generation, what, now), b"")


def _parsed(key: str) -> LeftOut | None:
    try:
        record_id, since, generation, what = key.removeprefix(records.LEFT_OUT).split(".")
        return LeftOut(key, record_id, int(generation), what, records.moment(since))
    except ValueError:  # somebody else's
        return None
