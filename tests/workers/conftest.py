from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.jobs import Job
from pipeline.model import Original
from tests.custody.doubles import PDF, Office
from tests.workers.journeys import ENTRY
from workers.child import ChildEntry, ChildLimits
from workers.pool import ChildPool

MakePool = Callable[..., ChildPool]
MakeJob = Callable[..., Job]

LIMITS: dict[str, Any] = {
    "page_seconds": 30.0,
    "record_seconds": 60.0,
    "memory_bytes": 300_000_000,
    "scratch_bytes": 50_000_000,
    "records": 100,
    "start_seconds": 30.0,
}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def make_pool(tmp_path: Path) -> Iterator[MakePool]:
    """`make_pool(jobs=1, settings={}, crash_attempts=3, **limits)`: children read doubles."""
    made: list[ChildPool] = []

    def make(jobs: int = 1, settings: dict[str, Any] | None = None, crash_attempts: int = 3, **limits: Any) -> ChildPool:
        entry = ChildEntry(ENTRY, settings or {})
        pool = ChildPool(jobs, entry, ChildLimits(**LIMITS | limits), tmp_path / "scratch", crash_attempts)
        made.append(pool)
        return pool

    yield make
    for pool in made:
        pool.close()


@pytest.fixture
def make_job(tmp_path: Path) -> MakeJob:
    """`make_job("ok", "segfault")`: a double with these pages."""

    def make(*pages: str, name: str = "double", skip: frozenset[int] = frozenset()) -> Job:
        file = tmp_path / f"{name}.pdf"
        file.write_bytes(double(*pages))
        folder = tmp_path / f"{name}-results"
        folder.mkdir()
        return Job(name, file, Original(file.name, "0" * 64, file.stat().st_size, "application/pdf"), folder, {}, skip)

    return make


def double(*pages: str) -> bytes:
    """A document double: the PDF's first line, then a word a page."""
    return PDF + "\n".join(pages).encode()
