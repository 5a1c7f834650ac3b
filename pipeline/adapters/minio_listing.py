"""Keys of a bucket in key order, whatever order its server lists them in."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import suppress

from pipeline.adapters.minio_bucket import Bucket
from pipeline.adapters.store_keys import in_key_order
from pipeline.errors import KeyExists

ORDER_PREFIX = ".order/"
PLAIN_ORDER = (".order/a-b", ".order/a/b")
ANY_ORDER = (*PLAIN_ORDER, ".order/b", ".order/đ")
"""Keys in key order, to tell a server's order by: for keys of ours, and for names of any kind. SeaweedFS lists folder by folder,
the second of these first, and đ before b; with versioning it lists the first two in order, but begins after the first as if the
second came before it. Such a server is asked for each folder, and its answer sorted."""


def put_order_keys(bucket: Bucket, keys: Sequence[str]) -> None:
    """Objects for `Listing` to look at; a server without them is asked folder by folder."""
    for key in keys:
        with suppress(KeyExists):
            bucket.put(key, io.BytesIO(b""))


class Listing:
    def __init__(self, bucket: Bucket, keys: Sequence[str]) -> None:
        self._bucket = bucket
        self._is_in_key_order = all(_lists_from(bucket, keys, place) for place in range(len(keys)))

    def keys_after(self, folder: str, prefix: str, after: str) -> Iterator[str]:
        """Keys that begin with `prefix` and sort after `after`. `folder`, with its slash, holds all of them."""
        if self._is_in_key_order:
            return self._bucket.listed(prefix, after)
        return in_key_order(self._bucket.names_in, folder, prefix, after)


def _lists_from(bucket: Bucket, keys: Sequence[str], place: int) -> bool:
    """Whether a listing that begins after one of the keys has the others, in their order."""
    listed = bucket.listed(ORDER_PREFIX, keys[place - 1] if place else "", hidden=True)
    return [key for key in listed if key in keys] == list(keys[place:])
