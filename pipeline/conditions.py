"""Terms and steps -> what a page has to hold: a condition that every index asks in its own language.

Words in a condition are letters and digits alone. A page is searched as pipeline/index.py says: by its own words and those of its
record's fields, with marks and without, and by the keys of its record's number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice, pairwise, product

from pipeline.ranking import How, Own, Step, Where, Widening, ladder, widened
from pipeline.terms import Term, Words

MOST_WORDINGS = 8
"""Ways to write a phrase whose words have several spellings; further ones are found by the steps that ask word by word."""


@dataclass(frozen=True, slots=True)
class Runs:
    """One of these runs, its words one after the other. `marks`: with the marks as they are here."""

    runs: tuple[Words, ...]
    where: Where
    marks: bool


@dataclass(frozen=True, slots=True)
class Near:
    """The runs of one of these wordings, NEAR_WORDS apart at most, in any order."""

    wordings: tuple[tuple[Words, ...], ...]
    where: Where
    marks: bool


@dataclass(frozen=True, slots=True)
class Keys:
    """The record's number has one of these keys."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Every:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple[Condition, ...]


Condition = Runs | Near | Keys | Every | Either


def anything(terms: Iterable[Term]) -> Condition:
    """All terms in any form, anywhere on a page or in the fields: the least that a hit has to hold."""
    return Every(tuple(_anyhow(term) for term in dict.fromkeys(terms)))


def as_typed(terms: Iterable[Term]) -> Condition:
    """As `anything`, but words with the marks that were typed and no others; marks in a number say nothing."""
    parts = [_anyhow(term) if term.numbers else Runs(term.exact, Where.PAGE, marks=True) for term in terms]
    return Every(tuple(dict.fromkeys(parts)))


def any_of(terms: Iterable[Term]) -> Condition:
    """At least one of the terms in the page's text."""
    return Runs(tuple(run for term in terms for run in term.folded), Where.TEXT, marks=False)


def single(word: str) -> Condition:
    """A word without its marks, on a page or in the fields."""
    return Runs(((word,),), Where.PAGE, marks=False)


def steps_of(terms: tuple[Term, ...], widening: Widening | None, *, with_marks: bool) -> list[Condition]:
    """One for each step that a hit may stand on, highest first; hits that reach none of them come last."""
    if not terms:
        return []
    steps = [on_step(terms, step) for step in ladder(terms, with_marks=with_marks)]
    if widening:
        others = widened(terms, widening)
        steps += [on_step(others, step) for step in ladder(others, with_marks=False)]
    return steps


def reaches_all(steps: list[Condition], terms: tuple[Term, ...]) -> bool:
    """Whether every record that holds the terms stands on one of the steps, so that none comes after them."""
    return bool(steps) and steps[-1] == anything(terms)


def on_step(terms: Iterable[Term], step: Step) -> Condition:
    """What a page holds that stands on this step."""
    by_key = [term for term in terms if step.own is not Own.MENTIONED and term.numbers]
    by_words = [term for term in terms if term not in by_key]
    parts: list[Condition] = [Keys(term.numbers if step.own is Own.AS_TYPED else term.misread or term.numbers) for term in by_key]
    if by_words:
        parts.append(WORDINGS[step.how](by_words, step))
    return Every(tuple(parts))


def _anyhow(term: Term) -> Condition:
    words = Runs(term.folded, Where.PAGE, marks=False)
    keys = (*term.numbers, *term.misread)
    return Either((words, Keys(keys))) if keys else words


def _all(terms: list[Term], step: Step) -> Condition:
    """Numbers have no marks of their own."""
    parts = []
    for term in dict.fromkeys(terms):
        marks = step.marks and not term.numbers
        parts.append(Runs(term.exact if marks else term.folded, step.where, marks))
    return Every(tuple(parts))


def _phrase(terms: list[Term], step: Step) -> Runs:
    runs = (tuple(word for run in runs for word in run) for runs in _wordings(terms, step))
    return Runs(tuple(runs), step.where, step.marks)


def _near(terms: list[Term], step: Step) -> Condition:
    """A word that was typed twice need not stand there twice."""
    wordings = dict.fromkeys(tuple(dict.fromkeys(runs)) for runs in _wordings(terms, step))
    return Near(tuple(wordings), step.where, step.marks)


def _pairs(terms: list[Term], step: Step) -> Condition:
    """Every term with the one before it or the one after it."""
    pairs = [_phrase(list(pair), step) for pair in pairwise(terms)]
    beside = [pairs[:1], *([before, after] for before, after in pairwise(pairs)), pairs[-1:]]
    runs = (tuple(run for pair in either for run in pair.runs) for either in beside)
    return Every(tuple(Runs(either, step.where, step.marks) for either in dict.fromkeys(runs)))


def _wordings(terms: list[Term], step: Step) -> list[tuple[Words, ...]]:
    return list(islice(product(*(term.exact if step.marks else term.folded for term in terms)), MOST_WORDINGS))


WORDINGS = {How.PHRASE: _phrase, How.NEAR: _near, How.PAIRS: _pairs, How.ALL: _all}
