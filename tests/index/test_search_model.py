"""Anything may be typed, and answers may be read page by page while the index changes."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.adapters.sqlite_index import SqliteIndex
from pipeline.errors import BadQuery
from pipeline.index import IndexEntry
from pipeline.query import Query
from tests.contracts.index_office import OFFICE
from tests.index.entries import entry


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> SqliteIndex:
    index = SqliteIndex(tmp_path_factory.mktemp("office") / "index")
    index.put(OFFICE)
    return index


signs = st.sampled_from(
    ['"', "*", "^", "-", "+", "(", ")", "{", "}", ":", "NEAR", "AND", "OR", "NOT", "15/QĐ-UBND", "số 15", "đất", "'", "/", "\x00"]
)
typed = st.text(max_size=60) | st.lists(signs | st.text(max_size=4), max_size=14).map(" ".join)


@settings(max_examples=200)
@given(text=typed, issuer=st.none() | st.text(max_size=10), batch=st.none() | st.text(max_size=10))
def test_whatever_is_typed_is_answered_or_refused(office: SqliteIndex, text: str, issuer: str | None, batch: str | None) -> None:
    try:
        hits = office.search(Query(text, issuer=issuer, batch=batch))
    except BadQuery:
        return
    assert len(hits.hits) == hits.total <= len(OFFICE)


words = st.sampled_from(["đê", "đề", "de", "điều", "điêu", "quyết", "quyêt", "định", "15"])
pages = st.lists(words, min_size=1, max_size=6).map(" ".join)
dates = st.none() | st.sampled_from(["2020-01-01", "2021-01-01"])
records = st.builds(lambda texts, subject, day: (texts, subject, day), st.lists(pages, min_size=1, max_size=2), pages, dates)


def entries(made: list[tuple[list[str], str, str | None]], prefix: str) -> list[IndexEntry]:
    return [entry(f"{prefix}{at}", *texts, subject=subject, issued_date=day) for at, (texts, subject, day) in enumerate(made)]


@settings(max_examples=25, deadline=None)
@given(
    there=st.lists(records, min_size=1, max_size=12),
    coming=st.lists(st.lists(records, max_size=3), max_size=6),
    text=st.lists(words, max_size=3).map(" ".join),
    limit=st.integers(1, 4),
    rebuilt_after=st.integers(0, 5),
)
def test_page_by_page_every_record_that_was_there_is_shown_once(
    there: list[tuple[list[str], str, str | None]],
    coming: list[list[tuple[list[str], str, str | None]]],
    text: str,
    limit: int,
    rebuilt_after: int,
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        index = SqliteIndex(Path(folder))
        standing = entries(there, "old-")
        index.put(standing)
        query = Query(text, limit=limit)
        expected = [hit.record_id for hit in index.search(replace(query, limit=200)).hits]
        shown: list[str] = []
        for number in range(100):
            hits = index.search(query)
            shown += [hit.record_id for hit in hits.hits]
            if hits.next_cursor is None:
                break
            query = replace(query, cursor=hits.next_cursor)
            if number < len(coming):
                new = entries(coming[number], f"new-{number}-")
                index.put(new)
                standing += new
            if number == rebuilt_after:
                index.rebuild(reversed(standing))
        assert [record_id for record_id in shown if record_id.startswith("old-")] == expected
        assert len(shown) == len(set(shown))
