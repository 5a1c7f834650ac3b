"""One record's documents: what its manifest says, what its result holds, where its files are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import structlog

from pipeline.custody import records
from pipeline.custody.documents import Committed, Document, Manifest, Quarantined, Tombstone, decode
from pipeline.custody.names import check_record_id
from pipeline.custody.shapes import is_object
from pipeline.errors import DigestMismatch, KeyExists, KeyMissing, UnknownRecord
from pipeline.index import Placement
from pipeline.ports import Store

log = structlog.get_logger()


def manifest_of(store: Store, record_id: str) -> Manifest:
    """The manifest of the newest generation. Raises UnknownRecord, DigestMismatch."""
    known = check_record_id(record_id)
    keys = list(store.list_after(records.manifests_of(known)))
    key = keys[-1] if keys else records.manifest_key(known, 1)  # a listing may be behind
    try:
        return decode(Manifest, store.get(key), key)
    except KeyMissing:
        raise UnknownRecord(known) from None


def manifest_of_generation(store: Store, record_id: str, generation: int) -> Manifest:
    """Raises UnknownRecord, DigestMismatch."""
    key = records.manifest_key(check_record_id(record_id), generation)
    try:
        return decode(Manifest, store.get(key), key)
    except KeyMissing:
        raise UnknownRecord(record_id) from None


def record_ids_like(store: Store, beginning: str) -> list[str]:
    """Ids of the records that begin so, in order; at least two signs."""
    keys = filter(is_object, store.list_after(records.manifests_like(beginning)))
    purged = filter(is_object, store.list_after(f"{records.PURGED}{beginning[:2]}/{beginning}"))
    ids = [*(records.parse_generation_key(key).record_id for key in keys), *map(records.record_of_purged, purged)]
    return sorted(set(ids))


def result_of(store: Store, record_id: str) -> Committed | None:
    """The newest result there is; while a newer generation is pending it is of an older one."""
    keys = list(store.list_after(records.results_of(check_record_id(record_id))))
    return decode(Committed, store.get(keys[-1]), keys[-1]) if keys else None


def result_of_generation(store: Store, record_id: str, generation: int) -> Committed | None:
    key = records.result_key(record_id, generation)
    try:
        return decode(Committed, store.get(key), key)
    except KeyMissing:
        return None


def quarantine_of(store: Store, manifest: Manifest) -> Quarantined | None:
    """Why this generation was given up, None when it was not."""
    key = records.quarantine_key(manifest.record_id, manifest.generation)
    try:
        return decode(Quarantined, store.get(key), key)
    except KeyMissing:
        return None


def tombstone_of(store: Store, record_id: str) -> Tombstone | None:
    """Who had the record destroyed; None: nobody had."""
    key = records.purged_key(record_id)
    try:
        return decode(Tombstone, store.get(key), key)
    except KeyMissing:
        return None


def quarantined(store: Store) -> Iterator[Quarantined]:
    """All that were ever given up, generation by generation; some may have been brought back since."""
    for _, note in readable(store, records.QUARANTINE, Quarantined):
        yield note


def file_of(committed: Committed, name: str) -> str:
    """The store's key of a result's file (record.json, text.txt, rendition.pdf, alto/0001.xml)."""
    return records.file_key(committed.record_id, committed.generation, committed.attempt, name)


def digest_of_file(committed: Committed, name: str) -> str:
    """SHA-256 of a result's file. Raises KeyMissing when it has none of that name."""
    for file in committed.files:
        if file.name == name:
            return file.sha256
    raise KeyMissing(file_of(committed, name))


def content_of(store: Store, committed: Committed, name: str) -> bytes:
    """A small file of a result, whole. Raises KeyMissing, DigestMismatch."""
    key, content = file_of(committed, name), store.get(file_of(committed, name))
    if hashlib.sha256(content).hexdigest() != digest_of_file(committed, name):
        raise DigestMismatch(key)
    return content


def file_digests(results: Iterable[Committed]) -> dict[str, str]:
    """Key -> SHA-256 of every file that these results name."""
    return {file_of(result, file.name): file.sha256 for result in results for file in result.files}


def readable(store: Store, prefix: str, document: type[Document]) -> Iterator[tuple[str, Document]]:
    """Keys and documents below a prefix, those that are what they were; `fixity` names the others by their seals."""
    for key in filter(is_object, store.list_after(prefix)):
        try:
            yield key, decode(document, store.get(key), key)
        except DigestMismatch:
            log.error("document_damaged", key=key)


def open_original(store: Store, manifest: Manifest) -> BinaryIO:
    """The bytes as received; the caller closes them. Raises KeyMissing."""
    return store.open(records.original_key(manifest.original.sha256))


def placement_of(store: Store, manifest: Manifest) -> Placement:
    """Where a record belongs, with every batch that brought it."""
    further = {records.batch_of_member(key) for key in store.list_after(records.members_of(manifest.record_id))}
    return Placement(
        manifest.record_id,
        manifest.generation,
        manifest.unit,
        manifest.fonds,
        manifest.sector,
        (manifest.batch, *sorted(further - {manifest.batch})),
        manifest.received_at,
    )


def is_there(store: Store, key: str) -> bool:
    """Whether there is such an object; for small ones."""
    try:
        store.get(key)
    except KeyMissing:
        return False
    return True


def put_once(store: Store, key: str, content: bytes | Path) -> bool:
    """Write what is as good whoever writes it; False: it was there."""
    try:
        store.put_new(key, content)
    except KeyExists:
        return False
    return True
