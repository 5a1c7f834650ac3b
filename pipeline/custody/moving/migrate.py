"""A home into another store, object by object: an embedded one into servers, or back. What Move closes, this copies.

Objects are brought in the order in which they were written, so that at every moment the new store is a legal state. Each is
compared with its digest before it is taken and read again after it was written. What was proven before an interruption is known
by its place in that order, and is not read again as long as the new store still lists it. The old store is only read.

Nothing is left out in silence: what is damaged, missing or different is named, and then the move is not complete.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import structlog

from pipeline.custody import records
from pipeline.custody.moving import END, Move, is_behind
from pipeline.custody.moving.settling import Outcome, Settled, Settling
from pipeline.custody.moving.side_by_side import Standing, in_order, side_by_side
from pipeline.errors import ObjectChanged, ObjectMissing, SohoaError, TransientError

log = structlog.get_logger()

THREADS = 8
"""Objects under way at once: most of the time is spent waiting for disks and servers."""

NOTE_EVERY_SECONDS = 2.0
"""What was done since the last note is compared again after a kill -9, which takes no longer."""

DOUBTED_AT_ONCE = 500
"""Objects that have gone from the new store and are brought again between two notes."""

OnObject = Callable[[], None]
"""Told after each object of the old store."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """`copied`: objects that were written; `kept`: that were there already; `removed`: that the old store had removed since an
    earlier copy. `faults`: keys with what is wrong; ObjectChanged and ObjectMissing are the old store's."""

    copied: int
    kept: int
    removed: int
    faults: tuple[tuple[str, SohoaError], ...]

    @property
    def only_losses(self) -> bool:
        """Whether all that can be had of the old store is in the new one."""
        return all(isinstance(error, (ObjectChanged, ObjectMissing)) for _, error in self.faults)


def migrate(settling: Settling, move: Move, on_object: OnObject) -> Migrated:
    """Bring the new store up to the old one. May be interrupted and begun again.

    Raises StoreUnavailable, DiskFull and whatever else keeps all objects from being brought.
    """
    copying = _Copying(settling, move, set(settling.needs.keys))
    copying.look(on_object)
    kept, before = copying.count[Settled.KEPT], 0
    while (copied := copying.count[Settled.COPIED]) > before:
        before = copied
        copying.look(_nobody)  # until whoever was taking something in elsewhere when the old store was closed is done
    faults = {key: ObjectMissing() for key in copying.missed} | copying.faults
    move.doubt(faults)
    log.info("home_copied", copied=copied, kept=kept, faults=len(faults))
    return Migrated(copied, kept, copying.count[Settled.REMOVED], tuple(sorted(faults.items())))


def compare_stores(settling: Settling, on_object: OnObject, known: Iterable[str] = ()) -> Iterator[tuple[str, SohoaError]]:
    """Read every object again in both stores and change nothing; what is wrong, but for the keys `known` to be.

    NotKept is the new store's fault.
    """
    passed_over = frozenset(known)
    for kind in records.WRITE_ORDER:
        both = side_by_side(settling.source, settling.target, kind)
        wanted = (one for one in both if one.here and one.key not in passed_over)
        for standing, outcome in in_order(settling.compare, wanted, THREADS):
            on_object()
            if isinstance(outcome, SohoaError):
                yield standing.key, outcome


def _nobody() -> None:
    """A further look counts nothing."""


class _Copying:
    """The work, and how far it has come. `missed`: keys that are needed and were not seen yet."""

    def __init__(self, settling: Settling, move: Move, missed: set[str]) -> None:
        self._settling, self._move = settling, move
        self._kind, self._after = move.reached.kind, move.reached.after
        self._unproven = set(move.reached.unproven)
        self._noted_at = time.monotonic()
        self.missed = missed
        self.faults: dict[str, SohoaError] = {}
        self.count = dict.fromkeys(Settled, 0)

    def look(self, on_object: OnObject) -> None:
        """Once through all kinds. How far it has come is noted now and then, and at the end, however it ends."""
        try:
            for kind in records.WRITE_ORDER:
                for standing, outcome in in_order(self._settling.settle, self._to_settle(kind, on_object), THREADS):
                    self._settled(kind, standing, outcome)
                    if standing.here:
                        on_object()
        except BaseException:
            with suppress(TransientError):
                self._note()
            raise
        self._kind, self._after = END, ""
        self._note()

    def _to_settle(self, kind: str, on_object: OnObject) -> Iterator[Standing]:
        """What is not proven, or has gone from the target."""
        proven_kind, proven_after = self._kind, self._after
        gone: list[Standing] = []
        for standing in side_by_side(self._settling.source, self._settling.target, kind):
            if standing.here:
                self.missed.discard(standing.key)
            if standing.key in self.faults:
                continue  # tried in this very run
            proven = is_behind(standing.key, proven_kind, proven_after) and standing.key not in self._unproven
            if proven and standing.here and standing.there:
                self.count[Settled.KEPT] += 1
                on_object()
            elif proven and standing.here:
                gone.append(standing)
                if len(gone) >= DOUBTED_AT_ONCE:
                    yield from self._doubted(gone)
            else:
                yield from self._doubted(gone)
                yield standing
        yield from self._doubted(gone)

    def _doubted(self, gone: list[Standing]) -> Iterator[Standing]:
        """Before they are brought again it is noted that they are not proven any more: a kill would leave them taken for it."""
        if gone:
            self._unproven.update(standing.key for standing in gone)
            self._note()
            yield from gone
            gone.clear()

    def _settled(self, kind: str, standing: Standing, outcome: Outcome) -> None:
        if isinstance(outcome, SohoaError):
            self.faults[standing.key] = outcome
            self._unproven.add(standing.key)
        else:
            self._unproven.discard(standing.key)
            self.count[outcome] += 1
        if not is_behind(standing.key, self._kind, self._after):
            self._kind, self._after = kind, standing.key
        if time.monotonic() - self._noted_at >= NOTE_EVERY_SECONDS:
            self._note()

    def _note(self) -> None:
        self._move.note(self._kind, self._after, self._unproven)
        self._noted_at = time.monotonic()
