"""A scanner's folder: every file that is whole is taken into custody, and then moved out of the way.

A file is whole when neither its size nor its time has changed for a while. What was taken goes to `da-nhan` (taken) inside the
folder, what cannot be taken to `khong-nhan` (not taken), with the subfolders it came from; nothing is moved before it is
acknowledged. A subfolder is a batch of its name; files beside it are in the batch of the day.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import structlog

from pipeline.custody import Custody
from pipeline.custody.batches import VIETNAM, Handover, close_handover, open_handover
from pipeline.custody.names import batch_name
from pipeline.custody.receive import Placing, Receipt, reject, take_in
from pipeline.errors import FileChanging, InputError, UnreadableFile
from workers.local import LOOK_SECONDS, Stop

log = structlog.get_logger()

TAKEN = "da-nhan"
NOT_TAKEN = "khong-nhan"

EMPTY_WAITS_LONGER = 12
"""Times the settling time for a file without a byte: some scanners make the name first and scan then."""

Shape = tuple[int, int, int]
"""Inode, size, time of change."""

OnReceipt = Callable[[Receipt], None]
OnOther = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Watching:
    """What is watched, and where its files belong. `suffixes`: endings (`.pdf`) of files that are taken; others are left."""

    folder: Path
    unit: str
    placing: Placing
    suffixes: frozenset[str]
    settle_seconds: float
    poll_seconds: float


def watch_folder(
    custody: Custody, watching: Watching, stop: Stop, on_receipt: OnReceipt, on_other: OnOther = lambda _: None
) -> None:
    """Until stopped. `on_receipt` is told of each file that is taken or refused, `on_other` once of each that is left.

    Raises UnreadableFile when the folder cannot be read, DiskFull and others when nothing can be taken any more.
    """
    watcher = Watcher(custody, watching, on_receipt, on_other)
    while not stop.requested:
        watcher.look()
        _rest(watching.poll_seconds, stop)


class Watcher:
    """What it has seen so far. After a restart it starts anew: what was taken and not moved is the same arrival again."""

    def __init__(self, custody: Custody, watching: Watching, on_receipt: OnReceipt, on_other: OnOther = lambda _: None) -> None:
        self._custody = custody
        self._watching = watching
        self._on_receipt = on_receipt
        self._on_other = on_other
        self._seen: dict[Path, tuple[Shape, float]] = {}
        self._immovable: set[tuple[Path, Shape]] = set()
        self._left: set[Path] = set()
        self._handovers: dict[str, Handover] = {}
        self._day = ""

    def look(self) -> None:
        """Take what has settled."""
        now = time.monotonic()
        shapes = dict(self._candidates())
        self._seen = {path: self._seen_since(path, shape, now) for path, shape in shapes.items()}
        for path, (shape, since) in sorted(self._seen.items()):
            wait = self._watching.settle_seconds * (EMPTY_WAITS_LONGER if shape[1] == 0 else 1)
            if now - since >= wait and (path, shape) not in self._immovable:
                self._take(path, shape)

    def _seen_since(self, path: Path, shape: Shape, now: float) -> tuple[Shape, float]:
        before = self._seen.get(path)
        return before if before is not None and before[0] == shape else (shape, now)

    def _candidates(self) -> Iterator[tuple[Path, Shape]]:
        root = self._watching.folder
        for parent, folders, names in os.walk(root, onerror=_complain_of(root)):
            here = Path(parent)
            folders[:] = [name for name in folders if not name.startswith(".") and not _is_ours(here, root, name)]
            for path in (here / name for name in names if not name.startswith(".")):
                if path.suffix.lower() not in self._watching.suffixes:
                    self._leave(path)
                elif shape := _shape(path):
                    yield path, shape

    def _leave(self, path: Path) -> None:
        """Say once that a file is no scan by its name."""
        if path not in self._left:
            self._left.add(path)
            self._on_other(path)

    def _take(self, path: Path, shape: Shape) -> None:
        handover = self._handover_for(path)
        try:
            receipt = take_in(self._custody, path, handover, self._watching.placing)
        except FileChanging:
            self._seen.pop(path)
            return
        except InputError as error:
            if not path.exists():
                return  # taken away by its owner
            receipt = reject(self._custody, path, handover, error)
        self._on_receipt(receipt)
        self._move(path, shape, TAKEN if receipt.error is None else NOT_TAKEN)

    def _move(self, path: Path, shape: Shape, place: str) -> None:
        """Out of the way, unless it is another file by now: that one has not been taken."""
        target = _free_name(self._watching.folder / place / path.relative_to(self._watching.folder))
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
            if _shape(target) != shape:
                target.rename(path)
        except OSError as error:
            self._immovable.add((path, shape))
            log.warning("taken_file_not_moved", error=type(error).__name__)

    def _handover_for(self, path: Path) -> Handover:
        """Of the day and the subfolder; those of the day before are over."""
        day = f"{self._custody.clock.now().astimezone(VIETNAM):%Y-%m-%d}"
        if day != self._day:
            for handover in self._handovers.values():
                close_handover(self._custody, handover)
            self._handovers.clear()
            self._day = day
        parts = path.relative_to(self._watching.folder).parts
        batch = batch_name(parts[0]) if len(parts) > 1 else None
        if (batch or "") not in self._handovers:
            inputs = [str(self._watching.folder.absolute()), day]
            self._handovers[batch or ""] = open_handover(self._custody, self._watching.unit, batch, inputs=inputs)
        return self._handovers[batch or ""]


def _rest(seconds: float, stop: Stop) -> None:
    wake_at = time.monotonic() + seconds
    while not stop.requested and time.monotonic() < wake_at:
        time.sleep(min(LOOK_SECONDS, seconds))


def _is_ours(here: Path, root: Path, name: str) -> bool:
    return here == root and name in (TAKEN, NOT_TAKEN)


def _shape(path: Path) -> Shape | None:
    """None: it is gone, or no regular file (links are left alone)."""
    try:
        found = path.lstat()
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _free_name(target: Path) -> Path:
    number = 1
    free = target
    while free.exists():
        number += 1
        free = target.with_name(f"{target.stem}-{number}{target.suffix}")
    return free


def _complain_of(root: Path) -> Callable[[OSError], None]:
    """A folder that vanishes or is locked is looked into again later; without the watched one there is nothing to do."""

    def complain(error: OSError) -> None:
        if error.filename == str(root):
            raise UnreadableFile(type(error).__name__) from error

    return complain
