"""What an S3 server answers, in our words, and how often it is asked again."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from urllib3 import BaseHTTPResponse

from pipeline.errors import HomeMissing, KeyExists, KeyMissing, SohoaError, StoreFull, StoreRefused, StoreUnavailable, TooLarge

TRIES, PAUSE_SECONDS = 4, 0.2
"""Pauses of about 0.2, 0.4 and 0.8 s: a restart of the server is outlived by the broker's retries, not by ours."""

MISSING = {"NoSuchKey", "NoSuchObject", "NoSuchVersion", "ResourceNotFound", "MethodNotAllowed"}  # the last: a delete marker
REFUSED = {"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "AccountProblem", "AllAccessDisabled"}
FULL = {"XMinioStorageFull", "QuotaExceeded", "XMinioAdminBucketQuotaExceeded", "InsufficientStorage"}
CODE = re.compile(rb"<Code>(\w{1,80})</Code>")

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an object. `version`: empty in a bucket that keeps none. `age_seconds`: by the server's own clock."""

    key: str
    size_bytes: int
    etag: str
    version: str
    changed_at: datetime | None = None
    age_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Protection:
    """What the bucket keeps of what is deleted or written over. `mode`, `days`: of the lock that each new version gets by itself
    (GOVERNANCE or COMPLIANCE), empty and 0 where it gets none."""

    versions: bool
    locks: bool
    mode: str = ""
    days: int = 0


def tried(call: Callable[[int], Answer]) -> Answer:
    """Call with 0, 1, ... until it does not raise StoreUnavailable."""
    turn = 0
    while True:
        try:
            return call(turn)
        except StoreUnavailable as error:
            turn = pause(turn, error)


def pause(turn: int, error: StoreUnavailable) -> int:
    """Wait before the next turn. Raises `error` when that was the last one."""
    if turn + 1 >= TRIES:
        raise error
    time.sleep(PAUSE_SECONDS * 2**turn * random.uniform(0.5, 1.5))  # noqa: S311 - spreads those who wait; no secret
    return turn + 1


def refusal(answer: BaseHTTPResponse, key: str) -> SohoaError:
    found = CODE.search(answer.data)
    return translated(found[1].decode() if found else f"HTTP {answer.status}", answer.status, key)


def give_back(answer: BaseHTTPResponse) -> None:
    answer.close()
    answer.release_conn()


def translated(code: str, status: int, key: str | None, bucket: str = "") -> SohoaError:
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
