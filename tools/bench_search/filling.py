"""Fills an index, and says how fast it took its pages. Making them up does not count."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.index import IndexEntry
from tools.bench_search.clocks import Stopwatch, load
from tools.bench_search.office import Office
from tools.bench_search.places import NAME, Place

BLOCKS_AT_ONCE = 16
"""Made before the index gets the first of them, 19,000 pages: while the next ones are made the index still works at the last
batch of these, which does not count; that is a thirtieth of all."""

TOLD_EVERY = 5
"""Times that so many blocks were taken: a line for who waits."""


def filled(place: Place, office: Office, pages: int, *, name: str = NAME) -> dict[str, Any]:
    """The figures of the filling, now or, where the index is filled already, then."""
    kept = place.folder / f"{name}-filled.json"
    if kept.exists():
        figures: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
        if figures["pages"] >= pages:
            return figures
    figures = fill(place, office, pages, name)
    kept.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return figures


def fill(place: Place, office: Office, pages: int, name: str) -> dict[str, Any]:
    """Now, whatever was there before. Returns the figures."""
    watch = Stopwatch(place)
    growth: list[dict[str, Any]] = []
    feed = Feed(office, pages, watch, growth)
    with uncollected():
        records = place.open(name).rebuild(feed.entries())
    taken = watch.taken()
    merging = _settle(place, name)
    return {
        "pages": feed.given, "records": records, "date": datetime.now(UTC).date().isoformat(), "load": load(),
        "pages_per_second": round(feed.given / taken.wall), "per_page": taken.per(feed.given), "growth": growth,
        "merging_seconds": merging, **place.sizes(name),
    }  # fmt: skip


@contextmanager
def uncollected() -> Iterator[None]:
    """Python's collector would look through all the entries made in advance, again and again, and find nothing."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class Feed:
    """Gives entries to an index, and stops the watch while it makes them."""

    def __init__(self, office: Office, pages: int, watch: Stopwatch, growth: list[dict[str, Any]]) -> None:
        self._office, self._pages, self._watch, self._growth = office, pages, watch, growth
        self.given = 0

    def entries(self) -> Iterator[IndexEntry]:
        block = 0
        while self.given < self._pages:
            with self._watch.paused():
                made = [entry for number in range(block, block + BLOCKS_AT_ONCE) for entry in self._office.block(number)]
                made.reverse()
            before, already = self._watch.taken().wall, self.given
            while made and self.given < self._pages:
                entry = made.pop()  # nothing is kept of what was given
                self.given += len(entry.pages)
                yield entry
            block += BLOCKS_AT_ONCE
            rate = round((self.given - already) / (self._watch.taken().wall - before))
            self._growth.append({"pages": self.given, "pages_per_second": rate, "load": load()[0]})
            print(f"  {self.given} pages, {rate} a second, load {load()[0]}", flush=True)


def _settle(place: Place, name: str) -> float:
    """A new index answers its first questions slowly, while what it consists of is merged and comes into memory.

    Returns seconds of merging.
    """
    began = time.perf_counter()
    while place.merges():
        time.sleep(1)
    merged = time.perf_counter()
    place.open(name).generations("00")
    time.sleep(2)
    return round(merged - began, 1)


def office_pages(folder: Path) -> int:
    """How many pages the index holds, as far as is known."""
    kept = folder / f"{NAME}-filled.json"
    return int(json.loads(kept.read_text(encoding="utf-8"))["pages"]) if kept.exists() else 0
