"""How a question is asked less strictly while few records are found: for all terms; for all terms, also with a slip in a word;
for most of the terms. An index tells what it holds; the rules are here."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from pipeline.conditions import Condition, anything, single
from pipeline.ranking import (
    FEW,
    MOST_RARE,
    MOST_WIDENED,
    RARE_SHARE,
    SYLLABLE,
    Widening,
    blocks,
    slipping_word,
    too_few,
    widened,
)
from pipeline.terms import Term


@dataclass(frozen=True, slots=True)
class Sample:
    """Pages of the newest records, and how many of them meet each condition that was asked about."""

    pages: int
    meeting: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """`there`: a word stands on some page. `slips`: strings one slip away from it; those may be left out that stand on no page of
    the whole index."""

    there: bool
    slips: Sequence[str]


class Countable(Protocol):
    """One question to an index. Whatever is counted for it is counted among the records that the asker may see and wants."""

    def match(self, terms: tuple[Term, ...], widening: Widening | None) -> int:
        """Ask so; returns how many records match, no more than are ever counted. What was asked last is what will be shown."""

    def sample(self, conditions: Sequence[Condition]) -> Sample:
        """Of the newest of those records, as many as Bounds says."""

    def pages_with(self, conditions: Sequence[Condition], limit: int) -> list[int]:
        """How many of their pages meet each condition; counts no further than `limit`."""

    def neighbours(self, words: Sequence[str]) -> Mapping[str, Neighbours]:
        """For each word, all different."""


def widen(index: Countable, terms: tuple[Term, ...]) -> Widening | None:
    """Ask until enough is found; returns how the question was widened."""
    if not too_few(index.match(terms, None), terms):
        return None
    widening = Widening(_slips(index, terms), ())
    if too_few(index.match(terms, widening), terms):
        widening = replace(widening, weights=_weights(index, widened(terms, widening)))
        index.match(terms, widening)
    return widening


def _slips(index: Countable, terms: tuple[Term, ...]) -> tuple[tuple[str, ...], ...]:
    """For each term words that are there and one slip away: any when the word itself is not there, else only those that readers
    make."""
    words = _may_slip(terms)
    asked = list(dict.fromkeys(word for word in words if word))
    near = index.neighbours(asked)
    pairs = [(word, slip) for word in asked for slip in near[word].slips if not (near[word].there and SYLLABLE.fullmatch(slip))]
    counts = index.pages_with([single(slip) for _, slip in pairs], MOST_RARE + 1)
    rare = _rare(index.sample(())) if any(counts) else 0
    fitting: dict[str, list[tuple[int, str]]] = {"": [], **{word: [] for word in asked}}
    for (word, slip), count in zip(pairs, counts, strict=True):
        if count and (count <= rare or not near[word].there):
            fitting[word].append((-count, slip))
    return tuple(tuple(slip for _, slip in sorted(fitting[word])[:MOST_WIDENED]) for word in words)


def _rare(sample: Sample) -> int:
    """Pages that a slip stands on at the most. With more pages than in the sample it is MOST_RARE or near it anyway."""
    return min(MOST_RARE, max(FEW, math.floor(RARE_SHARE * sample.pages)))


def _may_slip(terms: tuple[Term, ...]) -> list[str]:
    """For each term the word of which slips are looked up, or "": the longest MOST_WIDENED words."""
    words = [slipping_word(term) for term in terms]
    longest = sorted(words, key=len, reverse=True)[:MOST_WIDENED]
    return [word if word in longest else "" for word in words]


def _weights(index: Countable, terms: tuple[Term, ...]) -> tuple[int, ...]:
    """Of each block: the rarer the heavier. What is nowhere weighs as the others do on average, for nobody can hold it."""
    held = [anything(block) for block in blocks(terms)]
    sample = index.sample(held)
    unmet = [condition for condition, count in zip(held, sample.meeting, strict=True) if not count]
    elsewhere = dict(zip(unmet, index.pages_with(unmet, 1), strict=True))
    there = [count or elsewhere[condition] for condition, count in zip(held, sample.meeting, strict=True)]
    known = [round(1000 * math.log2((sample.pages + 2) / (count + 1))) for count in sample.meeting]
    weighed = [weight for weight, somewhere in zip(known, there, strict=True) if somewhere]
    unknown = round(sum(weighed) / len(weighed)) if weighed else 1
    return tuple(weight if somewhere else unknown for weight, somewhere in zip(known, there, strict=True))
