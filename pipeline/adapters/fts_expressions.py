"""Conditions -> expressions of SQLite's full-text search (FTS5). Words are letters and digits alone, and quoted: nothing that is
typed can be an operator."""

from __future__ import annotations

from pipeline.conditions import Condition, Either, Every, Keys, Near, Runs
from pipeline.ranking import NEAR_WORDS, Where
from pipeline.terms import Words

COLUMNS = ("fields_exact", "fields_folded", "codes", "exact", "folded")

CODE_LETTERS = str.maketrans("/-~*=&", "∕‐∼∗＝＆")
"""The tokenizer "ascii" ends a word at these signs; their look-alikes beyond ASCII are letters to it."""


def code_word(key: str) -> str:
    """A key of a document's number as one word of the column `codes`."""
    return key.translate(CODE_LETTERS)


def expression(condition: Condition) -> str:
    """What stands after MATCH."""
    match condition:
        case Every(parts):
            return " AND ".join(f"({expression(part)})" for part in parts)
        case Either(parts):
            return " OR ".join(f"({expression(part)})" for part in parts)
        case Keys(keys):
            return f"codes : ({' OR '.join(_quoted((code_word(key),)) for key in keys)})"
        case Runs(runs, where, marks):
            return f"{_columns(where, marks=marks)} : ({' OR '.join(map(_quoted, runs))})"
        case Near(wordings, where, marks):
            return f"{_columns(where, marks=marks)} : ({' OR '.join(map(_near, wordings))})"


def _columns(where: Where, *, marks: bool) -> str:
    kind = "exact" if marks else "folded"
    return {Where.FIELDS: f"{{fields_{kind}}}", Where.TEXT: f"{{{kind}}}", Where.PAGE: f"{{fields_{kind} {kind}}}"}[where]


def _near(runs: tuple[Words, ...]) -> str:
    return f"NEAR({' '.join(map(_quoted, runs))}, {NEAR_WORDS})"


def _quoted(run: Words) -> str:
    return f'"{" ".join(run)}"'
