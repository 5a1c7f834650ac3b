"""More than a hundred lines with known answers."""

from __future__ import annotations

import pytest

from pipeline.read.fuse import fuse
from tests.read.fuse_cases import KEPT, ONE, TWO
from tests.read.readings import language, network, tesseract, text_of


@pytest.mark.parametrize(("said", "doubtful", "also", "also_doubtful", "printed"), TWO)
def test_of_two_readings_what_is_printed_wins(said: str, doubtful: str, also: str, also_doubtful: str, printed: str) -> None:
    assert text_of(fuse(network(said, doubtful), tesseract(also, also_doubtful), language())) == printed


@pytest.mark.parametrize(("said", "doubtful", "printed"), ONE)
def test_one_reading_alone_is_put_right_where_it_was_unsure(said: str, doubtful: str, printed: str) -> None:
    assert text_of(fuse(network(said, doubtful), None, language())) == printed


@pytest.mark.parametrize("line", KEPT)
def test_names_codes_and_rare_words_that_both_readers_saw_are_let_alone(line: str) -> None:
    fused = fuse(network(line), tesseract(line), language())
    assert text_of(fused) == line
    assert fused.changes == ()


@pytest.mark.parametrize("line", KEPT)
def test_names_codes_and_rare_words_that_one_reader_surely_saw_are_let_alone(line: str) -> None:
    assert text_of(fuse(network(line), None, language())) == line
