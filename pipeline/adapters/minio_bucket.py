"""Objects in one bucket of an S3 server: each request tried some times.

An object is written by one conditional PUT, `If-None-Match: *`, with the MD5 of its body: of two writers one wins, and what
arrives cut or changed is refused by the server. Nothing is written in parts: a part is no object and has no condition. The PUT is
a presigned one, because minio-py's own `put_object` passes no condition on and holds large bodies in memory.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import BinaryIO

from minio.error import S3Error
from urllib3 import BaseHTTPResponse, Timeout

from pipeline.adapters.minio_connection import CONNECT_SECONDS, S3Place, client_of, connection_pool, s3_errors
from pipeline.adapters.s3_answers import TRIES, Version, give_back, pause, refusal, tried
from pipeline.adapters.s3_tags import md5_of
from pipeline.disk import disk_errors
from pipeline.errors import KeyExists, KeyMissing, StoreRefused, StoreUnavailable

SLOWEST_BYTES_A_SECOND = 20_000_000
"""At which a server may put a large object on its disks before it answers: 2 GB get 100 s more."""

URL_LASTS = timedelta(hours=1)
LOCKED = "InvalidRequest"
"""What MinIO says of a version that is to be removed before its time; others say that access is denied."""

PLAIN_MD5 = re.compile(r"[0-9a-f]{32}")


class Bucket:
    """Objects are written once, read, listed and removed."""

    def __init__(self, place: S3Place) -> None:
        """Asks nothing of the server. Raises BadSetting."""
        self._place = place
        self._http = connection_pool(place)
        self._client = client_of(place, self._http)

    def put(self, key: str, body: BinaryIO, *, believed: bool = False) -> None:
        """Raises KeyExists. When the answer to a try was lost, what stands there with our very bytes is ours.

        Unless it is `believed`, that something was written is not taken from the answer: something between us and the server may
        have given it.
        """
        with disk_errors():
            digest, size = md5_of(body), body.tell()

        def put_once(turn: int) -> None:
            try:
                self._put(key, body, size, digest)
            except KeyExists:
                if turn == 0 or not self._holds(key, size, digest):
                    raise
            else:
                if not believed:
                    self._see_that_it_is_there(key, size, digest)

        tried(put_once)

    def _see_that_it_is_there(self, key: str, size: int, digest: bytes) -> None:
        """Raises StoreUnavailable when it is not, or something else is."""
        try:
            there = self._holds(key, size, digest)
        except KeyMissing:
            there = False
        if not there:
            raise StoreUnavailable("NOT_STORED")

    def _put(self, key: str, body: BinaryIO, size: int, digest: bytes) -> None:
        url = self._client.presigned_put_object(bucket_name=self._place.bucket, object_name=key, expires=URL_LASTS)
        headers = {"If-None-Match": "*", "Content-Length": str(size), "Content-MD5": base64.b64encode(digest).decode()}
        body.seek(0)
        patience = Timeout(connect=CONNECT_SECONDS, read=self._place.read_seconds + size / SLOWEST_BYTES_A_SECOND)
        with s3_errors(key):
            answer = self._http.urlopen("PUT", url, body=body, headers=headers, redirect=False, timeout=patience)
        if answer.status != 200:
            raise refusal(answer, key)

    def _holds(self, key: str, size: int, digest: bytes) -> bool:
        with s3_errors(key):
            found = self._client.stat_object(bucket_name=self._place.bucket, object_name=key)
        if found.size != size:
            return False
        etag = (found.etag or "").strip('"')
        if not PLAIN_MD5.fullmatch(etag):  # an encrypted bucket has tags of its own
            return hashlib.md5(self.get(key), usedforsecurity=False).digest() == digest
        return etag == digest.hex()

    def get(self, key: str) -> bytes:
        """What does not match its tag is asked for again; what never does is what the store has: custody knows its digests."""

        def got(turn: int) -> bytes:
            answer = self._opened(key)
            with s3_errors(key):
                try:
                    data: bytes = answer.read()
                finally:
                    give_back(answer)
            etag = answer.headers.get("ETag", "").strip('"')
            damaged = PLAIN_MD5.fullmatch(etag) and hashlib.md5(data, usedforsecurity=False).hexdigest() != etag
            if damaged and turn < TRIES - 1:
                raise StoreUnavailable("CHECKSUM")
            return data

        return tried(got)

    def opened(self, key: str, version: str = "", etag: str = "") -> BaseHTTPResponse:
        """`version`, `etag`: of the one that is meant. Raises KeyExists when another one stands there."""
        return tried(lambda _turn: self._opened(key, version, etag))

    def _opened(self, key: str, version: str = "", etag: str = "") -> BaseHTTPResponse:
        condition: dict[str, str | list[str] | tuple[str]] | None = {"If-Match": f'"{etag}"'} if etag else None
        with s3_errors(key, self._place.bucket):
            return self._client.get_object(
                bucket_name=self._place.bucket, object_name=key, version_id=version or None, request_headers=condition
            )

    def listed(self, prefix: str, after: str, *, hidden: bool = False) -> Iterator[str]:
        """Keys as the server orders them; a page that fails is asked for again where the last one ended."""
        last, turn = after, 0
        while True:
            try:
                for key in self._page(prefix, last):
                    last, turn = key, 0
                    if (hidden or not key.startswith(".")) and not key.endswith("/"):
                        yield key
                return
            except StoreUnavailable as error:
                turn = pause(turn, error)

    def names_in(self, folder: str) -> list[str]:
        """Of one folder, the keys of its objects and of its folders, those with a slash at the end."""

        def named(_turn: int) -> list[str]:
            with s3_errors(None, self._place.bucket):
                found = self._client.list_objects(bucket_name=self._place.bucket, prefix=folder or None)
                return [one.object_name or "" for one in found]

        return [name for name in tried(named) if not name.startswith(".") and name not in ("", folder)]

    def _page(self, prefix: str, after: str) -> Iterator[str]:
        found = self._client.list_objects(
            bucket_name=self._place.bucket, prefix=prefix or None, recursive=True, start_after=after or None
        )
        while True:
            with s3_errors(None, self._place.bucket):
                one = next(found, None)
            if one is None:
                return
            if one.object_name is not None and one.object_name > after:
                yield one.object_name

    def versions(self, prefix: str) -> list[Version]:
        """Every version of every object whose key begins so. Marks of deletion are no bytes and are left out.

        Raises StoreRefused where the account may not ask.
        """

        def listed(_turn: int) -> list[Version]:
            with s3_errors(None, self._place.bucket):
                found = self._client.list_objects(
                    bucket_name=self._place.bucket, prefix=prefix, recursive=True, include_version=True
                )
                return [
                    Version(one.object_name or "", one.size or 0, (one.etag or "").strip('"'), one.version_id or "")
                    for one in found
                    if not one.is_delete_marker
                ]

        return tried(listed)

    def locked_until(self, one: Version) -> datetime | None:
        """When the lock of a version ends; None: it has none that we may see."""

        def asked(_turn: int) -> datetime | None:
            with s3_errors(one.key):
                found = self._client.get_object_retention(
                    bucket_name=self._place.bucket, object_name=one.key, version_id=one.version or None
                )
                return found.retain_until_date if found else None

        try:
            return tried(asked)
        except (StoreRefused, StoreUnavailable, KeyMissing):
            return None

    def remove(self, key: str, version: str = "") -> None:
        """Raises StoreRefused for a version that is locked, or that the account may not remove."""

        def removed(_turn: int) -> None:
            with s3_errors(key):
                try:
                    self._client.remove_object(bucket_name=self._place.bucket, object_name=key, version_id=version or None)
                except S3Error as error:
                    if version and error.code == LOCKED:
                        raise StoreRefused(LOCKED) from error
                    raise

        with suppress(KeyMissing):
            tried(removed)
