"""Index entries made by hand: `entry("a", "text of page one", "text of page two", subject="...")`."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from pipeline.index import IndexedPage, IndexedWord, IndexEntry, Placement
from pipeline.model import BoundingBox

RECEIVED = datetime(2026, 1, 15, 8, 30, tzinfo=UTC)


def page(page_no: int, text: str) -> IndexedPage:
    """Ten pixels for each character, forty for each line: a word's box tells where it stands."""
    words, row, line_start = [], 0, 0
    for found in re.finditer(r"\S+|\n", text):
        if found[0] == "\n":
            row, line_start = row + 1, found.end()
            continue
        left, right = 10 * (found.start() - line_start), 10 * (found.end() - line_start)
        words.append(IndexedWord(found.start(), found.end(), BoundingBox(left, 40 * row, right, 40 * row + 30)))
    return IndexedPage(page_no, 2480, 3508, text, tuple(words))


def entry(record_id: str, *texts: str, **values: Any) -> IndexEntry:
    """A record whose pages hold `texts`; `values` of the placement and of the entry."""
    place: dict[str, Any] = {
        "generation": 1, "unit": "ubnd", "fonds": "f1", "sector": "dat-dai", "batches": ("2026-01-15-001",),
        "received_at": RECEIVED,
    }  # fmt: skip
    rest: dict[str, Any] = {
        "file_name": "scan.pdf", "type_code": None, "type_name": None, "issuer": None, "code_number": None, "code_notation": None,
        "place": None, "issued_date": None, "subject": None, "signer": None, "needs_review": False,
    }  # fmt: skip
    for name, value in values.items():
        assert name in place or name in rest, name
        (place if name in place else rest)[name] = value
    pages = tuple(page(number, text) for number, text in enumerate(texts, 1))
    return IndexEntry(Placement(record_id, **place), pages=pages, **rest)
