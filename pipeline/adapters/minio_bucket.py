"""Requests to one bucket of an S3 server: tried some times, with its answers in our words. The only module that knows minio-py.

An object is written by one conditional PUT, `If-None-Match: *`, with the MD5 of its body: of two writers one wins, and what
arrives cut or changed is refused by the server. Nothing is written in parts: a part is no object and has no condition. The PUT is
a presigned one, because minio-py's own `put_object` passes no condition on and holds large bodies in memory.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import BinaryIO

from minio import Minio
from minio.commonconfig import ENABLED, ComposeSource, CopySource
from minio.error import InvalidResponseError, S3Error, ServerError
from minio.notificationconfig import NotificationConfig, PrefixFilterRule, QueueConfig
from minio.objectlockconfig import YEARS
from minio.versioningconfig import VersioningConfig
from urllib3 import BaseHTTPResponse, PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

from pipeline.adapters.s3_answers import TRIES, Protection, Version, give_back, pause, refusal, translated, tried
from pipeline.adapters.s3_tags import md5_of
from pipeline.adapters.tls import TLS, failed_in_tls, trusting
from pipeline.disk import disk_errors
from pipeline.errors import BadSetting, KeyExists, KeyMissing, SohoaError, StoreUnavailable

CONNECT_SECONDS, READ_SECONDS = 3.0, 10.0
"""A server in the same building answers within milliseconds; a busy one may think for seconds."""

SLOWEST_BYTES_A_SECOND = 20_000_000
"""At which a server may put a large object on its disks before it answers: 2 GB get 100 s more."""

CONNECTIONS = 32
CHUNK_BYTES = 1 << 20
COPY_BYTES = 64 << 20
"""Of an object that is copied inside a bucket, at one go: a second or so on a slow disk. The last piece may be smaller."""

URL_LASTS = timedelta(hours=1)

DAYS_IN_A_YEAR = 365
NO_LOCK = {"ObjectLockConfigurationNotFoundError", "NoSuchObjectLockConfiguration", "NotImplemented"}
PLAIN_MD5 = re.compile(r"[0-9a-f]{32}")

ANNOUNCED_AS = "sohoa"
"""Our entry among those that a bucket announces its objects to."""


@dataclass(frozen=True, slots=True)
class S3Place:
    """Where a store is. `endpoint`: host:port. `ca_file`: whose word for it counts, None: those the system trusts."""

    endpoint: str
    bucket: str
    access_key: str
    secret_key: str = field(repr=False)
    region: str = "us-east-1"
    secure: bool = False
    read_seconds: float = READ_SECONDS
    ca_file: Path | None = None


class Bucket:
    """The requests, each tried some times."""

    def __init__(self, place: S3Place) -> None:
        try:
            context = trusting(place.ca_file) if place.secure else None
        except OSError as error:
            raise BadSetting("SOHOA_S3_CA_FILE: không phải chứng chỉ") from error
        timeout = Timeout(connect=CONNECT_SECONDS, read=place.read_seconds)
        self._http = PoolManager(
            timeout=timeout,
            retries=Retry(0),
            maxsize=CONNECTIONS,
            blocksize=CHUNK_BYTES,
            ssl_context=context,
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

    def protection(self) -> Protection:
        """Raises StoreRefused where the account may not ask."""

        def asked(_turn: int) -> Protection:
            with s3_errors(None, self._place.bucket):
                versions = self._client.get_bucket_versioning(bucket_name=self._place.bucket).status == ENABLED
                try:
                    lock = self._client.get_object_lock_config(bucket_name=self._place.bucket)
                except S3Error as error:
                    if error.code in NO_LOCK:
                        return Protection(versions, locks=False)
                    raise
            days = (lock.duration or 0) * (DAYS_IN_A_YEAR if (lock.duration_unit or "").upper() == YEARS.upper() else 1)
            return Protection(versions, locks=True, mode=lock.mode or "", days=days)

        return tried(asked)

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

    def looked_at(self, key: str) -> Version | None:
        """The newest version, None where there is none."""
        return tried(lambda _turn: self._looked_at(key))

    def _looked_at(self, key: str) -> Version | None:
        try:
            with s3_errors(key):
                found = self._client.stat_object(bucket_name=self._place.bucket, object_name=key)
        except KeyMissing:
            return None
        headers = found.metadata or {}
        changed_at = found.last_modified or parsedate_to_datetime(headers["Last-Modified"])
        age = parsedate_to_datetime(headers["Date"]) - changed_at if "Date" in headers else timedelta()
        etag = (found.etag or "").strip('"')
        return Version(key, found.size or 0, etag, found.version_id or "", changed_at, age.total_seconds())

    def part_sizes(self, key: str, version: str, count: int) -> list[int]:
        """Bytes of each of the parts in which an object came. Raises KeyMissing."""

        def asked(number: int, _turn: int) -> int:
            with s3_errors(key):
                found = self._client.stat_object(
                    bucket_name=self._place.bucket,
                    object_name=key,
                    version_id=version or None,
                    extra_query_params={"partNumber": str(number)},
                )
            return found.size or 0

        return [tried(partial(asked, number)) for number in range(1, count + 1)]

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

    def remove(self, key: str, version: str = "") -> None:
        def removed(_turn: int) -> None:
            with s3_errors(key):
                self._client.remove_object(bucket_name=self._place.bucket, object_name=key, version_id=version or None)

        with suppress(KeyMissing):
            tried(removed)

    def remove_unchanged(self, key: str, etag: str) -> None:
        """Remove what still has this tag: the condition is for servers that know it, the others are asked just before.

        At each try anew: when an answer was lost, what stands there now may be another one.
        """

        def removed(_turn: int) -> None:
            found = self._looked_at(key)
            if found is None or found.etag != etag:
                return
            url = self._client.get_presigned_url("DELETE", bucket_name=self._place.bucket, object_name=key)
            with s3_errors(key):
                answer = self._http.urlopen("DELETE", url, headers={"If-Match": f'"{etag}"'}, redirect=False)
            if answer.status not in (200, 204, 404, 412):
                raise refusal(answer, key)

        tried(removed)

    def versions_of(self, key: str) -> list[Version]:
        """All that the bucket still has of an object, newest first; marks of deletion are none."""

        def listed(_turn: int) -> list[Version]:
            with s3_errors(None, self._place.bucket):
                found = self._client.list_objects(
                    bucket_name=self._place.bucket, prefix=key, recursive=True, include_version=True
                )
                own = takewhile(lambda one: one.object_name == key, found)  # longer names come behind it
                return [
                    Version(key, one.size or 0, (one.etag or "").strip('"'), one.version_id or "", one.last_modified)
                    for one in own
                    if not one.is_delete_marker and one.last_modified
                ]

        return tried(listed)

    def copy(self, source: Version, target: str) -> None:
        """Copy this version inside the bucket, over whatever stands at `target`. Raises KeyMissing, KeyExists (another by now).

        Piece by piece where it is large: a server that is silent for as long as a whole copy takes would seem to be away.
        """
        bucket, pieces = self._place.bucket, range(0, max(source.size_bytes, 1), COPY_BYTES)
        version, tag = source.version or None, source.etag

        def copied(_turn: int) -> None:
            with s3_errors(source.key):
                if len(pieces) == 1:
                    whole = CopySource(bucket, source.key, version_id=version, match_etag=tag)
                    self._client.copy_object(bucket_name=bucket, object_name=target, source=whole)
                    return
                ends = [min(at + COPY_BYTES, source.size_bytes) for at in pieces]
                parts = [
                    ComposeSource(bucket, source.key, version_id=version, match_etag=tag, offset=at, length=end - at)
                    for at, end in zip(pieces, ends, strict=True)
                ]
                self._client.compose_object(bucket_name=bucket, object_name=target, sources=parts)

        tried(copied)

    def write(self, key: str, data: bytes) -> None:
        """Write a small object over whatever stands there."""

        def written(_turn: int) -> None:
            with s3_errors(key):
                self._client.put_object(bucket_name=self._place.bucket, object_name=key, data=io.BytesIO(data), length=len(data))

        tried(written)

    def keep_versions(self) -> None:
        """Have the bucket keep what is written over. Raises StoreUnavailable, StoreRefused where the server does not."""

        def told(_turn: int) -> None:
            with s3_errors(None, self._place.bucket):
                self._client.set_bucket_versioning(bucket_name=self._place.bucket, config=VersioningConfig(ENABLED))

        tried(told)

    def keeps_versions(self) -> bool:
        def asked(_turn: int) -> bool:
            with s3_errors(None, self._place.bucket):
                return self._client.get_bucket_versioning(bucket_name=self._place.bucket).status == ENABLED

        return tried(asked)

    def announce(self, target: str, prefix: str) -> None:
        """Have the server tell `target` (its ARN) of all that is written below `prefix`; what else it tells is left as it is.

        Raises KeyExists, or StoreUnavailable (InvalidArgument, NotImplemented), where the server knows no such target.
        """

        def told(_turn: int) -> None:
            with s3_errors(None, self._place.bucket):
                config = self._client.get_bucket_notification(bucket_name=self._place.bucket)
                others = [one for one in config.queue_config_list or [] if one.config_id != ANNOUNCED_AS]
                events = ["s3:ObjectCreated:*"]
                ours = QueueConfig(events, ANNOUNCED_AS, PrefixFilterRule(prefix), queue=target)
                whole = NotificationConfig(
                    cloud_func_config_list=config.cloud_func_config_list,
                    queue_config_list=[*others, ours],
                    topic_config_list=config.topic_config_list,
                )
                self._client.set_bucket_notification(bucket_name=self._place.bucket, config=whole)

        tried(told)


@contextmanager
def s3_errors(key: str | None = None, bucket: str = "") -> Iterator[None]:
    """Around what is asked of the server. `key`, `bucket`: what is missing when it says that something is."""
    try:
        yield
    except SohoaError:
        raise
    except S3Error as error:
        raise translated(error.code or "", error.response.status, key, bucket) from error
    except ServerError as error:
        raise translated(f"HTTP {error.status_code}", error.status_code, key) from error
    except (HTTPError, InvalidResponseError, OSError) as error:
        raise StoreUnavailable(TLS if failed_in_tls(error) else type(error).__name__) from error
