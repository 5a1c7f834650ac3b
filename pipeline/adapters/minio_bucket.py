"""Requests to one bucket of an S3 server: tried some times, with its answers in our words. The only module that knows minio-py.

An object is written by one conditional PUT, `If-None-Match: *`, with the MD5 of its body: of two writers one wins, and what
arrives cut or changed is refused by the server. Nothing is written in parts: a part is no object and has no condition. The PUT is
a presigned one, because minio-py's own `put_object` passes no condition on and holds large bodies in memory.
"""

from __future__ import annotations

import base64
import hashlib
import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import BinaryIO, TypeVar

from minio import Minio
from minio.error import InvalidResponseError, S3Error, ServerError
from urllib3 import BaseHTTPResponse, PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

from pipeline.disk import disk_errors
from pipeline.errors import (
    BadSetting,
    HomeMissing,
    KeyExists,
    KeyMissing,
    SohoaError,
    StoreRefused,
    StoreUnavailable,
    TooLarge,
)
from pipeline.server_errors import StoreFull

CONNECT_SECONDS, READ_SECONDS = 3.0, 30.0
"""A server in the same building answers within milliseconds; a busy one may think for seconds about a large object."""

TRIES, PAUSE_SECONDS = 4, 0.2
"""Pauses of about 0.2, 0.4 and 0.8 s: a restart of the server is outlived by the broker's retries, not by ours."""

CONNECTIONS = 32
CHUNK_BYTES = 1 << 20
URL_LASTS = timedelta(hours=1)

MISSING = {"NoSuchKey", "NoSuchObject", "ResourceNotFound", "MethodNotAllowed"}  # the last one: a delete marker
REFUSED = {"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "AccountProblem", "AllAccessDisabled"}
FULL = {"XMinioStorageFull", "QuotaExceeded", "XMinioAdminBucketQuotaExceeded", "InsufficientStorage"}
PLAIN_MD5 = re.compile(r"[0-9a-f]{32}")
CODE = re.compile(rb"<Code>(\w{1,80})</Code>")

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class S3Place:
    """Where a store is. `endpoint`: host:port."""

    endpoint: str
    bucket: str
    access_key: str
    secret_key: str = field(repr=False)
    region: str = "us-east-1"
    secure: bool = False


class Bucket:
    """The requests, each tried some times."""

    def __init__(self, place: S3Place) -> None:
        timeout = Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
        self._http = PoolManager(
            timeout=timeout, retries=Retry(0), maxsize=CONNECTIONS, cert_reqs="CERT_REQUIRED", blocksize=CHUNK_BYTES
        )
        self._place = place
        try:
            self._client = Minio(
                endpoint=place.endpoint,
                access_key=place.access_key,
                secret_key=place.secret_key,
                region=place.region,
                secure=place.secure,
                http_client=self._http,
            )
        except ValueError as error:
            raise BadSetting("SOHOA_S3_ENDPOINT: cần dạng máy:cổng") from error

    def make(self) -> None:
        def made(_turn: int) -> None:
            with s3_errors():
                if not self._client.bucket_exists(bucket_name=self._place.bucket):
                    self._client.make_bucket(bucket_name=self._place.bucket, location=self._place.region)

        with suppress(KeyExists):  # somebody else made it meanwhile
            tried(made)

    def put(self, key: str, body: BinaryIO) -> None:
        """Raises KeyExists. When the answer to a try was lost, what stands there with our very bytes is ours.

        That something was written is not taken from the answer: something between us and the server may have given it.
        """
        with disk_errors():
            digest, size = _md5_of(body), body.tell()

        def put_once(turn: int) -> None:
            try:
                self._put(key, body, size, digest)
            except KeyExists:
                if turn == 0 or not self._holds(key, size, digest):
                    raise
            else:
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
        with s3_errors(key):
            answer = self._http.urlopen("PUT", url, body=body, headers=headers, redirect=False)
        if answer.status != 200:
            found = CODE.search(answer.data)
            raise _translated(found[1].decode() if found else f"HTTP {answer.status}", answer.status, key)

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

    def opened(self, key: str) -> BaseHTTPResponse:
        return tried(lambda _turn: self._opened(key))

    def _opened(self, key: str) -> BaseHTTPResponse:
        with s3_errors(key, self._place.bucket):
            return self._client.get_object(bucket_name=self._place.bucket, object_name=key)

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
                turn = _pause(turn, error)

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

    def remove(self, key: str) -> None:
        def removed(_turn: int) -> None:
            with s3_errors(key):
                self._client.remove_object(bucket_name=self._place.bucket, object_name=key)

        with suppress(KeyMissing):
            tried(removed)


def give_back(answer: BaseHTTPResponse) -> None:
    answer.close()
    answer.release_conn()


def _md5_of(body: BinaryIO) -> bytes:
    digest = hashlib.md5(usedforsecurity=False)
    while chunk := body.read(CHUNK_BYTES):
        digest.update(chunk)
    return digest.digest()


def tried(call: Callable[[int], Answer]) -> Answer:
    """Call with 0, 1, ... until it does not raise StoreUnavailable."""
    turn = 0
    while True:
        try:
            return call(turn)
        except StoreUnavailable as error:
            turn = _pause(turn, error)


def _pause(turn: int, error: StoreUnavailable) -> int:
    """Wait before the next turn. Raises `error` when that was the last one."""
    if turn + 1 >= TRIES:
        raise error
    time.sleep(PAUSE_SECONDS * 2**turn * random.uniform(0.5, 1.5))  # noqa: S311 - spreads those who wait; no secret
    return turn + 1


@contextmanager
def s3_errors(key: str | None = None, bucket: str = "") -> Iterator[None]:
    """Around what is asked of the server. `key`, `bucket`: what is missing when it says that something is."""
    try:
        yield
    except SohoaError:
        raise
    except S3Error as error:
        raise _translated(error.code or "", error.response.status, key, bucket) from error
    except ServerError as error:
        raise _translated(f"HTTP {error.status_code}", error.status_code, key) from error
    except (HTTPError, InvalidResponseError, OSError) as error:
        raise StoreUnavailable(type(error).__name__) from error


def _translated(code: str, status: int, key: str | None, bucket: str = "") -> SohoaError:
    """What a server says -> what it means to us. Its own words may name what concerns nobody."""
    if status == 412 or code.startswith("BucketAlready"):
        return KeyExists(key or "")
    if code == "NoSuchBucket":
        return HomeMissing(bucket)
    if code in MISSING:
        return KeyMissing(key or "")
    if code in REFUSED:
        return StoreRefused(code)
    if code in FULL or status == 507:
        return StoreFull()
    return TooLarge("> 5000 MB") if code == "EntityTooLarge" else StoreUnavailable(code)
