"""Moving a home in tests: the whole of it in one call, and stores that die, lie, are late or busy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from pipeline.custody import records
from pipeline.custody.moving import Move
from pipeline.custody.moving.migrate import Migrated, migrate
from pipeline.custody.moving.settling import Settling
from pipeline.custody.needs import needs_of
from pipeline.custody.shapes import is_object
from pipeline.errors import StoreUnavailable
from pipeline.ports import Store
from tests.custody.doubles import Killed, Office, WrappedStore

OLD, NEW = "old place", "new place"


def moved(
    office: Office, new: Office, source: Store | None = None, target: Store | None = None, *, back: bool = False
) -> Migrated:
    """One try at the whole move; the homes are opened and closed when nothing is wrong."""
    here, there = source or office.store, target or new.store
    names = (NEW, OLD) if back else (OLD, NEW)
    move = Move(office.custody_over(here), new.custody_over(there), *names)
    found = migrate(settling(here, there, new.store.temp), move, lambda: None)
    if not found.faults:
        move.finish()
    return found


def settling(source: Store, target: Store, spool: Path) -> Settling:
    """Nobody waits for a server that does not answer."""
    return Settling(source, target, needs_of(source, target), spool, pauses_seconds=(0.0, 0.0))


def objects(store: Store) -> dict[str, bytes]:
    """Without what passes."""
    return {key: store.get(key) for key in store.list_after("") if is_object(key)}


def codes(found: Migrated) -> dict[str, str]:
    return {key: error.code for key, error in found.faults}


class CountingStore(WrappedStore):
    """Remembers which objects were read."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.read: list[str] = []

    def open(self, key: str) -> BinaryIO:
        self.read.append(key)
        return super().open(key)


class DyingStore(WrappedStore):
    """The process dies at its `turn`th object: neither that nor anything after it happens."""

    def __init__(self, store: Store, turn: int, moment: str) -> None:
        super().__init__(store)
        self._turns_left, self._moment = turn, moment
        self._dead = False

    def put_new(self, key: str, content: bytes | Path) -> None:
        self._live()
        if is_object(key):
            self._turns_left -= 1
        due = is_object(key) and self._turns_left <= 0
        self._dead |= due
        if not due or self._moment == "after":
            super().put_new(key, content)
        self._live()

    def open(self, key: str) -> BinaryIO:
        self._live()
        return super().open(key)

    def remove(self, key: str) -> None:
        self._live()
        super().remove(key)

    def _live(self) -> None:
        if self._dead:
            raise Killed


class LyingStore(WrappedStore):
    """Takes one object and keeps other bytes."""

    def __init__(self, store: Store, lie: str) -> None:
        super().__init__(store)
        self._lie = lie

    def put_new(self, key: str, content: bytes | Path) -> None:
        super().put_new(key, b"something else" if key == self._lie else content)


class LateStore(WrappedStore):
    """Somebody on another machine, who had come before the store was closed, ends only now."""

    def __init__(self, store: Store, late: dict[str, bytes]) -> None:
        super().__init__(store)
        self._late = late

    def list_after(self, prefix: str, after: str = "") -> Iterator[str]:
        yield from super().list_after(prefix, after)
        if prefix == records.ARRIVALS:
            for key, content in self._late.items():
                super().put_new(key, content)
            self._late = {}


class BusyStore(WrappedStore):
    """Does not answer the first time it is asked for an object."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._asked: set[str] = set()

    def open(self, key: str) -> BinaryIO:
        if key not in self._asked:
            self._asked.add(key)
            raise StoreUnavailable
        return super().open(key)
