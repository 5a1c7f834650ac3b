"""Terms and steps -> expressions of SQLite's full-text search (FTS5). Words are letters and digits alone, and quoted: nothing
that is typed can be an operator."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice, pairwise, product

from pipeline.ranking import NEAR_WORDS, How, Own, Step, Where
from pipeline.terms import Term, Words

COLUMNS = ("fields_exact", "fields_folded", "codes", "exact", "folded")

CODE_LETTERS = str.maketrans("/-~*=&", "∕‐∼∗＝＆")
"""The tokenizer "ascii" ends a word at these signs; their look-alikes beyond ASCII are letters to it."""

MOST_WORDINGS = 8
"""Ways to write a phrase whose words have several spellings; further ones are found by the steps that ask word by word."""


def code_word(key: str) -> str:
    """A key of a document's number as one word of the column `codes`."""
    return key.translate(CODE_LETTERS)


def anything(terms: Iterable[Term]) -> str:
    """All terms in any form, anywhere on a page or in the fields: the least that a hit has to hold."""
    return " AND ".join(f"({_anyhow(term)})" for term in dict.fromkeys(terms))


def as_typed(terms: Iterable[Term]) -> str:
    """As `anything`, but words with the marks that were typed and no others; marks in a number say nothing."""
    words = [f"{_columns(Where.PAGE, marks=True)} : ({_either(term.exact)})" for term in terms if not term.numbers]
    numbers = [_anyhow(term) for term in terms if term.numbers]
    return " AND ".join(f"({part})" for part in dict.fromkeys((*words, *numbers)))


def any_of(terms: Iterable[Term]) -> str:
    """At least one of the terms in the page's text."""
    return f"{{folded}} : ({' OR '.join(_either(term.folded) for term in terms)})"


def on_step(terms: Iterable[Term], step: Step) -> str:
    """What a page holds that stands on this step."""
    by_key = [term for term in terms if step.own is not Own.MENTIONED and term.numbers]
    by_words = [term for term in terms if term not in by_key]
    parts = [_keys(term.numbers if step.own is Own.AS_TYPED else term.misread or term.numbers) for term in by_key]
    if by_words:
        parts.append(WORDINGS[step.how](by_words, step))
    return " AND ".join(f"({part})" for part in parts)


def _columns(where: Where, *, marks: bool) -> str:
    kind = "exact" if marks else "folded"
    return {Where.FIELDS: f"{{fields_{kind}}}", Where.TEXT: f"{{{kind}}}", Where.PAGE: f"{{fields_{kind} {kind}}}"}[where]


def _anyhow(term: Term) -> str:
    words = f"{_columns(Where.PAGE, marks=False)} : ({_either(term.folded)})"
    keys = (*term.numbers, *term.misread)
    return f"({words}) OR ({_keys(keys)})" if keys else words


def _all(terms: list[Term], step: Step) -> str:
    """Numbers have no marks of their own."""
    parts = []
    for term in dict.fromkeys(terms):
        marks = step.marks and not term.numbers
        parts.append(f"{_columns(step.where, marks=marks)} : ({_either(term.exact if marks else term.folded)})")
    return " AND ".join(f"({part})" for part in parts)


def _phrase(terms: list[Term], step: Step) -> str:
    return _in_columns(step, _phrases(terms, step))


def _near(terms: list[Term], step: Step) -> str:
    found = [f"NEAR({' '.join(map(_quoted, runs))}, {NEAR_WORDS})" for runs in _wordings(terms, step)]
    return _in_columns(step, " OR ".join(found))


def _pairs(terms: list[Term], step: Step) -> str:
    """Every term with the one before it or the one after it."""
    pairs = [_phrases(list(pair), step) for pair in pairwise(terms)]
    beside = [pairs[:1], *([before, after] for before, after in pairwise(pairs)), pairs[-1:]]
    return _in_columns(step, " AND ".join(dict.fromkeys(f"({' OR '.join(either)})" for either in beside)))


def _phrases(terms: list[Term], step: Step) -> str:
    return " OR ".join(_quoted(tuple(word for run in runs for word in run)) for runs in _wordings(terms, step))


def _wordings(terms: list[Term], step: Step) -> list[tuple[Words, ...]]:
    return list(islice(product(*(term.exact if step.marks else term.folded for term in terms)), MOST_WORDINGS))


def _in_columns(step: Step, found: str) -> str:
    return f"{_columns(step.where, marks=step.marks)} : ({found})"


WORDINGS = {How.PHRASE: _phrase, How.NEAR: _near, How.PAIRS: _pairs, How.ALL: _all}


def _either(runs: Iterable[Words]) -> str:
    return " OR ".join(map(_quoted, runs))


def _quoted(run: Words) -> str:
    return f'"{" ".join(run)}"'


def _keys(keys: Iterable[str]) -> str:
    return f"codes : ({' OR '.join(_quoted((code_word(key),)) for key in keys)})"
