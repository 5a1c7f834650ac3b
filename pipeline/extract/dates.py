"""Place and date: "Bắc Ninh, ngày 05 tháng 9 năm 2024", day and month often handwritten or blank."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

LINE = re.compile(
    r"(?P<place>.*?)[\s,.;:]*n[gq][aàáảạăâ][yýjvỵỳ]?\s*(?P<day>.{0,14}?)\s*th[aáàảạăâ][nm]g?\s*(?P<month>.{0,12}?)\s*n[aăâáàã]?[mn]\s*(?P<year>.*)$",
    re.IGNORECASE,
)
BLANK = re.compile(r"[.…_\s·,\-]*")
EARLIEST_YEAR = 1945
"""The first documents of the present state."""


@dataclass(frozen=True, slots=True)
class DateLine:
    """Parts as (start, end) in the text; `value` ISO when all three parts are clean figures of a real day.

    `day_at`, `month_at` take in the white space around them: what is written by hand fills the gap.
    """

    place: str | None
    place_at: tuple[int, int]
    value: str | None
    blank: bool
    impossible: bool
    date_at: tuple[int, int]
    day_at: tuple[int, int]
    month_at: tuple[int, int]


def read_date_line(text: str) -> DateLine | None:
    """None when there is no "ngày ... tháng ... năm" in the text."""
    found = LINE.search(text)
    if found is None:
        return None
    place = found["place"].strip(" ,.;:|'\"-_*")
    day, month, year = (found[part] for part in ("day", "month", "year"))
    blank = any(BLANK.fullmatch(part) for part in (day, month, year[:4])) or bool(re.match(r"20\s*[.…_]", year))
    parts = [_figures(day, 31), _figures(month, 12), _year(year)]
    value, impossible = _iso(parts)
    return DateLine(
        place or None,
        found.span("place"),
        value,
        blank,
        impossible,
        (found.end("place"), len(text)),
        found.span("day"),
        found.span("month"),
    )


def _figures(text: str, most: int) -> int | None:
    """A day or month: figures alone, nothing else; a sign of handwriting makes it None."""
    tidy = text.strip(" .,:")
    return int(tidy) if re.fullmatch(r"\d{1,2}", tidy) and 1 <= int(tidy) <= most else None


def _year(text: str) -> int | None:
    found = re.match(r"\s*(\d{4})(?!\d)", text)
    return int(found[1]) if found and EARLIEST_YEAR <= int(found[1]) <= 2100 else None


def _iso(parts: list[int | None]) -> tuple[str | None, bool]:
    day, month, year = parts
    if day is None or month is None or year is None:
        return None, False
    try:
        return date(year, month, day).isoformat(), False
    except ValueError:
        return None, True
