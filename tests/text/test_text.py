"""The one normaliser: whoever compares two Vietnamese texts compares these."""

from __future__ import annotations

import string
import unicodedata
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import TONES, clean, fold, match_key, place_tones, spellings, words

VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
LETTERS = VIETNAMESE + VIETNAMESE.upper()
NORMALISERS = [clean, match_key, fold]

syllables = st.text(LETTERS, min_size=1, max_size=7)
sentences = st.lists(syllables | st.sampled_from(["-", "–", ",", "/", "15", "“", "\u200b"]), max_size=12).map(" ".join)
texts = sentences | st.text(max_size=30) | st.text(LETTERS + TONES + "\u0302\u0306\u031b \t\n", max_size=30)


@pytest.mark.parametrize("normalised", NORMALISERS)
@given(text=texts)
def test_normalising_twice_changes_nothing(normalised, text: str) -> None:  # type: ignore[no-untyped-def]
    once = normalised(text)
    assert normalised(once) == once


@pytest.mark.parametrize("normalised", NORMALISERS)
@given(text=texts)
def test_composed_and_decomposed_text_are_one(normalised, text: str) -> None:  # type: ignore[no-untyped-def]
    assert normalised(unicodedata.normalize("NFD", text)) == normalised(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize("normalised", NORMALISERS)
@given(text=texts)
def test_what_comes_out_is_composed_and_has_single_spaces(normalised, text: str) -> None:  # type: ignore[no-untyped-def]
    out = normalised(text)
    assert unicodedata.is_normalized("NFC", out)
    assert out == " ".join(out.split())


@given(text=texts)
def test_each_level_builds_on_the_one_before(text: str) -> None:
    assert match_key(clean(text)) == match_key(text)
    assert fold(match_key(text)) == fold(text)


@given(text=sentences)
def test_case_changes_nothing_in_vietnamese(text: str) -> None:
    assert match_key(text.upper()) == match_key(text.lower()) == match_key(text)


@given(text=sentences)
def test_no_vietnamese_letter_keeps_a_mark(text: str) -> None:
    assert set(fold(text)) <= set(string.ascii_lowercase + string.digits + ' -,/"')


@given(text=sentences)
def test_folding_keeps_the_words_one_for_one(text: str) -> None:
    exact = words(match_key(text))
    assert fold(" ".join(exact)).split() == [fold(word) for word in exact]
    assert [len(fold(word)) for word in exact] == [len(word) for word in exact]


@given(text=st.text())
def test_any_text_at_all_has_a_key(text: str) -> None:
    assert fold(text) is not None
    assert all(word.isalnum() for word in words(match_key(text)))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("hòa", "hoà"), ("HÒA", "hoà"), ("Hòa Bình", "hoà bình"), ("thủy", "thuỷ"), ("ỦY BAN", "Uỷ ban"), ("khỏe", "khoẻ"),
        ("tòa án", "toà án"), ("Ho\u0300a", "hoà"), ("hoa\u0300", "hòa"), ("Ðường", "đường"), ("số – 15", "số - 15"), ("“a”", '"a"'),
        ("A…", "a..."), ("zê\u200brô", "zêrô"), ("  a \t\n b\u00a0c ", "a b c"), ("quye\u0302\u0301t", "quyết"),
    ],
)  # fmt: skip
def test_one_word_written_in_two_ways_has_one_key(first: str, second: str) -> None:
    assert match_key(first) == match_key(second)


@pytest.mark.parametrize("word", ["hoàn", "quý", "loài", "thuyền", "toàn", "khuỷu", "hoa", "của", "mía", "giá", "quỳ", "ngoằn"])
def test_a_tone_that_stands_right_in_both_ways_stays(word: str) -> None:
    assert place_tones(word) == word


@pytest.mark.parametrize(("pair", "tone"), [*product(("oa", "oe", "uy"), TONES)])
def test_every_open_syllable_moves_its_tone(pair: str, tone: str) -> None:
    old = unicodedata.normalize("NFC", pair[0] + tone + pair[1])
    new = unicodedata.normalize("NFC", pair + tone)
    assert place_tones(f"h{old}") == f"h{new}"
    assert place_tones(f"H{old.upper()}") == f"H{new.upper()}"
    assert place_tones(f"h{old}n") == f"h{old}n"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Quyết định", "quyet dinh"), ("ĐƯỜNG ĐIỆN BIÊN", "duong dien bien"), ("Ðà Nẵng", "da nang"), ("Trưởng", "truong"),
        ("15/QĐ-UBND", "15/qd-ubnd"), ("", ""), ("\u0300", ""), ("a \u0301 b", "a b"), ("naïve Straße", "naive strasse"),
    ],
)  # fmt: skip
def test_folded_text_is_what_people_type_in_a_hurry(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    "invisible", ["\x00", "\x07", "\x1b", "\x9f", "\u00ad", "\u200b", "\u202e", "\u2066", "\ufeff", "\ud800"]
)
def test_what_nobody_sees_is_no_part_of_a_text(invisible: str) -> None:
    assert clean(f"a{invisible}b") == "ab"
    assert clean(f"e{invisible}\u0301") == "é"


@pytest.mark.parametrize("white", ["\t", "\n", "\r\n", "\x0b", "\f", "\x1f", "\x85", "\u00a0", "\u2028", "\u3000", "   "])
def test_white_space_of_any_kind_is_one_space(white: str) -> None:
    assert clean(f"a{white}b") == "a b"


def test_letters_and_figures_make_words() -> None:
    assert words("Số: 15/QĐ-UBND, ngày 02_03") == ["Số", "15", "QĐ", "UBND", "ngày", "02", "03"]


@pytest.mark.parametrize(
    ("word", "both"),
    [
        ("kỳ", {"kỳ", "kì"}),
        ("kì", {"kỳ", "kì"}),
        ("lý", {"lý", "lí"}),
        ("quý", {"quý", "quí"}),
        ("my", {"my", "mi"}),
        ("tỉ", {"tỉ", "tỷ"}),
    ],
)
def test_an_open_syllable_may_be_written_with_i_or_y(word: str, both: set[str]) -> None:
    assert set(spellings(word)) == both
    assert spellings(word)[0] == word


@pytest.mark.parametrize("word", ["vi", "vy", "thúy", "tay", "tai", "li1", "ly2", "y", "i", "kiến", "", "ngoại"])
def test_other_words_are_written_in_one_way(word: str) -> None:
    assert spellings(word) == (word,)


@given(word=syllables.map(match_key))
def test_spelling_goes_both_ways(word: str) -> None:
    assert all(set(spellings(other)) == set(spellings(word)) for other in spellings(word))
