"""Which workers are alive, where many machines share one store. One that has left no sign of life for a while is dead.

    present/workers/<owner>/<time>     a sign of life; older ones of the same owner are removed

A sign is no object of custody: nothing depends on it, no backup takes it along. The store's own word is enough for the question
that workers have of each other: whether the one who began a try may still end it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from pipeline.custody.records import PRESENT, moment, stamp
from pipeline.ports import Store

SIGN_EVERY_SECONDS = 20.0
GONE_AFTER_SECONDS = 120.0
"""Five signs missed in a row, with room for clocks that differ by some seconds. A dead worker's record waits this long."""

WORKERS = f"{PRESENT}workers/"


def show_presence(store: Store, now: datetime, owner: str, report: bytes = b"") -> None:
    """Leave a sign of life, and take the older ones away. `report`: what the worker tells of itself. Raises StoreUnavailable."""
    signs = _signs_of(owner)
    newest = f"{signs}{stamp(now)}"
    store.put_new(newest, report)
    for key in list(store.list_after(signs)):
        if key < newest:
            store.remove(key)


def withdraw(store: Store, owner: str) -> None:
    """Say good-bye: what this owner left open may be taken up at once."""
    for key in list(store.list_after(_signs_of(owner))):
        store.remove(key)


def is_present(store: Store, now: datetime, owner: str) -> bool:
    """Whether there is a sign that is not too old."""
    return any(_is_fresh(key, now) for key in store.list_after(_signs_of(owner)))


def signs_of_the_living(store: Store, now: datetime) -> Iterator[str]:
    """The key of the newest sign of each worker that is alive."""
    newest = {key.split("/")[2]: key for key in store.list_after(WORKERS) if _is_fresh(key, now)}
    yield from newest.values()


def _is_fresh(key: str, now: datetime) -> bool:
    try:
        left_at = moment(key.rsplit("/", 1)[1])
    except ValueError:  # somebody else's
        return False
    return now - left_at <= timedelta(seconds=GONE_AFTER_SECONDS)


def _signs_of(owner: str) -> str:
    return f"{WORKERS}{owner}/"
