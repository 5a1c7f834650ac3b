"""The line between parent and child, when one end does not behave."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.jobs import Job, Summary
from pipeline.model import Original
from workers.messages import MAX_LINE, Gone, Line, job_from, job_message, summary_from, summary_message


@pytest.fixture
def ends() -> Iterator[tuple[Line, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Line(ours), theirs


def test_messages_come_out_one_by_one_however_they_are_cut(ends: tuple[Line, socket.socket]) -> None:
    line, child = ends
    child.sendall(b'{"page": 1}\n{"pa')
    assert line.receive(1) == {"page": 1}
    assert line.receive(0.01) is None
    child.sendall(b'ge": 2}\n')
    assert line.receive(1) == {"page": 2}


@pytest.mark.parametrize("line_of_nonsense", [b"", b"nonsense", b"[1, 2]", b'"text"', b"\xff\xfe", b'{"page": 1'])
def test_a_line_that_is_no_message_says_nothing(ends: tuple[Line, socket.socket], line_of_nonsense: bytes) -> None:
    line, child = ends
    child.sendall(line_of_nonsense + b"\n")
    assert line.receive(1) == {}


def test_a_line_without_end_is_not_listened_to(ends: tuple[Line, socket.socket]) -> None:
    line, child = ends

    def write() -> None:
        with suppress(OSError):  # the rest of it finds nobody who reads
            child.sendall(b"x" * (MAX_LINE + 100_000))

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    with pytest.raises(Gone):
        line.receive(60)
    line.close()
    writer.join()


def test_the_end_of_the_other_side_is_noticed(ends: tuple[Line, socket.socket]) -> None:
    line, child = ends
    child.close()
    with pytest.raises(Gone):
        line.receive(1)
    with pytest.raises(Gone):
        line.send({"x": "y" * 10_000_000})


@given(
    st.text(),
    st.dictionaries(st.text(), st.one_of(st.text(), st.integers(), st.booleans())),
    st.frozensets(st.integers(1, 5000)),
)
def test_a_job_is_the_same_on_the_other_side(name: str, recipe: dict[str, str | int | bool], skip: frozenset[int]) -> None:
    job = Job("id", Path("/a/b.pdf"), Original(name, "0" * 64, 7, "image/png"), Path("/c"), recipe, skip)
    assert job_from(job_message(job)) == job


@pytest.mark.parametrize(
    "told", [{}, {"page_count": "3"}, {"page_count": 3, "needs_review": 1, "made_by": {}}, {"page_count": 3}, []]
)
def test_a_child_that_tells_no_summary_is_not_believed(told: dict[str, object]) -> None:
    with pytest.raises(Gone):
        summary_from(told)
    summary = Summary(3, True, {"sohoa": "1"})
    assert summary_from(summary_message(summary)) == summary
