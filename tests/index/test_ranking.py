"""The ladder of hits, and what a slip is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from pipeline.ranking import (
    MOST_BLOCKS,
    How,
    Own,
    Where,
    Widening,
    blocks,
    enough,
    ladder,
    levels,
    one_slip_away,
    slipping_word,
    widened,
)
from pipeline.terms import terms_of

bare_words = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=7)


@given(word=bare_words)
def test_one_slip_away_is_at_a_distance_of_one(word: str) -> None:
    slips = one_slip_away(word)
    assert {OSA.distance(word, slip) for slip in slips} == {1}
    assert len(slips) == len(set(slips))


@given(word=bare_words, other=bare_words)
def test_every_word_at_a_distance_of_one_is_a_slip(word: str, other: str) -> None:
    assert (other in one_slip_away(word)) == (OSA.distance(word, other) == 1)


def test_without_typed_marks_none_are_asked_for() -> None:
    assert {step.marks for step in ladder(terms_of("dat dai"), with_marks=False)} == {False}
    assert [step.marks for step in ladder(terms_of("đất đai"), with_marks=True)] == [True] * 5 + [False] * 5


def test_one_word_is_no_phrase_and_near_nothing() -> None:
    assert {step.how for step in ladder(terms_of("đất"), with_marks=True)} == {How.ALL}
    assert {step.how for step in ladder(terms_of('"đất đai"'), with_marks=True)} == {How.PHRASE, How.ALL}
    assert {step.how for step in ladder(terms_of("a b c d e f g h i"), with_marks=False)} == {How.PHRASE, How.PAIRS, How.ALL}


def test_a_records_own_number_comes_first_where_there_is_one() -> None:
    owns = [step.own for step in ladder(terms_of("15/QĐ-UBND"), with_marks=False)]
    assert owns[:2] == [Own.AS_TYPED, Own.MISREAD]
    assert set(owns[2:]) == {Own.MENTIONED}
    assert Own.MISREAD not in {step.own for step in ladder(terms_of("số 15"), with_marks=False)}


def test_the_fields_go_before_the_page() -> None:
    steps = ladder(terms_of("dat dai"), with_marks=False)
    assert [(step.how, step.where) for step in steps] == [
        (How.PHRASE, Where.FIELDS), (How.PHRASE, Where.TEXT), (How.ALL, Where.FIELDS), (How.NEAR, Where.TEXT), (How.ALL, Where.PAGE),
    ]  # fmt: skip


@given(count=st.integers(0, 64))
def test_blocks_hold_every_term_once_in_its_place(count: int) -> None:
    terms = terms_of(" ".join(["đất"] * count))
    groups = blocks(terms)
    assert sum(groups, ()) == terms
    assert len(groups) == min(count, MOST_BLOCKS)
    assert not groups or max(map(len, groups)) - min(map(len, groups)) <= 1


@given(weights=st.lists(st.integers(0, 14_000), min_size=1, max_size=MOST_BLOCKS).map(tuple))
def test_every_set_of_blocks_that_weighs_enough_stands_on_the_level_of_its_weight(weights: tuple[int, ...]) -> None:
    found = levels(weights)
    assert list(found) == sorted(found, reverse=True)
    assert max(found) == sum(weights)
    sets = [one for of_level in found.values() for one in of_level]
    assert len(sets) == len(set(sets))
    for weight, of_level in found.items():
        assert {sum(weights[at] for at in one) for one in of_level} == {weight}
    missing = [
        one for one in range(1, 2 ** len(weights)) if frozenset(at for at in range(len(weights)) if one >> at & 1) not in sets
    ]
    assert all(sum(weights[at] for at in range(len(weights)) if one >> at & 1) < enough(weights) for one in missing)


def test_only_long_words_may_slip() -> None:
    typed = 'quyết dat "quyết định" 15/QĐ-UBND 2024 qu0c định'
    assert [slipping_word(term) for term in terms_of(typed)] == ["quyet", "", "", "", "", "", "dinh"]


def test_a_widened_term_takes_slips_and_numbers_with_one_sign_wrong() -> None:
    word, number = widened(terms_of("quyết 15/QĐ-UBND"), Widening((("quyt",), ()), ()))
    assert word.folded == (("quyet",), ("quyt",))
    assert "15~~0u8n0" in number.numbers
