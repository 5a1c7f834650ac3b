"""One object, straight from where others drop files into custody.

    look -> hand-over open -> read, digest on the way -> original, pointer, manifest, arrival (receive.py)
         -> what the store holds is what was read -> only then this very version leaves the place

A process may be killed between any two of them, and several may take the same object at once: its key, its batch and its bytes
make it one arrival. What cannot be taken is counted with its reason and moved to `refused/`, where whoever dropped it finds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import BinaryIO

from pipeline.custody import Custody, records
from pipeline.custody.batches import Handover
from pipeline.custody.copying import digest_of
from pipeline.custody.digests import digest_and_size
from pipeline.custody.documents import Arrival, decode
from pipeline.custody.incoming.batches import Desk, OpenBatch
from pipeline.custody.lookup import manifest_of
from pipeline.custody.offers import Offer, as_text
from pipeline.custody.receive import Receipt, reject, take_in
from pipeline.errors import (
    DigestMismatch,
    EmptyFile,
    FileChanging,
    InputError,
    KeyMissing,
    StoreUnavailable,
    Superseded,
    TooLarge,
    UnknownRecord,
    UnknownType,
    UnreadableFile,
)
from pipeline.intake import HEAD_BYTES, sniff
from pipeline.ports import Lying


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
        source=as_text(f"{desk.incoming.where}{lying.key}"),
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
