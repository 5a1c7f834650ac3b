"""The result of a try: its files first, then one small document that makes them count. That document is what "done" means."""

from __future__ import annotations

import re
from pathlib import Path

import structlog

from pipeline.custody import Custody, records
from pipeline.custody.attempts import Attempt
from pipeline.custody.documents import Committed, Manifest, Mark, StoredFile, encode
from pipeline.custody.fetching import fetch
from pipeline.custody.lookup import put_once, result_of_generation
from pipeline.custody.pending import settle
from pipeline.custody.spool import hashed_copy
from pipeline.disk import disk_errors
from pipeline.errors import ChildCrashed
from pipeline.jobs import Summary
from pipeline.ports import Store

log = structlog.get_logger()

NEEDED = frozenset({"record.json", "text.txt", "rendition.pdf"})
RESULT_FILE = re.compile(r"record\.json|text\.txt|rendition\.pdf|alto/\d{4,}\.xml")


def fetch_original(store: Store, manifest: Manifest, file: Path) -> None:
    """Copy the original to `file`, hashing it on the way: what is read is what was received.

    Raises KeyMissing, DigestMismatch, StoreUnavailable, DiskFull.
    """
    sha256 = manifest.original.sha256
    fetch(store, records.original_key(sha256), sha256, file)


def commit_result(custody: Custody, attempt: Attempt, summary: Summary, folder: Path) -> bool:
    """Keep what the child left in `folder` and call the record done; False: another try was first, this one is dropped.

    Raises ChildCrashed when `folder` holds no whole result.
    """
    store, manifest = custody.store, attempt.manifest
    if result_of_generation(store, manifest.record_id, manifest.generation) is not None:
        return False
    files = tuple(_stored(custody, attempt, folder / name, name) for name in result_files(folder))
    committed = Committed(
        record_id=manifest.record_id,
        generation=manifest.generation,
        attempt=attempt.number,
        original_sha256=manifest.original.sha256,
        recipe=manifest.recipe,
        made_by=dict(summary.made_by),
        page_count=summary.page_count,
        needs_review=summary.needs_review,
        files=files,
        at=custody.clock.now(),
        seconds=dict(summary.seconds),
    )
    _mark_review(custody, committed)
    first = put_once(store, records.result_key(manifest.record_id, manifest.generation), encode(committed))
    settle(store, manifest)
    _sweep_files(store, attempt, won=first)
    log.info("record_done", record_id=manifest.record_id, attempt=attempt.number, pages=summary.page_count, first=first)
    return first


def result_files(folder: Path) -> list[str]:
    """Names of the files that make a result, in order; whatever else lies there is not taken.

    Raises ChildCrashed when one is missing: a child that says it is done is not believed.
    """
    with disk_errors():
        paths = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    names = sorted(name for path in paths if RESULT_FILE.fullmatch(name := path.relative_to(folder).as_posix()))
    if missing := NEEDED.difference(names):
        raise ChildCrashed(f"no {min(missing)}")
    return names


def _stored(custody: Custody, attempt: Attempt, path: Path, name: str) -> StoredFile:
    key = records.file_key(attempt.manifest.record_id, attempt.manifest.generation, attempt.number, name)
    with disk_errors(), path.open("rb") as file, hashed_copy(file, custody.spool) as copy:
        custody.store.put_new(key, copy.path)
    return StoredFile(name, copy.sha256, copy.size_bytes)


def _mark_review(custody: Custody, committed: Committed) -> None:
    """Before the result, so that nobody ever sees one that seems to need no review; an earlier try's mark goes."""
    key = records.review_key(committed.record_id, committed.generation)
    if committed.needs_review:
        put_once(custody.store, key, encode(Mark(committed.at)))
    else:
        custody.store.remove(key)


def _sweep_files(store: Store, attempt: Attempt, *, won: bool) -> None:
    """What tries left behind that do not count: all but the winner's own files, or only the loser's."""
    manifest = attempt.manifest
    own = records.files_of(manifest.record_id, manifest.generation, attempt.number)
    every = records.files_of_generation(manifest.record_id, manifest.generation)
    for key in list(store.list_after(every if won else own)):
        if not (won and key.startswith(own)):
            store.remove(key)
