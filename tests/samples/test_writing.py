"""The documents themselves: many, different, in good Vietnamese, and true to their fields."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest

from pipeline.text import fold, match_key, place_tones
from samples.document import Block, Document, Ending, Entries, Face, Masthead, Paragraph, Table, Title
from samples.draw import write_sheets
from samples.levels import in_turn
from samples.typeset.sheet import Sheet
from samples.writing import KINDS, write_document
from samples.writing.agencies import TWO_TIERS, agency_on
from samples.writing.desk import set_desk
from samples.writing.spelling import respelled
from samples.writing.voice import Voice
from samples.writing.wordlists import load

DOCUMENTS = 380


@cache
def typed(index: int) -> tuple[Document, tuple[Sheet, ...]]:
    return write_sheets(f"t:{index}", in_turn(KINDS, "t", index), Entries.TYPED)


def _text(index: int) -> str:
    return "\n".join(sheet.text for sheet in typed(index)[1])


def _flat(text: str) -> str:
    return " ".join(text.split())


def _paragraphs(document: Document) -> Iterator[str]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield " ".join(run.text for run in block.runs)


def test_at_least_500_pages_and_no_two_alike() -> None:
    pages = [sheet.text for index in range(1, DOCUMENTS + 1) for sheet in typed(index)[1]]
    assert len(pages) >= 500
    assert len(set(pages)) == len(pages)


def test_the_fifteen_kinds_take_turns() -> None:
    assert len(KINDS) >= 10
    assert sorted(in_turn(KINDS, "t", index) for index in range(1, len(KINDS) + 1)) == sorted(KINDS)
    assert sorted(in_turn(KINDS, "t", index) for index in range(16, 31)) == sorted(KINDS)


def test_some_documents_have_several_pages_tables_appendices_and_two_signers() -> None:
    texts = [_text(index) for index in range(1, 61)]
    assert sum(len(typed(index)[1]) > 1 for index in range(1, 61)) > 10
    assert any("PHỤ LỤC" in text for text in texts)
    assert {block.ruled for block in _blocks(range(1, 121)) if isinstance(block, Table)} == {True, False}
    assert any(len(block.signatures) == 2 for block in _blocks(range(1, 61)) if isinstance(block, Ending))


def _blocks(indexes: range) -> Iterator[Block]:
    for index in indexes:
        yield from typed(index)[0].blocks


@pytest.mark.parametrize("kind", KINDS)
def test_every_sentence_is_finished_and_clean(kind: str) -> None:
    for seed in range(6):
        for sentence in _paragraphs(write_document(random.Random(f"{kind}{seed}"), kind, Entries.TYPED)):
            assert not re.search(r"[{}@_]|\s\s|\s[,;.]|\.\.|None", sentence), sentence
            assert unicodedata.is_normalized("NFC", sentence)


def test_every_phrase_of_every_rule_can_be_said() -> None:
    for topic in load("topics")["topic"]:
        rng = random.Random(topic["theme"])
        desk = set_desk(rng, agency_on(rng, date(2021, 5, 6)), date(2021, 5, 6), Entries.TYPED, urgent=False)
        voice = Voice(rng, desk.facts, {"alarms": ["ứng phó với bão"], **topic}, desk.issued)
        for rule, phrases in {**load("phrases"), **_own_rules(topic)}.items():
            said = {voice.say(rule) for _ in phrases}
            assert all(said)


def _own_rules(topic: dict[str, Any]) -> dict[str, list[str]]:
    return {f"{name}": topic[f"{name}s"] for name in ("task", "result", "problem", "cause", "meeting", "council", "paper", "law")}


def test_a_phrase_comes_back_only_after_all_others() -> None:
    voice = Voice(random.Random(1), {}, {"tasks": ["một", "hai", "ba"]}, date(2020, 1, 1))
    assert {voice.say("task") for _ in range(3)} == {"một", "hai", "ba"}


def test_an_unknown_slot_is_an_error_of_the_phrase_file() -> None:
    with pytest.raises(KeyError, match="nowhere"):
        Voice(random.Random(1), {}, {"tasks": ["đi {nowhere}"]}, date(2020, 1, 1)).say("task")


@pytest.mark.parametrize("index", range(1, 31))
def test_what_the_fields_say_is_printed(index: int) -> None:
    document, _ = typed(index)
    text, fields = _flat(_text(index)), document.fields
    assert f"{fields['codeNumber']}/{fields['codeNotation']}" in text
    assert f"{fields['place']}, ngày" in text
    day = date.fromisoformat(str(fields["issuedDate"]))
    assert re.search(rf"ngày {day.day:02d} tháng 0?{day.month} năm {day.year}", text)
    for part in str(fields["organName"]).split(" - "):
        assert part in text
    for name in ("subject", "typeName"):
        assert fields[name] is None or str(fields[name]) in text
    signers = fields["signers"]
    assert isinstance(signers, list)
    assert signers[0]["signerName"] == fields["signerName"]
    for signer in signers:
        assert signer["signerName"] in text
        assert all(line in text for line in signer["signerPosition"].split(" - "))
    for name in ("recipients", "addressees", "legalBases"):
        entries = fields[name]
        assert isinstance(entries, list)
        assert all(entry in text for entry in entries)


def test_a_letter_has_a_summary_under_its_number_and_no_title() -> None:
    letters = [typed(index)[0] for index in range(1, 100) if typed(index)[0].kind == "công văn"]
    assert letters
    for letter in letters:
        assert letter.fields["typeName"] is None
        assert not any(isinstance(block, Title) for block in letter.blocks)
        head = letter.blocks[0]
        assert isinstance(head, Masthead)
        assert head.about == f"V/v {letter.fields['subject']}"


def test_who_fills_in_number_and_day_changes_nothing_else() -> None:
    by_hand, left_blank, printed = (
        write_document(random.Random("same"), "quyết định", entries)
        for entries in (Entries.PENNED, Entries.LEFT_BLANK, Entries.TYPED)
    )
    assert list(_paragraphs(by_hand)) == list(_paragraphs(left_blank)) == list(_paragraphs(printed))
    assert by_hand.handwritten == left_blank.left_blank == ("codeNumber", "issuedDate")
    assert by_hand.fields == printed.fields
    assert left_blank.fields == {**printed.fields, "codeNumber": None, "issuedDate": None}


def test_there_are_no_districts_after_the_reform() -> None:
    agencies = [agency_on(random.Random(seed), TWO_TIERS) for seed in range(200)]
    assert not any("huyện" in fold(agency.printed + agency.superior) for agency in agencies)
    before = [agency_on(random.Random(seed), date(2020, 1, 1)) for seed in range(200)]
    assert any("HUYỆN" in agency.printed for agency in before)


def test_legal_bases_are_italic_since_the_decree_of_2020() -> None:
    bases = [
        (document.issued, block.runs[0].face)
        for document in (typed(index)[0] for index in range(1, 200))
        for block in document.blocks
        if isinstance(block, Paragraph) and block.runs[0].text.startswith("Căn cứ Luật Tổ chức")
    ]
    assert {face for day, face in bases if day >= date(2020, 3, 5)} == {Face.ITALIC}
    assert {face for day, face in bases if day < date(2020, 3, 5)} == {Face.REGULAR}


def test_a_typist_who_writes_oà_writes_it_everywhere() -> None:
    document = next(
        one for one in (typed(index)[0] for index in range(1, 60)) if "hòa" in str(one.fields).casefold() + str(one.blocks)
    )
    again = respelled(document)
    assert str(again.blocks) == place_tones(str(document.blocks)) != str(document.blocks)
    assert match_key(str(again.fields)) == match_key(str(document.fields))
    assert replace(again, blocks=(), fields={}) == replace(document, blocks=(), fields={})
