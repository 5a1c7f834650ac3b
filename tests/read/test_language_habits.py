"""What a reader's habits make of its mistakes, and how they are learned."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.read.habits import Habits
from tests.read.readings import language, network
from tools.learn_habits import fit_confidence, habits_of, tally
from tools.read_lines import best_match

NETWORK, TESSERACT = language().first, language().second
chars = st.text(st.sampled_from("aáàeéếểoôốổdđkiíỉ,.12(—"), max_size=8)


def chance(habits: Habits, said: str, printed: str, sure: float = 0.9) -> float:
    return habits.chance(said, habits.right(said, [sure] * len(said)), printed)


@given(chars, chars, st.floats(0, 1))
def test_a_chance_is_never_more_than_one(said: str, printed: str, sure: float) -> None:
    assert -math.inf < chance(NETWORK, said, printed, sure) <= 0


def test_the_surer_the_reader_the_likelier_it_is_right() -> None:
    assert chance(NETWORK, "thế", "thế", 0.99) > chance(NETWORK, "thế", "thế", 0.6)
    assert chance(NETWORK, "thế", "thể", 0.99) < chance(NETWORK, "thế", "thể", 0.6)


def test_usual_mistakes_are_likelier_than_unusual_ones() -> None:
    assert chance(NETWORK, "thế", "thể") > chance(NETWORK, "thế", "thê") > chance(NETWORK, "thế", "thx")
    assert chance(TESSERACT, "chỉ", "chi") > chance(TESSERACT, "chỉ", "chí")


def test_a_sign_that_the_reader_cannot_write_may_be_printed_where_it_wrote_one_alike() -> None:
    assert chance(NETWORK, "-", "–", 0.999) > chance(TESSERACT, "-", "+", 0.999)
    assert chance(NETWORK, "", "^") > chance(NETWORK, "", "a")


def test_a_lost_word_costs_less_than_its_letters_lost_one_by_one() -> None:
    assert chance(NETWORK, "", "dân") > 3 * chance(NETWORK, "", "d")


@pytest.fixture(scope="module")
def learned() -> Habits:
    """Of a reader that takes one ể in four for ế, and is not so sure of it."""
    wrong = [(network("cụ thế là", "ế"), "cụ thể là")] * 30
    right = [(network("cụ thể là"), "cụ thể là")] * 90 + [(network("thế là xong"), "thế là xong")] * 40
    return Habits(**habits_of(tally([*wrong, *right]), {}))


def test_what_is_mistaken_for_what_is_learned(learned: Habits) -> None:
    assert list(learned.confusions) == ["ế"]
    assert learned.confusions["ế"]["ể"] > 0.7


def test_low_confidence_is_learned_to_mean_little(learned: Habits) -> None:
    (unsure,), (sure,) = learned.right("ế", [0.55]), learned.right("ế", [0.9995])
    assert unsure < 0.5 < sure


def test_a_line_with_nothing_in_common_teaches_nothing() -> None:
    assert tally([(network("xyz uvw"), "Nơi nhận:")]).said == []


def test_lost_characters_and_spaces_are_counted() -> None:
    found = tally([(network("Phòng,chống dịch bệnh"), "Phòng, chống dịch bệnhs")])
    assert found.lost == 1
    assert found.spaces[True, False] == 1  # printed, not seen


def test_the_line_of_the_truth_is_found_though_marks_and_signs_differ() -> None:
    truth = ["Nơi nhận:", "- Như Điều 3;", "- Lưu: VT, KHTC.", "1. Trạm y tế xã Ngày 20/11"]
    assert best_match(["- Luu:VT, KHTC"], truth) == "- Lưu: VT, KHTC."
    assert best_match(["Trạm y tể xã"], truth) == "Trạm y tế xã"
    assert best_match(["không giống gì"], truth) is None


def test_what_goes_with_being_right_weighs_for_it() -> None:
    cases = [((1.0, float(number % 2)), number % 2 == 0 or number % 10 == 1) for number in range(200)]
    always, bad_sign = fit_confidence(cases)
    assert always > 0 > bad_sign
