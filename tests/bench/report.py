"""Figures of a run as a table, JSON and a plot."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean

import matplotlib as mpl

from tests.bench.contestants import Outcome
from tests.bench.memory import Ran
from tests.bench.pages import Scan, word_f1

mpl.use("svg")
from matplotlib import pyplot as plt


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    pages_per_minute: float
    ratio_to_ocrmypdf: float
    word_f1: float
    peak_mb: float | None


def rows_of(scans: Sequence[Scan], outcomes: Sequence[Outcome]) -> list[Row]:
    """Ratios are to OCRmyPDF's PDF/A run: the outcome most like ours."""
    pages = sum(scan.pages for scan in scans)
    yardstick = next(outcome for outcome in outcomes if outcome.name == "OCRmyPDF pdfa")
    return [
        Row(
            outcome.name,
            60 * pages / outcome.seconds,
            yardstick.seconds / outcome.seconds,
            mean(word_f1(scan.truth, text) for scan, text in zip(scans, outcome.texts, strict=True)),
            outcome.peak_mb,
        )
        for outcome in outcomes
    ]


def table_of(rows: Sequence[Row]) -> str:
    lines = ["| | pages/min | x OCRmyPDF PDF/A | word F1 | peak memory, MB |", "|---|--:|--:|--:|--:|"]
    for row in rows:
        memory = "" if row.peak_mb is None else f"{row.peak_mb:.0f}"
        lines.append(f"| {row.name} | {row.pages_per_minute:.1f} | {row.ratio_to_ocrmypdf:.2f} | {row.word_f1:.4f} | {memory} |")
    return "\n".join(lines)


def write_figures(rows: Sequence[Row], about: str, pages: int, jobs: int, out: Path) -> None:
    """`benchmark-<about>.json` and `.svg` into `out`."""
    figures = {
        "about": about,
        "date": datetime.now(UTC).date().isoformat(),
        "machine": {"processor": platform.machine(), "cores": os.cpu_count(), "python": platform.python_version()},
        "pages": pages,
        "jobs": jobs,
        "rows": [{name: getattr(row, name) for name in Row.__slots__} for row in rows],
    }
    (out / f"benchmark-{about}.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    _plot(rows, about, pages, jobs, out / f"benchmark-{about}.svg")


def _plot(rows: Sequence[Row], about: str, pages: int, jobs: int, file: Path) -> None:
    mpl.rcParams["svg.hashsalt"] = "sohoa"
    figure, (speed, accuracy) = plt.subplots(1, 2, figsize=(9, 2.6), sharey=True)
    names = [row.name for row in rows][::-1]
    colours = ["#b4232a" if name == "sohoa" else "#8a97a8" for name in names]
    for axis, values, title in (
        (speed, [row.pages_per_minute for row in rows][::-1], "pages a minute"),
        (accuracy, [row.word_f1 for row in rows][::-1], "word F1"),
    ):
        bars = axis.barh(names, values, color=colours)
        axis.bar_label(bars, fmt="%.1f" if title.startswith("pages") else "%.3f", padding=3)
        axis.set_title(title, fontsize=10)
        axis.margins(x=0.18)
        axis.spines[["top", "right"]].set_visible(False)
    accuracy.set_xlim(left=0.5)
    figure.suptitle(f"{about}: {pages} pages, {jobs} jobs", fontsize=10)
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)


def memory_sentence(ran: Ran, pages: int) -> str:
    """Peak of the first and the last quarter of a long run: flat means that they are the same."""
    quarter = ran.seconds / 4
    first = max((mb for at, mb in ran.megabytes if at < quarter), default=0.0)
    last = max((mb for at, mb in ran.megabytes if at > 3 * quarter), default=0.0)
    return (
        f"{pages} pages: peak {ran.peak_mb:.0f} MB, first quarter {first:.0f} MB, last quarter {last:.0f} MB, {ran.seconds:.0f} s"
    )
