"""Tries to read a record: counted in the store before the risky work begins, so that no crash goes uncounted.

What ends a try without a result, and what it costs:

    crashed       the child crashed, hung, took too much memory or space      `crash_attempts` (3) of these, then quarantine
    interrupted   the worker died: the try has no end, and its owner          `interrupted_attempts` (10), then quarantine
                  no longer holds the work lock, or shows no sign of life
    given back    work was stopped, the disk was full, the tools were broken, nothing
                  the store did not answer
    failed        the file cannot be read, and never will be                  quarantine at once

On the last try before quarantine the pages on which earlier ones died are left out: one bad page never blocks the other 499.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from pipeline.custody import Custody, Rules, records
from pipeline.custody.documents import Ended, Manifest, Outcome, Quarantined, Started, decode, encode
from pipeline.custody.lookup import put_once, result_of_generation
from pipeline.custody.pending import settle
from pipeline.errors import ChildFault, InterruptedTooOften, SohoaError, error_from
from pipeline.ports import RecordTask, Store

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try that has begun. `number` is its own within the generation."""

    manifest: Manifest
    number: int
    skip_pages: frozenset[int]


@dataclass(frozen=True, slots=True)
class History:
    """The tries of one generation so far: number -> who began it, and how it ended (absent: it has no end yet)."""

    started: Mapping[int, Started]
    ended: Mapping[int, Ended]

    def count(self, outcome: Outcome) -> int:
        return Counter(end.outcome for end in self.ended.values())[outcome]

    @property
    def fatal_pages(self) -> frozenset[int]:
        """Pages that were under way when the child crashed."""
        crashes = (end for end in self.ended.values() if end.outcome is Outcome.CRASHED)
        return frozenset(end.page_no for end in crashes if end.page_no is not None)

    @property
    def last_crash(self) -> Ended | None:
        crashes = [number for number, end in self.ended.items() if end.outcome is Outcome.CRASHED]
        return self.ended[max(crashes)] if crashes else None


def begin_attempt(custody: Custody, manifest: Manifest, owner: str) -> Attempt | None:
    """Count a try before it is made; None: nothing is to be tried now.

    Nothing is, when it was read, when another living worker is at it, or when the tries are used up: then the generation is
    quarantined. `owner` is not at it: a try of its own that is open came to nothing because the store did not answer, and costs
    nothing. Raises DigestMismatch.
    """
    return _first_attempt(custody, manifest, owner) or _next_attempt(custody, manifest, owner)


def _first_attempt(custody: Custody, manifest: Manifest, owner: str) -> Attempt | None:
    """Mostly there is no history to be read: who can write number one is the first."""
    started = Started(owner, (), custody.clock.now())
    key = records.started_key(manifest.record_id, manifest.generation, 1)
    return Attempt(manifest, 1, frozenset()) if put_once(custody.store, key, encode(started)) else None


def _next_attempt(custody: Custody, manifest: Manifest, owner: str) -> Attempt | None:
    if result_of_generation(custody.store, manifest.record_id, manifest.generation) is not None:
        return None
    history = read_history(custody.store, manifest)
    for number in history.started.keys() - history.ended.keys():
        other = history.started[number].owner
        if other != owner and custody.is_alive(other):
            return None
        end_attempt(custody, manifest, number, Outcome.GIVEN_BACK if other == owner else Outcome.INTERRUPTED)
        history = read_history(custody.store, manifest)
    if exhausted := _exhausted(history, custody.rules):
        _quarantine_settled(custody, manifest, exhausted)
        return None
    number = max(history.started, default=0) + 1
    skip = history.fatal_pages if history.count(Outcome.CRASHED) == custody.rules.crash_attempts - 1 else frozenset()
    started = Started(owner, tuple(sorted(skip)), custody.clock.now())
    key = records.started_key(manifest.record_id, manifest.generation, number)
    return Attempt(manifest, number, skip) if put_once(custody.store, key, encode(started)) else None


def give_back(custody: Custody, attempt: Attempt, error: SohoaError) -> None:
    """The record is not to blame: the try costs nothing."""
    end_attempt(custody, attempt.manifest, attempt.number, Outcome.GIVEN_BACK, error)


def charge_crash(custody: Custody, attempt: Attempt, error: ChildFault) -> None:
    """The child did not survive the record. Quarantines when that was the last try."""
    end_attempt(custody, attempt.manifest, attempt.number, Outcome.CRASHED, error)
    if exhausted := _exhausted(read_history(custody.store, attempt.manifest), custody.rules):
        _quarantine_settled(custody, attempt.manifest, exhausted)


def give_up(custody: Custody, attempt: Attempt, error: SohoaError) -> None:
    """Trying again would change nothing."""
    end_attempt(custody, attempt.manifest, attempt.number, Outcome.FAILED, error)
    _quarantine_settled(custody, attempt.manifest, error)


def end_attempt(custody: Custody, manifest: Manifest, number: int, outcome: Outcome, error: SohoaError | None = None) -> None:
    """Note how a try ended; the first note stands."""
    page_no = error.page_no if isinstance(error, ChildFault) else None
    ended = Ended(outcome, error.code if error else "", error.detail if error else "", page_no, custody.clock.now())
    put_once(custody.store, records.ended_key(manifest.record_id, manifest.generation, number), encode(ended))
    log.info("attempt_ended", record_id=manifest.record_id, attempt=number, outcome=outcome, code=ended.code, page_no=page_no)


def quarantine(custody: Custody, record_id: str, generation: int, error: SohoaError) -> None:
    """Give a generation up, with the reason; `retry` brings the record back."""
    note = Quarantined(record_id, generation, error.code, error.detail, custody.clock.now())
    put_once(custody.store, records.quarantine_key(record_id, generation), encode(note))
    log.warning("record_quarantined", record_id=record_id, generation=generation, code=error.code)


def _quarantine_settled(custody: Custody, manifest: Manifest, error: SohoaError) -> None:
    quarantine(custody, manifest.record_id, manifest.generation, error)
    settle(custody.store, manifest)


def read_history(store: Store, manifest: Manifest) -> History:
    """All tries of the manifest's generation. Raises DigestMismatch."""
    started: dict[int, Started] = {}
    ended: dict[int, Ended] = {}
    for key in store.list_after(records.attempts_of(manifest.record_id, manifest.generation)):
        found = records.parse_attempt_key(key)
        if found.ended:
            ended[found.number] = decode(Ended, store.get(key), key)
        else:
            started[found.number] = decode(Started, store.get(key), key)
    return History(started, ended)


def tries_of(store: Store, task: RecordTask) -> int:
    """How often a generation was tried so far, however it ended."""
    keys = store.list_after(records.attempts_of(task.record_id, task.generation))
    return sum(1 for key in keys if not records.parse_attempt_key(key).ended)


def _exhausted(history: History, rules: Rules) -> SohoaError | None:
    """Why no further try is made, None while one may be."""
    last = history.last_crash
    if last is not None and history.count(Outcome.CRASHED) >= rules.crash_attempts:
        return error_from(last.code, last.detail)
    if history.count(Outcome.INTERRUPTED) >= rules.interrupted_attempts:
        return InterruptedTooOften()
    return None
