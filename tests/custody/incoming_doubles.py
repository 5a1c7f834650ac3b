"""Stand-ins for where others drop files, and for who takes it: each does one wrong thing, or ends at one step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, TypeVar

from pipeline.custody import Custody, records
from pipeline.custody.incoming.batches import Desk
from pipeline.custody.incoming.collecting import Fate, Taken, collect
from pipeline.errors import StoreUnavailable
from pipeline.ports import Incoming, Lying, Store
from tests.custody.doubles import PLACING, WrappedStore, die

LONG_AGO = 3600.0

Answer = TypeVar("Answer")


class WrappedIncoming:
    """Passes everything on; the doubles below override what they break."""

    def __init__(self, incoming: Incoming) -> None:
        self.inner = incoming
        self.where = incoming.where
        self.exact = incoming.exact

    def list_after(self, prefix: str, after: str = "") -> Iterator[str]:
        return self.inner.list_after(prefix, after)

    def look(self, key: str) -> Lying | None:
        return self.inner.look(key)

    def drafts(self, lying: Lying, within_seconds: float) -> list[Lying]:
        return self.inner.drafts(lying, within_seconds)

    def open(self, lying: Lying) -> BinaryIO:
        return self.inner.open(lying)

    def set_aside(self, lying: Lying, why: Mapping[str, str]) -> None:
        self.inner.set_aside(lying, why)

    def remove(self, lying: Lying) -> None:
        self.inner.remove(lying)


class LaterIncoming(WrappedIncoming):
    """The same place, so many seconds later."""

    def __init__(self, incoming: Incoming, seconds: float = LONG_AGO) -> None:
        super().__init__(incoming)
        self._seconds = seconds

    def look(self, key: str) -> Lying | None:
        found = self.inner.look(key)
        return found and replace(found, age_seconds=found.age_seconds + self._seconds)


class KillingIncoming(WrappedIncoming):
    """Ends its process when a thing is asked of the place: `moment` is before or after it."""

    def __init__(self, incoming: Incoming, step: str, moment: str, kill: Callable[[], None] = die) -> None:
        super().__init__(incoming)
        self._due = (step, moment)
        self._kill = kill

    def look(self, key: str) -> Lying | None:
        return self._at("look", lambda: self.inner.look(key))

    def open(self, lying: Lying) -> BinaryIO:
        return self._at("open", lambda: self.inner.open(lying))

    def set_aside(self, lying: Lying, why: Mapping[str, str]) -> None:
        self._at("set_aside", lambda: self.inner.set_aside(lying, why))

    def remove(self, lying: Lying) -> None:
        self._at("remove", lambda: self.inner.remove(lying))

    def _at(self, step: str, call: Callable[[], Answer]) -> Answer:
        if self._due == (step, "before"):
            self._kill()
        answer = call()
        if self._due == (step, "after"):
            self._kill()
        return answer


class UnreadableIncoming(WrappedIncoming):
    """Some objects cannot be read, whoever asks."""

    def __init__(self, incoming: Incoming, bad: Callable[[str], bool]) -> None:
        super().__init__(incoming)
        self._bad = bad

    def open(self, lying: Lying) -> BinaryIO:
        if self._bad(lying.key):
            raise StoreUnavailable("CHECKSUM")
        return self.inner.open(lying)


class InterruptedIncoming(WrappedIncoming):
    """Something happens right after an object was opened, once."""

    def __init__(self, incoming: Incoming, meanwhile: Callable[[], None]) -> None:
        super().__init__(incoming)
        self._meanwhile: Callable[[], None] | None = meanwhile

    def open(self, lying: Lying) -> BinaryIO:
        stream = self.inner.open(lying)
        if self._meanwhile is not None:
            meanwhile, self._meanwhile = self._meanwhile, None
            meanwhile()
        return stream


class WithdrawnIncoming(WrappedIncoming):
    """Its owner takes an object away as soon as somebody has looked at it."""

    def look(self, key: str) -> Lying | None:
        found = self.inner.look(key)
        if found is not None:
            self.inner.remove(found)
        return found


class LyingStore(WrappedStore):
    """Acknowledges what it is given under one kind of keys, and keeps something else, or nothing."""

    def __init__(self, store: Store, kind: str, *, keeps_nothing: bool) -> None:
        super().__init__(store)
        self._kind = kind
        self._keeps_nothing = keeps_nothing
        self.honest = False

    def put_new(self, key: str, content: bytes | Path) -> None:
        if self.honest or not key.startswith(self._kind):
            self.inner.put_new(key, content)
        elif not self._keeps_nothing:
            data = content if isinstance(content, bytes) else content.read_bytes()
            self.inner.put_new(key, data[:-1] + bytes([data[-1] ^ 1]))


@dataclass
class Pass:
    """What one pass told."""

    taken: list[Taken] = field(default_factory=list)
    went_on_after: str = ""

    def fates(self) -> dict[str, str]:
        return {one.key: one.fate.value for one in self.taken if one.fate is not Fate.PASSED}

    def complaints(self) -> dict[str, str]:
        return {one.key: one.error.code for one in self.taken if one.error}


def desk_of(custody: Custody, incoming: Incoming, *, settle_seconds: float = 0.0, wait_for_sidecar: bool = False) -> Desk:
    return Desk(custody, incoming, PLACING, settle_seconds, wait_for_sidecar)


def one_pass(desk: Desk, after: str = "", enough: Callable[[], bool] = lambda: False) -> Pass:
    told = Pass()
    told.went_on_after = collect(desk, told.taken.append, after, enough)
    return told


KINDS_ON_THE_WAY = [records.BATCHES, records.ORIGINALS, records.CONTENT, records.MANIFESTS, records.ARRIVALS]
