"""Where an answer goes on. A cursor holds the place of the last hit in the order of the hits, not a count of them: hits before it
may come and go. It checks itself and belongs to one question; it opens nothing, for the question brings its own scope.

Order is a matter of the question and the record alone, never of what else is indexed: a record that stays as it is keeps its
place. One that is read anew between two pages is placed anew.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import astuple, dataclass
from typing import Any

from pipeline.errors import BadQuery
from pipeline.query import Query
from pipeline.ranking import Widening

LONGEST = 8000
"""Characters; one with the most slips and the longest words has 5,000."""

CHECK_BYTES = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Of the last hit shown: its step, its weight, its newness (both descending), its record_id (ascending)."""

    step: int
    weight: int
    newness: int
    record_id: str


@dataclass(frozen=True, slots=True)
class Cursor:
    place: Place
    widening: Widening | None


def write_cursor(cursor: Cursor, query: Query) -> str:
    """ASCII, safe in a URL."""
    content = json.dumps(astuple(cursor), separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_check(content, query) + content).rstrip(b"=").decode()


def read_cursor(query: Query) -> Cursor | None:
    """None when the query has no cursor. Raises BadQuery when it was edited or belongs to another question."""
    if query.cursor is None:
        return None
    try:
        if len(query.cursor) > LONGEST:
            raise ValueError
        padded = query.cursor + "=" * (-len(query.cursor) % 4)
        raw = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
        if raw[:CHECK_BYTES] != _check(raw[CHECK_BYTES:], query):
            raise ValueError
        return _cursor(json.loads(raw[CHECK_BYTES:]))
    except (ValueError, binascii.Error, TypeError):
        raise BadQuery("dấu trang kết quả không hợp lệ, hãy tìm lại từ đầu") from None


def _cursor(content: Any) -> Cursor:
    (step, weight, newness, record_id), widening = content
    if not all(isinstance(number, int) for number in (step, weight, newness)):
        raise ValueError  # of an older version, which is as good as made up
    if widening is not None:
        slips, weights = widening
        widening = Widening(tuple(map(tuple, slips)), tuple(weights))
    return Cursor(Place(step, weight, newness, record_id), widening)


def _check(content: bytes, query: Query) -> bytes:
    """Of the content and everything that makes the question; the number of hits asked for may change from page to page."""
    scope = [None if allowed is None else sorted(allowed) for allowed in (query.scope.units, query.scope.sectors)]
    filters = [query.type_code, query.issuer, query.date_from, query.date_to, query.unit, query.sector, query.batch]
    question = json.dumps([query.text, scope, filters, query.needs_review, query.exact]).encode()
    return hashlib.blake2s(question + b"\n" + content, digest_size=CHECK_BYTES).digest()
