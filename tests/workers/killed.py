"""A process that is killed at a named point of receiving or reading: `python -m tests.workers.killed FOLDER POINT SIGNAL`.

It works with the home of `Office(FOLDER)` and the files in its `scans`, as `ingest` and `work` do. POINT may also be `ingest`
or `work`: then whoever started it does the killing.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.adapters.file_lock import FileLock
from pipeline.adapters.local_queue import LocalQueue
from pipeline.custody import records
from pipeline.custody.batches import close_handover, open_handover
from pipeline.custody.receive import receive
from pipeline.errors import Interrupted
from tests.custody.doubles import PLACING, KillingStore, Office, WrappedStore
from tests.workers.journeys import ENTRY
from workers.child import ChildEntry, ChildLimits
from workers.local import Stop, Workshop, stop_on_signals, work
from workers.pool import ChildPool


@dataclass(frozen=True)
class Point:
    """In which of the two, and at the how-manieth put of which kind."""

    action: str
    kind: str
    moment: str
    turn: int = 1


POINTS = {
    "before-original": Point("ingest", records.ORIGINALS, "before"),
    "after-original": Point("ingest", records.ORIGINALS, "after"),
    "after-pointer": Point("ingest", records.CONTENT, "after"),
    "after-manifest": Point("ingest", records.MANIFESTS, "after"),
    "after-rejection": Point("ingest", records.REJECTED, "after"),
    "after-arrival": Point("ingest", records.ARRIVALS, "after", 2),
    "after-attempt": Point("work", records.ATTEMPTS, "after"),
    "during-page": Point("work", "page", "after", 2),
    "after-first-file": Point("work", records.FILES, "after"),
    "before-result": Point("work", records.RESULTS, "before"),
    "after-result": Point("work", records.RESULTS, "after"),
    "before-quarantine": Point("work", records.QUARANTINE, "before"),
}

INPUTS = ("scans",)
LIMITS = ChildLimits(60, 60, 1_000_000_000, 100_000_000, 100)


def ingest(office: Office, kill: Callable[[], None], point: Point | None) -> None:
    """All files of the clerk's folder, as one hand-over."""
    store = office.store if point is None else KillingStore(office.store, point.kind, point.moment, point.turn, kill)
    custody = office.custody_over(store)
    handover = open_handover(custody, "don-vi", None, inputs=INPUTS)
    for file in sorted((office.folder / "scans").iterdir()):
        receive(custody, file, handover, PLACING)
    close_handover(custody, handover)


class KillAtPage:
    """Kills while a child is at a page."""

    def __init__(self, kill: Callable[[], None], turn: int) -> None:
        self._kill = kill
        self._turns_left = turn

    def page_started(self, record_id: str, page_no: int, page_count: int) -> None:
        self._turns_left -= 1
        if self._turns_left == 0:
            self._kill()

    def record_ended(self, record_id: str, handled: object) -> None: ...


def work_once(office: Office, kill: Callable[[], None], point: Point | None, stop: Stop, jobs: int = 1) -> None:
    """Until nothing is pending."""
    store: WrappedStore = WrappedStore(office.store)
    if point is not None and point.kind != "page":
        store = KillingStore(office.store, point.kind, point.moment, point.turn, kill)
    home = office.folder / "home"
    with ChildPool(jobs, ChildEntry(ENTRY, {"page_seconds": 0.05}), LIMITS, home / "scratch") as pool:
        shop = Workshop(
            office.custody_over(store), pool, office.indexing, LocalQueue(home / "bell"), FileLock(home / "work.lock", 10), 0.05
        )
        told = KillAtPage(kill, point.turn) if point is not None and point.kind == "page" else None
        work(shop, stop, once=True, progress=told)


def main() -> None:
    folder, name, number = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    point = POINTS.get(name)
    office = Office(folder)

    def kill() -> None:
        os.kill(os.getpid(), number)

    if "ingest" in (name, point and point.action):
        ingest(office, kill, point)
        return
    with stop_on_signals() as stop:
        try:
            work_once(office, kill, point, stop, jobs=1 if point else 2)
        except Interrupted:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGINT)


if __name__ == "__main__":
    main()
