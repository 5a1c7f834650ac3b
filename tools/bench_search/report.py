"""Figures of all measurements in a folder, as one plot."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot as plt

INDEXES = {"elastic": ("Elasticsearch", "#1f6fb2"), "sqlite": ("SQLite", "#b4232a")}
MILLION = 1_000_000
GIGABYTE = 1_000_000_000

Figures = dict[str, Any]


def draw(folder: Path) -> Path:
    """`search.svg` beside the figures: what one client and several wait by kind of question, and what grows with the pages."""
    measured = {name: _of_index(folder, name) for name in INDEXES}
    mpl.rcParams["svg.hashsalt"] = "sohoa"
    figure, axes = plt.subplots(2, 3, figsize=(13, 7))
    for axis, (name, (title, colour)) in zip(axes[0], INDEXES.items(), strict=False):
        if measured[name]:
            _draw_kinds(axis, measured[name][-1], title, colour)
    _draw_growth(axes[0][2], measured, "p50 and p95 of one client, ms", ("p50", "p95"))
    _draw_lines(axes[1][0], measured, "on the disk, GB", lambda one: one["sizes"]["disk_bytes"] / GIGABYTE)
    _draw_lines(axes[1][1], measured, "processor time of a question, ms", _cpu_of_a_question)
    _draw_filling(axes[1][2], measured)
    figure.tight_layout()
    file = folder / "search.svg"
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)
    return file


def _of_index(folder: Path, name: str) -> list[Figures]:
    """The smallest first."""
    found = [json.loads(file.read_text(encoding="utf-8")) for file in folder.glob(f"{name}-*.json")]
    return sorted(found, key=lambda one: int(one["filled"]["pages"]))


def _draw_kinds(axis: Any, figures: Figures, title: str, colour: str) -> None:
    runs = [figures["one_client"], *([figures["clients"]] if "clients" in figures else [])]
    kinds = ["all", *runs[0]["kinds"]]
    height = 0.8 / len(runs)
    for number, run in enumerate(runs):
        of_all = {"all": run["all"], **run["kinds"]}
        places = [at + number * height for at in range(len(kinds))]
        label = "one client" if run["clients"] == 1 else f"{run['clients']} clients"
        shade = colour if number == 0 else "#8a97a8"
        axis.barh(places, [of_all[kind]["p95"] for kind in kinds], height, color=shade, label=f"{label}: p95")
        axis.plot([of_all[kind]["p50"] for kind in kinds], places, "k|", markersize=6)
    axis.set_yticks([at + height * (len(runs) - 1) / 2 for at in range(len(kinds))], kinds, fontsize=8)
    axis.invert_yaxis()
    axis.set_title(f"{title}, {figures['filled']['pages']:,} pages: ms (bar p95, mark p50)", fontsize=9)
    axis.legend(fontsize=7)
    _plain(axis)


def _draw_growth(axis: Any, measured: dict[str, list[Figures]], title: str, shares: Sequence[str]) -> None:
    for name, (label, colour) in INDEXES.items():
        for share, style in zip(shares, ("--", "-"), strict=True):
            pages = [one["filled"]["pages"] / MILLION for one in measured[name]]
            values = [one["one_client"]["all"][share] for one in measured[name]]
            axis.plot(pages, values, style, color=colour, marker="o", markersize=4, label=f"{label} {share}")
    axis.set_xlim(left=0)
    _finish(axis, title)


def _draw_lines(axis: Any, measured: dict[str, list[Figures]], title: str, value: Any) -> None:
    for name, (label, colour) in INDEXES.items():
        pages = [one["filled"]["pages"] / MILLION for one in measured[name]]
        axis.plot(pages, [value(one) for one in measured[name]], color=colour, marker="o", markersize=4, label=label)
    _finish(axis, title)


def _draw_filling(axis: Any, measured: dict[str, list[Figures]]) -> None:
    for name, (label, colour) in INDEXES.items():
        if measured[name]:
            growth = measured[name][-1]["filled"]["growth"]
            pages = [one["pages"] / MILLION for one in growth]
            axis.plot(pages, [one["pages_per_second"] for one in growth], color=colour, label=label)
    _finish(axis, "pages taken a second, as the index fills")


def _cpu_of_a_question(figures: Figures) -> float:
    each = figures["one_client"]["per_question"]
    return float(each["client_cpu_ms"] + each["server_cpu_ms"])


def _finish(axis: Any, title: str) -> None:
    axis.set_ylim(bottom=0)
    axis.set_title(title, fontsize=9)
    axis.set_xlabel("million pages", fontsize=8)
    axis.legend(fontsize=7)
    _plain(axis)


def _plain(axis: Any) -> None:
    axis.tick_params(labelsize=8)
    axis.spines[["top", "right"]].set_visible(False)
