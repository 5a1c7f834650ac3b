"""Where others drop files: a bucket of its own on an S3 server, so that a scanner's keys never reach the store.

With versions kept, what is read, moved and removed is one version, and a newer one under the same key stays. Without them its tag
is compared right before it is removed; a server that knows conditions on deletions too (SeaweedFS) lets nothing come between.
"""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from urllib3 import BaseHTTPResponse

from pipeline.adapters.incoming_aside import INCOMING, aside_for, note_of
from pipeline.adapters.minio_connection import CHUNK_BYTES, S3Place, s3_errors
from pipeline.adapters.minio_listing import ANY_ORDER, Listing, put_order_keys
from pipeline.adapters.minio_rules import BucketRules
from pipeline.adapters.minio_shared_bucket import SharedBucket
from pipeline.adapters.s3_answers import Version, give_back
from pipeline.adapters.s3_tags import TagDigest, parts_of
from pipeline.errors import (
    BadSetting,
    DiskFull,
    FileChanging,
    HomeMissing,
    IncomingMissing,
    KeyExists,
    KeyMissing,
    StoreRefused,
    StoreUnavailable,
)
from pipeline.ports import Lying

NO_TARGET = ("InvalidArgument", "NotImplemented")
"""What is said to an unknown target. SeaweedFS, which tells nobody, takes the question for another one."""


def create_minio_incoming(place: S3Place, announce_to: str = "") -> None:
    """Make the bucket and have it keep versions where the server can; harmless where it is there.

    `announce_to`: ARN of the target that is told of each object. Raises StoreRefused, StoreUnavailable, BadSetting.
    """
    rules = BucketRules(place)
    rules.make()
    put_order_keys(SharedBucket(place), ANY_ORDER)
    try:
        rules.keep_versions()
    except (StoreUnavailable, StoreRefused):
        rules.keeps_versions()  # a server that answers this is there, and does without; `exact` says so
    if announce_to:
        _announce(rules, announce_to)


def _announce(rules: BucketRules, target: str) -> None:
    try:
        rules.announce(target, INCOMING)
    except (KeyExists, StoreUnavailable) as error:
        if isinstance(error, StoreUnavailable) and error.detail not in NO_TARGET:
            raise
        raise BadSetting(f"SOHOA_INCOMING_EVENTS_ARN: máy chủ không có đích nhận thông báo {target}") from error


