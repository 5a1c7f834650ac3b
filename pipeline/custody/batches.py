"""Batches: what one office hands over under one name, with the number of files it says there are.

A batch consists of hand-overs. One that was interrupted stays open, and the same command continues it: a file that had been
acknowledged before is then the same arrival, not a second one. A hand-over that was closed is over; the same files brought again
under the same name are new arrivals of a new hand-over.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta, timezone

from pipeline.custody import Custody, records
from pipeline.custody.documents import Declared, Mark, Opened, encode
from pipeline.custody.lookup import put_once, readable
from pipeline.custody.moving import refuse_moved
from pipeline.custody.names import check_batch, check_code
from pipeline.custody.shapes import is_object
from pipeline.ports import Store

VIETNAM = timezone(timedelta(hours=7))
"""Days are those of the office; the country has one zone and no summer time."""


@dataclass(frozen=True, slots=True)
class Handover:
    """Files that are being handed over as (part of) a batch."""

    unit: str
    batch: str
    number: int


def open_handover(
    custody: Custody, unit: str, batch: str | None = None, declared: int | None = None, inputs: Sequence[str] = ()
) -> Handover:
    """Begin a hand-over, or go on with the one that was interrupted.

    `batch`: None = a new name from date and sequence (2026-11-23-001), or the name under which these `inputs` (the paths named)
    were begun and not finished. Raises BadName; HomeMoved and its like.
    """
    unit = check_code(unit)
    refuse_moved(custody.store)
    inputs_digest = _digest_of(inputs)
    opened = Opened(inputs_digest, custody.clock.now())
    if batch is None:
        batch = _interrupted_batch(custody.store, unit, inputs_digest) if inputs else None
    if batch is None:
        handover = _new_batch(custody, unit, opened)
    else:
        handover = _next_handover(custody.store, unit, check_batch(batch), opened)
    if declared is not None:
        declare(custody, unit, handover.batch, Declared(declared, custody.clock.now()))
    return handover


def close_handover(custody: Custody, handover: Handover) -> None:
    """All files were acknowledged or rejected."""
    key = records.batch_key(handover.unit, handover.batch, handover.number, records.CLOSED)
    put_once(custody.store, key, encode(Mark(custody.clock.now())))


def close_begun_with(custody: Custody, unit: str, batch: str, inputs: Sequence[str]) -> None:
    """Close the last hand-over of a batch if it was begun with these inputs; one that somebody else began is left to them.

    Raises HomeMoved and its like.
    """
    with custody.gate.shared():
        refuse_moved(custody.store)
        number, is_open = _last_handover(custody.store, unit, batch)
        if is_open and _was_begun_with(custody.store, Handover(unit, batch, number), _digest_of(inputs)):
            close_handover(custody, Handover(unit, batch, number))


def declare(custody: Custody, unit: str, batch: str, told: Declared) -> None:
    """Note what the office says of a batch; what it says last counts. Raises HomeMoved and its like."""
    note = encode(told)
    with custody.gate.shared():
        refuse_moved(custody.store)
        number = sum(1 for _ in custody.store.list_after(records.declarations_of(unit, batch)))
        while not put_once(custody.store, records.declared_key(unit, batch, number + 1), note):
            number += 1  # somebody else said something at the same moment


def declarations(store: Store, unit: str, batch: str) -> list[Declared]:
    """All that was said of a batch, in order."""
    return [told for _, told in readable(store, records.declarations_of(unit, batch), Declared)]


def arrivals_in(store: Store, unit: str, batch: str) -> int:
    """How many files were handed over in a batch, the rejected among them: N of "received N of M declared"."""
    return sum(map(is_object, store.list_after(records.arrivals_of(unit, batch))))


def declared_in(store: Store) -> dict[tuple[str, str], int]:
    """(unit, batch) -> the number of files declared last, for the batches that have one."""
    return {records.batch_of_declared(key): told.count for key, told in readable(store, records.DECLARED, Declared)}


def _next_handover(store: Store, unit: str, batch: str, opened: Opened) -> Handover:
    number, is_open = _last_handover(store, unit, batch)
    if not is_open:
        number += 1
        put_once(store, records.batch_key(unit, batch, number, records.OPENED), encode(opened))
    return Handover(unit, batch, number)


def _new_batch(custody: Custody, unit: str, opened: Opened) -> Handover:
    day = f"{custody.clock.now().astimezone(VIETNAM):%Y-%m-%d}"
    sequence = max((_sequence(batch, day) for batch in _batches(custody.store, unit)), default=0)
    while True:
        sequence += 1
        batch = f"{day}-{sequence:03d}"
        if put_once(custody.store, records.batch_key(unit, batch, 1, records.OPENED), encode(opened)):
            return Handover(unit, batch, 1)


def _sequence(batch: str, day: str) -> int:
    rest = batch.removeprefix(f"{day}-")
    return int(rest) if rest != batch and rest.isascii() and rest.isdecimal() else 0


def _interrupted_batch(store: Store, unit: str, inputs_digest: str) -> str | None:
    """The newest batch whose last hand-over was begun with these inputs and never closed."""
    for batch in reversed(_batches(store, unit)):
        number, is_open = _last_handover(store, unit, batch)
        if is_open and _was_begun_with(store, Handover(unit, batch, number), inputs_digest):
            return batch
    return None


def _was_begun_with(store: Store, handover: Handover, inputs_digest: str) -> bool:
    key = records.batch_key(handover.unit, handover.batch, handover.number, records.OPENED)
    return any(opened.inputs_digest == inputs_digest for _, opened in readable(store, key, Opened))


def _digest_of(inputs: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(sorted(inputs)).encode()).hexdigest()


def _batches(store: Store, unit: str) -> list[str]:
    keys = filter(is_object, store.list_after(records.batches_of(unit)))
    return list(dict.fromkeys(records.parse_batch_key(key).batch for key in keys))


def _last_handover(store: Store, unit: str, batch: str) -> tuple[int, bool]:
    """Number (0: there is none) and whether it is still open."""
    number = max(_numbers(store, unit, batch, records.OPENED), default=0)
    return number, number > 0 and number not in _numbers(store, unit, batch, records.CLOSED)


def _numbers(store: Store, unit: str, batch: str, event: str) -> list[int]:
    keys = filter(is_object, store.list_after(records.handovers_of(unit, batch)))
    found = map(records.parse_batch_key, keys)
    return [one.number for one in found if one.event == event]
