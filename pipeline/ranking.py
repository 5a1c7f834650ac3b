"""In which order hits are shown: a ladder. A record stands on the highest step that one of its pages reaches; on one step the
newest comes first. Both indexes build their queries from these steps, so that they show the same records first.

    the record's own number, as typed, before a misread one, before a number that is only mentioned
      marks as typed before any marks                      ("Hà" before "Hạ"; when no marks are typed, none are asked for)
        a phrase, then all words in the fields, then near each other, then each beside a neighbour it was typed with, then all
        words on one page;  a phrase in the fields before one in the text
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, pairwise, product

from pipeline.terms import Term

NEAR_WORDS = 12
"""Words between the first and the last of words that are "near": a printed line has about as many."""

MOST_NEAR = 5
"""Terms that are looked for near each other; of more the pairs tell as much, for a third of the time."""

FEW = 3
FEW_TERMS = 4
"""With fewer records than FEW the question is asked again, less strictly. Of a question with more terms than FEW_TERMS one record
is enough: nothing holds so many words by chance."""

ENOUGH_WEIGHT = 0.6
"""Share of the weight of all terms that a record holds after being asked less strictly: of three equal terms one may be missing,
of two none; a frequent word may be missing beside a rare one, a rare one never."""

MOST_BLOCKS = 6
"""Neighbouring terms of a long query count as one block, found or not found together."""

WIDENED_LETTERS = 4
"""Letters from which on a word may have one wrong: with three nearly every slip is another Vietnamese syllable."""

MOST_WIDENED = 6
"""Words of a query for which slips are looked up, each costs some hundred look-ups; and slips taken for each."""

RARE_SHARE = 0.01
MOST_RARE = 100
"""A slip of a word that is there itself is rarer than that share of the pages and that number, and no possible syllable: it was
made by a reader. Others are words of their own."""

SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnprstvx])?"
    r"(?:uye|uya|ie|ye|uo|oa|oe|oo|ua|ue|uy|ia|ya|ui|uu|[aeiouy])(?:ch|ng|nh|[cmnptiuoy])?"
)
"""A possible Vietnamese syllable without its marks."""

LETTERS = "abcdefghijklmnopqrstuvwxyz01"


class Own(StrEnum):
    """How a document's number is found."""

    AS_TYPED = "as typed"
    MISREAD = "misread"
    MENTIONED = "mentioned"


class How(StrEnum):
    """How words stand. PAIRS: each beside the one it was typed before or after, for most Vietnamese words have two syllables."""

    PHRASE = "phrase"
    NEAR = "near"
    PAIRS = "pairs"
    ALL = "all"


class Where(StrEnum):
    """Where words stand. PAGE: on the page or in the fields."""

    FIELDS = "fields"
    TEXT = "text"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the ladder. `marks`: with the marks as typed."""

    own: Own
    marks: bool
    how: How
    where: Where


WORD_STEPS = (
    (How.PHRASE, Where.FIELDS),
    (How.PHRASE, Where.TEXT),
    (How.ALL, Where.FIELDS),
    (How.NEAR, Where.TEXT),
    (How.PAIRS, Where.PAGE),
    (How.ALL, Where.PAGE),
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is looked at of very many records; of more nobody knows the difference, and all answers would wait for it.

    `counted`: matches that are counted, and of which the facets tell, the newest ones. `sampled`: records, the newest of those
    wanted, by which is judged how rare a word is. `placed`: matches of which an index may look up all places at once; of more it
    asks step by step, and ends with the step that has enough.
    """

    counted: int = 10_000
    sampled: int = 5_000
    placed: int = 1_000


BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Widening:
    """How a question is asked less strictly. `slips`: for each term other words (folded) that may stand for it; `weights`: of
    each block of terms, in thousandths, none while all terms are required. Kept in the cursor, so that all pages of an answer are
    of one order."""

    slips: tuple[tuple[str, ...], ...]
    weights: tuple[int, ...]


