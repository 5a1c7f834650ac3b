"""The small JSON documents of custody: frozen values here, sealed bytes in the store.

A seal is the SHA-256 of everything before it, so that a flipped bit in a manifest is found as surely as one in a scan.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from pipeline.errors import DigestMismatch
from pipeline.jobs import Recipe
from pipeline.model import Original

Document = TypeVar("Document", bound=Hashable)

_SEAL = b',"seal":"'


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is to be read, and how, in one generation of a record. `batch`, `arrival_id`, `source`: of its first arrival.
    `urgent`: somebody waits for it."""

    record_id: str
    generation: int
    unit: str
    fonds: str
    sector: str
    original: Original
    recipe: Recipe
    received_at: datetime
    batch: str
    arrival_id: str
    source: str
    reason: str
    made_at: datetime
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Pointer:
    """The record that a file's content belongs to, within one unit and fonds."""

    record_id: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file handed over. `source`: the path it was read from; `code` is set when it was rejected."""

    record_id: str | None
    source: str
    name: str
    at: datetime
    code: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A hand-over. `inputs_digest`: of the paths that were named, so that the same command continues what it began."""

    inputs_digest: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Declared:
    """How many files the office says a batch has, and where new records of it belong, where it says that.

    `said_by`: which sidecar of a batch that was dropped (incoming/sidecars.py); empty: the command line.
    """

    count: int
    at: datetime
    fonds: str | None = None
    sector: str | None = None
    urgent: bool = False
    said_by: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A document that says all by being there."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Started:
    """`owner`: the run of the worker that made the attempt."""

    owner: str
    skip_pages: tuple[int, ...]
    at: datetime


class Outcome(StrEnum):
    """How an attempt without a result ended; what is counted is in attempts.py."""

    CRASHED = "crashed"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    GIVEN_BACK = "given_back"


@dataclass(frozen=True, slots=True)
class Ended:
    outcome: Outcome
    code: str
    detail: str
    page_no: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredFile:
    """`name` is relative: record.json, alto/0001.xml."""

    name: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Committed:
    """The result of a generation: the attempt that counts, made of which bytes, by what, its files. `seconds`: by stage."""

    record_id: str
    generation: int
    attempt: int
    original_sha256: str
    recipe: Recipe
    made_by: dict[str, Any]
    page_count: int
    needs_review: bool
    files: tuple[StoredFile, ...]
    at: datetime
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Why a generation was given up; `code` and `detail` make the error again (`pipeline.errors.error_from`)."""

    record_id: str
    generation: int
    code: str
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Cleared:
    """A person's word that what was taken for a mark of secrecy in this generation is none. `pages`: on which pages (0: on all).

    `account`: the login from which it was said.
    """

    record_id: str
    generation: int
    pages: tuple[int, ...]
    by: str
    why: str
    account: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A record that two persons had destroyed, `by` and `and_by`, and what is known of it for ever."""

    record_id: str
    sha256: str
    size_bytes: int
    unit: str
    fonds: str
    by: str
    and_by: str
    why: str
    account: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Destroyed:
    """Bytes that are not taken again; `record_id`: whose tombstone says why."""

    record_id: str
    at: datetime


class Fault(StrEnum):
    """What a fixity check finds wrong with an object."""

    MISSING = "missing"
    CHANGED = "changed"
    ORPHANED = "orphaned"


@dataclass(frozen=True, slots=True)
class FixityProblem:
    """`record_id`: of the record that needs the object, None when none is known."""

    fault: Fault
    key: str
    record_id: str | None


@dataclass(frozen=True, slots=True)
class FixityReport:
    """`checked`: objects whose digests were computed again; `size_bytes`: of originals and results among them."""

    checked: int
    size_bytes: int
    problems: tuple[FixityProblem, ...]
    at: datetime


def encode(document: Hashable) -> bytes:
    """A document as sealed JSON."""
    content: bytes = _adapter(type(document)).dump_json(document)
    return content[:-1] + _SEAL + _digest(content[:-1]) + b'"}'


def decode(kind: type[Document], data: bytes, key: str) -> Document:
    """The document whose sealed bytes stood under `key`. Keys that a newer version added are left out.

    Raises DigestMismatch when it is not what was written.
    """
    if not is_intact(data):
        raise DigestMismatch(key)
    try:
        document: Document = _adapter(kind).validate_json(data)
    except ValidationError as error:
        raise DigestMismatch(key) from error
    return document


def is_intact(data: bytes) -> bool:
    """Whether these are the bytes of a document as it was sealed."""
    content, found, seal = data.rpartition(_SEAL)
    return bool(found) and seal == _digest(content) + b'"}'


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode("ascii")


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
