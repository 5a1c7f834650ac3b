"""A document's number ("15/QĐ-UBND") and the keys under which it is found. The index keeps all keys of a record; a query asks
for the keys of what was typed; where two are equal they mean the same number.

    15   15/2024   15/qd   15/ubnd   15/qd-ubnd   15/2024/qd-ubnd     what people type of it
    15~00u8n0                                                         the same after usual misreadings (Đ/D/O/0, 1/l, B/8, dashes)
    15~~0u8n0  15~~00u8n  ...                                         one letter of the notation lost, added or taken for another

Grammar: decree 30/2020, appendix III; numbers of the Party ("57-NQ/TW") and with a year ("05/2025/TT-BNV").
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipeline.text import fold

NUMBER = re.compile(
    r"(?:so\b[\s:.]*)?(?=[oil]*\d|[oil]{1,5}\s?/)(?P<digits>[\doil]{1,6})\s?(?P<letter>[a-z]?)(?![\d.,]*[a-z0-9])"
)
"""Digits and a trailing letter; o, i and l are taken for 0 and 1. Whatever has no digit must at least stand before a slash."""

YEAR = re.compile(r"[\s/-]*((?:19|20)\d\d)(?!\d)")
GROUP = re.compile(r"[a-z0-9&]+")
MISREAD = str.maketrans({"d": "0", "q": "0", "o": "0", "i": "1", "l": "1", "j": "1", "b": "8", "s": "5", "z": "2", "g": "6"})
"""Letters and digits that readers take for one another, as one sign. No two digits fall together."""

SHORTEST_SLIPPED = 4
"""Signs of a notation that may lose one: shorter ones would all be alike ("QĐ", "CT")."""

LONGEST_SLIPPED = 64
"""No notation is as long as that. What is longer is a misreading, and would have as many keys as signs, each as long as it is."""


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """Folded and tidy. `number`: digits without leading zeros and a letter ("2a"). `notation`: groups joined by a dash, or ""."""

    number: str
    year: int | None
    notation: str

    @property
    def keys(self) -> tuple[str, ...]:
        """What a query with this number asks for, as it stands. A year asks also for records whose year is not known."""
        if not self.notation:
            return (f"{self.number}/{self.year}",) if self.year else (self.number,)
        return tuple(f"{self.number}{year}/{self.notation}" for year in self._years)

    @property
    def misread_keys(self) -> tuple[str, ...]:
        """Keys that are the same however the notation was misread; none without a notation."""
        return tuple(f"{self.number}{year}~{self._signs}" for year in self._years) if self.notation else ()

    @property
    def slipped_keys(self) -> tuple[str, ...]:
        """Keys of the notation's signs, and of them with one left out: two notations that share a key differ by one sign."""
        signs = self._signs
        if not SHORTEST_SLIPPED <= len(signs) <= LONGEST_SLIPPED:
            return ()
        shorter = (signs[:at] + signs[at + 1 :] for at in range(len(signs)))
        return tuple(dict.fromkeys(f"{self.number}~~{form}" for form in (signs, *shorter)))

    @property
    def _years(self) -> tuple[str, ...]:
        return (f"/{self.year}", "/*") if self.year else ("",)

    @property
    def _signs(self) -> str:
        return self.notation.replace("-", "").translate(MISREAD)


def parse_number(text: str) -> DocumentNumber | None:
    """ "Số: 05/2025/TT-BNV", "57-NQ/TW", "15 / QĐ - UBND", "15" -> its parts; None when it does not begin with a number."""
    folded = fold(text).strip(" :.,;")
    head = NUMBER.match(folded)
    if head is None:
        return None
    digits = head["digits"].translate(str.maketrans("oil", "011"))
    rest = folded[head.end() :]
    year = YEAR.match(rest)
    groups = GROUP.findall(rest[year.end() :] if year else rest)
    return DocumentNumber((digits.lstrip("0") or "0") + head["letter"], int(year[1]) if year else None, "-".join(groups))


def code_keys(code: str, year: int | None = None) -> tuple[str, ...]:
    """All keys under which a record with this number is found, without doubles; `year` of its date when the number has none.

    () when it is no number: nobody can ask for it as one.
    """
    parsed = parse_number(code)
    if parsed is None:
        return ()
    number, year = parsed.number, parsed.year or year
    keys = [number, f"{number}/{year}"] if year else [number]
    if parsed.notation:
        bare = replace(parsed, year=None)
        keys += [f"{number}/{group}" for group in parsed.notation.split("-")]
        keys += [*bare.keys, *bare.misread_keys, *bare.slipped_keys]
        keys += [key.replace(number, f"{number}/{year or '*'}", 1) for key in (*bare.keys, *bare.misread_keys)]
    return tuple(dict.fromkeys(keys))
