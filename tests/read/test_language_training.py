"""The training tool on a small language of our own."""

from __future__ import annotations

import lzma
import math
from pathlib import Path

import pytest

from pipeline.read.language import NOWHERE, State, SyllableModel
from tools.train_language import PLACE, is_joined, train

USUAL = "Ủy ban nhân dân xã họp bàn về {} năm {}."
THINGS = ("thu hoạch lúa", "đường làng mới", "giếng nước sạch", "ngày hội đọc sách", "chợ phiên tháng sáu")
PLACES = 4


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four places; "chim lạc" is in all of them, "chim én" in two, "lạcxứ" in none."""
    lines = []
    for place in range(PLACES):
        for number in range(PLACE):
            lines.append(USUAL.format(THINGS[number * 7 % len(THINGS)], 1990 + number % 30))
            if number % 10 == 0:
                lines[-1] = "Đàn chim lạc bay về phía Lò Văn Kha"
            if number % 10 == 5 and place < 2:
                lines[-1] = "Đàn chim én bay về"
    file = tmp_path_factory.mktemp("texts") / "own.txt"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def model(text: Path, tmp_path_factory: pytest.TempPathFactory) -> SyllableModel:
    names = tmp_path_factory.mktemp("names") / "names.txt"
    names.write_text("family\tlò\t5\ngiven\tkha\t5\n", encoding="utf-8")
    file = tmp_path_factory.mktemp("model") / "own.lm"
    file.write_bytes(train([text], names))
    return SyllableModel.open(file)


def after(model: SyllableModel, text: str) -> State:
    state: State = NOWHERE
    for word in text.split():
        state = model.advance(state, model.number(word))[1]
    return state


def test_the_same_texts_give_the_same_bytes_packed_or_not(text: Path, tmp_path: Path) -> None:
    packed = tmp_path / "own.txt.xz"
    packed.write_bytes(lzma.compress(text.read_bytes()))
    assert train([text], None) == train([packed], None)


def test_what_was_seen_in_two_places_only_is_forgotten(model: SyllableModel) -> None:
    assert model.knows("lạc")
    assert not model.knows("én")


def test_a_seen_follower_is_likelier_than_any_other(model: SyllableModel) -> None:
    state = after(model, "ủy ban nhân")
    chances = {word: model.advance(state, model.number(word))[0] for word in model.words()}
    assert max(chances, key=lambda word: chances[word]) == "dân"


@pytest.mark.parametrize("context", ["", "đàn chim", "họp bàn về", "dân xã", "năm"])
def test_chances_add_up_to_one(model: SyllableModel, context: str) -> None:
    state = after(model, context)
    assert sum(math.exp(model.advance(state, number)[0]) for number in range(model.size)) == pytest.approx(1, abs=0.08)


def test_spellings_of_the_same_letters_are_found_together(model: SyllableModel) -> None:
    assert set(model.spellings("năm")) == {"năm"}
    assert set(model.spellings("van")) == {"văn"}


def test_names_weigh_as_names(model: SyllableModel) -> None:
    assert model.name_chance(model.number("Kha")) > model.name_chance(model.number("bàn"))


def test_joined_syllables_are_no_word() -> None:
    assert is_joined("nghịđịnh")
    assert is_joined("đườngmới")
    assert not any(is_joined(word) for word in ("nghiêng", "quyết", "administration", "đắk", "ubnd"))
