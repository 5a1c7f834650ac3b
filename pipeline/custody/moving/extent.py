"""How much a home holds, and how much of that another store lacks. Sizes are what the documents say: nothing large is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.custody import records
from pipeline.custody.documents import Committed, Manifest
from pipeline.custody.lookup import file_of, readable
from pipeline.custody.moving.side_by_side import side_by_side
from pipeline.custody.shapes import is_object
from pipeline.ports import Store

BLOCK_BYTES = 4096
"""What the smallest object takes on a disk; small documents are counted with it."""


@dataclass(frozen=True, slots=True)
class Extent:
    """`lacking`: how many objects of the home the other store does not list. Bytes are rounded up to blocks of a disk."""

    objects: int
    size_bytes: int
    lacking: int
    lacking_bytes: int


def extent_of(source: Store, target: Store | None) -> Extent:
    """`target`: None where there is nothing yet. Raises StoreUnavailable."""
    sizes = _sizes(source)
    objects = size = lacking = lacking_size = 0
    for kind in records.WRITE_ORDER:
        for key, there in _listed(source, target, kind):
            own = _on_disk(sizes.get(key, 0))
            objects, size = objects + 1, size + own
            if not there:
                lacking, lacking_size = lacking + 1, lacking_size + own
    return Extent(objects, size, lacking, lacking_size)


def _sizes(store: Store) -> dict[str, int]:
    """Of originals and of the files of results, in bytes."""
    manifests = (manifest.original for _, manifest in readable(store, records.MANIFESTS, Manifest))
    sizes = {records.original_key(original.sha256): original.size_bytes for original in manifests}
    for _, result in readable(store, records.RESULTS, Committed):
        sizes |= {file_of(result, file.name): file.size_bytes for file in result.files}
    return sizes


def _listed(source: Store, target: Store | None, kind: str) -> Iterator[tuple[str, bool]]:
    """The keys of the source, and whether the target has them too."""
    if target is None:
        return ((key, False) for key in filter(is_object, source.list_after(kind)))
    return ((one.key, one.there) for one in side_by_side(source, target, kind) if one.here)


def _on_disk(size_bytes: int) -> int:
    return max(1, -(-size_bytes // BLOCK_BYTES)) * BLOCK_BYTES
