"""What is done for one message. Plain functions, the same for the worker of one machine and for actors of a broker.

A message may come late, twice, or be about nothing: the store says what is to be done.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from functools import partial
from itertools import chain, repeat
from pathlib import Path
from time import perf_counter

import structlog

from pipeline.custody import Custody
from pipeline.custody.attempts import Attempt, begin_attempt, charge_crash, give_back, give_up, quarantine
from pipeline.custody.commit import commit_result, fetch_original
from pipeline.custody.documents import Manifest
from pipeline.custody.lookup import manifest_of_generation, quarantine_of, result_of_generation
from pipeline.custody.receive import acknowledge_first
from pipeline.custody.reports import Reading
from pipeline.custody.secrecy import cleared_pages, stop
from pipeline.disk import disk_errors
from pipeline.errors import (
    ChildFault,
    DigestMismatch,
    DiskFull,
    HomeError,
    InputError,
    KeyMissing,
    Purged,
    SecretMark,
    TransientError,
    UnknownRecord,
)
from pipeline.jobs import Job, Summary
from pipeline.ports import RecordTask
from workers.pool import ChildPool, no_progress
from workers.publishing import Publishing

log = structlog.get_logger()

END_PAUSES_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Before the end of a try is noted again: nothing else can be done meanwhile, and all workers come back to the store at once."""

RESULTS = "results"
"""Where a child leaves them, in the folder of its record."""


def nobody_asks(reading: Reading) -> None:
    """Nobody wants to know."""


class Handled(StrEnum):
    """What became of a message."""

    DONE = "done"
    DROPPED = "dropped"
    FAILED = "failed"


def digitize_record(
    task: RecordTask,
    custody: Custody,
    pool: ChildPool,
    publishing: Publishing,
    on_page: Callable[[int, int], None] = no_progress,
    on_done: Callable[[Reading], None] = nobody_asks,
) -> Handled:
    """Read the record of a task, if that is still to be done. `on_done` is told how it went.

    FAILED: an attempt was charged, or the record quarantined. Raises TransientError and HomeError: the record is not to
    blame and nothing was charged.
    """
    if custody.free_bytes() < custody.rules.min_free_bytes:
        raise DiskFull
    with pool.held(task) as mine:
        return _digitize(task, custody, pool, publishing, on_page, on_done) if mine else Handled.DROPPED


def _digitize(
    task: RecordTask,
    custody: Custody,
    pool: ChildPool,
    publishing: Publishing,
    on_page: Callable[[int, int], None],
    on_done: Callable[[Reading], None],
) -> Handled:
    try:
        manifest = _not_given_up(task, custody)
        if manifest is None:
            return Handled.DROPPED
        pool.prepare()
        acknowledge_first(custody, manifest)
        attempt = begin_attempt(custody, manifest, pool.owner)
    except DigestMismatch as error:
        quarantine(custody, task.record_id, task.generation, error)
        return Handled.FAILED
    if attempt is None:
        return Handled.DROPPED
    with structlog.contextvars.bound_contextvars(record_id=task.record_id, attempt=attempt.number):
        summary, handled = _attempt_reading(attempt, custody, pool, publishing, on_page)
    if summary is not None:
        on_done(Reading(custody.clock.now(), summary.page_count, attempt.number, summary.seconds))
    return handled


def wanted(task: RecordTask, custody: Custody) -> Manifest | None:
    """The manifest, when this very generation is still to be read; a newer one comes only once this is done or given up."""
    manifest = _not_given_up(task, custody)
    if manifest is None or result_of_generation(custody.store, manifest.record_id, manifest.generation) is not None:
        return None
    return manifest


def _not_given_up(task: RecordTask, custody: Custody) -> Manifest | None:
    """Whether it was read is seen when a try begins: mostly it was never tried."""
    try:
        manifest = manifest_of_generation(custody.store, task.record_id, task.generation)
    except UnknownRecord:
        return None
    return manifest if quarantine_of(custody.store, manifest) is None else None


def _attempt_reading(
    attempt: Attempt, custody: Custody, pool: ChildPool, publishing: Publishing, on_page: Callable[[int, int], None]
) -> tuple[Summary | None, Handled]:
    """Every way in which an attempt can end is here."""
    task = RecordTask(attempt.manifest.record_id, attempt.manifest.generation)
    try:
        with pool.work_folder() as folder:
            summary = _read(attempt, custody, pool, folder, on_page)
            publishing.expect(custody, task)
            commit_result(custody, attempt, summary, folder / RESULTS)
    except (TransientError, HomeError) as error:
        _note_end(pool, partial(give_back, custody, attempt, error))
        raise
    except ChildFault as error:
        _note_end(pool, partial(charge_crash, custody, attempt, error))
        return None, Handled.FAILED
    except SecretMark as error:
        _note_end(pool, partial(stop, custody, attempt, error))
        if task.generation > 1:  # what an older reading put into the index is taken out
            publishing.publish(custody, task)
        return None, Handled.FAILED
    except Purged:
        return None, Handled.DROPPED
    except (InputError, KeyMissing, DigestMismatch) as error:
        _note_end(pool, partial(give_up, custody, attempt, error))
        return None, Handled.FAILED
    publishing.publish(custody, task)
    return summary, Handled.DONE


def _note_end(pool: ChildPool, note: Callable[[], None]) -> None:
    """A store that is away, or full, is waited for: a try without an end would be charged to the record once this worker is gone.
    Who is stopped meanwhile leaves it so."""
    for pause in chain(END_PAUSES_SECONDS, repeat(END_PAUSES_SECONDS[-1])):
        try:
            note()
        except TransientError as error:
            log.warning("end_not_noted", code=error.code, again_after_seconds=pause)
        else:
            return
        if not pool.pause(pause * random.uniform(0.5, 1.0)):  # noqa: S311 - spreads those who wait; no secret
            return


def _read(attempt: Attempt, custody: Custody, pool: ChildPool, folder: Path, on_page: Callable[[int, int], None]) -> Summary:
    manifest = attempt.manifest
    file, results = folder / "original", folder / RESULTS
    with disk_errors():
        results.mkdir()
    began = perf_counter()
    fetch_original(custody.store, manifest, file)
    fetched = perf_counter() - began
    cleared = cleared_pages(custody.store, manifest)
    job = Job(manifest.record_id, file, manifest.original, results, manifest.recipe, attempt.skip_pages, cleared)
    summary = pool.read_record(job, on_page)
    return replace(summary, seconds={"fetch": round(fetched, 4), **summary.seconds})
