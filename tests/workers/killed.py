"""`ingest` and `work` for the soak, with doubles for documents: `python -m tests.workers.killed FOLDER ingest|work`.

It works with the home of `Office(FOLDER)` and the files in its `scans`; whoever started it does the killing. The commands
themselves are killed at named points in tests/cli/killed.py.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from pipeline.adapters.file_lock import FileLock
from pipeline.adapters.local_queue import LocalQueue
from pipeline.custody.batches import close_handover, open_handover
from pipeline.custody.receive import receive
from pipeline.errors import Interrupted
from tests.custody.doubles import PLACING, Office
from tests.workers.journeys import ENTRY
from workers.child import ChildEntry, ChildLimits
from workers.local import Stop, Workshop, stop_on_signals, work
from workers.pool import ChildPool

INPUTS = ("scans",)
LIMITS = ChildLimits(60, 60, 1_000_000_000, 100_000_000, 100)


def ingest(office: Office) -> None:
    """All files of the clerk's folder, as one hand-over."""
    handover = open_handover(office.custody, "don-vi", None, inputs=INPUTS)
    for file in sorted((office.folder / "scans").iterdir()):
        receive(office.custody, file, handover, PLACING)
    close_handover(office.custody, handover)


def work_once(office: Office, stop: Stop) -> None:
    """Until nothing is pending."""
    home = office.folder / "home"
    with ChildPool(2, ChildEntry(ENTRY, {"page_seconds": 0.05}), LIMITS, home / "scratch") as pool:
        lock = FileLock(home / "work.lock", 10)
        work(Workshop(office.custody, pool, office.indexing, LocalQueue(home / "bell"), lock, 0.05), stop, once=True)


def main() -> None:
    office = Office(Path(sys.argv[1]))
    if sys.argv[2] == "ingest":
        ingest(office)
        return
    with stop_on_signals() as stop:
        try:
            work_once(office, stop)
        except Interrupted:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            signal.raise_signal(signal.SIGINT)


if __name__ == "__main__":
    main()
