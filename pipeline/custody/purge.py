"""Destroying a record: two persons say so, and a tombstone tells for ever who, when and why, and of which bytes.

    tombstone -> note that these bytes are not taken again -> original -> everything else of the record -> index entry

Whoever is killed in between leaves a record that is destroyed already for everybody who asks; what is left of it is removed by
the same command, by `reconcile` and by the next look through the store. Not reached: backups, what a locked bucket keeps (it is
told), copies that people made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import chain

import structlog

from pipeline.custody import Custody, records
from pipeline.custody.documents import Destroyed, Manifest, Pointer, Tombstone, decode, encode
from pipeline.custody.lookup import manifest_of, put_once, readable, tombstone_of
from pipeline.custody.moving import refuse_moved
from pipeline.custody.pending import settle
from pipeline.custody.secrecy import told
from pipeline.custody.stopped import LAST_GENERATION
from pipeline.errors import DigestMismatch, KeyMissing, UsageError
from pipeline.ports import Index, Kept, Store
from pipeline.text import fold, words

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Decision:
    """Who says so: two persons, why, and from which login."""

    by: str
    and_by: str
    why: str
    account: str


@dataclass(frozen=True, slots=True)
class Purging:
    """A record that is destroyed. `kept`: what the store would not let go."""

    tombstone: Tombstone
    kept: tuple[Kept, ...]


def purge(custody: Custody, index: Index, record_ids: Sequence[str], decision: Decision) -> list[Purging]:
    """Destroy records, or go on where it was interrupted. The bytes of one original may be those of several units' records: all
    of them have to be named.

    Raises UnknownRecord, UsageError (not two persons, no reason, records with the same bytes that are not named), DigestMismatch
    (a document has rotted that may name such a record), HomeLocked when files keep coming in, StoreUnavailable,
    IndexUnavailable, HomeMoved and its like.
    """
    refuse_moved(custody.store)
    decision = checked(decision)
    with custody.gate.exclusive():  # who is just receiving these bytes is done first, or finds that they are refused
        tombstones = [tombstone_of(custody.store, one) or _tombstone(custody, one, decision) for one in dict.fromkeys(record_ids)]
        _refuse_others(custody.store, tombstones)
        for one in tombstones:
            if put_once(custody.store, records.purged_key(one.record_id), encode(one)):
                log.warning("record_purged", record_id=one.record_id)
            _refuse_from_now_on(custody, one)
    return [Purging(one, tuple(finish(custody, index, one))) for one in tombstones]


def checked(decision: Decision) -> Decision:
    """As it is kept. Raises UsageError."""
    by, and_by = told(decision.by, "--by"), told(decision.and_by, "--and-by")
    if words(fold(by)) == words(fold(and_by)):
        raise UsageError("--by và --and-by phải là hai người khác nhau")
    return Decision(by, and_by, told(decision.why, "--why"), decision.account)


def finish(custody: Custody, index: Index, tombstone: Tombstone) -> list[Kept]:
    """Remove what is left of a record that has a tombstone. Twice is once. Raises StoreUnavailable, IndexUnavailable."""
    store, record_id = custody.store, tombstone.record_id
    _refuse_from_now_on(custody, tombstone)
    for manifest in _manifests(store, record_id):
        settle(store, manifest)
    prefixes = (
        records.original_key(tombstone.sha256),
        records.content_key(tombstone.unit, tombstone.fonds, tombstone.sha256),
        *records.everything_of(record_id),  # last: by these is seen whether something is left
    )
    kept = list(chain.from_iterable(store.erase(prefix) for prefix in prefixes))
    index.remove(record_id, LAST_GENERATION)
    return kept


def finish_all(custody: Custody, index: Index, beginning: str = "") -> int:
    """Remove what interrupted purges left of records whose ids begin so; returns of how many something was left."""
    count = 0
    for tombstone in tombstones(custody.store, beginning):
        if _is_left(custody.store, tombstone):
            finish(custody, index, tombstone)
            count += 1
    return count


def tombstones(store: Store, beginning: str = "") -> Iterator[Tombstone]:
    """Of records whose ids begin so."""
    prefix = f"{records.PURGED}{beginning[:2]}/{beginning}" if len(beginning) > 1 else f"{records.PURGED}{beginning}"
    return (one for _, one in readable(store, prefix, Tombstone))


def destroyed(store: Store, sha256: str) -> Destroyed | None:
    """Whether these bytes were destroyed, and with which record."""
    key = records.destroyed_key(sha256)
    try:
        return decode(Destroyed, store.get(key), key)
    except KeyMissing:
        return None


def _tombstone(custody: Custody, record_id: str, decision: Decision) -> Tombstone:
    manifest = manifest_of(custody.store, record_id)
    return Tombstone(
        record_id,
        manifest.original.sha256,
        manifest.original.size_bytes,
        manifest.unit,
        manifest.fonds,
        decision.by,
        decision.and_by,
        decision.why,
        decision.account,
        custody.clock.now(),
    )


def _refuse_from_now_on(custody: Custody, tombstone: Tombstone) -> None:
    """Whoever hands these bytes over."""
    note = Destroyed(tombstone.record_id, custody.clock.now())
    put_once(custody.store, records.destroyed_key(tombstone.sha256), encode(note))


def _refuse_others(store: Store, tombstones: Sequence[Tombstone]) -> None:
    """Raises UsageError when a record that is not named has the same bytes, DigestMismatch when one may have."""
    named = {one.record_id for one in tombstones}
    own = {records.content_key(one.unit, one.fonds, one.sha256) for one in tombstones}
    found = chain.from_iterable(_owners(store, sha256, own) for sha256 in {one.sha256 for one in tombstones})
    if others := sorted(set(found) - named):
        raise UsageError(f"hồ sơ có cùng nội dung cũng phải được nêu trong lệnh: {', '.join(others)}")


def _owners(store: Store, sha256: str, own: Set[str]) -> Iterator[str]:
    """Records with these bytes, in whatever unit and fonds: a look at each pair of them, not at each record. `own`: keys of
    pointers to the named ones, which may have rotted."""
    for unit in _folders(store, records.CONTENT):
        for fonds in _folders(store, unit):
            key = f"{fonds}{sha256[:2]}/{sha256}.json"
            try:
                record_id = decode(Pointer, store.get(key), key).record_id
            except KeyMissing:
                continue
            except DigestMismatch:
                if key in own:
                    continue
                raise
            if any(store.list_after(records.manifests_of(record_id))) and tombstone_of(store, record_id) is None:
                yield record_id


def _folders(store: Store, above: str) -> Iterator[str]:
    """The folders right below another one, whatever lies in them is skipped."""
    after = ""
    while (key := next(store.list_after(above, after), None)) is not None:
        name = key.removeprefix(above).split("/")[0]
        if "/" in key.removeprefix(above):
            yield f"{above}{name}/"
        after = f"{above}{name}{BEHIND_SLASH}"


BEHIND_SLASH = chr(ord("/") + 1)


def _manifests(store: Store, record_id: str) -> list[Manifest]:
    return [one for _, one in readable(store, records.manifests_of(record_id), Manifest)]


def _is_left(store: Store, tombstone: Tombstone) -> bool:
    """By the keys alone."""
    prefixes = (*records.everything_of(tombstone.record_id), records.original_key(tombstone.sha256))
    return any(next(store.list_after(prefix), None) is not None for prefix in prefixes)
