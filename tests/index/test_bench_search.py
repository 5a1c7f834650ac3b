"""The made-up province is always the same one, speaks as offices do, and can be measured from beginning to end."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from statistics import mean
from uuid import UUID

import pytest

from pipeline.index import IndexEntry, searched_words
from pipeline.syllables import share_of_syllables
from tools.bench_search.__main__ import measured
from tools.bench_search.office import Office
from tools.bench_search.places import place_of
from tools.bench_search.questions import SHARES, Asker


@pytest.fixture(scope="module")
def block() -> list[IndexEntry]:
    return Office(7).block(2)


def test_the_same_seed_makes_the_same_records(block: list[IndexEntry]) -> None:
    assert Office(7).block(2) == block
    assert Office(8).block(2) != block


def test_records_are_as_those_of_an_office(block: list[IndexEntry]) -> None:
    ids = [one.placement.record_id for one in block]
    assert len(set(ids)) == len(ids)
    assert all(str(UUID(record_id)) == record_id for record_id in ids)
    pages = [page for one in block for page in one.pages]
    assert 280 < mean(len(searched_words(page.text)) for page in pages) < 320
    assert " ".join(pages[0].text[word.start : word.end] for word in pages[0].words) == pages[0].text.replace("\n", " ")


def test_words_are_vietnamese_and_as_frequent_as_in_any_language(block: list[IndexEntry]) -> None:
    words = [word for one in block for page in one.pages for word in searched_words(page.text)]
    assert share_of_syllables(words) > 0.95
    counts = sorted(Counter(words).values(), reverse=True)
    assert counts[0] > 4 * counts[50] > 100 * counts[1000] > 0  # few words make most of a text, and most words are rare


def test_every_kind_of_question_is_asked(block: list[IndexEntry]) -> None:
    asked = Asker(block, 1).questions(200)
    assert Counter(one.kind for one in asked) == {kind: 2 * share for kind, share in SHARES.items()}
    assert asked == Asker(block, 1).questions(200)


def test_an_index_is_filled_once_and_measured_again(tmp_path: Path) -> None:
    chosen = argparse.Namespace(index="sqlite", pages=300, questions=50, clients=0, reindex=0, heap=512)
    with place_of("sqlite", tmp_path / "place", 0) as place:
        first, second = (measured(place, chosen) for _ in range(2))
    assert first["filled"] == second["filled"]
    assert first["filled"]["pages"] >= 300
    assert first["one_client"]["all"]["count"] == 50
    assert first["sizes"]["disk_bytes"] > 0
