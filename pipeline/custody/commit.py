"""The result of a try: its files first, then one small document that makes them count. That document is what "done" means."""

from __future__ import annotations

import re
from pathlib import Path

import structlog

from pipeline.custody import Custody, records
from pipeline.custody.attempts import Attempt
from pipeline.custody.documents import Committed, Manifest, Mark, StoredFile, encode
from pipeline.custody.fetching import fetch
from pipeline.custody.lookup import put_once, result_of_generation, tombstone_of
from pipeline.custody.pending import settle
from pipeline.custody.spool import hashed_copy
from pipeline.disk import disk_errors
from pipeline.errors import ChildCrashed, Purged, StoreUnavailable
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

    Raises ChildCrashed when `folder` holds no whole result, Purged when the record was destroyed meanwhile: then nothing is kept.
    """
    _refuse_destroyed(custody.store, attempt.manifest.record_id)
    first = _commit(custody, attempt, summary, folder)
    _refuse_destroyed(custody.store, attempt.manifest.record_id)  # who destroys it from now on finds what was written
    return first


def _refuse_destroyed(store: Store, record_id: str) -> None:
    """Raises Purged."""
    tombstone = tombstone_of(store, record_id)
    if tombstone is None:
        return
    for prefix in records.everything_of(record_id):
        store.erase(prefix)
    raise Purged(f"{tombstone.at:%Y-%m-%d}, {record_id}")


def _commit(custody: Custody, attempt: Attempt, summary: Summary, folder: Path) -> bool:
    store, manifest = custody.store, attempt.manifest
    files = tuple(_stored(custody, attempt, folder / name, name) for name in result_files(folder))
    others = _files_of_others(store, attempt, files)
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
    if committed.needs_review:  # before the result, so that nobody ever sees one that seems to need none
        put_once(store, _review_key(committed), encode(Mark(committed.at)))
    first = put_once(store, records.result_key(manifest.record_id, manifest.generation), encode(committed))
    if attempt.number > 1 or not first:
        _settle_review(custody, manifest)
    settle(store, manifest)
    for key in others if first else _own_files(attempt, files):
        store.remove(key)
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


def _settle_review(custody: Custody, manifest: Manifest) -> None:
    """Another try may have left its mark, or taken this one's away: the result that stands decides."""
    standing = result_of_generation(custody.store, manifest.record_id, manifest.generation)
    if standing is None:
        return
    if standing.needs_review:
        put_once(custody.store, _review_key(standing), encode(Mark(standing.at)))
    else:
        custody.store.remove(_review_key(standing))


def _review_key(committed: Committed) -> str:
    return records.review_key(committed.record_id, committed.generation)


def _files_of_others(store: Store, attempt: Attempt, files: tuple[StoredFile, ...]) -> list[str]:
    """What other tries have left. Seen on the way: whether all files of this one are there. Raises StoreUnavailable."""
    manifest = attempt.manifest
    listed = list(store.list_after(records.files_of_generation(manifest.record_id, manifest.generation)))
    if not _own_files(attempt, files) <= set(listed) and not _another_was_first(store, attempt):
        raise StoreUnavailable("NOT_STORED")
    return [key for key in listed if not key.startswith(_folder_of(attempt))]


def _another_was_first(store: Store, attempt: Attempt) -> bool:
    """Whose result counts may have taken this one's files away since they were put."""
    standing = result_of_generation(store, attempt.manifest.record_id, attempt.manifest.generation)
    return standing is not None and standing.attempt != attempt.number


def _own_files(attempt: Attempt, files: tuple[StoredFile, ...]) -> set[str]:
    return {f"{_folder_of(attempt)}{file.name}" for file in files}


def _folder_of(attempt: Attempt) -> str:
    return records.files_of(attempt.manifest.record_id, attempt.manifest.generation, attempt.number)
