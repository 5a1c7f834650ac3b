"""Straight from where others drop files into custody, one object after another.

    look -> hand-over open -> read, digest on the way -> original, pointer, manifest, arrival (receive.py)
         -> what the store holds is what was read -> only then this very version leaves the place

A process may be killed between any two of them, and several may take the same object at once: its key, its batch and its bytes
make it one arrival. What cannot be taken is counted with its reason and moved to `refused/`, where whoever dropped it finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import BinaryIO

import structlog

from pipeline.custody import Custody, records
from pipeline.custody.batches import Handover
from pipeline.custody.copying import digest_of
from pipeline.custody.digests import digest_and_size
from pipeline.custody.documents import Arrival, decode
from pipeline.custody.incoming_batches import Desk, OpenBatch, close_if_complete, look_at_batch
from pipeline.custody.incoming_keys import INCOMING, Folder, Kind, is_passing, place_of
from pipeline.custody.lookup import manifest_of
from pipeline.custody.offers import Offer
from pipeline.custody.receive import Receipt, reject, take_in
from pipeline.errors import (
    DigestMismatch,
    EmptyFile,
    FileChanging,
    InputError,
    KeyMissing,
    SidecarBroken,
    SohoaError,
    StoreRefused,
    StoreUnavailable,
    Superseded,
    TooLarge,
    UnknownRecord,
    UnknownType,
    UnreadableFile,
    WrongPlace,
)
from pipeline.intake import HEAD_BYTES, sniff
from pipeline.ports import Lying

log = structlog.get_logger()

MOST_FAILURES_IN_A_ROW = 5
"""One object that cannot be read must not keep those behind it out; when so many cannot, it is the server."""


class Fate(StrEnum):
    """What became of a key. RECEIVED, ALREADY, REJECTED: as of any file that is handed over. WAITING: it is being written, or its
    batch waits for a sidecar. LEFT: it stays until a person acts. FAILED: it stays, and is tried again. NOTED: a sidecar.
    CLOSED: a batch is complete. PASSED: nothing was to be done."""

    RECEIVED = "received"
    ALREADY = "already"
    REJECTED = "rejected"
    WAITING = "waiting"
    LEFT = "left"
    FAILED = "failed"
    NOTED = "noted"
    CLOSED = "closed"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Taken:
    """`error`: why it was rejected, left or failed."""

    key: str
    fate: Fate
    record_id: str | None = None
    error: SohoaError | None = None


def collect(desk: Desk, on_taken: Callable[[Taken], None], after: str = "", enough: Callable[[], bool] = lambda: False) -> str:
    """Take what lies there, from the key behind `after` on, until it is `enough`; where to go on, empty when all was looked at.

    Raises DiskFull, HomeError, BadName; StoreUnavailable and the like when one object after the other fails. Nothing is lost:
    what was not taken lies where it lay.
    """
    reception = Reception(desk)
    prefix = ""
    for key in desk.incoming.list_after(INCOMING, after):
        if (folder := "/".join(key.split("/")[:3])) != prefix:
            prefix = folder
            _tell(reception.settle(), on_taken)
        _tell(reception.take(key), on_taken)
        if enough():
            return key
    _tell(reception.settle(), on_taken)
    return ""


def _tell(taken: Iterator[Taken], on_taken: Callable[[Taken], None]) -> None:
    for one in taken:
        on_taken(one)


class Reception:
    """Takes one key after another; remembers how their batches stand until `settle`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._batches: dict[str, OpenBatch] = {}
        self._failures = 0

    def take(self, key: str) -> Iterator[Taken]:
        """Take what lies under a key, whatever it is; what is told of its batch comes first. Raises as `collect`."""
        if is_passing(key):
            yield Taken(key, Fate.PASSED)
            return
        try:
            yield from self._take(key)
            self._failures = 0
        except WrongPlace as error:
            yield Taken(key, Fate.LEFT, error=error)
        except (StoreUnavailable, StoreRefused, DigestMismatch, KeyMissing, UnreadableFile) as error:
            self._failures += 1
            if self._failures >= MOST_FAILURES_IN_A_ROW:
                raise
            log.warning("incoming_not_taken", code=error.code)
            yield Taken(key, Fate.FAILED, error=error)

    def settle(self) -> Iterator[Taken]:
        """Close the batches of what was taken that are complete, and forget them all."""
        batches, self._batches = self._batches, {}
        for prefix, batch in batches.items():
            if close_if_complete(self._desk, batch):
                yield Taken(prefix, Fate.CLOSED)

    def _take(self, key: str) -> Iterator[Taken]:
        folder, kind = place_of(key)
        if kind is not Kind.SCAN:
            self._batches.pop(folder.prefix, None)  # it says something new
        yield from self._enter(folder)
        yield Taken(key, Fate.PASSED) if kind is not Kind.SCAN else self._take_scan(key, self._batches[folder.prefix])

    def _enter(self, folder: Folder) -> Iterator[Taken]:
        if folder.prefix in self._batches:
            return
        self._batches[folder.prefix], remarks = look_at_batch(self._desk, folder)
        for remark in remarks:
            yield Taken(remark.key, Fate.LEFT if isinstance(remark.error, SidecarBroken) else Fate.NOTED, error=remark.error)

    def _take_scan(self, key: str, batch: OpenBatch) -> Taken:
        lying = self._desk.incoming.look(key)
        if lying is None:
            return Taken(key, Fate.PASSED)
        if batch.held or not self._desk.has_settled(lying):
            return Taken(key, Fate.WAITING)
        try:
            receipt = take_lying(self._desk, batch, lying)
        except FileChanging:
            return Taken(key, Fate.WAITING if self._desk.incoming.look(key) else Fate.PASSED)
        return Taken(key, Fate(receipt.outcome.value), receipt.record_id, receipt.error)


