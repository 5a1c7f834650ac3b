"""One record handed to a child process, and what comes back. Both cross the border as JSON, so they hold plain values only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from pipeline.model import Original

Recipe = Mapping[str, str | int | float | bool]
"""How a generation of a record is to be read: the reader's name and its parameters. Pinned in the manifest."""


@dataclass(frozen=True, slots=True)
class Job:
    """Read `file`, leave the results in `folder` (exists, empty). `skip_pages` brought earlier attempts down."""

    job_id: str
    file: Path
    original: Original
    folder: Path
    recipe: Recipe = field(default_factory=dict)
    skip_pages: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Summary:
    """What the parent has to know of a result that it never opens. `made_by`: the JSON form of `MadeBy`."""

    page_count: int
    needs_review: bool
    made_by: Mapping[str, Any]


class PageWatch(Protocol):
    """Is told when a page is begun: the parent's clock for that page starts again."""

    def page_started(self, page_no: int, page_count: int) -> None: ...


JobWork = Callable[[Job, PageWatch], Summary]
"""Reads one record. Raises errors of pipeline.errors; anything else counts as a crash."""

WorkFactory = Callable[[Mapping[str, Any]], JobWork]
"""Settings (JSON values) -> the work, with its models loaded. Called once in each child."""
