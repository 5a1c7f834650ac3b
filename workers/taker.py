"""Taking what others drop as soon as the store tells of it.

Beside it somebody makes rounds (`workers/incoming.py`): what is not told, not heard, or lost with this process is found there.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Self

import structlog

from config.log import where
from pipeline.custody.incoming.batches import Desk
from pipeline.custody.incoming.collecting import Fate, Reception
from pipeline.custody.incoming.keys import Kind, is_passing, place_of
from pipeline.custody.incoming.notifications import keys_of_notification
from pipeline.errors import SohoaError, WrongPlace
from workers.incoming import GRACE_SECONDS
from workers.local import LOOK_SECONDS

log = structlog.get_logger()

MOST_WAITING = 10_000
"""Keys that may wait in memory: some hundred bytes each. The store keeps what is not accepted, and tells it again."""

SETTLE_SECONDS = 5.0
"""How often it is asked whether a batch is complete: not at each of its files, since all its arrivals are counted for it."""

REST_SECONDS, TRIES = 5.0, 3
"""The pause when nothing can be taken, and how often a key is tried; after that the next round of the listing has it."""


class Taker:
    """Takes in the background what the store has told of. A key waits in memory alone: what is lost with the process is taken by
    the next round of a `Collector`."""

    def __init__(
        self,
        desk: Desk,
        bucket: str,
        *,
        room: int = MOST_WAITING,
        rest_seconds: float = REST_SECONDS,
        settle_seconds: float = SETTLE_SECONDS,
    ) -> None:
        """`bucket`: whose notifications count. `rest_seconds`: how long it rests when nothing can be taken. `settle_seconds`: how
        often it asks whether a batch is complete."""
        self._desk = desk
        self._bucket = bucket
        self._room = room
        self._rest_seconds = rest_seconds
        self._settle_seconds = settle_seconds
        self._tries: dict[str, int] = {}
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self._reception = Reception(desk)
        self._thread = threading.Thread(target=self._work, name="incoming", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *ended: object) -> None:
        """What is being taken is finished, if it does not take long; what waits is left to the listing."""
        self._stopping.set()
        with self._changed:
            self._changed.notify_all()
        self._thread.join(GRACE_SECONDS)

    def notified(self, body: bytes) -> bool:
        """Hand over the body of a notification; False: no room, the store is to send it again. Raises BadNotification."""
        return self.offer(keys_of_notification(body, self._bucket))

    def offer(self, keys: Iterable[str]) -> bool:
        """All of these keys, or none: False when they do not all find room. One that waits already needs none."""
        with self._changed:
            new = [key for key in dict.fromkeys(keys) if key not in self._tries]
            if len(self._tries) + len(new) > self._room:
                return False
            self._tries.update(dict.fromkeys(new, 0))
            self._changed.notify_all()
        return True

    def waiting(self) -> int:
        """Keys that were offered and not yet taken up."""
        return len(self._tries)

    def _work(self) -> None:
        settle_at = time.monotonic() + self._settle_seconds
        while not self._stopping.is_set():
            if found := self._next():
                self._guarded(self._take, *found)
            if time.monotonic() >= settle_at:
                self._guarded(self._settle)
                settle_at = time.monotonic() + self._settle_seconds
        self._guarded(self._settle)

    def _next(self) -> tuple[str, int] | None:
        """The key that waits longest, with how often it was tried; None: there was none for a moment."""
        with self._changed:
            self._changed.wait_for(lambda: self._tries or self._stopping.is_set(), LOOK_SECONDS)
            key = next(iter(self._tries), None)
            return None if key is None or self._stopping.is_set() else (key, self._tries.pop(key))

    def _take(self, key: str, tries: int) -> None:
        try:
            fates = [taken.fate for taken in self._reception.take(key)]
        except SohoaError as error:
            log.warning("incoming_rests", code=error.code)
            self._put_back(key, tries)
            self._stopping.wait(self._rest_seconds)
            return
        if Fate.FAILED in fates:
            self._put_back(key, tries)
        if prefix := _batch_told_of(key):
            self.offer(islice(self._desk.incoming.list_after(prefix), self._room))  # what waited for it, or was not heard of

    def _put_back(self, key: str, tries: int) -> None:
        with self._changed:
            if tries + 1 < TRIES and len(self._tries) < self._room:
                self._tries.setdefault(key, tries + 1)

    def _settle(self) -> None:
        for _ in self._reception.settle():
            log.info("incoming_batch_closed")

    def _guarded(self, step: Callable[..., None], *arguments: object) -> None:
        """Whatever happens to one key, the next one is taken: the thread ends only when it is told to."""
        try:
            step(*arguments)
        except SohoaError as error:
            log.warning("incoming_step_failed", code=error.code)
        except Exception as error:
            log.error("incoming_step_broken", error=type(error).__name__, place=where(error))


def _batch_told_of(key: str) -> str | None:
    """The folder of the batch of which a key is a sidecar."""
    try:
        folder, kind = place_of(key)
    except WrongPlace:
        return None
    return None if kind is Kind.SCAN or is_passing(key) else folder.prefix
