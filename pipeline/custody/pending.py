"""What is to be read, as a list that is as long as the work and not as long as the archive.

    pending/<lane>/<unit>/<time>.<record>.<generation>

A mark stands before its manifest does, and goes when there is a result or a quarantine. So whatever is pending has a mark; a mark
may be left behind by one who died between the two, and is taken away when somebody has looked (`is_settled`). Lost marks are made
anew from manifests and results (survey.py).

The units of a lane are served in turn, whatever each of them has handed over, and each one's records in the order they came.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

import structlog

from pipeline.custody import Custody, records
from pipeline.custody.documents import Manifest
from pipeline.custody.lookup import put_once
from pipeline.custody.names import from_segment, to_segment
from pipeline.errors import QueueUnavailable
from pipeline.ports import BULK, INTERACTIVE, READING, RecordTask, Store

log = structlog.get_logger()

AT_ONCE = 16
"""Tasks of a lane that its first come may fill: what is behind them is brought by turns, so that nobody waits for more."""

UNFINISHED = timedelta(hours=1)
"""A mark without a manifest is this old before it is taken away: its receiver may still be at it."""

BEHIND_SLASH = chr(ord("/") + 1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One mark: its key, what is to be read, of whom, and since when."""

    key: str
    task: RecordTask
    unit: str
    since: datetime


def mark_pending(store: Store, manifest: Manifest) -> bool:
    """Before the manifest is written; False: it was marked. Raises StoreUnavailable, DiskFull."""
    return put_once(store, _key_of(manifest), b"")


def announce(custody: Custody, manifest: Manifest) -> None:
    """Tell the queue, unless many wait there already: they are brought to it in turn (workers/feeding.py)."""
    lane = lane_of(manifest)
    try:
        if lane == INTERACTIVE or custody.queue.waiting(lane) < AT_ONCE:
            custody.queue.send(RecordTask(manifest.record_id, manifest.generation), lane)
    except QueueUnavailable as error:
        log.warning("task_not_sent", record_id=manifest.record_id, code=error.code)  # its mark is found


def settle(store: Store, manifest: Manifest) -> None:
    """There is nothing more to do for this generation."""
    store.remove(_key_of(manifest))


def lane_of(manifest: Manifest) -> str:
    return INTERACTIVE if manifest.urgent else BULK


def in_turn(store: Store, lane: str, after_unit: str = "") -> Iterator[Waiting]:
    """All marks of a lane, one of each unit after the other; `after_unit`: the one that was served last."""
    units = list(_by_unit(store, lane))
    served = f"{to_segment(after_unit)}/"
    first = next((at for at, (folder, _) in enumerate(units) if folder > served), 0)
    waiting = deque(marks for _, marks in units[first:] + units[:first])
    while waiting:
        marks = waiting.popleft()
        if (one := next(marks, None)) is not None:
            yield one
            waiting.append(marks)


def everything(store: Store) -> Iterator[Waiting]:
    """What is urgent first; then in turn."""
    return chain.from_iterable(in_turn(store, lane) for lane in READING)


def oldest(store: Store, lane: str) -> datetime | None:
    """Since when the record waits that has waited longest; None: none does."""
    return min((mark.since for _, marks in _by_unit(store, lane) if (mark := next(marks, None))), default=None)


def is_settled(store: Store, one: Waiting, now: datetime) -> bool:
    """Whether a mark is of no more use, told by keys alone: a manifest that has rotted is no reason to wait for ever."""
    task = one.task
    newest = _newest(store.list_after(records.manifests_of(task.record_id)))
    if newest < task.generation:
        return now - one.since > UNFINISHED
    done = records.result_key(task.record_id, task.generation), records.quarantine_key(task.record_id, task.generation)
    return newest > task.generation or any(key in store.list_after(key) for key in done)


def _key_of(manifest: Manifest) -> str:
    return records.pending_key(lane_of(manifest), manifest.unit, manifest.made_at, manifest.record_id, manifest.generation)


def _by_unit(store: Store, lane: str) -> Iterator[tuple[str, Iterator[Waiting]]]:
    """Each unit that waits, as the folder of its name, and its marks, in the order of keys. The rest of a list is skipped."""
    prefix, after = f"{records.PENDING}{lane}/", ""
    while True:
        keys = store.list_after(prefix, after)
        first = next(keys, None)
        if first is None:
            return
        segment = first.split("/")[2]
        yield f"{segment}/", _marks(chain([first], keys), f"{prefix}{segment}/")
        after = f"{prefix}{segment}{BEHIND_SLASH}"


def _marks(keys: Iterable[str], folder: str) -> Iterator[Waiting]:
    """What somebody else has put there is passed over."""
    for key in keys:
        if not key.startswith(folder):
            return
        if (found := _parsed(key)) is not None:
            yield found


def _parsed(key: str) -> Waiting | None:
    _, _, segment, name = key.split("/", 3)
    try:
        since, record_id, generation = name.split(".")
        return Waiting(key, RecordTask(record_id, int(generation)), from_segment(segment), records.moment(since))
    except ValueError:
        return None


def _newest(keys: Iterable[str]) -> int:
    return max((records.parse_generation_key(key).generation for key in keys), default=0)