def ladder(terms: tuple[Term, ...], *, with_marks: bool) -> list[Step]:
    """The steps for a query, highest first. What is found and reaches none of them comes last."""
    owns = [Own.MENTIONED]
    if any(term.misread for term in terms):
        owns.insert(0, Own.MISREAD)
    if any(term.numbers for term in terms):
        owns.insert(0, Own.AS_TYPED)
    steps = []
    for own in owns:
        words = [term for term in terms if own is Own.MENTIONED or not term.numbers]
        steps += _word_steps(own, words, with_marks=with_marks) if words else [Step(own, False, How.ALL, Where.PAGE)]
    return steps


def _word_steps(own: Own, terms: list[Term], *, with_marks: bool) -> list[Step]:
    return [
        Step(own, marks, how, where)
        for marks in ((True, False) if with_marks else (False,))
        for how, where in WORD_STEPS
        if _makes_sense(how, terms)
    ]


def _makes_sense(how: How, terms: list[Term]) -> bool:
    if how is How.PAIRS:
        return len(terms) > 2
    if how is How.NEAR:
        return 2 <= len(terms) <= MOST_NEAR
    return how is How.ALL or len(terms) > 1 or any(len(term.exact[0]) > 1 for term in terms)


def too_few(found: int, terms: tuple[Term, ...]) -> bool:
    """So few records were found that the question is to be asked less strictly."""
    return found < (FEW if len(terms) <= FEW_TERMS else 1)


def blocks(terms: tuple[Term, ...]) -> list[tuple[Term, ...]]:
    """At most MOST_BLOCKS groups of neighbouring terms, as equal in size as can be."""
    count = min(len(terms), MOST_BLOCKS)
    cuts = [len(terms) * at // count for at in range(count + 1)] if count else []
    return [terms[start:end] for start, end in pairwise(cuts)]


def enough(weights: tuple[int, ...]) -> int:
    """The weight that a record must hold."""
    return math.ceil(ENOUGH_WEIGHT * sum(weights))


def levels(weights: tuple[int, ...]) -> dict[int, list[frozenset[int]]]:
    """Every weight that a record may hold and that is enough, the heaviest first -> which blocks it then holds, and no others."""
    held: dict[int, list[frozenset[int]]] = {}
    for count in range(1, len(weights) + 1):
        for blocks_held in combinations(range(len(weights)), count):
            held.setdefault(sum(weights[at] for at in blocks_held), []).append(frozenset(blocks_held))
    return {weight: held[weight] for weight in sorted(held, reverse=True) if weight >= enough(weights)}


def widened(terms: tuple[Term, ...], widening: Widening) -> tuple[Term, ...]:
    """The terms with their slips: what may stand for a word, and numbers with one sign wrong."""
    return tuple(
        Term(
            term.exact,
            (*term.folded, *((slip,) for slip in slips)),
            (*term.numbers, *term.misread, *term.slipped),
        )
        for term, slips in zip(terms, widening.slips, strict=True)
    )


def slipping_word(term: Term) -> str:
    """The word of a term, without marks, if a slip in it can be told from another syllable; numbers have their own keys."""
    word = term.folded[0][0]
    long_enough = len(word) >= WIDENED_LETTERS and word.isalpha() and word.isascii()
    return word if long_enough and len(term.folded[0]) == 1 and not term.numbers else ""


def one_slip_away(word: str) -> list[str]:
    """Strings that become `word` by one letter lost, added, taken for another or by two changing places."""
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    lost = [left + right[1:] for left, right in halves if right]
    turned = [left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1]
    other = [left + letter + right[1:] for (left, right), letter in product(halves, LETTERS) if right]
    added = [left + letter + right for (left, right), letter in product(halves, LETTERS)]
    return [slip for slip in dict.fromkeys((*lost, *turned, *other, *added)) if slip != word]