class MinioIncoming:
    """See `pipeline.ports.Incoming` for the promises. Safe for several processes and threads at once."""

    def __init__(self, place: S3Place) -> None:
        """Raises IncomingMissing, StoreRefused, StoreUnavailable, BadSetting."""
        self._bucket = SharedBucket(place)
        self.where = f"s3://{place.bucket}/"
        try:
            self.exact = BucketRules(place).keeps_versions()
            self._listing = Listing(self._bucket, ANY_ORDER)
        except HomeMissing:
            raise IncomingMissing(place.bucket) from None

    def list_after(self, prefix: str, after: str = "") -> Iterator[str]:
        try:
            yield from self._listing.keys_after(prefix, prefix, after)
        except HomeMissing:
            raise IncomingMissing(self.where) from None

    def look(self, key: str) -> Lying | None:
        if any(part in ("", ".", "..") for part in key.split("/")):
            return None  # no server has such a key, and some take it for a fault in asking
        found = self._bucket.looked_at(key)
        return None if found is None else self._lying(found)

    def _lying(self, found: Version) -> Lying:
        """What was there before the bucket kept versions is the version `null`, and one of its own like the others."""
        version = ("null" if self.exact else "") if found.version in ("", "null") else found.version
        return Lying(found.key, found.size_bytes, found.etag, version, found.age_seconds)

    def drafts(self, lying: Lying, within_seconds: float) -> list[Lying]:
        if not lying.version:
            return []
        found = self._bucket.versions_of(lying.key)
        versions = [self._lying(one).version for one in found]
        if lying.version not in versions:
            return []
        at = versions.index(lying.version)
        replaced = zip(found[at + 1 :], found[at:], strict=False)
        return [
            self._lying(older)
            for older, newer in replaced
            if not older.size_bytes or _seconds_between(older, newer) < within_seconds
        ]

    def open(self, lying: Lying) -> BinaryIO:
        answer = self.opened(lying)
        try:
            return io.BufferedReader(_ProvenStream(self, lying, answer), CHUNK_BYTES)
        except BaseException:
            give_back(answer)
            raise

    def opened(self, lying: Lying) -> BaseHTTPResponse:
        """The answer that holds this version. Raises KeyMissing, FileChanging."""
        try:
            return self._bucket.opened(lying.key, lying.version, "" if lying.version else lying.tag)
        except KeyExists:
            raise FileChanging from None

    def part_sizes(self, lying: Lying, answer: BaseHTTPResponse) -> list[int] | None:
        """Of the parts in which it came, none of one piece; None: its tag cannot be compared."""
        count = parts_of(lying.tag, answer)
        if not count:
            return None if count is None else []
        try:
            sizes = self._bucket.part_sizes(lying.key, lying.version, count)
        except StoreUnavailable:
            return None
        return sizes if sum(sizes) == lying.size_bytes else None  # a server that knows of no parts tells the whole size

    def set_aside(self, lying: Lying, why: Mapping[str, str]) -> None:
        aside = aside_for(lying, self._note_at)
        try:
            if not aside.told:
                self._bucket.copy(Version(lying.key, lying.size_bytes, lying.tag, lying.version), aside.key)
                self._bucket.write(aside.why, note_of(lying, why))
        except (KeyMissing, KeyExists):
            return  # somebody else has set it aside, or its owner has written over it
        except DiskFull as error:
            raise StoreUnavailable("no room to set it aside") from error  # scans behind it make room by being taken
        self.remove(lying)

    def remove(self, lying: Lying) -> None:
        if lying.version:
            self._bucket.remove(lying.key, lying.version)
        else:
            self._bucket.remove_unchanged(lying.key, lying.tag)

    def _note_at(self, key: str) -> bytes | None:
        try:
            return self._bucket.get(key)
        except KeyMissing:
            return None


class _ProvenStream(io.RawIOBase):
    """An object being read. It ends only where its bytes are those that the server holds: their digest is its tag, or, where tags
    say nothing of the bytes (some encrypted buckets), all of it is read a second time and compared."""

    def __init__(self, place: MinioIncoming, lying: Lying, answer: BaseHTTPResponse) -> None:
        self._place = place
        self._lying = lying
        self._answer = answer
        sizes = place.part_sizes(lying, answer)
        self._digest = hashlib.sha256() if sizes is None else TagDigest(sizes)
        self._expected = None if sizes is None else lying.tag
        self._is_proven = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with s3_errors():
            data = self._answer.read(len(buffer))
        self._digest.update(data)
        if not data and not self._is_proven:
            self._prove()
        buffer[: len(data)] = data
        return len(data)

    def _prove(self) -> None:
        expected = self._expected if self._expected is not None else self._digest_of_second_reading()
        if self._digest.hexdigest() != expected:
            raise StoreUnavailable("CHECKSUM")
        self._is_proven = True

    def _digest_of_second_reading(self) -> str:
        digest = hashlib.sha256()
        answer = self._place.opened(self._lying)
        try:
            with s3_errors():
                for chunk in answer.stream(CHUNK_BYTES):
                    digest.update(chunk)
        finally:
            give_back(answer)
        return digest.hexdigest()

    def close(self) -> None:
        if not self.closed:
            give_back(self._answer)
        super().close()


def _seconds_between(older: Version, newer: Version) -> float:
    if older.changed_at is None or newer.changed_at is None:
        return math.inf
    return (newer.changed_at - older.changed_at).total_seconds()
