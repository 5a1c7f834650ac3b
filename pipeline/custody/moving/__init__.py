"""A home that moves to another store: which of the two may be worked with. Notes in the stores themselves tell it to everybody.

    moving/begun.json                     in the old store: it is being copied, and takes nothing in
    moving/done.json                      in the old store: it has been copied, and takes nothing in
    moving/into/<token>/<number>.json     in the new store: not all is there yet; how far the copying has come

Nothing else of the old store is changed. At the end the old one is closed for good before the new one is opened, so that at no
moment both may be worked with. Reading is allowed in both, always. `token` tells the notes of one move from those of another.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from pipeline.custody import Custody, records
from pipeline.custody.documents import Document, decode, encode
from pipeline.custody.lease import is_held
from pipeline.custody.lookup import put_once
from pipeline.custody.presence import signs_of_the_living
from pipeline.custody.records import MOVING
from pipeline.custody.shapes import is_object, kind_of
from pipeline.errors import (
    DigestMismatch,
    HomeIncomplete,
    HomeLocked,
    HomeMoved,
    HomeMoving,
    KeyMissing,
    OtherHome,
    TransientError,
    UsageError,
)
from pipeline.ports import Store

BEGUN, DONE, INTO = f"{MOVING}begun.json", f"{MOVING}done.json", f"{MOVING}into/"

START, END = "", "end"


@dataclass(frozen=True, slots=True)
class Leaving:
    """`to`: the new place, for people; without secrets."""

    token: str
    to: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reached:
    """All kinds before `kind` are in the new store and proven, and those of `kind` up to the key `after`; but not `unproven`.

    `kind`: one of records.WRITE_ORDER, START or END. `origin`: the old place, for people.
    """

    origin: str
    kind: str
    after: str
    unproven: tuple[str, ...]
    at: datetime


def is_behind(key: str, kind: str, after: str) -> bool:
    """Whether an object comes no later in the order of writing than the key `after` of `kind`, or END."""
    return kind == END or (kind != START and (_rank(kind_of(key)), key) <= (_rank(kind), after))


def refuse_moved(store: Store) -> None:
    """Before anything is taken in, read or renewed. Raises HomeMoving, HomeMoved, HomeIncomplete."""
    notes = list(store.list_after(MOVING))
    if not notes:
        return
    if into := [key for key in notes if key.startswith(INTO)]:
        reached = _read(store, into[-1], Reached)
        raise HomeIncomplete(reached.origin if reached else "")
    if DONE in notes:
        raise HomeMoved(_place(store, DONE))
    if BEGUN in notes:
        raise HomeMoving(_place(store, BEGUN))


def moved_to(store: Store) -> str | None:
    """The place that this home has been moved to, None when it has not."""
    return _place(store, DONE) if DONE in store.list_after(DONE) else None


def reopen(store: Store) -> str | None:
    """Let an old store be worked with again; the place it was to move to, None: it had not been closed. Raises HomeIncomplete."""
    if any(store.list_after(INTO)):
        refuse_moved(store)
    left = next((_place(store, key) for key in (DONE, BEGUN) if key in store.list_after(key)), None)
    for key in (DONE, BEGUN):
        store.remove(key)
    return left


class Move:
    """A move that is under way. `token`: of the notes in both stores."""

    def __init__(self, source: Custody, target: Custody, origin: str, to: str) -> None:
        """Close both stores, wait for those who are just taking something in, and prove that it is the same home.

        Raises HomeMoved when the source has been moved to another place, HomeIncomplete when it is no whole home itself,
        HomeLocked when somebody is at work in one of the two, OtherHome, UsageError when both are the same store.
        """
        self._source, self._target, self._origin, self._to = source, target, origin, to
        for custody in (source, target):
            _refuse_workers(custody)
        refuse_move(source.store, target.store, to)
        begun = _read(source.store, BEGUN, Leaving)
        self.token = begun.token if begun else uuid4().hex
        if begun is None:
            source.store.remove(BEGUN)  # one that has rotted
            put_once(source.store, BEGUN, encode(Leaving(self.token, to, source.clock.now())))
        try:
            self._close_target()
            refuse_other_home(source.store, target.store)
        except BaseException:
            if begun is None:
                self.give_up()
            raise

    def _close_target(self) -> None:
        there = _read(self._target.store, BEGUN, Leaving)
        if there is not None and there.token == self.token:
            raise UsageError("hai nơi là một")
        if others := {note.origin for note in self._notes_of_moves() if note is not None} - {self._origin}:
            raise OtherHome(others.pop())  # somebody else's half of a home, with or without a record
        self._number, self.reached = self._last_note()
        self.note(self.reached.kind, self.reached.after, self.reached.unproven)
        for custody in (self._source, self._target):
            with custody.gate.exclusive():
                pass  # whoever came before the notes has done

    def note(self, kind: str, after: str, unproven: Iterable[str]) -> None:
        """Keep how far the copying has come. Raises StoreUnavailable, DiskFull."""
        store = self._target.store
        self.reached = Reached(self._origin, kind, after, tuple(sorted(unproven)), self._target.clock.now())
        self._number += 1
        newest = f"{INTO}{self.token}/{self._number:08d}.json"
        put_once(store, newest, encode(self.reached))
        for key in list(store.list_after(INTO)):
            if key != newest:
                store.remove(key)

    def doubt(self, keys: Iterable[str]) -> None:
        """What was taken for proven and is not: it is brought again when the move goes on."""
        self.note(self.reached.kind, self.reached.after, {*self.reached.unproven, *keys})

    def finish(self) -> None:
        """Close the old store for good, then open the new one."""
        put_once(self._source.store, DONE, encode(Leaving(self.token, self._to, self._source.clock.now())))
        open_new(self._target.store)

    def give_up(self) -> None:
        """Before anything was copied: both are as they were."""
        with suppress(TransientError):
            for key in list(self._target.store.list_after(f"{INTO}{self.token}/")):
                self._target.store.remove(key)
            self._source.store.remove(BEGUN)

    def _notes_of_moves(self) -> list[Reached | None]:
        store = self._target.store
        return [_read(store, key, Reached) for key in store.list_after(INTO)]

    def _last_note(self) -> tuple[int, Reached]:
        """The newest of this very move, with its number; START where there is none that can be read."""
        keys = list(self._target.store.list_after(f"{INTO}{self.token}/"))
        number = int(keys[-1].rsplit("/", 1)[1].split(".")[0]) if keys else 0
        found = _read(self._target.store, keys[-1], Reached) if keys else None
        if found is not None and (found.kind in records.WRITE_ORDER or found.kind in (START, END)):
            return number, found
        return number, Reached(self._origin, START, "", (), self._target.clock.now())


def open_new(store: Store) -> None:
    """All is there: the new store may be worked with. On the way back its marks of the move away go first."""
    for key in (DONE, BEGUN, *store.list_after(INTO)):
        store.remove(key)


def refuse_move(source: Store, target: Store | None, to: str) -> None:
    """What can be told before anything is closed. `target`: None where there is nothing yet. Raises as `Move`."""
    if any(source.list_after(INTO)):
        refuse_moved(source)
    if (gone_to := moved_to(source)) is not None and gone_to != to:
        raise HomeMoved(gone_to)
    if target is not None:
        refuse_other_home(source, target)


def refuse_other_home(source: Store, target: Store) -> None:
    """Raises OtherHome when the target has a record that the source does not know: then it was worked with by itself.

    One that was closed (the way back) may have a record that the source has lost since; that one is named as missing.
    """
    here, there = ({key for key in store.list_after(records.MANIFESTS) if is_object(key)} for store in (source, target))
    closed = any(target.list_after(MOVING))
    if there and not there <= here and not (closed and there & here):
        raise OtherHome


def _refuse_workers(custody: Custody) -> None:
    """Raises HomeLocked while any machine shows that it is at work on this store."""
    now = custody.clock.now()
    if any(signs_of_the_living(custody.store, now)) or is_held(custody.store, now):
        raise HomeLocked


def _place(store: Store, key: str) -> str:
    note = _read(store, key, Leaving)
    return note.to if note else ""


def _read(store: Store, key: str, kind: type[Document]) -> Document | None:
    try:
        return decode(kind, store.get(key), key)
    except (KeyMissing, DigestMismatch):
        return None


def _rank(kind: str) -> int:
    return records.WRITE_ORDER.index(kind)
