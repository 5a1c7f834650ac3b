"""The whole house on real servers, with a random process killed every so often: nothing is lost, nothing is done twice.

    make soak                                      10,000 records, a kill every 20 s
    python -m tests.soak.server_soak --records 500 --minutes 3 --kill-every 10 --out FOLDER

Two machines (two `sohoa work` with a home folder each), a clerk's `sohoa ingest` and `sohoa serve` run on the servers that
`make servers` has started. What is killed and was started by hand is started again, as systemd would; everything else is the
house's own business. At the end stand FOLDER/soak.json and soak.svg.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil

from config.settings import PREFIX, Settings
from config.wiring.home import Home, open_home
from pipeline.custody import records
from pipeline.custody.status import Counts, status
from tests.soak.places import Place, new_place
from tests.soak.plot import draw_course
from tests.soak.small_scans import make_small_scans
from tests.soak.watching import files_below, held_by, ours, role_of

PROGRAM = [sys.executable, "-c", "from cli.main import run; run()"]
LOOK_SECONDS = 10.0
CHUNK = 500
"""Files of one hand-over: the clerk brings one after the other while the work goes on."""


class SoakFailed(Exception):
    """What was wrong."""


@dataclass(frozen=True, slots=True)
class Look:
    """How it stood at a moment. `seconds`: since the beginning; `memory`: role -> bytes; `temporary`: files of unfinished work."""

    seconds: float
    counts: Counts
    memory: dict[str, int]
    processes: int
    temporary: int


@dataclass
class Post:
    """A program that is kept running."""

    arguments: Sequence[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0

    def see_that_it_runs(self) -> None:
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(
                [*PROGRAM, *self.arguments],
                env={**os.environ, **self.environment},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            self.starts += 1

    def end(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(120)


@dataclass
class ServerSoak:
    """`minutes`: it goes on at least so long, with more records if need be."""

    place: Place
    folder: Path
    records: int
    minutes: float
    kill_every_seconds: float
    chance: random.Random
    began: float = 0.0
    looks: list[Look] = field(default_factory=list)
    kills: list[tuple[float, str]] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    handed_over: int = 0

    def go(self) -> None:
        """Raises SoakFailed at the first look at which something is wrong."""
        for machine in ("machine-1", "machine-2", "desk"):
            self._sohoa(machine, "init")
        self.posts = [Post(["work"], self._environment(machine)) for machine in ("machine-1", "machine-2")]
        self.posts.append(Post(["serve", "--address", "127.0.0.1:0"], self._environment("desk")))
        self.began = time.monotonic()
        try:
            self._work_until_done()
        finally:
            for post in self.posts:
                post.end()
        self._check_end()

    def _work_until_done(self) -> None:
        clerk: Post | None = None
        kill_at = look_at = self.began
        while True:
            now = time.monotonic()
            for post in self.posts:
                post.see_that_it_runs()
            clerk = self._see_to_the_clerk(clerk)
            if now >= kill_at:
                self._kill_one()
                kill_at = now + self.kill_every_seconds
            if now >= look_at:
                counts = self.look()
                look_at = time.monotonic() + LOOK_SECONDS
                if clerk is None and counts.done == counts.received == self.records and now - self.began >= 60 * self.minutes:
                    return
            time.sleep(0.2)

    def _see_to_the_clerk(self, clerk: Post | None) -> Post | None:
        """One hand-over after the other; one that was killed is begun again by the same command, which goes on with it."""
        if clerk is not None and clerk.process is not None:
            ended = clerk.process.poll()
            if ended is None:
                return clerk
            if ended == 0:
                self.handed_over += CHUNK
                clerk = None
        if clerk is None and self.handed_over < self.records:
            number = self.handed_over // CHUNK + 1
            batch = self.folder / "scans" / f"{number:04d}"
            make_small_scans(batch, min(CHUNK, self.records - self.handed_over), self.handed_over + 1)
            clerk = Post(["ingest", str(batch), "--unit", f"don-vi-{number % 5}"], self._environment("desk"))
        if clerk is not None:
            clerk.see_that_it_runs()
        return clerk

    def _kill_one(self) -> None:
        living = list(ours(self.folder))
        roles = sorted({role_of(process) for process in living})
        if not roles:
            return
        role = self.chance.choice(roles)  # each role as often as the others, however many processes it has
        victim = self.chance.choice([process for process in living if role_of(process) == role])
        with suppress(psutil.NoSuchProcess):
            victim.kill()
            self.kills.append((time.monotonic() - self.began, role))

    def look(self) -> Counts:
        """Raises SoakFailed where the equation does not hold."""
        counts = status(self._home().store).total
        held = held_by(ours(self.folder))
        temporary = sum(files_below(self.folder / machine) for machine in ("machine-1", "machine-2", "desk"))
        self.looks.append(
            Look(
                round(time.monotonic() - self.began, 1),
                counts,
                {one.role: one.bytes for one in held},
                sum(one.count for one in held),
                temporary,
            )
        )
        sys.stdout.write(f"{self.looks[-1].seconds:8.0f} s  {counts}\n")
        sys.stdout.flush()
        if not counts.adds_up:
            raise SoakFailed(f"the equation does not hold: {counts}")
        return counts

    def _check_end(self) -> None:
        """All done, each once, all of it in the index, and nothing left behind."""
        home = self._home()
        results = [records.parse_generation_key(key) for key in home.store.list_after(records.RESULTS)]
        if len(results) != self.records or len({result.record_id for result in results}) != self.records:
            raise SoakFailed(f"{len(results)} results of {self.records} records")
        indexed = home.indexing.index.generations()
        if indexed.keys() != {result.record_id for result in results}:
            raise SoakFailed(f"{len(indexed)} records in the index")
        if marks := [*home.store.list_after(records.PENDING), *home.store.list_after(records.REFRESH)]:
            raise SoakFailed(f"{len(marks)} marks left, {marks[0]}")
        if orphans := [role_of(process) for process in ours(self.folder)]:
            raise SoakFailed(f"orphans: {Counter(orphans)}")
        for machine in ("machine-1", "machine-2", "desk"):
            left = [path for path in (self.folder / machine).rglob("*") if path.is_file() and path.suffix != ".lock"]
            if left:
                raise SoakFailed(f"{len(left)} files left, {left[0]}")

    def figures(self) -> dict[str, object]:
        """Of the whole run, for the file."""
        last = self.looks[-1]
        return {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "records": self.records,
            "minutes": round(last.seconds / 60, 1),
            "records_per_minute": round(60 * self.records / last.seconds, 1),
            "kills": dict(Counter(role for _, role in self.kills)),
            "looks": len(self.looks),
            "starts_of_work": [post.starts for post in self.posts],
            "counts": asdict(last.counts),
            "killed_at": [(round(at, 1), role) for at, role in self.kills],
            "course": [
                {"seconds": one.seconds, **asdict(one.counts), "memory": one.memory, "temporary": one.temporary}
                for one in self.looks
            ],
        }

    def _home(self) -> Home:
        told = {
            name.removeprefix(PREFIX).lower(): value
            for name, value in self._environment("desk").items()
            if name.startswith(PREFIX)
        }
        return open_home(Settings(**told))  # type: ignore[arg-type]  # as text, as the environment would give them

    def _environment(self, machine: str) -> dict[str, str]:
        return {**self.place.settings, "SOHOA_HOME": str(self.folder / machine), "SOHOA_JOBS": "1", "PYTHONPATH": str(Path.cwd())}

    def _sohoa(self, machine: str, *arguments: str) -> None:
        subprocess.run(
            [*PROGRAM, *arguments], env={**os.environ, **self._environment(machine)}, check=True, stdout=subprocess.DEVNULL
        )


def main() -> None:
    parser = argparse.ArgumentParser(description="Soak on real servers, with kills.")
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--kill-every", type=float, default=20.0, metavar="SECONDS")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("docs"))
    chosen = parser.parse_args()
    with ExitStack() as until_end:
        place = until_end.enter_context(new_place())
        folder = Path(until_end.enter_context(tempfile.TemporaryDirectory()))
        soak = ServerSoak(place, folder, chosen.records, chosen.minutes, chosen.kill_every, random.Random(chosen.seed))
        soak.go()
        figures = soak.figures()
    chosen.out.mkdir(parents=True, exist_ok=True)
    (chosen.out / "soak.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    draw_course(figures, chosen.out / "soak.svg")
    sys.stdout.write(json.dumps({name: value for name, value in figures.items() if name != "course"}) + "\n")


if __name__ == "__main__":
    main()
