"""Throughput beside servers and on a folder, and what store, queue and index cost: `make bench-servers`.

The same samples are read by the same commands in turn, folder and servers, on the cores of this machine, which the servers share.
Times run from the first attempt to the last result, as the store tells; the whole command's time stands beside it. What servers
take longer, times two cores, is what store, queue and index cost together, all of it: what is left of them on a folder is taken off.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from config.settings import PREFIX, Settings
from config.wiring.home import open_home
from pipeline.custody import records
from pipeline.custody.documents import Committed, Started
from pipeline.custody.lookup import readable
from samples.make import make_samples
from tests.soak.places import new_place
from tests.soak.small_scans import make_small_scans

PROGRAM = [sys.executable, "-c", "from cli.main import run; run()"]


@dataclass(frozen=True, slots=True)
class Run:
    """`seconds`: from the first attempt to the last result; `whole_seconds`: of `work --once`. `pages`, `records`: read."""

    where: str
    jobs: int
    records: int
    pages: int
    seconds: float
    whole_seconds: float


def run_once(where: str, settings: Mapping[str, str], scans: Path, jobs: int) -> Run:
    """A new home of its own, filled and read."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**settings, "SOHOA_HOME": f"{folder}/home", "SOHOA_JOBS": str(jobs), "OMP_THREAD_LIMIT": "1"}
        for arguments in (["init"], ["ingest", str(scans)]):
            sohoa(environment, *arguments)
        began = time.monotonic()
        sohoa(environment, "work", "--once")
        whole = time.monotonic() - began
        told = {name.removeprefix(PREFIX).lower(): value for name, value in environment.items() if name.startswith(PREFIX)}
        store = open_home(Settings(**told)).store  # type: ignore[arg-type]  # as text, as the environment would give them
        first = min(one.at for key, one in readable(store, records.ATTEMPTS, Started) if ".start." in key)
        results = [one for _, one in readable(store, records.RESULTS, Committed)]
        last = max(one.at for one in results)
        return Run(where, jobs, len(results), sum(one.page_count for one in results), (last - first).total_seconds(), whole)


def sohoa(environment: Mapping[str, str], *arguments: str) -> None:
    """Exit 3 is well: a sample may be one that nobody can read."""
    done = subprocess.run(
        [*PROGRAM, *arguments],
        env={**os.environ, **environment, "PYTHONPATH": str(Path.cwd())},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode not in (0, 3):
        raise SystemExit(f"{arguments[0]} ended with {done.returncode}")


def compare(scans: Path, turns: int) -> list[Run]:
    """Folder and servers in turn with two jobs; then the folder with one. Before that the servers have run for a while, as they do
    where they are at home: one turn that does not count."""
    with new_place() as place:
        run_once("servers", place.settings, scans, 2)
    runs = []
    for _ in range(turns):
        runs.append(told(run_once("folder", {}, scans, 2)))
        with new_place() as place:
            runs.append(told(run_once("servers", place.settings, scans, 2)))
    runs.append(told(run_once("folder", {}, scans, 1)))
    return runs


def told(run: Run) -> Run:
    sys.stdout.write(f"{json.dumps(asdict(run))}\n")
    sys.stdout.flush()
    return run


def figures_of(runs: list[Run]) -> dict[str, Any]:
    """Ratios by pairs of runs that followed one another."""
    folder = [one for one in runs if one.where == "folder" and one.jobs == 2]
    servers = [one for one in runs if one.where == "servers"]
    alone = next(one for one in runs if one.jobs == 1)
    ratios = [ours.seconds / theirs.seconds for ours, theirs in zip(folder, servers, strict=True)]
    whole = [ours.whole_seconds / theirs.whole_seconds for ours, theirs in zip(folder, servers, strict=True)]
    extra = [2 * (theirs.seconds - ours.seconds) / ours.records for ours, theirs in zip(folder, servers, strict=True)]
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "records": folder[0].records,
        "pages": folder[0].pages,
        "folder_pages_per_minute": round(60 * folder[0].pages / median(one.seconds for one in folder), 1),
        "servers_pages_per_minute": round(60 * folder[0].pages / median(one.seconds for one in servers), 1),
        "servers_by_folder": round(median(ratios), 3),
        "servers_by_folder_whole_command": round(median(whole), 3),
        "core_milliseconds_more_a_record": round(1000 * median(extra), 1),
        "two_jobs_by_one": round(alone.seconds / median(one.seconds for one in folder), 2),
        "runs": [asdict(one) for one in runs],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Servers beside a folder.")
    parser.add_argument("--samples", type=int, default=100)
    parser.add_argument(
        "--small", action="store_true", help="slips of paper that are read in a tenth of a second, instead of samples"
    )
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        scans = Path(name) / "scans"
        if chosen.small:
            make_small_scans(scans, chosen.samples)
        else:
            make_samples(scans, chosen.samples, 5, "mixed", 2)
        figures = figures_of(compare(scans, chosen.turns))
    text = json.dumps(figures, indent=1) + "\n"
    sys.stdout.write(text)
    if chosen.out:
        chosen.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
