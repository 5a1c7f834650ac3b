"""One object of a home that moves: brought into the new store, found there, taken away there, or named with what is wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TypeVar

import structlog

from pipeline.custody import records
from pipeline.custody.copying import bring_object, digest_of, expected_digest, is_document
from pipeline.custody.documents import is_intact
from pipeline.custody.moving.side_by_side import Standing
from pipeline.custody.needs import REMOVABLE, Needs
from pipeline.errors import (
    DigestMismatch,
    KeyMissing,
    NotKept,
    ObjectChanged,
    ObjectDiffers,
    ObjectMissing,
    SohoaError,
    StoreUnavailable,
)
from pipeline.ports import Store

log = structlog.get_logger()

PAUSES_SECONDS = (1.0, 5.0, 15.0)
"""Before an object is tried again whose store did not answer: the restart of a server is outlived."""

OWN_REPORTS = (records.FIXITY,)
"""Kinds that tell of the store in which they lie: one that has more of them has lost nothing in the other."""

Answer = TypeVar("Answer")


class Settled(Enum):
    """What became of a key. IGNORED: of no importance to either store."""

    COPIED = "copied"
    KEPT = "kept"
    REMOVED = "removed"
    IGNORED = "ignored"


Outcome = Settled | SohoaError
"""An error: of what is wrong with the object; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Settling:
    """Both stores, and what the home cannot do without. `spool`: a folder for unfinished objects of the target."""

    source: Store
    target: Store
    needs: Needs
    spool: Path
    pauses_seconds: tuple[float, ...] = PAUSES_SECONDS

    def settle(self, standing: Standing) -> Outcome:
        """Safe in several threads. Raises StoreUnavailable after some tries, DiskFull, HomeError."""
        return self._patiently(lambda: self._bring(standing) if standing.here else self._leave(standing.key))

    def compare(self, standing: Standing) -> Outcome:
        """Read both again and change nothing: KEPT, or what is wrong; NotKept is the target's. Raises as `settle`."""
        return self._patiently(lambda: self._compare(standing.key) if standing.here else Settled.IGNORED)

    def _bring(self, standing: Standing) -> Outcome:
        key = standing.key
        if standing.there and self._differs(key):
            return ObjectDiffers()
        expected = expected_digest(key, self.needs.files)
        for last in (False, True):
            try:
                _, written = bring_object(self.source, self.target, key, expected, self.spool, is_new=not standing.there)
            except NotKept:
                return NotKept()
            except DigestMismatch:
                if last:
                    return ObjectChanged()  # read twice: the line is not to blame
            except KeyMissing:
                return ObjectMissing() if self.needs.include(key) else Settled.IGNORED
            else:
                return Settled.COPIED if written else Settled.KEPT
        return ObjectChanged()

    def _differs(self, key: str) -> bool:
        """Whether both have a sound document that is written once, and not the same: then neither may replace the other."""
        if not is_document(key) or key.startswith(REMOVABLE):
            return False
        try:
            ours, theirs = self.source.get(key), self.target.get(key)
        except KeyMissing:
            return False
        return ours != theirs and is_intact(ours) and is_intact(theirs)

    def _leave(self, key: str) -> Outcome:
        """What only the target has: the last one of its kind, or something that the source has removed on purpose."""
        if key.startswith(OWN_REPORTS):
            return Settled.IGNORED
        if self.needs.include(key):
            return ObjectMissing()
        self.target.remove(key)
        return Settled.REMOVED

    def _compare(self, key: str) -> Outcome:
        ours = digest_of(self.source, key)
        expected = expected_digest(key, self.needs.files)
        if ours is None or expected not in (None, ours) or (is_document(key) and not is_intact(self.source.get(key))):
            return ObjectChanged()
        return Settled.KEPT if digest_of(self.target, key) == ours else NotKept()

    def _patiently(self, call: Callable[[], Answer]) -> Answer:
        for pause in self.pauses_seconds:
            try:
                return call()
            except StoreUnavailable as error:
                log.warning("object_waits", code=error.code, again_after_seconds=pause)
                time.sleep(pause)
        return call()
