"""The course of a soak as one picture: records above, memory below, a tick for every kill."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot as plt

ROLES = ("reader", "worker", "index", "work", "ingest", "serve")


def draw_course(figures: dict[str, Any], file: Path) -> None:
    """`figures`: as ServerSoak.figures gives them."""
    course, minutes = figures["course"], [look["seconds"] / 60 for look in figures["course"]]
    mpl.rcParams["svg.hashsalt"] = "sohoa"
    shown, (above, below) = plt.subplots(2, 1, figsize=(9, 7), sharex=True)
    for term, colour in (("received", "0.5"), ("done", "tab:green"), ("pending", "tab:orange"), ("quarantined", "tab:red")):
        above.plot(minutes, [look[term] for look in course], color=colour, label=term)
    above.vlines(
        [at / 60 for at, _ in figures["killed_at"]], 0, figures["records"] * 0.03, color="k", linewidth=0.6, label="kill -9"
    )
    above.set_ylabel("files")
    above.legend(loc="upper left")
    for role in ROLES:
        below.plot(minutes, [look["memory"].get(role, 0) / 1e6 for look in course], label=role)
    below.set_ylabel("resident memory of all of a role, MB")
    below.set_xlabel("minutes")
    below.set_ylim(0, 1.3 * below.get_ylim()[1])  # room for the legend
    below.legend(loc="upper right", ncols=3)
    shown.suptitle(f"{figures['records']:,} records, {sum(figures['kills'].values())} kills, {figures['at'][:10]}")
    shown.tight_layout()
    shown.savefig(file, metadata={"Date": None})
