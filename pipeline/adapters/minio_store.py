"""The Store in a bucket of an S3 server (MinIO, SeaweedFS, Ceph, AWS): one object a key, written once (minio_bucket.py).

Keys that begin with a dot are the store's own. That the server honours conditional writes is proven each time the store is
opened, on the marker `.format`: a server that lets it be written again would let two workers write one result.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from urllib3 import BaseHTTPResponse

from pipeline.adapters.minio_bucket import Bucket
from pipeline.adapters.minio_connection import CHUNK_BYTES, S3Place, s3_errors
from pipeline.adapters.minio_listing import PLAIN_ORDER, Listing, put_order_keys
from pipeline.adapters.minio_rules import BucketRules
from pipeline.adapters.s3_answers import Version, give_back
from pipeline.adapters.store_keys import check_key, folder_of
from pipeline.disk import disk_errors
from pipeline.errors import (
    DiskFull,
    HomeMissing,
    HomeTooNew,
    KeyExists,
    KeyMissing,
    StoreRefused,
    StoreUnsafe,
)
from pipeline.ports import Kept

FORMAT, FORMAT_KEY = b"sohoa store 1\n", ".format"
"""The version of this layout. Its key begins with a dot as no key of ours does: it is never listed."""


def create_minio_store(place: S3Place) -> None:
    """Make the bucket; harmless where there is one. Raises StoreUnsafe, StoreRefused, StoreUnavailable, BadSetting."""
    BucketRules(place).make()
    bucket = Bucket(place)
    with suppress(KeyExists):
        bucket.put(FORMAT_KEY, io.BytesIO(FORMAT))
    put_order_keys(bucket, PLAIN_ORDER)
    _prove_conditions(bucket)


class MinioStore:
    """See `pipeline.ports.Store` for the promises. Safe for several processes and threads at once."""

    def __init__(self, place: S3Place, believed: tuple[str, ...] = ()) -> None:
        """`believed`: beginnings of keys for which the server's word is enough that it has written them; of all others it is seen
        that they are there.

        Raises HomeMissing, HomeTooNew, StoreUnsafe, StoreRefused, StoreUnavailable, BadSetting.
        """
        self._bucket = Bucket(place)
        self._rules = BucketRules(place)
        self._believed = believed
        try:
            found = self._bucket.get(FORMAT_KEY)
        except KeyMissing:
            raise HomeMissing(place.bucket) from None
        if found != FORMAT:
            raise HomeTooNew(found.decode("ascii", "replace").strip())
        self._proven = False
        with suppress(DiskFull):  # a full store refuses every PUT: what is in it can be read all the same
            self._prove()
        self._listing = Listing(self._bucket, PLAIN_ORDER)

    def put_new(self, key: str, content: bytes | Path) -> None:
        """As the port says. Also raises TooLarge for what no S3 server takes in one piece (5 GB)."""
        check_key(key)
        self._prove()
        with disk_errors():
            body = io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")
        with body:
            self._bucket.put(key, body, believed=key.startswith(self._believed))

    def _prove(self) -> None:
        """Before the first write, at the latest."""
        if not self._proven:
            _prove_conditions(self._bucket)
            self._proven = True

    def get(self, key: str) -> bytes:
        return self._bucket.get(check_key(key))

    def open(self, key: str) -> BinaryIO:
        return io.BufferedReader(_ObjectStream(self._bucket.opened(check_key(key))), CHUNK_BYTES)

    def list_after(self, prefix: str, after: str = "") -> Iterator[str]:
        folder = folder_of(prefix)
        return iter(()) if folder is None else self._listing.keys_after(folder, prefix, after)

    def remove(self, key: str) -> None:
        self._bucket.remove(check_key(key))

    def erase(self, prefix: str) -> list[Kept]:
        """Versions, where there may be some, one by one; else a mark of deletion would be all that changed. Where the account may
        not even ask for them some are taken to be kept."""
        kept = self._erased_versions(prefix) if self._rules.may_hold_versions() else []
        for key in list(self.list_after(prefix)):  # what is kept is hidden at least
            self._bucket.remove(key)
        return kept

    def _erased_versions(self, prefix: str) -> list[Kept]:
        """Returns those that are not."""
        try:
            versions = self._bucket.versions(prefix)
        except StoreRefused:
            return [Kept(prefix, None)]
        return [Kept(one.key, self._bucket.locked_until(one)) for one in versions if not self._is_erased(one)]

    def _is_erased(self, one: Version) -> bool:
        try:
            self._bucket.remove(one.key, one.version)
        except StoreRefused:
            return False
        return True


class _ObjectStream(io.RawIOBase):
    """An object being read; a connection that ends too early says so in the store's words."""

    def __init__(self, answer: BaseHTTPResponse) -> None:
        self._answer = answer

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with s3_errors():
            data = self._answer.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            give_back(self._answer)
        super().close()


def _prove_conditions(bucket: Bucket) -> None:
    """Raises StoreUnsafe when an object that is there can be written again."""
    try:
        bucket.put(FORMAT_KEY, io.BytesIO(FORMAT))
    except KeyExists:
        return
    raise StoreUnsafe
