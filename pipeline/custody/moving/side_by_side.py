"""Two stores looked at together, key after key, and many objects brought at once without losing their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from pipeline.custody.shapes import is_object
from pipeline.ports import Store

Item = TypeVar("Item")
Answer = TypeVar("Answer")

AHEAD = 4
"""Objects begun for each thread before the oldest has ended: one large scan does not hold up many small documents."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One key, and which of the two stores lists an object there."""

    key: str
    here: bool
    there: bool


def side_by_side(here: Store, there: Store, kind: str) -> Iterator[Standing]:
    """All keys of a kind that either store has, in key order; both are listed once, nothing is held in memory."""
    ours, theirs = _objects(here, kind), _objects(there, kind)
    one, other = next(ours, None), next(theirs, None)
    while one is not None or other is not None:
        key = min(key for key in (one, other) if key is not None)
        yield Standing(key, one == key, other == key)
        if one == key:
            one = next(ours, None)
        if other == key:
            other = next(theirs, None)


def _objects(store: Store, kind: str) -> Iterator[str]:
    return filter(is_object, store.list_after(kind))


def in_order(work: Callable[[Item], Answer], items: Iterable[Item], threads: int) -> Iterator[tuple[Item, Answer]]:
    """Each item with its answer, in the order of the items, while some more are under way.

    What `work` raises is raised here; what was not begun then never is.
    """
    under_way: deque[tuple[Item, Future[Answer]]] = deque()
    with ThreadPoolExecutor(threads, "bring") as pool:
        try:
            for item in items:
                under_way.append((item, pool.submit(work, item)))
                if len(under_way) >= threads * AHEAD:
                    yield _oldest(under_way)
            while under_way:
                yield _oldest(under_way)
        finally:
            for _, future in under_way:
                future.cancel()


def _oldest(under_way: deque[tuple[Item, Future[Answer]]]) -> tuple[Item, Answer]:
    item, future = under_way[0]
    answer = future.result()
    under_way.popleft()
    return item, answer
