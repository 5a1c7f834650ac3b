"""One of many who acts for all, for a while: a post that is held by whoever wrote the last of its numbered documents.

    lease/<post>/<number>     who holds it, until when; older ones are removed

Of two who write the same number at once the store lets one win. Who does not renew in time loses the post to whoever asks next.
The clocks of machines may differ by CLOCKS_DIFFER; if they differ by more, two may act for all at once: that costs work twice,
and harms nothing, for what a holder does may be done by anybody at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.custody.documents import decode, encode
from pipeline.custody.lookup import put_once
from pipeline.custody.records import LEASE
from pipeline.errors import DigestMismatch, KeyMissing
from pipeline.ports import Clock, Store

LASTS = timedelta(seconds=20)
RENEW_BEFORE = timedelta(seconds=12)
"""Of one who is killed the post stays empty until its lease is over: the workers have done what waits in the queue by then."""

CLOCKS_DIFFER = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Held:
    """`note`: what the holder leaves to the one who comes after."""

    owner: str
    until: datetime
    note: str = ""


def is_held(store: Store, now: datetime) -> bool:
    """Whether anybody holds any post."""
    for key in store.list_after(LEASE):
        try:
            if decode(Held, store.get(key), key).until >= now:
                return True
        except (DigestMismatch, KeyMissing):  # nobody's; a newer one has taken its place
            continue
    return False


class Lease:
    """A post in the eyes of one who wants it. `owner`: a name that nobody else has."""

    def __init__(self, store: Store, clock: Clock, post: str, owner: str) -> None:
        self._store = store
        self._clock = clock
        self._folder = f"{LEASE}{post}/"
        self._owner = owner
        self._until: datetime | None = None

    def hold(self, note: str = "") -> Held | None:
        """Take the post, or keep it; None: somebody else has it. What comes back has the note of the holder before where the post
        was taken over, else `note`. Raises StoreUnavailable.
        """
        now = self._clock.now()
        if self._until is not None and now < self._until - RENEW_BEFORE:
            return Held(self._owner, self._until, note)
        number, last = self._last()
        self._until = None
        if last is not None and last.owner != self._owner and now <= last.until + CLOCKS_DIFFER:
            return None
        mine = Held(self._owner, now + LASTS, note if last is None or last.owner == self._owner else last.note)
        if not self._write(number + 1, mine):
            return None
        self._until = mine.until
        return mine

    def give_up(self, note: str = "") -> None:
        """Let the next one have it at once."""
        if self._until is None:
            return
        number, _ = self._last()
        self._write(number + 1, Held(self._owner, self._clock.now() - CLOCKS_DIFFER - LASTS, note))
        self._until = None

    def _last(self) -> tuple[int, Held | None]:
        """The number of the last document, and what it says; None: it cannot be read, or there is none."""
        keys = list(self._store.list_after(self._folder))
        if not keys:
            return 0, None
        number = int(keys[-1].rsplit("/", 1)[1])
        try:
            return number, decode(Held, self._store.get(keys[-1]), keys[-1])
        except (DigestMismatch, KeyMissing):
            return number, None

    def _write(self, number: int, held: Held) -> bool:
        """Whether it counts: a number may have been used and removed since it was looked up."""
        key = f"{self._folder}{number:012d}"
        if not put_once(self._store, key, encode(held)):
            return False
        keys = list(self._store.list_after(self._folder))
        if keys[-1:] != [key]:
            self._store.remove(key)
            return False
        for older in keys[:-1]:
            self._store.remove(older)
        return True
