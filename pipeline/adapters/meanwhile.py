"""Two that work hand in hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")


def meanwhile(batches: Iterable[Sequence[Item]], take: Callable[[Sequence[Item]], Made]) -> Iterator[Made]:
    """What `take` makes of each. While a server takes a batch the next one is made: both take about as long."""
    with ThreadPoolExecutor(1, "index-write") as writer:
        under_way = None
        for batch in batches:
            if under_way:
                yield under_way.result()
            under_way = writer.submit(take, batch)
        if under_way:
            yield under_way.result()
