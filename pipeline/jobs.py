"""One record handed to a child process, and what comes back. Both cross the border as JSON, so they hold plain values only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

from pipeline.model import Original

Recipe = Mapping[str, str | int | float | bool]
"""How a generation of a record is to be read: the reader's name and its parameters. Pinned in the manifest."""


EVERY_PAGE = 0
"""Stands for all pages of a record among `cleared_pages`."""


@dataclass(frozen=True, slots=True)
class Job:
    """Read `file`, leave the results in `folder` (exists, empty). `skip_pages` brought earlier attempts down; of `cleared_pages`
    a person has said that what looks like a mark of secrecy is none (EVERY_PAGE: of all)."""

    job_id: str
    file: Path
    original: Original
    folder: Path
    recipe: Recipe = field(default_factory=dict)
    skip_pages: frozenset[int] = frozenset()
    cleared_pages: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Summary:
    """What the parent has to know of a result that it never opens. `made_by`: the JSON form of `MadeBy`; `seconds`: stage -> how
    long it took, all pages together."""

    page_count: int
    needs_review: bool
    made_by: Mapping[str, Any]
    seconds: Mapping[str, float] = field(default_factory=dict)


class PageWatch(Protocol):
    """Is told when a page is begun: the parent's clock for that page starts again. And what each stage has taken."""

    def page_started(self, page_no: int, page_count: int) -> None: ...

    def stage_took(self, stage: str, seconds: float) -> None: ...


@contextmanager
def timed(watch: PageWatch, stage: str) -> Iterator[None]:
    """Tell how long the block took, however it ends."""
    began = perf_counter()
    try:
        yield
    finally:
        watch.stage_took(stage, perf_counter() - began)


JobWork = Callable[[Job, PageWatch], Summary]
"""Reads one record. Raises errors of pipeline.errors; anything else counts as a crash."""

WorkFactory = Callable[[Mapping[str, Any]], JobWork]
"""Settings (JSON values) -> the work, with its models loaded. Called once in each child."""
