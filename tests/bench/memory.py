"""Memory of a process and all its children, sampled while it runs."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import psutil

EVERY_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Ran:
    """`seconds` of wall time; `megabytes`: (seconds since start, proportional set size of the tree) at each look."""

    code: int
    seconds: float
    megabytes: tuple[tuple[float, float], ...]

    @property
    def peak_mb(self) -> float:
        return max((size for _, size in self.megabytes), default=0.0)


def run_watched(command: Sequence[str], env: Mapping[str, str]) -> Ran:
    """Run to the end; shared pages are counted once over the tree (PSS)."""
    started = time.monotonic()
    process = subprocess.Popen(command, env=dict(env), stdout=subprocess.DEVNULL)
    looks: list[tuple[float, float]] = []
    done = threading.Event()

    def look() -> None:
        while not done.wait(EVERY_SECONDS):
            looks.append((time.monotonic() - started, tree_mb(process.pid)))

    watcher = threading.Thread(target=look)
    watcher.start()
    code = process.wait()
    seconds = time.monotonic() - started
    done.set()
    watcher.join()
    return Ran(code, seconds, tuple(looks))


def tree_mb(pid: int) -> float:
    total = 0
    try:
        root = psutil.Process(pid)
        for process in [root, *root.children(recursive=True)]:
            try:
                total += process.memory_full_info().pss
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
    except psutil.NoSuchProcess:
        return 0.0
    return total / 1_000_000
