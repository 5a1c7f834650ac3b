"""What people ask: a mixture of questions about records that are there, and some about what is not."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.index import IndexEntry
from pipeline.query import Query
from pipeline.text import fold, words
from tools.bench_search.office import SECTORS, TYPES

SHARES = {
    "accented": 22, "folded": 22, "phrase": 10, "number": 14, "filters": 12, "facets": 6, "deep cursor": 8, "slip": 6,
}  # fmt: skip
"""Of a hundred questions."""

DEEP = (1, 5)
"""Pages of 200 hits that were turned before the deep page that is asked for."""


@dataclass(frozen=True, slots=True)
class Question:
    """`turned`: pages of 200 hits before the one that is asked for."""

    kind: str
    query: Query
    turned: int = 0


class Asker:
    """Asks about records like `known`, ever the same for one seed."""

    def __init__(self, known: list[IndexEntry], seed: int) -> None:
        self._known = known
        self._chance = random.Random(seed)

    def questions(self, count: int) -> list[Question]:
        """Of every kind as many as SHARES says, mixed."""
        makers: dict[str, Callable[[], Query]] = {
            "accented": lambda: Query(self._remembered()),
            "folded": lambda: Query(fold(self._remembered())),
            "phrase": lambda: Query(f'"{self._stretch(self._chance.randint(2, 4))}"'),
            "number": lambda: Query(self._number()),
            "filters": self._filtered,
            "facets": self._filters_alone,
            "deep cursor": lambda: Query(self._remembered(), limit=20),
            "slip": lambda: Query(self._slip()),
        }
        kinds = [kind for kind, share in SHARES.items() for _ in range(round(count * share / 100))]
        self._chance.shuffle(kinds)
        return [Question(kind, makers[kind](), self._chance.randint(*DEEP) if kind == "deep cursor" else 0) for kind in kinds]

    def _record(self) -> IndexEntry:
        return self._chance.choice(self._known)

    def _stretch(self, count: int) -> str:
        """Words in a row, of a subject or of a page."""
        record = self._record()
        source = record.subject if record.subject and self._chance.random() < 0.5 else self._chance.choice(record.pages).text
        found = words(source)
        start = self._chance.randrange(max(1, len(found) - count))
        return " ".join(found[start : start + count])

    def _remembered(self) -> str:
        """A stretch of two to five words, or two stretches of one record in any order, or one or two words of any page."""
        kind = self._chance.random()
        if kind < 0.5:
            return self._stretch(self._chance.randint(2, 5))
        if kind < 0.8:
            found = words(self._chance.choice(self._record().pages).text)
            first, second = (self._chance.randrange(len(found) - 2) for _ in range(2))
            return " ".join((*found[first : first + 2], *found[second : second + self._chance.randint(1, 2)]))
        return self._stretch(self._chance.randint(1, 2))

    def _number(self) -> str:
        record = self._record()
        number, kind = record.code_number or "15", self._chance.random()
        if kind < 0.5:
            return record.code or "15/QĐ-UBND"
        if kind < 0.7:
            return f"{record.type_name} số {number}"
        if kind < 0.85:
            return f"{number}/{(record.issued_date or '2024')[:4]}"
        return ".".join(reversed((record.issued_date or "2024-03-15").split("-")))

    def _filtered(self) -> Query:
        record, text = self._record(), self._remembered()
        year = (record.issued_date or "2020")[:4]
        choices: tuple[Callable[[], Query], ...] = (
            lambda: Query(text, unit=record.placement.unit),
            lambda: Query(text, type_code=record.type_code, date_from=f"{year}-01-01", date_to=f"{year}-12-31"),
            lambda: Query(fold(text), sector=record.placement.sector),
            lambda: Query(text, issuer=record.issuer),
            lambda: Query(text, needs_review=True),
        )
        return self._chance.choice(choices)()

    def _filters_alone(self) -> Query:
        chance = self._chance
        choices: tuple[Callable[[], Query], ...] = (
            lambda: Query(""),
            lambda: Query("", unit=self._record().placement.unit),
            lambda: Query("", type_code=chance.choice(list(TYPES)), sector=chance.choice(SECTORS)),
            lambda: Query("", date_from=f"{chance.randint(2008, 2025)}-06-01"),
            lambda: Query("", batch=self._record().placement.batches[0]),
        )
        return chance.choice(choices)()

    def _slip(self) -> str:
        """One letter of the longest word is another; or one word is nowhere."""
        text = fold(self._stretch(self._chance.randint(2, 4)))
        if self._chance.random() < 0.3:
            return f"{text} zzzzqq"
        word = max(text.split(), key=len)
        at = self._chance.randrange(len(word))
        return text.replace(word, word[:at] + self._chance.choice("bcdghklmnprstx") + word[at + 1 :], 1)
