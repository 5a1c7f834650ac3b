"""Fills a search index with made-up Vietnamese pages and measures it: how fast it takes pages, how fast it answers one client and
several at once, what it takes of disk and memory, and how long it takes to fill anew while questions go on.

What was filled is kept below the folder: measuring it again takes minutes. Figures go into a file of the name INDEX-PAGES.json,
and a plot is drawn of all such files that lie beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tools.bench_search.asking import ask_alone, ask_together
from tools.bench_search.clocks import load
from tools.bench_search.filling import filled
from tools.bench_search.office import Office
from tools.bench_search.places import Place, place_of
from tools.bench_search.questions import Asker, Question
from tools.bench_search.reindexing import reindexed

SEED = 7
WARMING = 10
"""Times as many questions before those that are measured: a server that has just started still compiles itself, for minutes, and
one that serves an office runs for weeks."""

KNOWN_BLOCKS = 3
"""Of the records that questions speak of, the first ones: 1,200 records are as good as all."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.bench_search", description=__doc__)
    parser.add_argument("--index", choices=["elastic", "sqlite"], default="sqlite")
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--clients", type=int, default=8, help="that ask at once, after one alone; 0: none")
    parser.add_argument("--reindex", type=int, default=0, metavar="PAGES", help="fill an index of so many pages anew; 0: do not")
    parser.add_argument("--heap", type=int, default=2048, metavar="MB", help="of Elasticsearch")
    parser.add_argument("--folder", type=Path, default=Path(".bench"), help="what was filled is kept there")
    parser.add_argument("--out", type=Path, default=Path(".bench/figures"))
    parser.add_argument("--afresh", action="store_true", help="fill again what is filled")
    return parser.parse_args()


def main() -> None:
    chosen = arguments()
    folder = chosen.folder.absolute() / f"{chosen.index}-{chosen.pages}"
    if chosen.afresh:
        shutil.rmtree(folder, ignore_errors=True)
    with place_of(chosen.index, folder, chosen.heap) as place:
        figures = measured(place, chosen)
    chosen.out.mkdir(parents=True, exist_ok=True)
    file = chosen.out / f"{chosen.index}-{chosen.pages}.json"
    before = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    file.write_text(json.dumps(before | figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1, ensure_ascii=False))
    print(file, plotted(chosen.out), sep="\n")


def plotted(folder: Path) -> Path:
    """Of all figures that lie there."""
    from tools.bench_search.report import draw  # matplotlib is of the profile `bench` alone; all else runs without

    return draw(folder)


def measured(place: Place, chosen: argparse.Namespace) -> dict[str, Any]:
    """All that was asked for, in turn."""
    office = Office(SEED)
    print(f"{chosen.index}, {chosen.pages} pages, load {load()}", flush=True)
    figures: dict[str, Any] = {
        "index": chosen.index, "date": datetime.now(UTC).date().isoformat(), "machine": machine(), "heap_mb": chosen.heap,
        "filled": filled(place, office, chosen.pages),
    }  # fmt: skip
    known = [entry for number in range(KNOWN_BLOCKS) for entry in office.block(number)]
    first, second, meanwhile = (questions(known, seed, chosen.questions) for seed in (0, 1, 3))
    warming = questions(known, 2, WARMING * chosen.questions)
    figures["one_client"] = ask_alone(place, first, warming)
    figures["client_resident_bytes"] = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if chosen.clients:
        figures["clients"] = ask_together(place, second, warming, chosen.clients)
    figures["sizes"] = place.sizes()
    if chosen.reindex:
        figures["reindex"] = reindexed(place, office, chosen.reindex, meanwhile)
    return figures


def questions(known: Sequence[Any], seed: int, count: int) -> list[Question]:
    return Asker([*known], seed).questions(count)


def machine() -> dict[str, Any]:
    return {"processor": platform.machine(), "cores": os.cpu_count(), "python": platform.python_version()}


if __name__ == "__main__":
    main()
