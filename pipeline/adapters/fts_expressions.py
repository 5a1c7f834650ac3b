"""Conditions and filters -> expressions of SQLite's full-text search (FTS5). Words are letters and digits alone, and quoted:
nothing that is typed can be an operator.

A word of a page stands in the full-text search under a sign that tells where it was found: so every kind of word has lists of its
own, and none is looked through for another's sake.

    quyet   §quyết         of the page's text, without marks and as printed
    ¦quyet  ¦§quyết        of the record's fields
    quyet·dinh  ¦so·noi    two neighbours without marks, by which a phrase is found without looking at every page with its words
    №15∕qd‐ubnd            a key of the record's number
    ¤sector6461742d646169  a value by which records are filtered
"""

from __future__ import annotations

from pipeline.conditions import Condition, Either, Every, Keys, Near, Runs
from pipeline.index import BATCH_END, YES, folded_words, pairs_of
from pipeline.query import Filters
from pipeline.ranking import NEAR_WORDS, Where
from pipeline.terms import Words

COLUMNS = ("folded", "exact", "fields_folded", "fields_exact", "keys")
"""Apart only so that no phrase begins in one and ends in another."""

FIELDS, MARKS, BESIDE, KEY, FILTER = "¦", "§", "·", "№", "¤"
"""Signs beyond ASCII are letters to the tokenizer "ascii", and in no word."""

CODE_LETTERS = str.maketrans("/-~*=&", "∕‐∼∗＝＆")
"""The tokenizer ends a word at these signs; their look-alikes beyond ASCII are letters to it."""

FILTERED = ("unit", "sector", "type_key", "needs_review")
"""Values that are words of every page of a record, and the names of its batches too."""


def columns(field_words: list[str], keys: str, exact: list[str]) -> tuple[str, ...]:
    """COLUMNS of a page, from the words of the fields, `keys_column`, and the words of the page."""
    folded, fields = folded_words(exact), folded_words(field_words)
    return (
        " ".join((*folded, *pairs_of(folded, BESIDE))),
        _signed(MARKS, exact),
        _signed(FIELDS, (*fields, *pairs_of(fields, BESIDE))),
        _signed(FIELDS + MARKS, field_words),
        keys,
    )


def keys_column(keys: tuple[str, ...], values: dict[str, str | None]) -> str:
    """The column `keys` of all pages of a record: the keys of its number, and its values of FILTERED."""
    filters = [filter_word("batches", name) for name in (values["batches"] or "").split(BATCH_END) if name]
    filters += [filter_word(name, value) for name in FILTERED if (value := values[name]) is not None]
    return " ".join((*map(code_word, keys), *filters))


def code_word(key: str) -> str:
    """A key of a document's number as one word."""
    return KEY + key.translate(CODE_LETTERS)


def filter_word(name: str, value: str) -> str:
    """A value as one word, whatever signs are in it."""
    return f"{FILTER}{name.replace('_', '')}{value.encode(errors='replace').hex()}"


def expression(condition: Condition) -> str:
    """What stands after MATCH."""
    match condition:
        case Every(parts):
            return " AND ".join(f"({expression(part)})" for part in parts)
        case Either(parts):
            return " OR ".join(f"({expression(part)})" for part in parts)
        case Keys(keys):
            return " OR ".join(_quoted("", (code_word(key),)) for key in keys)
        case Runs(runs, where, marks):
            return " OR ".join(_run(sign, run, marks=marks) for sign in _signs(where) for run in runs)
        case Near(wordings, where, marks):
            kind = MARKS if marks else ""
            return " OR ".join(_near(sign + kind, runs) for sign in _signs(where) for runs in wordings)


def filters_expression(filters: Filters) -> str | None:
    """What stands after MATCH for all filters that are words, and for what is known by words of others; None: for none."""
    equal = {
        "unit": filters.unit,
        "sector": filters.sector,
        "type_key": filters.type_key,
        "batches": filters.batch,
        "needs_review": YES if filters.needs_review else None,
    }
    allowed = {"unit": filters.scope.units, "sector": filters.scope.sectors}
    parts = [_quoted("", (filter_word(name, value),)) for name, value in equal.items() if value is not None]
    parts += _issuer(filters.issuer_key or "")
    for name, values in allowed.items():
        if values is not None:
            parts.append(f"({' OR '.join(_quoted('', (filter_word(name, value),)) for value in sorted(values)) or NOWHERE})")
    return " AND ".join(parts) or None


NOWHERE = f'"{FILTER}"'
"""A word that stands on no page."""


def _issuer(key: str) -> list[str]:
    """Words in a row, the last of them begun, stand in the fields: of these few records an issuer is asked for."""
    words = key.split()
    if len(words) < 2:
        return [f'"{FIELDS}{word}" *' for word in words]
    *pairs, begun = [FIELDS + pair for pair in pairs_of(words, BESIDE)]
    return [*(f'"{pair}"' for pair in pairs), f'"{begun}" *']


def _signed(sign: str, words: Words | list[str]) -> str:
    return " ".join(sign + word for word in words)


def _signs(where: Where) -> tuple[str, ...]:
    return {Where.FIELDS: (FIELDS,), Where.TEXT: ("",), Where.PAGE: (FIELDS, "")}[where]


def _run(sign: str, run: Words, *, marks: bool) -> str:
    """The pairs first: they are rare, and two words without marks are nothing but a pair."""
    pairs = [_quoted(sign, (pair,)) for pair in pairs_of(folded_words(list(run)), BESIDE)]
    if len(run) == 2 and not marks:
        return pairs[0]
    return f"({' AND '.join((*pairs, _quoted(sign + (MARKS if marks else ''), run)))})"


def _near(sign: str, runs: tuple[Words, ...]) -> str:
    return f"NEAR({' '.join(_quoted(sign, run) for run in runs)}, {NEAR_WORDS})"


def _quoted(sign: str, run: Words) -> str:
    return f'"{_signed(sign, run)}"'
