"""Taking what others drop, all day: at once when the store says so, and round by round what was not said or was not heard.

Here are the rounds; `workers/taker.py` has what the store tells of. Both may run on several machines at the same time.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from config.log import where
from pipeline.custody.incoming.batches import Desk
from pipeline.custody.incoming.collecting import Fate, Taken, collect
from pipeline.errors import SohoaError
from workers.local import LOOK_SECONDS

log = structlog.get_logger()

MOST_TOLD = 10_000
"""Complaints that are remembered, so that each is made once. With more, something is wrong that has been told often enough."""

ROUND_SECONDS = 20.0
"""Of a round in the background; what is left is looked at in the next, which follows at once."""

GRACE_SECONDS = 10.0
"""For what is being taken when the end is wished. A large file takes longer; broken off, it lies where it lay."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What came of one pass. `closed`: batches that are complete now. `after`: where the next pass goes on; empty: through."""

    received: int
    already: int
    rejected: int
    waiting: int
    left: int
    failed: int
    closed: int
    after: str


class Collector:
    """Passes over what lies there, each going on where the last one ended; tells once of what stays lying, and why."""

    def __init__(self, desk: Desk, on_taken: Callable[[Taken], None] = lambda _: None) -> None:
        self._desk = desk
        self._on_taken = on_taken
        self._after = ""
        self._told: set[tuple[str, str]] = set()
        self._counts: Counter[Fate] = Counter()

    def collect_some(self, seconds: float = float("inf"), enough: Callable[[], bool] = lambda: False) -> Collected:
        """Take what lies there, for about so many seconds or until it is `enough`.

        Raises as `pipeline.custody.incoming.collecting.collect`; the next pass goes on behind what it failed at.
        """
        until = time.monotonic() + seconds
        self._counts.clear()
        began_after = self._after
        try:
            self._after = collect(self._desk, self._note, self._after, lambda: enough() or time.monotonic() >= until)
        except SohoaError:
            if self._after == began_after:
                self._after = ""  # it failed before anything else was looked at
            raise
        counts = self._counts
        log.info("incoming_collected", received=counts[Fate.RECEIVED], failed=counts[Fate.FAILED], left=counts[Fate.LEFT])
        return Collected(
            received=counts[Fate.RECEIVED],
            already=counts[Fate.ALREADY],
            rejected=counts[Fate.REJECTED],
            waiting=counts[Fate.WAITING],
            left=counts[Fate.LEFT],
            failed=counts[Fate.FAILED],
            closed=counts[Fate.CLOSED],
            after=self._after,
        )

    def _note(self, taken: Taken) -> None:
        self._counts[taken.fate] += 1
        if taken.fate not in (Fate.NOTED, Fate.CLOSED, Fate.LEFT):
            self._after = taken.key
        if taken.fate in (Fate.LEFT, Fate.FAILED) and not self._is_new(taken):
            return
        self._on_taken(taken)

    def _is_new(self, taken: Taken) -> bool:
        complaint = (taken.key, taken.error.code if taken.error else "")
        if complaint in self._told or len(self._told) >= MOST_TOLD:
            return False
        self._told.add(complaint)
        return True


class Rounds:
    """A `Collector` at work in the background, as long as the `with` lasts: a round at once, and then every so often."""

    def __init__(
        self,
        collector: Collector,
        every_seconds: float,
        on_error: Callable[[SohoaError], None],
        is_my_turn: Callable[[], bool] = lambda: True,
    ) -> None:
        """`on_error` is told what kept a round from going on; the next one is made all the same. `is_my_turn`: whether this
        machine is the one to look; two who both do it do nothing twice that matters."""
        self._collector = collector
        self._every_seconds = every_seconds
        self._on_error = on_error
        self._is_my_turn = is_my_turn
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._go_round, name="rounds", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *ended: object) -> None:
        self._leaving.set()
        self._thread.join(GRACE_SECONDS)

    def _go_round(self) -> None:
        pause = 0.0
        while not self._leaving.wait(pause):
            pause = self._every_seconds if self._is_my_turn() and not self._collect() else LOOK_SECONDS

    def _collect(self) -> bool:
        """Whether there is more to look at."""
        try:
            return bool(self._collector.collect_some(ROUND_SECONDS, lambda: self._leaving.is_set()).after)
        except SohoaError as error:
            log.warning("incoming_round_failed", code=error.code)
            self._on_error(error)
        except Exception as error:
            log.error("incoming_round_broken", error=type(error).__name__, place=where(error))
        return False
