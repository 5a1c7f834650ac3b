"""All that others have dropped, one key after another; what becomes of one object is in objects.py, of a batch in batches.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import structlog

from pipeline.custody.incoming.batches import Desk, OpenBatch, close_if_complete, look_at_batch
from pipeline.custody.incoming.keys import INCOMING, Folder, Kind, is_passing, place_of
from pipeline.custody.incoming.objects import take_lying
from pipeline.errors import (
    DigestMismatch,
    FileChanging,
    KeyMissing,
    SidecarBroken,
    SohoaError,
    StoreRefused,
    StoreUnavailable,
    UnreadableFile,
    WrongPlace,
)
from pipeline.ports import Lying

log = structlog.get_logger()

MOST_FAILURES_IN_A_ROW = 5
"""One object that cannot be read must not keep those behind it out; when so many cannot, it is the server."""


MOST_VERSIONS = 20
"""Of one key in one go: somebody who writes it over all the time must not keep the others waiting."""


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
        if kind is Kind.SCAN:
            yield from self._take_versions(key, self._batches[folder.prefix])
        else:
            yield Taken(key, Fate.PASSED)

    def _enter(self, folder: Folder) -> Iterator[Taken]:
        if folder.prefix in self._batches:
            return
        self._batches[folder.prefix], remarks = look_at_batch(self._desk, folder)
        for remark in remarks:
            yield Taken(remark.key, Fate.LEFT if isinstance(remark.error, SidecarBroken) else Fate.NOTED, error=remark.error)

    def _take_versions(self, key: str, batch: OpenBatch) -> Iterator[Taken]:
        """The newest, and those that come to light when it has left: each was a whole file when it was written over."""
        before: Lying | None = None
        for _ in range(MOST_VERSIONS):
            lying = self._desk.incoming.look(key)
            if lying is None or (before and (lying.version, lying.tag) == (before.version, before.tag)):
                break
            yield self._take_version(lying, batch)
            before = lying
        if before is None:
            yield Taken(key, Fate.PASSED)

    def _take_version(self, lying: Lying, batch: OpenBatch) -> Taken:
        if batch.held or not self._desk.has_settled(lying):
            return Taken(lying.key, Fate.WAITING)
        try:
            receipt = take_lying(self._desk, batch, lying)
        except FileChanging:
            return Taken(lying.key, Fate.WAITING if self._desk.incoming.look(lying.key) else Fate.PASSED)
        return Taken(lying.key, Fate(receipt.outcome.value), receipt.record_id, receipt.error)
