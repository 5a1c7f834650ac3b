"""What was typed -> terms. All that is typed has to be found, in any order; what belongs together is one term:

"phòng cháy"                 words in quotes: one after the other; a quote left open ends with the question
15/QĐ-UBND   QD-UBND 15      a document's number, also as it may have been misread
số 15   15   15/2024         a number alone, with its year
15/3/2024                    a date, in figures or written out
anything else                word by word
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pipeline.document_number import DocumentNumber, parse_number
from pipeline.index import DATE_KEY, folded_words, searched_words
from pipeline.text import SHAPES, spellings

Words = tuple[str, ...]
"""Words that stand one after the other."""

SO = r"(?:[Ss][ốổôo]|SỐ|SO)\b\s?[.:]?\s?"
END = r"(?!\w|/\w|[.,]\d)"
NUMBER = r"[\doOlI]{1,6}[a-zA-Z]?"
LETTERS = r"[^\W\d_]"
GROUP = rf"{LETTERS}[\w&]*"
NOTATION = rf"(?:[A-ZĐ]{{2,10}}(?:\s?-\s?[A-ZĐ]{{2,10}})+|{GROUP}(?:[-/]{GROUP})*)"
"""Spaces around a dash are part of a notation only between capitals ("QĐ - UBND"): "15/QĐ - Lương Tài" goes on with a word."""

YEAR = r"(?:19|20)\d\d"
TOKENS = re.compile(
    rf"""
      "(?P<quoted>[^"]*)(?:"|$)
    | (?<![\w/.-]) (?P<date>\d{{1,2}}([/.-])\d{{1,2}}\3{YEAR}) {END}
    | (?<![\w/.-]) (?:{SO})? (?P<code>{NUMBER}\s?/\s?(?:{YEAR}\s?/\s?)?{NOTATION} | {NUMBER}-{GROUP}/{GROUP}(?:[-/]{GROUP})*)
    | (?<![\w/.-]) (?P<turned>{LETTERS}+(?:-{LETTERS}+)+\s(?:{SO})?\d{{1,5}}[a-zA-Z]?) {END}
    | (?<![\w/.-]) (?P<month>\d{{1,5}}[a-zA-Z]?/{YEAR}) {END}
    | (?<![\w/.-]) (?P<numbered>{SO}\d{{1,6}}[a-zA-Z]?) {END}
    | (?<![\w/.-]) (?P<figures>\d{{1,6}}[a-zA-Z]?) {END}
    | (?P<word>[^\W_]+)
    """,
    re.VERBOSE,
)
ONE_YEAR = re.compile(YEAR)


@dataclass(frozen=True, slots=True)
class Term:
    """Something that has to be found. One of the runs of `exact` (as typed) or of `folded` (without marks), or a record's own
    number by one of its keys: `numbers` as typed, `misread` as it may have been read, `slipped` with one sign wrong."""

    exact: tuple[Words, ...]
    folded: tuple[Words, ...]
    numbers: tuple[str, ...] = ()
    misread: tuple[str, ...] = ()
    slipped: tuple[str, ...] = ()

    @property
    def has_marks(self) -> bool:
        """Marks in a number say nothing: its keys know how it is written."""
        return self.exact[0] != self.folded[0] and not self.numbers


def terms_of(text: str) -> tuple[Term, ...]:
    """`text` is clean."""
    terms: list[Term] = []
    for found in TOKENS.finditer(text.translate(SHAPES)):
        kind = found.lastgroup or "word"
        terms += BUILDERS[kind](found[kind])
    return tuple(terms)


def _term(runs: Iterable[Iterable[str]], number: DocumentNumber | None = None, keys: tuple[str, ...] = ()) -> Term:
    exact = tuple(dict.fromkeys(tuple(run) for run in runs))
    folded = tuple(dict.fromkeys(tuple(folded_words(list(run))) for run in exact))
    if number is None:
        return Term(exact, folded, keys)
    return Term(exact, folded, number.keys, number.misread_keys, number.slipped_keys)


def _quoted(text: str) -> list[Term]:
    words = searched_words(text)
    return [_term([words])] if words else []


def _word(text: str) -> list[Term]:
    return [_term((run,) for run in spellings(word)) for word in searched_words(text)]


def _code(text: str) -> list[Term]:
    number = parse_number(text)
    if number is None:
        return _word(text)
    first, *notation = searched_words(text)
    return [_term(([shown, *notation] for shown in (*_figures_shown(first), *_figures_shown(number.number))), number)]


def _turned(text: str) -> list[Term]:
    """ "QD-UBND 15": the notation before the number."""
    *notation, figures = [word for word in searched_words(text) if word not in ("số", "so")]
    number = parse_number(f"{figures}/{'-'.join(notation)}")
    return [_term([[figures, *notation], [*notation, figures]], number)]


def _month(text: str) -> list[Term]:
    """ "15/2024": a number and its year, or a month ("tháng 9 năm 2024")."""
    figures, year = searched_words(text)
    shown = _figures_shown(figures)
    runs = [[one, year] for one in shown] + [[one, "năm", year] for one in shown]
    return [_term(runs, parse_number(text))]


def _numbered(text: str) -> list[Term]:
    """ "số 15"."""
    word, figures = searched_words(text)
    return [_term(([word, shown] for shown in _figures_shown(figures)), parse_number(figures))]


def _figures(text: str) -> list[Term]:
    """A year is no number of a document until somebody says so ("số 2024")."""
    (figures,) = searched_words(text)
    number = None if ONE_YEAR.fullmatch(figures) else parse_number(figures)
    return [_term(([shown] for shown in _figures_shown(figures)), number)]


def _date(text: str) -> list[Term]:
    day, month, year = searched_words(text)
    try:
        known = date(int(year), int(month), int(day))
    except ValueError:
        return _word(text)
    days, months = _figures_shown(day), _figures_shown(month)
    figures = [[d, m, year] for d in days for m in months]
    written = [[d, "tháng", m, "năm", year] for d in days for m in months]
    return [_term(figures + written, keys=(DATE_KEY.format(known.isoformat()),))]


def _figures_shown(figures: str) -> list[str]:
    """As typed, with and without the zero that stands before numbers under ten."""
    bare = figures.lstrip("0") or "0"
    return list(dict.fromkeys((figures, bare, f"0{bare}" if len(bare) == 1 else bare)))


BUILDERS = {
    "quoted": _quoted,
    "date": _date,
    "code": _code,
    "turned": _turned,
    "month": _month,
    "numbered": _numbered,
    "figures": _figures,
    "word": _word,
}
