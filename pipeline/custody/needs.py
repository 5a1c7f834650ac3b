"""What a home cannot do without. Of what is gone, this tells what was lost from what was removed on purpose.

Removed on purpose are (see records.py): the files and the review mark of a try that does not count, an original that was never
acknowledged with its content pointer. What counts is told by manifests and results; where the home has lost
one of them, its backup is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.custody import records
from pipeline.custody.documents import Committed, Document, Manifest, decode
from pipeline.custody.lookup import file_digests, readable
from pipeline.custody.shapes import is_object, record_in
from pipeline.custody.status import purged_in
from pipeline.errors import DigestMismatch, KeyMissing
from pipeline.ports import Store

REMOVABLE = (records.ORIGINALS, records.CONTENT, records.FILES, records.REVIEW)


@dataclass(frozen=True, slots=True)
class Needs:
    """`keys`: what manifests and results need of the kinds that may be removed; `files`: digests of those that results name.

    `unsure`: kinds of which all is needed, because a document that may name any of it can be read nowhere. `purged`: records that
    were destroyed, `destroyed`: digests of their bytes.
    """

    keys: frozenset[str]
    files: dict[str, str]
    unsure: tuple[str, ...]
    purged: frozenset[str] = frozenset()
    destroyed: frozenset[str] = frozenset()

    def include(self, key: str) -> bool:
        """Whether the home is incomplete without this object. Of what was destroyed nothing is but who had it done."""
        if key.startswith((records.ORIGINALS, records.CONTENT)) and records.digest_in(key) in self.destroyed:
            return False
        if record_in(key) in self.purged:
            return key.startswith((records.ARRIVALS, records.PURGED))
        return not key.startswith(REMOVABLE) or key in self.keys or key.startswith(self.unsure)


def needs_of(store: Store, copy: Store) -> Needs:
    """Of the home in `store` and its backup together; reads all manifests and results."""
    manifests, manifests_known = _documents(store, copy, records.MANIFESTS, Manifest)
    results, results_known = _documents(store, copy, records.RESULTS, Committed)
    files = file_digests(results)
    keys = {
        *files,
        *(records.original_key(one.original.sha256) for one in manifests),
        *(records.content_key(one.unit, one.fonds, one.original.sha256) for one in manifests),
        *(records.review_key(one.record_id, one.generation) for one in results if one.needs_review),
    }
    originals = () if manifests_known else (records.ORIGINALS, records.CONTENT)
    made = () if results_known else (records.FILES, records.REVIEW)
    purged = purged_in(store) | purged_in(copy)
    digests = {records.digest_in(key) for one in (store, copy) for key in one.list_after(records.DESTROYED) if is_object(key)}
    return Needs(frozenset(keys), files, originals + made, purged, frozenset(digests))


def _documents(store: Store, copy: Store, prefix: str, kind: type[Document]) -> tuple[list[Document], bool]:
    """Those of the home, those of the backup that the home has lost, and whether each could be read in one of the two."""
    keys = {key for listed in (copy, store) for key in listed.list_after(prefix) if is_object(key)}
    found = dict(readable(store, prefix, kind))
    lost = keys - found.keys()
    kept = [document for key in sorted(lost) if (document := _kept(copy, key, kind)) is not None]
    return [*found.values(), *kept], len(kept) == len(lost)


def _kept(copy: Store, key: str, kind: type[Document]) -> Document | None:
    try:
        return decode(kind, copy.get(key), key)
    except (KeyMissing, DigestMismatch):
        return None
