"""One reader through the journey over all cases, in a process of its own."""

from __future__ import annotations

import multiprocessing
import resource
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from time import perf_counter

from config.wiring.readers import load_tools
from pipeline.errors import InputError
from pipeline.intake import measure
from pipeline.journey import Options, Tools, digitize
from pipeline.model import Page, Word
from pipeline.pages import Limits
from tests.bench.accuracy.cases import Case
from tests.bench.accuracy.scores import Bin, believed, calibration_error, cer, judged_fields, line_cer, reliability
from tests.bench.pages import word_f1

LIMITS = Limits(max_pages=100, max_page_megapixels=60)
MOST_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Scores:
    """Of one file. `fields`: verdicts of `judged_fields`; `words`: of `believed`; `seconds`: by stage."""

    group: str
    name: str
    pages: int
    word_f1: float
    cer: float
    line_cer: float
    fields: Counter[str]
    words: list[tuple[float, bool]]
    seconds: dict[str, float]


@dataclass(frozen=True, slots=True)
class Figures:
    """Means over files; fields and words counted together."""

    files: int
    pages: int
    word_f1: float
    cer: float
    line_cer: float
    fields: dict[str, int]
    calibration_error: float
    reliability: list[Bin]
    seconds_a_page: dict[str, float]


@dataclass(slots=True)
class Clock:
    """A PageWatch that adds up."""

    seconds: dict[str, float] = field(default_factory=dict)

    def page_started(self, page_no: int, page_count: int) -> None:
        """Nobody is told."""

    def stage_took(self, stage: str, seconds: float) -> None:
        self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds


def read_all(reader: str, cases: Sequence[Case]) -> tuple[list[Scores], float]:
    """Scores of each file, and the most memory of the process that read them, in MB."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_read_all, (reader, cases))


def _read_all(reader: str, cases: Sequence[Case]) -> tuple[list[Scores], float]:
    tools = load_tools(reader)
    scores = [read_one(case, tools) for case in cases]
    return scores, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def read_one(case: Case, tools: Tools) -> Scores:
    """A file that nobody can read counts as nothing read."""
    clock, began = Clock(), perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        try:
            original = measure(case.file, MOST_BYTES)
            result = digitize(case.file, original, tools, Options(LIMITS, datetime.now(UTC).date()), Path(folder), clock)
        except InputError:
            return Scores(case.group, case.file.name, 1, 0.0, 1.0, 1.0, Counter(), [], {})
    clock.stage_took("all", perf_counter() - began)
    text = "\n".join(line.text for page in result.pages for line in page.lines)
    said = [(word.text, word.confidence) for page in result.pages for word in _words(page)]
    return Scores(
        case.group, case.file.name, len(result.pages), word_f1(case.text, text), cer(case.text, text), line_cer(case.text, text),
        judged_fields(case.fields, case.handwritten, result.fields.scalars), believed(said, case.text), clock.seconds,
    )  # fmt: skip


def _words(page: Page) -> Iterator[Word]:
    return (word for line in page.lines for word in line.words)


def figures_of(scores: Sequence[Scores]) -> Figures:
    pages = sum(one.pages for one in scores)
    bins = reliability([word for one in scores for word in one.words])
    fields: Counter[str] = sum((one.fields for one in scores), Counter())
    stages = {name for one in scores for name in one.seconds}
    return Figures(
        len(scores), pages, mean(one.word_f1 for one in scores), mean(one.cer for one in scores), mean(one.line_cer for one in scores),
        dict(fields), calibration_error(bins), bins,
        {name: sum(one.seconds.get(name, 0.0) for one in scores) / pages for name in sorted(stages)},
    )  # fmt: skip
