"""Figures as tables and plots."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot as plt

RED, GREY = "#b4232a", "#8a97a8"
HEAD = "| | files | word F1 | CER | line CER | printed fields right | pen right / honest / wrong | invented | calibration | s a page |"
RULE = "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"


def table(readers: Mapping[str, Any]) -> str:
    """All readers over samples and over real scans; then the first reader by group."""
    first = next(iter(readers))
    lines = [HEAD, RULE]
    for name, told in readers.items():
        lines += [_row(f"{name}, {group}", told["groups"][group]) for group in ("samples", "real") if group in told["groups"]]
    lines += ["", HEAD, RULE]
    return "\n".join(lines + [_row(group, figures) for group, figures in readers[first]["groups"].items()])


def _row(name: str, figures: Mapping[str, Any]) -> str:
    fields = figures["fields"]
    right, all_printed = fields.get("right", 0), sum(fields.get(verdict, 0) for verdict in ("right", "wrong", "missing"))
    pens = " / ".join(str(fields.get(f"pen {verdict}", 0)) for verdict in ("right", "honest", "wrong"))
    share = f"{right}/{all_printed}" if all_printed else ""
    return (
        f"| {name} | {figures['files']} | {figures['word_f1']:.4f} | {figures['cer']:.4f} | {figures['line_cer']:.4f} | {share} | {pens} "
        f"| {fields.get('invented', 0)} | {figures['calibration_error']:.3f} | {figures['seconds_a_page'].get('all', 0):.2f} |"
    )


def draw(about: Mapping[str, Any], file: Path) -> None:
    """Word F1 by class of the first reader, and how far its confidences can be believed."""
    mpl.rcParams["svg.hashsalt"] = "sohoa"
    name, told = next(iter(about["readers"].items()))
    figure, (bars, belief) = plt.subplots(1, 2, figsize=(11, 6.5), width_ratios=(3, 2))
    groups = sorted(told["groups"].items(), key=lambda one: one[1]["word_f1"])
    colours = [RED if group.startswith("real") or group == "samples" else GREY for group, _ in groups]
    drawn = bars.barh([group for group, _ in groups], [one["word_f1"] for _, one in groups], color=colours)
    bars.bar_label(drawn, fmt="%.3f", padding=3, fontsize=7)
    bars.tick_params(axis="y", labelsize=7)
    bars.set_xlim(min(0.8, groups[0][1]["word_f1"] - 0.05), 1.03)
    bars.set_title(f"word F1 ({name})", fontsize=10)
    for group, colour in (("samples", GREY), ("real", RED)):
        if group in told["groups"]:
            bins = told["groups"][group]["reliability"]
            belief.plot(
                [one["sure"] for one in bins], [one["right"] for one in bins], "o-", color=colour, label=group, markersize=4
            )
    belief.plot([0, 1], [0, 1], ":", color="#444444", linewidth=1)
    belief.set_xlabel("said to be sure")
    belief.set_ylabel("words that are right")
    belief.set_title("confidence", fontsize=10)
    belief.legend(frameon=False)
    for axis in (bars, belief):
        axis.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})
    plt.close(figure)
