"""Records of which nothing that was read is shown: stopped by a mark of secrecy (secrecy.py), or destroyed (purge.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.custody import records
from pipeline.custody.documents import Quarantined, decode
from pipeline.custody.shapes import is_object
from pipeline.custody.status import newest_of, purged_in
from pipeline.errors import DigestMismatch, KeyMissing, SecretMark
from pipeline.ports import Store


@dataclass(frozen=True, slots=True)
class Stop:
    """`generation`: the newest in which a mark was found; an index forgets entries up to it. `detail`: as SecretMark's."""

    record_id: str
    generation: int
    detail: str


def stop_of(store: Store, record_id: str) -> Stop | None:
    """Why the result of a record is out of sight, or would be if it had one; None: it is not.

    By what was found since the newest result: a result that came later was read with a person's word. A note that cannot be read
    may have said so.
    """
    keys = [key for key in store.list_after(records.quarantine_of_all(record_id)) if is_object(key)]
    if not keys:
        return None
    done = max(
        (records.parse_generation_key(key).generation for key in store.list_after(records.results_of(record_id))), default=0
    )
    for key in reversed(keys):
        generation = records.parse_generation_key(key).generation
        if generation <= done:
            return None
        try:
            note = decode(Quarantined, store.get(key), key)
        except KeyMissing:  # gone since it was listed
            continue
        except DigestMismatch:
            return Stop(record_id, generation, "")
        if note.code == SecretMark.code:
            return Stop(record_id, generation, note.detail)
    return None


def stopped_in(store: Store, beginning: str, results: Mapping[str, int]) -> dict[str, Stop]:
    """Record id -> stop, of records that have a result and whose ids begin so. `results`: their newest generations."""
    given_up = newest_of(store, records.QUARANTINE, beginning)
    later = [record_id for record_id, generation in given_up.items() if 0 < results.get(record_id, 0) < generation]
    return {record_id: stop for record_id in later if (stop := stop_of(store, record_id)) is not None}


def out_of_sight(store: Store, beginning: str, results: Mapping[str, int]) -> dict[str, int]:
    """Record id -> generation up to which an index has to forget it."""
    stopped = {record_id: stop.generation for record_id, stop in stopped_in(store, beginning, results).items()}
    return stopped | dict.fromkeys(purged_in(store, beginning), LAST_GENERATION)


LAST_GENERATION = 999_999
"""Nothing of a record that was destroyed comes into the index again."""
