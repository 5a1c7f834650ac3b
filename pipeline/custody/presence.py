"""Who is at work, where many machines share one store. A worker leaves signs of life; one that has left none for a while is dead.

    present/<post>/<owner>/<time>     a sign of life; older ones of the same owner are removed

A sign is no object of custody: nothing depends on it, no backup takes it along. The store's own word is enough for both questions
that workers have of each other: whether the one who began a try may still end it, and who of them keeps the house.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from pipeline.custody.records import PRESENT
from pipeline.ports import Store

STAMP = "%Y%m%dT%H%M%S%f"

SIGN_EVERY_SECONDS = 20.0
GONE_AFTER_SECONDS = 120.0
"""Five signs missed in a row, with room for clocks that differ by some seconds. A dead worker's record waits this long."""

WORKERS, KEEPERS = "workers", "keepers"


def show_presence(store: Store, now: datetime, post: str, owner: str) -> None:
    """Leave a sign of life, and take the older ones away. Raises StoreUnavailable."""
    signs = _signs_of(post, owner)
    newest = f"{signs}{now.astimezone(UTC).strftime(STAMP)}"
    store.put_new(newest, b"")
    for key in list(store.list_after(signs)):
        if key < newest:
            store.remove(key)


def withdraw(store: Store, post: str, owner: str) -> None:
    """Say good-bye: what this owner left open may be taken up at once."""
    for key in list(store.list_after(_signs_of(post, owner))):
        store.remove(key)


def is_present(store: Store, now: datetime, post: str, owner: str) -> bool:
    """Whether there is a sign that is not too old."""
    return any(_is_fresh(key, now) for key in store.list_after(_signs_of(post, owner)))


def first_present(store: Store, now: datetime, post: str) -> str | None:
    """The one of all present who acts for all: everybody who asks gets the same name, within the age of a sign."""
    return next(_present(store, now, post), None)


def _present(store: Store, now: datetime, post: str) -> Iterator[str]:
    for key in store.list_after(f"{PRESENT}{post}/"):
        if _is_fresh(key, now):
            yield key.split("/")[2]


def _is_fresh(key: str, now: datetime) -> bool:
    try:
        left_at = datetime.strptime(key.rsplit("/", 1)[1], STAMP).replace(tzinfo=UTC)
    except ValueError:  # somebody else's
        return False
    return now - left_at <= timedelta(seconds=GONE_AFTER_SECONDS)


def _signs_of(post: str, owner: str) -> str:
    return f"{PRESENT}{post}/{owner}/"
