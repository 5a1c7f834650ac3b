"""Reading a record again: always as the next generation, so that what was is kept and nothing is overwritten."""

from __future__ import annotations

from dataclasses import replace

import structlog

from pipeline.custody import Custody, records
from pipeline.custody.documents import Manifest, encode
from pipeline.custody.lookup import manifest_of, put_once, quarantine_of
from pipeline.custody.moving import refuse_moved
from pipeline.custody.pending import announce, mark_pending
from pipeline.errors import SecretMark
from pipeline.jobs import Recipe
from pipeline.ports import Store

log = structlog.get_logger()


def retry(custody: Custody, record_id: str, *, urgent: bool = False) -> int | None:
    """Bring a quarantined record back, read as before; the new generation, or None: it is not quarantined.

    Raises UnknownRecord, SecretMark (only `secrecy.clear` brings it back).
    """
    manifest = manifest_of(custody.store, record_id)
    if _is_done(custody.store, manifest) or not _is_given_up(custody.store, manifest):
        return None
    _refuse_stopped(custody.store, manifest)
    return _next_generation(custody, manifest, manifest.recipe, "retry", urgent=urgent)


def bring_back(custody: Custody, manifest: Manifest, reason: str, *, urgent: bool = False) -> int:
    """The next generation, read as before; what may speak against it was looked at."""
    return _next_generation(custody, manifest, manifest.recipe, reason, urgent=urgent)


def reread(custody: Custody, record_id: str, recipe: Recipe, *, urgent: bool = False) -> int | None:
    """Have a record that is done or quarantined read by `recipe`; None: it is waiting to be read anyway.

    The present result is shown and found until the new one is there. Raises UnknownRecord, SecretMark.
    """
    manifest = manifest_of(custody.store, record_id)
    if not _is_done(custody.store, manifest) and not _is_given_up(custody.store, manifest):
        return None
    _refuse_stopped(custody.store, manifest)
    return _next_generation(custody, manifest, recipe, "reread", urgent=urgent)


def _refuse_stopped(store: Store, manifest: Manifest) -> None:
    """Raises SecretMark: nobody reads again what carries a mark, before a person has said that it is none."""
    note = quarantine_of(store, manifest)
    if note is not None and note.code == SecretMark.code and not _is_done(store, manifest):
        raise SecretMark(note.detail)


def _is_done(store: Store, manifest: Manifest) -> bool:
    """By the key alone: a result that has rotted is no reason not to read again."""
    key = records.result_key(manifest.record_id, manifest.generation)
    return key in store.list_after(key)


def _is_given_up(store: Store, manifest: Manifest) -> bool:
    key = records.quarantine_key(manifest.record_id, manifest.generation)
    return key in store.list_after(key)


def _next_generation(custody: Custody, manifest: Manifest, recipe: Recipe, reason: str, *, urgent: bool) -> int:
    """Two who ask at once get one generation. Raises HomeMoved and its like."""
    refuse_moved(custody.store)
    following = replace(
        manifest,
        generation=manifest.generation + 1,
        recipe=recipe,
        reason=reason,
        made_at=custody.clock.now(),
        urgent=urgent,
    )
    mark_pending(custody.store, following)
    if put_once(custody.store, records.manifest_key(manifest.record_id, following.generation), encode(following)):
        log.info("generation_begun", record_id=manifest.record_id, generation=following.generation, reason=reason)
    announce(custody, following)
    return following.generation
