"""What our keys look like, so that what others have put into a store is never taken for an object of ours."""

from __future__ import annotations

import re

from pipeline.custody import records

_AA = "[0-9a-f]{2}"
_SHA256 = "[0-9a-f]{64}"
_RECORD = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_ARRIVAL = "[0-9a-f]{32}"
_NAME = r"[A-Za-z0-9_+][A-Za-z0-9_.+-]*"
_GENERATION = rf"{_AA}/{_RECORD}\.\d{{6,}}\.json"

_SHAPES = {
    records.ORIGINALS: f"{_AA}/{_SHA256}",
    records.CONTENT: rf"{_NAME}/{_NAME}/{_AA}/{_SHA256}\.json",
    records.MANIFESTS: _GENERATION,
    records.ARRIVALS: rf"{_NAME}/{_NAME}/{_ARRIVAL}\.(?:{_RECORD}|{records.NO_RECORD})\.json",
    records.REJECTED: rf"{_NAME}/{_NAME}/{_ARRIVAL}\.[A-Z_]+\.json",
    records.MEMBERS: rf"{_AA}/{_RECORD}/{_NAME}\.json",
    records.BATCHES: rf"{_NAME}/{_NAME}/\d{{6,}}\.(?:{records.OPENED}|{records.CLOSED})\.json",
    records.DECLARED: rf"{_NAME}/{_NAME}/\d{{6,}}\.json",
    records.ATTEMPTS: rf"{_AA}/{_RECORD}/\d{{6,}}\.\d{{4,}}\.(?:start|end)\.json",
    records.FILES: rf"{_AA}/{_RECORD}/\d{{6,}}\.\d{{4,}}/{_NAME}(?:/{_NAME})*",
    records.RESULTS: _GENERATION,
    records.REVIEW: _GENERATION,
    records.QUARANTINE: _GENERATION,
    records.CLEARED: _GENERATION,
    records.PURGED: rf"{_AA}/{_RECORD}\.json",
    records.DESTROYED: rf"{_AA}/{_SHA256}\.json",
    records.FIXITY: r"\d{8}T\d+Z\.json",
}
_OF_RECORD = re.compile(rf"(?:^|[/.])({_RECORD})(?=[/.])")
_OBJECT = re.compile("|".join(f"{kind}{shape}" for kind, shape in _SHAPES.items()))


def is_object(key: str) -> bool:
    """Whether a key is one of ours: whatever else lies in a store was put there by somebody else and is left alone."""
    return _OBJECT.fullmatch(key) is not None


def kind_of(key: str) -> str:
    """The kind (ORIGINALS, CONTENT, ...) of one of our keys."""
    return key[: key.index("/") + 1]


def record_in(key: str) -> str | None:
    """The record that one of our keys names; None: it names none, as those of originals and batches do."""
    found = _OF_RECORD.search(key) if is_object(key) else None
    return found[1] if found else None
