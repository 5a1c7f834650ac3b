"""A batch that others drop, file by file: what its sidecars say of it, and when it is complete.

A sidecar is noted in the store as soon as it is seen, and stays where it lies until the batch is complete: while it is there,
whoever comes by next has a reason to look whether anything is still missing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import structlog

from pipeline.custody import Custody
from pipeline.custody.batches import Handover, arrivals_in, close_begun_with, declarations, declare, open_handover
from pipeline.custody.documents import Declared
from pipeline.custody.incoming.keys import BATCH_FILE, DONE_MARKER, Folder, Kind, is_passing, place_of
from pipeline.custody.incoming.sidecars import MAX_BYTES, Sidecar, read_batch_file, read_done_marker
from pipeline.custody.receive import Placing
from pipeline.errors import FileChanging, KeyMissing, SidecarBroken, SidecarLate, StoreRefused, WrongPlace
from pipeline.ports import Incoming, Lying

log = structlog.get_logger()

EMPTY_WAITS_SECONDS = 60.0
EMPTY_WAITS_LONGER = 12
"""How long, at least, and how many times the settling time: some programs and mounts make the name first and write then."""

READERS = {BATCH_FILE: read_batch_file, DONE_MARKER: read_done_marker}


@dataclass(frozen=True, slots=True)
class Desk:
    """Where what others dropped is taken into custody.

    `placing`: where new records belong, unless a sidecar says otherwise. `settle_seconds`: a file has not been written to for so
    long when it is taken. `wait_for_sidecar`: nothing of a batch is taken before its office has said something of it.
    """

    custody: Custody
    incoming: Incoming
    placing: Placing
    settle_seconds: float = 0.0
    wait_for_sidecar: bool = False

    def has_settled(self, lying: Lying) -> bool:
        """Whether nobody is writing to it any more, as far as its age tells."""
        empty = 0.0 if lying.size_bytes else max(EMPTY_WAITS_SECONDS, EMPTY_WAITS_LONGER * self.settle_seconds)
        return lying.age_seconds >= max(self.settle_seconds, empty)


@dataclass(slots=True)
class OpenBatch:
    """A batch of which something is being taken. `sidecars`: those that lie there and were understood. `done`: the office says
    that none is to come. `held`: it has said nothing, and that is waited for."""

    folder: Folder
    placing: Placing
    sidecars: tuple[Lying, ...]
    done: bool
    held: bool
    _handover: Handover | None = None

    def handover(self, desk: Desk) -> Handover:
        if self._handover is None:
            unit, batch = self.folder.unit, self.folder.batch
            self._handover = open_handover(desk.custody, unit, batch, inputs=[desk.incoming.where])
        return self._handover


@dataclass(frozen=True, slots=True)
class Remark:
    """What is told of a sidecar; `error`: what is wrong with it."""

    key: str
    error: SidecarBroken | SidecarLate | None = None


def look_at_batch(desk: Desk, folder: Folder) -> tuple[OpenBatch, list[Remark]]:
    """How a batch stands, with what its sidecars say noted. A broken one is remarked and keeps nothing from being taken."""
    sound: dict[str, tuple[Lying, Sidecar]] = {}
    remarks = []
    for name in READERS:
        try:
            if found := _read(desk, folder, name):
                sound[name] = found
        except SidecarBroken as error:
            remarks.append(Remark(folder.prefix + name, error))
    remarks += _note(desk, folder, sound)
    told = declarations(desk.custody.store, folder.unit, folder.batch)
    sidecars = tuple(lying for lying, _ in sound.values())
    done = any(sidecar.done and sidecar.declared is None for _, sidecar in sound.values())
    held = desk.wait_for_sidecar and not sidecars and not any(one.said_by for one in told)
    return OpenBatch(folder, _placing(desk.placing, told), sidecars, done, held), remarks


def close_if_complete(desk: Desk, batch: OpenBatch) -> bool:
    """Close the hand-over and take the sidecars away, when all that were declared have come and nothing is left to take."""
    store, folder = desk.custody.store, batch.folder
    if not batch.sidecars or _is_any_left(desk, folder):
        return False
    if not batch.done:
        told = declarations(store, folder.unit, folder.batch)
        if not told or arrivals_in(store, folder.unit, folder.batch) < told[-1].count:
            return False
    close_begun_with(desk.custody, folder.unit, folder.batch, [desk.incoming.where])
    for sidecar in batch.sidecars:
        for version in (*desk.incoming.drafts(sidecar, math.inf), sidecar):  # an older one must not come to light again
            desk.incoming.remove(version)
    log.info("batch_complete", sidecars=len(batch.sidecars))
    return True


def _read(desk: Desk, folder: Folder, name: str) -> tuple[Lying, Sidecar] | None:
    """None: there is none, or it is just being written. Raises SidecarBroken."""
    lying = desk.incoming.look(folder.prefix + name)
    if lying is None or lying.age_seconds < desk.settle_seconds:
        return None
    if lying.size_bytes > MAX_BYTES:
        raise SidecarBroken(f"> {MAX_BYTES // 1000} kB")
    if name == BATCH_FILE and not desk.has_settled(lying):
        return None
    try:
        with desk.incoming.open(lying) as stream:
            return lying, READERS[name](b"".join(iter(lambda: stream.read(MAX_BYTES), b"")))
    except (KeyMissing, FileChanging):
        return None
    except StoreRefused as error:  # this one alone, or nothing could be looked at
        raise SidecarBroken(error.detail) from error


def _note(desk: Desk, folder: Folder, sound: dict[str, tuple[Lying, Sidecar]]) -> Iterator[Remark]:
    """What sidecars say is noted once; what a clerk says later on the command line stands."""
    counts = [sidecar.declared for _, sidecar in sound.values() if sidecar.declared is not None]
    if not counts:
        return
    custody, unit, batch = desk.custody, folder.unit, folder.batch
    said_by = ";".join(f"{name} {lying.tag}" for name, (lying, _) in sound.items())
    before = declarations(custody.store, unit, batch)
    if any(one.said_by == said_by for one in before):
        return
    told = sound[BATCH_FILE][1] if BATCH_FILE in sound else Sidecar()
    # Of two that differ the larger counts: what is missing then shows.
    note = Declared(max(counts), custody.clock.now(), told.fonds, told.sector, told.urgent, said_by)
    declare(custody, unit, batch, note)
    yield from (Remark(folder.prefix + name) for name in sound)
    was, now = (_placing(desk.placing, told_so_far) for told_so_far in (before, [*before, note]))
    if (was.fonds, was.sector) != (now.fonds, now.sector) and (taken := arrivals_in(custody.store, unit, batch)):
        yield Remark(folder.prefix + BATCH_FILE, SidecarLate(f"{taken}"))


def _placing(placing: Placing, told: list[Declared]) -> Placing:
    for one in told:
        urgent = one.urgent if one.said_by else placing.urgent
        placing = replace(placing, fonds=one.fonds or placing.fonds, sector=one.sector or placing.sector, urgent=urgent)
    return placing


def _is_any_left(desk: Desk, folder: Folder) -> bool:
    return any(_is_scan(key) for key in desk.incoming.list_after(folder.prefix))


def _is_scan(key: str) -> bool:
    try:
        return not is_passing(key) and place_of(key)[1] is Kind.SCAN
    except WrongPlace:
        return False
