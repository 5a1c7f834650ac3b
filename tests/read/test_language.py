"""The shipped syllable model: what it knows, what it says, and when it refuses."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import pytest

import pipeline.read.language
from pipeline.errors import ToolMissing
from pipeline.read.language import NOWHERE, State, SyllableModel, open_language
from pipeline.read.tokens import key
from tests.read.readings import language

FOLDER = Path(pipeline.read.language.__file__).parent
MODEL = language().syllables


def chance_of(text: str) -> float:
    """Nats of the last word after the ones before it."""
    state: State = NOWHERE
    chance = 0.0
    for word in text.split():
        chance, state = MODEL.advance(state, MODEL.number(word))
    return chance


@pytest.mark.parametrize("context", ["", "căn cứ", "ủy ban nhân", "15", "hội đồng nhân dân", "zzz", "quyết định này có hiệu lực"])
def test_chances_after_any_words_add_up_to_one(context: str) -> None:
    state: State = NOWHERE
    for word in context.split():
        state = MODEL.advance(state, MODEL.number(word))[1]
    total = sum(math.exp(MODEL.advance(state, number)[0]) for number in range(MODEL.size))
    assert total == pytest.approx(1, abs=0.08)  # stored in steps of 1/15 nat


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("ủy ban nhân dân", "ủy ban nhân dần"),
        ("quyết định", "quyết đinh"),
        ("kiểm tra", "kiếm tra"),
        ("độc lập tự do", "độc lập từ do"),
        ("về việc", "vể việc"),
        ("căn cứ nghị định số 15", "căn cứ nghị định số của"),
    ],
)
def test_what_is_written_is_likelier_than_what_is_misread(right: str, wrong: str) -> None:
    assert chance_of(right) > chance_of(wrong) + 2


def test_all_numbers_are_one_word_and_both_tone_placements_too() -> None:
    assert MODEL.number("2019") == MODEL.number("7") != 0
    assert MODEL.number("hòa") == MODEL.number("hoà") == MODEL.number("HÒA") != 0
    assert MODEL.number("IV") == MODEL.number("XII") != MODEL.number("iv")


def test_an_unknown_word_is_unknown_and_leads_nowhere() -> None:
    assert not MODEL.knows("zxqvb")
    assert MODEL.advance(MODEL.opening(), MODEL.number("zxqvb"))[1] == (0, -1, -1)


def test_spellings_share_the_letters_and_nothing_else() -> None:
    assert {"quyết", "quyệt"} <= set(MODEL.spellings("QUYÊT"))
    assert {"đình", "định", "dinh"} <= set(MODEL.spellings("đinh"))
    assert MODEL.spellings("III") == MODEL.spellings("iii")
    assert MODEL.spellings("12") == MODEL.spellings("zxqvb") == []


def test_every_word_of_the_vocabulary_is_found_under_its_own_key() -> None:
    """Fails when the normaliser has changed: then the model has to be trained again."""
    assert [word for word in MODEL.words() if key(word) != word] == []


def test_two_syllables_in_one_are_not_known() -> None:
    assert not any(MODEL.knows(word) for word in ("nghịđịnh", "quyếtđịnh", "nơinhận"))


def test_a_number_follows_some_words_and_not_others() -> None:
    assert MODEL.is_numbered("ngày")
    assert MODEL.is_numbered("Điều")
    assert not MODEL.is_numbered("của")
    assert not MODEL.is_numbered("zxqvb")


def test_names_are_likelier_as_names() -> None:
    assert MODEL.name_chance(MODEL.number("Nguyễn")) > MODEL.name_chance(MODEL.number("những"))


def copy_of(folder: Path, name: str = "vi_syllables.lm") -> Path:
    return Path(shutil.copy(FOLDER / name, folder / name))


def test_a_missing_file_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(ToolMissing, match=r"vi_syllables\.lm"):
        SyllableModel.open(tmp_path / "vi_syllables.lm")


@pytest.mark.parametrize("size", [0, 5, 11, 400, 5_000_000])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, size: int) -> None:
    file = copy_of(tmp_path)
    file.write_bytes(file.read_bytes()[:size])
    with pytest.raises(ToolMissing):
        SyllableModel.open(file)


def test_a_file_with_one_wrong_byte_is_refused(tmp_path: Path) -> None:
    file = copy_of(tmp_path)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(ToolMissing, match="digest"):
        SyllableModel.open(file)


def test_a_file_of_another_version_is_refused(tmp_path: Path) -> None:
    file = copy_of(tmp_path)
    file.write_bytes(b"SYLLAB02" + file.read_bytes()[8:])
    with pytest.raises(ToolMissing, match="version"):
        SyllableModel.open(file)


@pytest.mark.parametrize("habits", [None, "", "[]", "{}", '{"readers": {"sohoa-lines": {}}, "confidence": {}}', "\x00"])
def test_habits_that_are_missing_or_nonsense_are_refused(tmp_path: Path, habits: str | None) -> None:
    copy_of(tmp_path)
    if habits is not None:
        (tmp_path / "habits.json").write_text(habits, encoding="utf-8")
    with pytest.raises(ToolMissing, match=r"habits\.json"):
        open_language("sohoa-lines", "tesseract-lines", tmp_path)


def test_a_reader_whose_habits_nobody_learned_is_refused() -> None:
    with pytest.raises(ToolMissing, match="nobody"):
        open_language("nobody")


def test_one_reader_is_enough() -> None:
    alone = open_language("tesseract-lines")
    assert alone.first == alone.second == language().second


def test_the_header_says_how_the_model_was_made() -> None:
    content = (FOLDER / "vi_syllables.lm").read_bytes()
    header = json.loads(content[12 : 12 + int.from_bytes(content[8:12], "little")])
    assert header["recipe"]["min_places"] == 3
    assert len(content) < 12_000_000
