"""What a soak sees of processes, memory and folders while it runs."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

MARK = "SOHOA_HOME"
"""Who has this folder in the environment belongs to the soak."""


@dataclass(frozen=True, slots=True)
class Held:
    """Resident memory in bytes, of all processes of a role together; how many they are."""

    role: str
    count: int
    bytes: int


def ours(folder: Path) -> Iterator[psutil.Process]:
    """Every process on this machine whose environment names a folder of the soak, children without it that have such a parent too."""
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and _is_ours(process, folder):
                yield process
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue


def role_of(process: psutil.Process) -> str:
    """reader: the child that opens scans; worker, index: Dramatiq's processes; main: Dramatiq's own; else the command."""
    words = process.cmdline()
    if "workers.child_main" in words:
        return "reader"
    if "dramatiq" in words:
        kind = "index" if any("index" in word for word in words) else "worker"
        parent = process.parent()
        return kind if parent is not None and "dramatiq" in parent.cmdline() else f"{kind} main"
    return next((word for word in ("work", "ingest", "serve") if word in words), "other")


def held_by(processes: Iterable[psutil.Process]) -> list[Held]:
    """By role, in the order of names."""
    counts: dict[str, tuple[int, int]] = {}
    for process in processes:
        try:
            role, resident = role_of(process), process.memory_info().rss
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            continue
        before = counts.get(role, (0, 0))
        counts[role] = before[0] + 1, before[1] + resident
    return [Held(role, count, resident) for role, (count, resident) in sorted(counts.items())]


def files_below(folder: Path) -> int:
    """How many files lie there, however deep."""
    return sum(len(names) for _, _, names in os.walk(folder))


def _is_ours(process: psutil.Process, folder: Path) -> bool:
    named = process.environ().get(MARK) or process.environ().get("HOME", "")
    return str(named).startswith(str(folder))
