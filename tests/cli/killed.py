"""`sohoa` that is killed at a named point: `python -m tests.cli.killed POINT SIGNAL ARGUMENT...`.

The command is the real one; its store, or its progress bar, sends the signal when the moment has come.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from unittest.mock import patch

import cli.work
import config.wiring.home
import config.wiring.incoming
from cli.main import run
from config.settings import Settings
from config.wiring.incoming import open_incoming
from pipeline.adapters.directory_store import DirectoryStore
from pipeline.custody import records
from pipeline.ports import Incoming, Lying
from tests.custody.incoming_doubles import WrappedIncoming


@dataclass(frozen=True, slots=True)
class Point:
    """In which of the two, and at the how-manieth put of which kind."""

    command: str
    kind: str
    moment: str
    turn: int = 1


POINTS = {
    "before-original": Point("ingest", records.ORIGINALS, "before"),
    "after-original": Point("ingest", records.ORIGINALS, "after"),
    "after-pointer": Point("ingest", records.CONTENT, "after"),
    "after-manifest": Point("ingest", records.MANIFESTS, "after"),
    "after-arrival": Point("ingest", records.ARRIVALS, "after", 2),
    "after-rejection": Point("ingest", records.REJECTED, "after"),
    "after-attempt": Point("work", records.ATTEMPTS, "after"),
    "during-page": Point("work", "page", "after", 2),
    "after-first-file": Point("work", records.FILES, "after"),
    "before-result": Point("work", records.RESULTS, "before"),
    "after-result": Point("work", records.RESULTS, "after"),
    "before-quarantine": Point("work", records.QUARANTINE, "before"),
    "after-declaration": Point("collect", records.DECLARED, "after"),
    "before-leaving": Point("collect", "leaving", "before"),
    "after-leaving": Point("collect", "leaving", "after"),
    "before-setting-aside": Point("collect", "setting aside", "before"),
    "before-closing": Point("collect", records.BATCHES, "before", 2),
}


class Countdown:
    """Kills when the point has been reached so many times."""

    def __init__(self, point: Point, kill: Callable[[], None]) -> None:
        self._point = point
        self._kill = kill
        self._turns_left = point.turn

    def reached(self, kind: str) -> bool:
        """Whether this is the time; `kind` is a key, `page`, or what leaves the place where others drop files."""
        if not kind.startswith(self._point.kind):
            return False
        self._turns_left -= 1
        return self._turns_left == 0

    def strike(self, moment: str) -> None:
        if moment == self._point.moment:
            self._kill()


class KillingStore(DirectoryStore):
    """A home's store in which one put is the last thing that happens."""

    def __init__(self, root: Path, countdown: Countdown) -> None:
        super().__init__(root)
        self._countdown = countdown

    def put_new(self, key: str, content: bytes | Path) -> None:
        due = self._countdown.reached(key)
        if due:
            self._countdown.strike("before")
        super().put_new(key, content)
        if due:
            self._countdown.strike("after")


class KillingIncoming(WrappedIncoming):
    """Where others drop files, in which one thing that leaves is the last thing that happens."""

    def __init__(self, incoming: Incoming, countdown: Countdown) -> None:
        super().__init__(incoming)
        self._countdown = countdown

    def set_aside(self, lying: Lying, why: Mapping[str, str]) -> None:
        self._around("setting aside", lambda: self.inner.set_aside(lying, why))

    def remove(self, lying: Lying) -> None:
        self._around("leaving", lambda: self.inner.remove(lying))

    def _around(self, step: str, call: Callable[[], None]) -> None:
        due = self._countdown.reached(step)
        if due:
            self._countdown.strike("before")
        call()
        if due:
            self._countdown.strike("after")


def killing_incoming(settings: Settings, countdown: Countdown) -> KillingIncoming | None:
    incoming = open_incoming(settings)
    return None if incoming is None else KillingIncoming(incoming, countdown)


class KillingBar(cli.work.WorkBar):
    """The bar of `work`, which is told of each page."""

    def __init__(self, files: int, *, visible: bool, countdown: Countdown) -> None:
        super().__init__(files, visible=visible)
        self._countdown = countdown

    def page_started(self, job_id: str, page_no: int, page_count: int) -> None:
        if self._countdown.reached("page"):
            self._countdown.strike("after")


def main() -> None:
    point, number = POINTS[sys.argv[1]], int(sys.argv[2])
    sys.argv[1:] = sys.argv[3:]
    countdown = Countdown(point, lambda: os.kill(os.getpid(), number))
    with (
        patch.object(config.wiring.home, "DirectoryStore", partial(KillingStore, countdown=countdown)),
        patch.object(cli.work, "WorkBar", partial(KillingBar, countdown=countdown)),
        patch.object(config.wiring.incoming, "open_incoming", partial(killing_incoming, countdown=countdown)),
    ):
        run()


if __name__ == "__main__":
    main()