def take_lying(desk: Desk, batch: OpenBatch, lying: Lying) -> Receipt:
    """Take one version of one object into custody and away from where it lay, or refuse it.

    Raises FileChanging (it is gone, or another one by now), UnreadableFile, and what keeps anything from being taken: nothing
    has left the place then.
    """
    custody, handover, offer = desk.custody, batch.handover(desk), _offer_of(desk, lying)
    try:
        _refuse_by_size(custody, lying)
        receipt = take_in(custody, offer, handover, batch.placing)
    except (FileChanging, UnreadableFile):
        raise
    except InputError as error:
        return _refuse(desk, handover, offer, lying, error)
    prove_kept(custody, handover, receipt)
    _clear_drafts(desk, lying)
    desk.incoming.remove(lying)
    return receipt


def prove_kept(custody: Custody, handover: Handover, receipt: Receipt) -> None:
    """That the store gives back what it was given: the bytes, the manifest and the arrival. Raises DigestMismatch."""
    store = custody.store
    original = records.original_key(receipt.sha256)
    arrival = records.arrival_key(handover.unit, handover.batch, receipt.arrival_id, receipt.record_id)
    try:
        manifest = manifest_of(store, receipt.record_id or "")
        decode(Arrival, store.get(arrival), arrival)
    except (UnknownRecord, KeyMissing) as error:
        raise DigestMismatch(error.detail) from error
    if manifest.original.sha256 != receipt.sha256 or digest_of(store, original) != receipt.sha256:
        raise DigestMismatch(original)


def _offer_of(desk: Desk, lying: Lying) -> Offer:
    """A key names one thing for good: dropped there again, the same bytes are the same arrival."""
    return Offer(
        shown=lying.key,
        name=lying.key.rsplit("/", 1)[1],
        source=f"{desk.incoming.where}{lying.key}",
        size_bytes=lying.size_bytes,
        opened=partial(_opened, desk, lying),
        lasting=True,
        tag=lying.tag,
    )


@contextmanager
def _opened(desk: Desk, lying: Lying) -> Iterator[BinaryIO]:
    try:
        stream = desk.incoming.open(lying)
    except KeyMissing:
        raise FileChanging from None
    with closing(stream):
        yield stream


def _refuse_by_size(custody: Custody, lying: Lying) -> None:
    """Before a byte is read, and before the disk is asked whether there is room for it."""
    if lying.size_bytes == 0:
        raise EmptyFile
    if lying.size_bytes > custody.rules.max_file_bytes:
        raise TooLarge(f"> {custody.rules.max_file_bytes // 1_000_000} MB")


def _refuse(desk: Desk, handover: Handover, offer: Offer, lying: Lying, error: InputError) -> Receipt:
    """Count it with the reason, then move it out of the way."""
    if isinstance(error, UnknownType):
        _prove_no_scan(offer)
    receipt = reject(desk.custody, offer, handover, error)
    _clear_drafts(desk, lying)
    _set_aside(desk, lying, error)
    return receipt


def _prove_no_scan(offer: Offer) -> None:
    """That it is no scan as it lies there: the end is reached only by bytes that came as they are. Raises StoreUnavailable."""
    with offer.opened() as stream:
        head = stream.read(HEAD_BYTES)
        digest_and_size(stream)
    try:
        sniff(head)
    except UnknownType:
        return
    raise StoreUnavailable("CHECKSUM")  # it was the line that made it look so


def _clear_drafts(desk: Desk, lying: Lying) -> None:
    """Older versions that were never a whole file come to light when the newest is removed. They go before it does."""
    for draft in desk.incoming.drafts(lying, desk.settle_seconds):
        if draft.size_bytes == 0:
            desk.incoming.remove(draft)
        else:
            _set_aside(desk, draft, Superseded())


def _set_aside(desk: Desk, lying: Lying, error: InputError) -> None:
    why = {"code": error.code, "message": str(error), "refused_at": desk.custody.clock.now().isoformat()}
    desk.incoming.set_aside(lying, why)
