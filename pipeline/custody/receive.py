"""The only way in. A file is acknowledged when its bytes, its manifest and its arrival are on the disk, and not before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from uuid import uuid4

import structlog

from pipeline.custody import Custody, records
from pipeline.custody.batches import Handover
from pipeline.custody.copying import digest_of
from pipeline.custody.documents import Arrival, Manifest, Mark, Pointer, decode, encode
from pipeline.custody.indexing import note_refresh
from pipeline.custody.lookup import is_there, manifest_of, put_once
from pipeline.custody.moving import refuse_moved
from pipeline.custody.names import check_code
from pipeline.custody.offers import Offer, offer_of
from pipeline.custody.pending import announce, mark_pending
from pipeline.custody.purge import destroyed
from pipeline.custody.spool import Spooled, spooled
from pipeline.errors import DiskFull, InputError, Purged, UnknownRecord
from pipeline.intake import kept_name
from pipeline.jobs import Recipe

log = structlog.get_logger()


class Receiving(StrEnum):
    """What became of a file that was handed over."""

    RECEIVED = "received"
    ALREADY = "already"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Placing:
    """Where new records belong and how they are to be read. `urgent`: before all batches."""

    fonds: str
    sector: str
    recipe: Recipe = field(default_factory=dict)
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """`record_id`, `sha256` of what was read and `arrival_id` unless rejected; `error` when rejected: its code and sentence are
    for the clerk. `file`: what the clerk calls it, a path or a key."""

    file: Path | str
    outcome: Receiving
    record_id: str | None = None
    error: InputError | None = None
    sha256: str = ""
    arrival_id: str = ""


def receive(custody: Custody, file: Path | Offer, handover: Handover, placing: Placing) -> Receipt:
    """Take one file into custody, or note why not. Doing it twice in one hand-over is doing it once.

    Raises DiskFull before less than the minimum stays free, other TransientErrors, HomeReadOnly, HomeMoved and its like,
    BadName: nothing is acknowledged then.
    """
    try:
        return take_in(custody, file, handover, placing)
    except InputError as error:
        return reject(custody, file, handover, error)


def take_in(custody: Custody, file: Path | Offer, handover: Handover, placing: Placing) -> Receipt:
    """As `receive`, but a file that cannot be taken is not counted: raises InputError."""
    offer = _offered(file)
    placing = replace(placing, fonds=check_code(placing.fonds), sector=check_code(placing.sector))
    refuse_when_low(custody, offer)
    with entrance(custody), spooled(offer, custody.spool, custody.rules.max_file_bytes) as copy:
        _refuse_destroyed(custody, copy)
        _keep_original(custody, copy)
        manifest, is_first = _manifest_for(custody, copy, offer, handover, placing)
        sha256 = copy.original.sha256
        arrival_id = _arrival_id(offer, handover, sha256, placing.fonds)
        acknowledge(custody, manifest, handover, arrival_id, offer)
    announce(custody, manifest)
    log.info("file_received", record_id=manifest.record_id, first=is_first, size_bytes=copy.original.size_bytes)
    outcome = Receiving.RECEIVED if is_first else Receiving.ALREADY
    return Receipt(offer.shown, outcome, manifest.record_id, sha256=sha256, arrival_id=arrival_id)


def reject(custody: Custody, file: Path | Offer, handover: Handover, error: InputError) -> Receipt:
    """Count a file that was not taken, with the reason. The reason is written first, so that a count never misses it."""
    offer = _offered(file)
    arrival_id = _arrival_id(offer, handover, error.code, *filter(None, [offer.tag]))
    note = encode(Arrival(None, offer.source, kept_name(offer.name), custody.clock.now(), error.code, error.detail))
    with entrance(custody):
        put_once(custody.store, records.rejected_key(handover.unit, handover.batch, arrival_id, error.code), note)
        put_once(custody.store, records.arrival_key(handover.unit, handover.batch, arrival_id, None), note)
    log.info("file_rejected", code=error.code)
    return Receipt(offer.shown, Receiving.REJECTED, error=error)


@contextmanager
def entrance(custody: Custody) -> Iterator[None]:
    """Held while something is taken in: no orphans are swept meanwhile, and a home that moves waits for it before it is copied.

    Raises HomeMoving, HomeMoved, HomeIncomplete.
    """
    with custody.gate.shared():
        refuse_moved(custody.store)
        yield


def refuse_when_low(custody: Custody, offer: Offer) -> None:
    """Stop before anything breaks. Raises DiskFull when taking what is offered would leave less than the minimum free."""
    if custody.free_bytes() - offer.size_bytes < custody.rules.min_free_bytes:
        raise DiskFull


def acknowledge(custody: Custody, manifest: Manifest, handover: Handover, arrival_id: str, offer: Offer) -> None:
    """Count an arrival of a record whose bytes and manifest are safe. The last step: what follows can be made up."""
    if handover.batch != manifest.batch:
        put_once(custody.store, records.member_key(manifest.record_id, handover.batch), encode(Mark(custody.clock.now())))
        note_refresh(custody.store, manifest.record_id, 0, custody.clock.now())
    note = encode(Arrival(manifest.record_id, offer.source, kept_name(offer.name), custody.clock.now()))
    put_once(custody.store, records.arrival_key(handover.unit, handover.batch, arrival_id, manifest.record_id), note)


def acknowledge_first(custody: Custody, manifest: Manifest) -> bool:
    """Count the first arrival of a record, unless it is counted: its receiver may have died just before it could. Whether it was
    not. A receiver that is alive writes the very same arrival."""
    key = records.arrival_key(manifest.unit, manifest.batch, manifest.arrival_id, manifest.record_id)
    if is_there(custody.store, key):
        return False
    note = Arrival(manifest.record_id, manifest.source, manifest.original.name, custody.clock.now())
    return put_once(custody.store, key, encode(note))


def _refuse_destroyed(custody: Custody, copy: Spooled) -> None:
    """Raises Purged: what two persons had destroyed does not come back without anybody noticing."""
    known = destroyed(custody.store, copy.original.sha256)
    if known is not None:
        raise Purged(f"{known.at:%Y-%m-%d}, {known.record_id}")


def _keep_original(custody: Custody, copy: Spooled) -> None:
    """One that has rotted gives way to the same bytes handed over again."""
    key = records.original_key(copy.original.sha256)
    if put_once(custody.store, key, copy.path) or digest_of(custody.store, key) == copy.original.sha256:
        return
    custody.store.remove(key)
    put_once(custody.store, key, copy.path)
    log.warning("original_replaced", key=key)


def _manifest_for(custody: Custody, copy: Spooled, offer: Offer, handover: Handover, placing: Placing) -> tuple[Manifest, bool]:
    """The record that these bytes belong to, and whether they are the first of it. The first pointer decides."""
    key = records.content_key(handover.unit, placing.fonds, copy.original.sha256)
    record_id = str(uuid4())
    if not put_once(custody.store, key, encode(Pointer(record_id, custody.clock.now()))):
        record_id = decode(Pointer, custody.store.get(key), key).record_id
        try:
            return manifest_of(custody.store, record_id), False
        except UnknownRecord:
            pass  # whoever wrote the pointer has not come further, and may never
    manifest = _first_manifest(custody, record_id, copy, offer, handover, placing)
    mark_pending(custody.store, manifest)
    if put_once(custody.store, records.manifest_key(record_id, manifest.generation), encode(manifest)):
        return manifest, True
    return manifest_of(custody.store, record_id), False


def _first_manifest(
    custody: Custody, record_id: str, copy: Spooled, offer: Offer, handover: Handover, placing: Placing
) -> Manifest:
    now = custody.clock.now()
    return Manifest(
        record_id=record_id,
        generation=1,
        unit=handover.unit,
        fonds=placing.fonds,
        sector=placing.sector,
        original=copy.original,
        recipe=placing.recipe,
        received_at=now,
        batch=handover.batch,
        arrival_id=_arrival_id(offer, handover, copy.original.sha256, placing.fonds),
        source=offer.source,
        reason="received",
        made_at=now,
        urgent=placing.urgent,
    )


def _arrival_id(offer: Offer, handover: Handover, *content: str) -> str:
    """The same file in the same hand-over is the same arrival, however often it is tried."""
    number = 0 if offer.lasting else handover.number
    told = [handover.unit, handover.batch, number, offer.source, *content]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def _offered(file: Path | Offer) -> Offer:
    return offer_of(file) if isinstance(file, Path) else file
