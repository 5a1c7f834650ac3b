"""How everything stands, read off the keys alone: received = done + pending + quarantined + rejected + purged.

The equation counts arrivals, each term from its own objects: `received` from arrivals, `rejected` from rejections, the others
from manifests, results, quarantine and tombstone of the record that the arrival names. It fails when something is missing, and
it holds at every moment: whatever makes an arrival countable is written before the arrival, and arrivals are listed first; a
tombstone is written before anything of its record is removed, and is listed last.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from pipeline.custody import records
from pipeline.custody.batches import declared_in
from pipeline.custody.records import ArrivalKey, parse_arrival_key, parse_generation_key
from pipeline.custody.shapes import is_object
from pipeline.ports import RecordTask, Store


class State(StrEnum):
    """Of a record; UNKNOWN: an arrival names it and there is no manifest, which must never be."""

    DONE = "done"
    PENDING = "pending"
    QUARANTINED = "quarantined"
    PURGED = "purged"
    UNKNOWN = "unknown"


def state_at(manifest: int, result: int, given_up: int) -> State:
    """Of a record, by its newest generations (0: none). A result wins over a quarantine of the same generation: the work was done
    after all."""
    if result >= max(manifest, given_up):
        return State.DONE
    return State.QUARANTINED if given_up >= manifest else State.PENDING


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the keys say at one look. The maps give the newest generation of each record."""

    arrivals: tuple[ArrivalKey, ...]
    rejected: frozenset[str]
    manifests: dict[str, int]
    results: dict[str, int]
    quarantine: dict[str, int]
    review: dict[str, int]
    purged: frozenset[str] = frozenset()

    def state_of(self, record_id: str) -> State:
        if record_id in self.purged:
            return State.PURGED
        if record_id not in self.manifests:
            return State.UNKNOWN
        return state_at(self.manifests[record_id], self.results.get(record_id, 0), self.quarantine.get(record_id, 0))

    def needs_review(self, record_id: str) -> bool:
        """Of a record that is done."""
        return record_id in self.results and self.review.get(record_id) == self.results[record_id]

    def pending(self) -> Iterator[RecordTask]:
        """All work to do, batch after batch in the order of their names; records that no arrival names yet come last."""
        named = (arrival.record_id for arrival in self.arrivals if arrival.record_id is not None)
        for record_id in dict.fromkeys([*named, *self.manifests]):
            if self.state_of(record_id) is State.PENDING:
                yield RecordTask(record_id, self.manifests[record_id])


@dataclass(frozen=True, slots=True)
class Counts:
    received: int
    done: int
    pending: int
    quarantined: int
    rejected: int
    needs_review: int
    purged: int = 0

    @property
    def adds_up(self) -> bool:
        """Whether every file that was handed over is accounted for."""
        return self.received == self.done + self.pending + self.quarantined + self.rejected + self.purged


@dataclass(frozen=True, slots=True)
class BatchStatus:
    """`declared`: None when the office did not say how many files there are."""

    unit: str
    batch: str
    declared: int | None
    counts: Counts


@dataclass(frozen=True, slots=True)
class Status:
    total: Counts
    batches: tuple[BatchStatus, ...]


def read_ledger(store: Store) -> Ledger:
    """List what counts. The order matters: see above."""
    return Ledger(
        arrivals=tuple(map(parse_arrival_key, _listed(store, records.ARRIVALS))),
        rejected=frozenset(map(records.arrival_of_rejected, _listed(store, records.REJECTED))),
        manifests=newest_of(store, records.MANIFESTS),
        results=newest_of(store, records.RESULTS),
        quarantine=newest_of(store, records.QUARANTINE),
        review=newest_of(store, records.REVIEW),
        purged=purged_in(store),
    )


def newest_of(store: Store, kind: str, beginning: str = "") -> dict[str, int]:
    """record_id -> newest generation in manifests, results, quarantine or review, of records whose ids begin so. Keys come in
    order, so the last one of a record is its newest."""
    prefix = f"{kind}{beginning[:2]}/{beginning}" if len(beginning) > 1 else f"{kind}{beginning}"
    return {found.record_id: found.generation for found in map(parse_generation_key, _listed(store, prefix))}


def purged_in(store: Store, beginning: str = "") -> frozenset[str]:
    """Records with a tombstone whose ids begin so."""
    prefix = f"{records.PURGED}{beginning[:2]}/{beginning}" if len(beginning) > 1 else f"{records.PURGED}{beginning}"
    return frozenset(map(records.record_of_purged, _listed(store, prefix)))


def status(store: Store) -> Status:
    """Counts in all and by batch, in the order of unit and batch name."""
    ledger = read_ledger(store)
    declared = declared_in(store)
    by_batch: dict[tuple[str, str], list[ArrivalKey]] = defaultdict(list)
    for arrival in ledger.arrivals:
        by_batch[arrival.unit, arrival.batch].append(arrival)
    batches = tuple(
        BatchStatus(unit, batch, declared.get((unit, batch)), count(by_batch.get((unit, batch), ()), ledger))
        for unit, batch in sorted(by_batch.keys() | declared.keys())
    )
    return Status(count(ledger.arrivals, ledger), batches)


def count(arrivals: Iterable[ArrivalKey], ledger: Ledger) -> Counts:
    """The terms for some arrivals. One whose record or rejection is missing is in no term but `received`."""
    received = rejected = review = 0
    states: Counter[State] = Counter()
    for arrival in arrivals:
        received += 1
        if arrival.record_id is None:
            rejected += arrival.arrival_id in ledger.rejected
            continue
        state = ledger.state_of(arrival.record_id)
        states[state] += 1
        review += state is State.DONE and ledger.needs_review(arrival.record_id)
    return Counts(
        received,
        states[State.DONE],
        states[State.PENDING],
        states[State.QUARANTINED],
        rejected,
        review,
        states[State.PURGED],
    )


def _listed(store: Store, kind: str) -> Iterator[str]:
    """Without what others have put there: `fixity` names it."""
    return filter(is_object, store.list_after(kind))
