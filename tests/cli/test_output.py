"""Lines fit the terminal, or COLUMNS, or 100; nothing is ever cut off."""

from __future__ import annotations

import io
import os
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from cli.output import complain_plainly, tell, tell_columns, width_of

ID = "24ca6da8-5f0e-4a56-9d3f-9a2d9d0a3c11"
WORDS = "Ủy ban nhân dân huyện Lương Tài ban hành kế hoạch phòng cháy và chữa cháy rừng trong mùa khô"


@contextmanager
def terminal(columns: int) -> Iterator[TextIO]:
    """A stream that is a terminal of this width."""
    master, slave = os.openpty()
    termios.tcsetwinsize(slave, (24, columns))
    with os.fdopen(master, "rb", buffering=0), os.fdopen(slave, "w", encoding="utf-8") as stream:
        yield stream


def test_a_terminal_has_its_own_width_whatever_columns_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    with terminal(80) as stream:
        assert width_of(stream) == 80


@pytest.mark.parametrize(("told", "width"), [("80", 80), ("", 100), ("0", 100), ("-5", 100), ("wide", 100), ("٨٠", 100)])
def test_elsewhere_columns_is_asked_and_else_it_is_100(told: str, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", told)
    assert width_of(io.StringIO()) == width


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_further_lines_stand_under_the_first(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    tell(Text(WORDS, style="bold"), "10. ")
    lines = capsys.readouterr().out.splitlines()
    assert all(len(line) <= columns for line in lines)
    assert lines[0].startswith("10. Ủy ban")
    assert all(line.startswith("    ") and line[4] != " " for line in lines[1:])
    assert " ".join(" ".join(lines).split()) == f"10. {WORDS}"


def test_an_id_that_is_longer_than_the_line_stays_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    tell(f"ngày 31/12/2024 · {ID} · xong", "   ")
    tell_columns([("Lô", ID), ("Một tên dài hơn", ID)])
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["   ngày 31/12/2024 ·", f"   {ID}", "   · xong"]
    assert lines[-2:] == [f"Lô               {ID}", f"Một tên dài hơn  {ID}"]


def test_numbers_stand_to_the_right_and_the_last_column_is_wrapped_under_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    tell_columns([("Nhận", "Tên"), ("7", "một hai ba bốn năm sáu bảy tám chín")], numbers=1)
    assert capsys.readouterr().out.splitlines() == ["Nhận  Tên", "   7  một hai ba bốn năm sáu bảy tám", "      chín"]


def test_a_complaint_to_a_program_is_one_line_however_long(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    complain_plainly("a.pdf", "DAMAGED", WORDS)
    assert capsys.readouterr().err == f"a.pdf: DAMAGED: {WORDS}\n"


printable = st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), max_size=300)


@given(printable, st.integers(1, 200))
def test_wrapping_loses_no_word(text: str, columns: int) -> None:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("COLUMNS", str(columns))
        out = io.StringIO()
        environment.setattr("sys.stdout", out)
        tell(text)
    assert out.getvalue().split() == text.split()
