"""Result -> index entries (pure), and the one schema that every index is built from.

A record is found page by page. Each page is searched by five columns: its own words twice, as printed (`exact`) and without
marks (`folded`), and beside them, on every page, the words of the record's fields (`fields_exact`, `fields_folded`) and the keys
of its number (`codes`). So words in the subject and words on page seven find a record together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import chain, pairwise

from pipeline.document_number import code_keys
from pipeline.model import BoundingBox, Page, Result, Word
from pipeline.text import WORDS_KEPT, clean, fold, folded_key, match_keys, words

LONGEST_WORD = 64
"""Characters of a word that count. The longest Vietnamese syllable has seven; longer runs are web addresses and noise."""

BREAK = "¶"
"""Stands between two fields, so that no phrase is found across them. No word: nobody can type it."""

DATE_KEY = "={}"
"""A record's date among the keys of its number: "=2024-03-15"."""


@dataclass(frozen=True, slots=True)
class IndexedWord:
    """A word of a page's text: characters start..end of `IndexedPage.text` stand in `box` (pixels of the page as seen)."""

    start: int
    end: int
    box: BoundingBox


@dataclass(frozen=True, slots=True)
class IndexedPage:
    """`text` is NFC, one printed line a line."""

    page_no: int
    width: int
    height: int
    text: str
    words: tuple[IndexedWord, ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a record belongs; from its manifest."""

    record_id: str
    generation: int
    unit: str
    fonds: str
    sector: str
    batches: tuple[str, ...]
    received_at: datetime


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One record as the index sees it. Dates are ISO, None = not known; texts are as printed (NFC)."""

    placement: Placement
    file_name: str
    type_code: str | None
    type_name: str | None
    issuer: str | None
    code_number: str | None
    code_notation: str | None
    place: str | None
    issued_date: str | None
    subject: str | None
    signer: str | None
    needs_review: bool
    pages: tuple[IndexedPage, ...]

    @property
    def code(self) -> str | None:
        """Number and notation as they are written together; what is not known is left out."""
        return "/".join(part for part in (self.code_number, self.code_notation) if part) or None


class Kind(StrEnum):
    """What a record's value is for."""

    KEYWORD = "keyword"
    CONTAINED = "contained"
    COUNTED = "counted"
    SHOWN = "shown"


RECORD_FIELDS = {
    "unit": Kind.KEYWORD,
    "fonds": Kind.KEYWORD,
    "sector": Kind.KEYWORD,
    "type_key": Kind.KEYWORD,
    "issuer_key": Kind.CONTAINED,
    "issued_date": Kind.KEYWORD,
    "year": Kind.KEYWORD,
    "needs_review": Kind.KEYWORD,
    "batches": Kind.CONTAINED,
    "type_code": Kind.COUNTED,
    "issuer": Kind.COUNTED,
    "type_name": Kind.SHOWN,
    "code": Kind.SHOWN,
    "subject": Kind.SHOWN,
    "file_name": Kind.SHOWN,
}
"""A record's values beside its words, all text or None. KEYWORD: filtered by equality or range; CONTAINED: by a part (of an
issuer the beginning of some of its words, of several batches one); COUNTED: for facets; SHOWN: given back as it is."""

YES, NO = "yes", "no"
"""Of `needs_review`."""

FACETS = {
    "type": "type_code",
    "issuer": "issuer",
    "unit": "unit",
    "sector": "sector",
    "year": "year",
    "batch": "batches",
    "review": "needs_review",
}
"""Facet -> the field that is counted. Issuers are one when their `issuer_key` is one; a record that arrived twice counts in both
of its batches."""

BATCH_END = "\n"
"""After each name in `batches`, and before the first."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RECEIVED_BITS = 41
"""Of a record's newness: hundredths of a second since EPOCH, for 697 years. The day before them takes 22: together 63."""

MAX_FACET_VALUES = 50
"""The most frequent values of a facet are given: misread issuers would make thousands."""


def entry_of(result: Result, placement: Placement) -> IndexEntry:
    """What the index needs of a result. A record has findings = a person should look at it."""
    fields = {name: field.value for name, field in result.fields.scalars.items()}
    return IndexEntry(
        placement=placement,
        file_name=result.source.name,
        type_code=result.document_type.code if result.document_type else None,
        type_name=result.document_type.name if result.document_type else None,
        issuer=fields["organName"],
        code_number=fields["codeNumber"],
        code_notation=fields["codeNotation"],
        place=fields["place"],
        issued_date=fields["issuedDate"],
        subject=fields["subject"],
        signer=fields["signerName"],
        needs_review=bool(result.findings),
        pages=tuple(_indexed_page(page) for page in result.pages),
    )


def _indexed_page(page: Page) -> IndexedPage:
    """The page's text with every word's place in it; characters nobody sees are left out."""
    lines: list[str] = []
    placed: list[IndexedWord] = []
    at = 0
    for line in page.lines:
        shown = [(clean(word.text), word) for word in line.words]
        parts = [(text, word) for text, word in shown if text]
        lines.append(" ".join(text for text, _ in parts))
        placed += _placed(parts, at)
        at += len(lines[-1]) + 1
    return IndexedPage(page.page_no, page.width, page.height, "\n".join(lines), tuple(placed))


def _placed(parts: list[tuple[str, Word]], at: int) -> list[IndexedWord]:
    placed = []
    for text, word in parts:
        placed.append(IndexedWord(at, at + len(text), word.box))
        at += len(text) + 1
    return placed


def searched_words(text: str) -> list[str]:
    """The words under which a text is found, with their marks; `folded_words` of them is what is found without."""
    return [*chain.from_iterable(map(_search_keys, words(clean(text))))]


@lru_cache(maxsize=WORDS_KEPT)
def _search_keys(word: str) -> tuple[str, ...]:
    return tuple(key[:LONGEST_WORD] for key in match_keys(word))


def folded_words(exact: list[str]) -> list[str]:
    """Without marks, word for word."""
    return [*map(folded_key, exact)]


def pairs_of(folded: list[str], joint: str) -> list[str]:
    """Each word with the next one, as one: most Vietnamese words have two syllables, and pairs are far rarer than these."""
    if BREAK not in folded:  # of a page there are many, and it has none
        return [*map(joint.join, pairwise(folded))]
    return [one + joint + other for one, other in pairwise(folded) if one != BREAK != other]


def field_words(entry: IndexEntry) -> list[str]:
    """The words of the record's fields, BREAK between two fields."""
    file_stem = entry.file_name.rsplit(".", 1)[0]
    texts = (entry.subject, entry.type_name, entry.code, entry.issuer, entry.signer, entry.place, file_stem)
    found: list[str] = []
    for text in texts:
        if text:
            found += [*searched_words(text), BREAK]
    return found


def own_keys(entry: IndexEntry) -> tuple[str, ...]:
    """The keys of the record's number, and of its date."""
    year = int(entry.issued_date[:4]) if entry.issued_date else None
    number = code_keys(entry.code, year) if entry.code_number and entry.code else ()
    return (*number, DATE_KEY.format(entry.issued_date)) if entry.issued_date else number


def record_values(entry: IndexEntry) -> dict[str, str | None]:
    """A value for each of RECORD_FIELDS."""
    values = {
        "unit": entry.placement.unit,
        "fonds": entry.placement.fonds,
        "sector": entry.placement.sector,
        "type_key": fold(entry.type_code or ""),
        "issuer_key": issuer_key(entry.issuer or ""),
        "issued_date": entry.issued_date,
        "year": entry.issued_date[:4] if entry.issued_date else None,
        "needs_review": YES if entry.needs_review else NO,
        "type_code": entry.type_code,
        "issuer": entry.issuer,
        "type_name": entry.type_name,
        "code": entry.code,
        "subject": entry.subject,
        "file_name": entry.file_name,
    }
    cleaned = {name: None if value is None else clean(value) for name, value in values.items()}
    batches = "".join(clean(name) + BATCH_END for name in entry.placement.batches)
    return cleaned | {"batches": BATCH_END + batches}


def newness(entry: IndexEntry) -> int:
    """In which order equally good hits are shown, the highest first: by the day of issue (the undated last), then by the moment
    of arrival."""
    received = max(0, (entry.placement.received_at - EPOCH) // timedelta(milliseconds=10))
    return day_number(entry.issued_date) << RECEIVED_BITS | received


def day_number(iso: str | None) -> int:
    """Days since the beginning of the calendar; 0 = not known."""
    return date.fromisoformat(iso).toordinal() if iso else 0


@lru_cache(maxsize=WORDS_KEPT)
def issuer_key(text: str) -> str:
    """Folded words: an issuer, or the beginning of some of its words, is recognised by them however it is written."""
    return " ".join(folded_words(searched_words(text)))
