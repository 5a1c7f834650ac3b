"""What was typed + who asks -> Query. The answer -> Hits. Scope is applied here and nowhere else.

`understand` turns a query into terms, all of which a record has to hold: words, phrases, numbers of documents, dates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NoReturn

from pipeline.errors import BadDate, BadQuery
from pipeline.index import issuer_key
from pipeline.model import BoundingBox
from pipeline.terms import Term, terms_of
from pipeline.text import clean, fold

MAX_CHARACTERS = 1000
"""A pasted subject has 300; the hundred kilobytes of an attack are refused before anything looks at them."""

MAX_WORDS = 64
"""Three lines of a page. Every word costs a look-up."""

MAX_FILTER_CHARACTERS = 200
MAX_LIMIT = 200
DATE = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})|(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})", re.ASCII)
"""As the standard writes it, and as people do."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What the asker may see; None = everything (one-machine mode). An empty set = nothing."""

    units: frozenset[str] | None = None
    sectors: frozenset[str] | None = None


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class Query:
    """`text` as typed (may be empty: filters alone); `limit` 1-200; `cursor` from the last answer; dates inclusive, 2024-12-31 or
    31/12/2024. `needs_review`: only what a person should look at; `exact`: only what holds the words with the marks typed."""

    text: str
    scope: Scope = EVERYTHING
    type_code: str | None = None
    issuer: str | None = None
    date_from: str | None = None
    date_to: str | None = None
    unit: str | None = None
    sector: str | None = None
    batch: str | None = None
    needs_review: bool = False
    exact: bool = False
    limit: int = 20
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Snippet:
    """A stretch of a page around the hit. `marks`: start, end in `text` of what matched; `boxes`: where each mark stands on the
    page (pixels of the page as seen)."""

    page_no: int
    text: str
    marks: tuple[tuple[int, int], ...]
    boxes: tuple[BoundingBox, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found. `score`: 0.0-1.0, comparable within one answer only. `snippet`: None when only fields match."""

    record_id: str
    score: float
    file_name: str
    type_code: str | None
    type_name: str | None
    issuer: str | None
    code: str | None
    issued_date: str | None
    subject: str | None
    needs_review: bool
    snippet: Snippet | None


@dataclass(frozen=True, slots=True)
class Hits:
    """`total`: records that match. `facets`: facet name (type, issuer, unit, sector, batch, year, review) -> value -> count over
    them, most frequent first. `with_marks`: how many of them hold the words with the marks typed; None when no marks were typed.

    `at_least`: more match than are counted. Then `total` is the number of those counted, which are the newest, and each of the
    other counts speaks of these alone: it is the least that there are. `hits` and `next_cursor` know no such bound."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    next_cursor: str | None = None
    with_marks: int | None = None
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows the matches; None = any. `type_key` and `issuer_key` as the index keeps them; dates inclusive.

    A record passes when its unit and sector are in the scope too.
    """

    scope: Scope
    type_key: str | None
    issuer_key: str | None
    date_from: str | None
    date_to: str | None
    unit: str | None
    sector: str | None
    batch: str | None
    needs_review: bool


@dataclass(frozen=True, slots=True)
class Understood:
    """A query that was checked. `with_tones`: marks were typed, so they count; `exact`: what lacks them is no match."""

    terms: tuple[Term, ...]
    with_tones: bool
    exact: bool
    filters: Filters
    limit: int


def understand(query: Query) -> Understood:
    """Check everything, take the text apart. Raises BadQuery; says nothing about `query.cursor`."""
    if len(query.text) > MAX_CHARACTERS:
        _refuse(f"dài quá {MAX_CHARACTERS} ký tự")
    if not 1 <= query.limit <= MAX_LIMIT:
        _refuse(f"số kết quả mỗi lần phải từ 1 đến {MAX_LIMIT}")
    terms = terms_of(clean(query.text))
    if query.text.strip() and not terms:
        _refuse("không có chữ hoặc số nào để tìm")
    if sum(len(term.exact[0]) for term in terms) > MAX_WORDS:
        _refuse(f"nhiều quá {MAX_WORDS} từ")
    return Understood(terms, any(term.has_marks for term in terms), query.exact, _filters(query), query.limit)


def _filters(query: Query) -> Filters:
    date_from, date_to = _date(query.date_from), _date(query.date_to)
    if date_from and date_to and date_from > date_to:
        raise BadDate("ngày bắt đầu sau ngày kết thúc")
    type_code, issuer = _value(query.type_code), _value(query.issuer)
    return Filters(
        scope=query.scope,
        type_key=None if type_code is None else fold(type_code),
        issuer_key=None if issuer is None else issuer_key(issuer),
        date_from=date_from,
        date_to=date_to,
        unit=_value(query.unit),
        sector=_value(query.sector),
        batch=_value(query.batch),
        needs_review=query.needs_review,
    )


def _value(text: str | None) -> str | None:
    if text is not None and len(text) > MAX_FILTER_CHARACTERS:
        _refuse(f"điều kiện lọc dài quá {MAX_FILTER_CHARACTERS} ký tự")
    return None if text is None else clean(text)


def _date(text: str | None) -> str | None:
    """ISO. Raises BadDate."""
    if text is None:
        return None
    found = DATE.fullmatch(text.strip())
    if found is None:
        raise BadDate(f"không hiểu «{clean(text)[:20]}»")
    year, month, day = (found[name] or found[name[0]] for name in ("year", "month", "day"))
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        raise BadDate(f"{found[0]}: ngày không có thật") from None


def _refuse(reason: str) -> NoReturn:
    raise BadQuery(reason) from None
