"""What follows from a mark of secrecy that was found on a page: the record stops, and an older result of it is out of sight.

A record is *stopped* while some generation newer than its newest result was given up for SECRET_MARK. Its result, if it has one,
is kept as it is, and neither shown nor found. A person who has looked may say that the mark is none (`clear`): the page is read
then, as the next generation, and reading it stops at the next page with a mark.
"""

from __future__ import annotations

import re

import structlog

from pipeline.custody import Custody, records
from pipeline.custody.attempts import Attempt, give_up
from pipeline.custody.documents import Cleared, Manifest, decode, encode
from pipeline.custody.indexing import note_refresh
from pipeline.custody.lookup import manifest_of, put_once, quarantine_of
from pipeline.custody.moving import refuse_moved
from pipeline.custody.renew import bring_back
from pipeline.errors import SecretMark, UsageError
from pipeline.jobs import EVERY_PAGE
from pipeline.ports import Store

log = structlog.get_logger()

PAGE = re.compile(r"page (\d+): ")
FEWEST_SIGNS = 3
"""Of a name or a reason."""


def stop(custody: Custody, attempt: Attempt, error: SecretMark) -> None:
    """Give the generation up. That an older result has to leave the index is noted before: it stands there while nobody knows."""
    manifest = attempt.manifest
    if manifest.generation > 1:
        note_refresh(custody.store, manifest.record_id, 0, custody.clock.now())
    give_up(custody, attempt, error)


def clear(
    custody: Custody, record_id: str, by: str, why: str, account: str, *, every_page: bool, urgent: bool = False
) -> int | None:
    """A person's word that the mark is none; the generation that will be read, or None: the record is not stopped for one.

    `every_page`: said of the whole record, and not of the page with the mark alone. Raises UnknownRecord, UsageError (no name or
    no reason), HomeMoved and its like.
    """
    refuse_moved(custody.store)
    manifest = manifest_of(custody.store, record_id)
    note = quarantine_of(custody.store, manifest)
    if note is None or note.code != SecretMark.code:
        return None
    page = PAGE.match(note.detail)
    pages = (int(page[1]),) if page and not every_page else (EVERY_PAGE,)
    cleared = Cleared(record_id, manifest.generation, pages, told(by, "--by"), told(why, "--why"), account, custody.clock.now())
    put_once(custody.store, records.cleared_key(record_id, manifest.generation), encode(cleared))
    log.warning("mark_cleared", record_id=record_id, generation=manifest.generation, every_page=every_page)
    return bring_back(custody, manifest, "not secret", urgent=urgent)


def told(text: str, option: str) -> str:
    """A name or a reason as it is kept. Raises UsageError for one that says nothing."""
    kept = " ".join(text.split())
    if sum(char.isalnum() for char in kept) < FEWEST_SIGNS:
        raise UsageError(f"{option}: cần ghi rõ, ít nhất {FEWEST_SIGNS} chữ")
    return kept


def cleared_pages(store: Store, manifest: Manifest) -> frozenset[int]:
    """Pages of which a person has said so, in any generation; EVERY_PAGE among them: all."""
    if manifest.generation == 1:
        return frozenset()
    keys = list(store.list_after(records.cleared_of(manifest.record_id)))
    return frozenset(page for key in keys for page in decode(Cleared, store.get(key), key).pages)
