"""Kill `ingest` and `work` at random moments, again and again: all is done in the end, each once, and at each look it adds up.

By hand, with doubles of 0.2 seconds or with the program itself and real scans:

    python -m tests.soak.kill_soak --records 200 --kills 30
    python -m tests.soak.kill_soak --kills 30 --scans FOLDER
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cli.inputs import find_inputs
from pipeline.adapters.directory_store import DirectoryStore
from pipeline.custody import records
from pipeline.custody.status import Counts, status
from tests.custody.doubles import PDF, Office
from workers.usage import descendants

LIVES_WITH_DOUBLES = {"ingest": 0.8, "work": 1.5}
LIVES_WITH_SCANS = {"ingest": 2.0, "work": 12.0}
"""Longest seconds between the start of a process and its death: most die at work, some while they start."""


@dataclass
class Soak:
    """What is started and killed. `records`: how many are expected to be done in the end, each once."""

    commands: dict[str, list[str]]
    store: DirectoryStore
    records: int
    kills: int
    longest_lives: dict[str, float]
    chance: random.Random
    environment: dict[str, str] = field(default_factory=dict)
    killed: dict[str, int] = field(default_factory=dict)
    looks: int = 0

    def go(self) -> Counts:
        """Raises SoakFailed at the first look at which something is wrong."""
        for name, kills in (("ingest", self.kills // 2), ("work", self.kills)):
            if all(self._killed(name) for _ in range(kills)):
                self._finish(name)
        counts = self.look()
        self._check_end(counts)
        return counts

    def look(self) -> Counts:
        counts = status(self.store).total
        self.looks += 1
        if not counts.adds_up or counts.needs_review > counts.done:
            raise SoakFailed(f"the equation is not true: {counts}")
        return counts

    def _killed(self, name: str) -> bool:
        """Start it and kill it; False: it was done before its time had come."""
        with self._started(name) as process:
            until = time.monotonic() + self.chance.uniform(0.05, self.longest_lives[name])
            while time.monotonic() < until:
                if process.poll() is not None:
                    return False
                self.look()
                time.sleep(0.02)
            victim = self.chance.choice(["parent", "child", "child", "ctrl-c"])
            self.killed[victim] = self.killed.get(victim, 0) + 1
            if victim == "child":
                self._kill_child(process)
            number = signal.SIGINT if victim == "ctrl-c" else signal.SIGKILL
            process.send_signal(number)
            process.wait()
        counts = self.look()
        return not (name == "ingest" and counts.received >= self.records)  # killed while it left: all is handed over

    def _kill_child(self, process: subprocess.Popen[bytes]) -> None:
        """One of the processes below; the parent has a moment to notice before it is killed too."""
        below = list(descendants(process.pid))
        if below:
            with suppress(ProcessLookupError):
                os.kill(self.chance.choice(below), signal.SIGKILL)
            time.sleep(self.chance.uniform(0, 0.5))

    def _finish(self, name: str) -> None:
        with self._started(name) as process:
            while process.poll() is None:
                self.look()
                time.sleep(0.1)
        if process.returncode not in (0, 3):
            raise SoakFailed(f"{name} ended with {process.returncode}")

    def _started(self, name: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.commands[name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **self.environment}
        )

    def _check_end(self, counts: Counts) -> None:
        results = [records.parse_generation_key(key) for key in self.store.list_after(records.RESULTS)]
        if len({result.record_id for result in results}) != self.records or len(results) != self.records:
            raise SoakFailed(f"{len(results)} results of {self.records} records: {counts}")
        if not counts.done == counts.received == self.records:
            raise SoakFailed(f"not all is done: {counts}")


class SoakFailed(Exception):
    """What was wrong, and the counts at that look."""


def soak_with_doubles(folder: Path, count: int, kills: int, seed: int) -> Soak:
    """Records of one to three pages; the worker of tests.workers.killed."""
    office = Office(folder)
    chance = random.Random(seed)
    for number in range(count):
        office.scan(f"{number:04d}.pdf", PDF + b"\n".join([b"ok %d" % number] * chance.randint(1, 3)))
    killed = [sys.executable, "-m", "tests.workers.killed", str(folder)]
    commands = {name: [*killed, name] for name in ("ingest", "work")}
    return Soak(commands, office.store, count, kills, LIVES_WITH_DOUBLES, chance)


def soak_with_scans(folder: Path, scans: Path, kills: int, seed: int) -> Soak:
    """The program itself, on real files (each of them once)."""
    home = folder / "home"
    environment = {"SOHOA_HOME": str(home)}
    program = [sys.executable, "-c", "from cli.main import run; run()"]
    subprocess.run([*program, "init"], env={**os.environ, **environment}, check=True)
    count = len(find_inputs([scans]).files)
    store = DirectoryStore(home / "store")
    commands = {"ingest": [*program, "ingest", str(scans)], "work": [*program, "work", "--once"]}
    return Soak(commands, store, count, kills, LIVES_WITH_SCANS, random.Random(seed), environment)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=200)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scans", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if chosen.scans:
            soak = soak_with_scans(folder, chosen.scans, chosen.kills, chosen.seed)
        else:
            soak = soak_with_doubles(folder, chosen.records, chosen.kills, chosen.seed)
        began = time.monotonic()
        counts = soak.go()
        sys.stdout.write(f"{counts}\nkilled: {soak.killed}, looks: {soak.looks}, seconds: {time.monotonic() - began:.0f}\n")


if __name__ == "__main__":
    main()
