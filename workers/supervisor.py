"""`sohoa work` beside a broker: Dramatiq's processes are kept running, and the house is kept while they do.

Dramatiq's main process ends when one of its workers is killed, and takes the others along; here it is started again.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

import structlog

from pipeline.errors import TransientError
from pipeline.ports import READING
from workers.lifeline import NAME, lifeline
from workers.local import LOOK_SECONDS, Stop
from workers.pool import sweep_pools

log = structlog.get_logger()

GRACE_SECONDS = 30.0
"""Workers give back what is under way within a second or two."""

PAUSES_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
STEADY_SECONDS = 60.0
"""Who ran this long has not failed at the start: the next pause is the shortest again."""

KEEP_GRACE_SECONDS = 5.0
"""A round over millions of records takes longer; one that is broken off leaves nothing behind that the next does not mend."""


@dataclass(frozen=True, slots=True)
class Crew:
    """Worker processes that are started together and end together. `app`: what makes their broker, `queues`: the lanes that they
    take from. `scratch`: where they keep unfinished results, and nobody else does."""

    processes: int
    queues: Sequence[str] = READING
    app: str = "workers.app:make_broker"
    scratch: Path | None = None

    def command(self) -> list[str]:
        grace = str(round(GRACE_SECONDS * 1000))
        return [
            *(sys.executable, "-P", "-m", "dramatiq", self.app, "--path", "--skip-logging"),
            *("--processes", str(self.processes), "--threads", "1", "--worker-shutdown-timeout", grace),
            *("--queues", *self.queues),
        ]


def supervise(crews: Sequence[Crew], stop: Stop, *, keep: Callable[[], bool], keep_every_seconds: float) -> int:
    """Run the crews until `stop` is wished or `keep` says that all is done; how often one was started.

    `keep` is called at once and then every so often, in a thread of its own: neither a wish to stop nor a dead crew waits for it.
    What it raises of TransientError is logged; anything else ends the work and is raised here.
    """
    keeper = _Keeper(keep, keep_every_seconds)
    with lifeline() as end, keeper:
        watches = [_Watch(crew, end) for crew in crews]
        try:
            while not (stop.requested or keeper.finished.is_set()):
                for watch in watches:
                    watch.see_that_it_runs()
                time.sleep(LOOK_SECONDS)
        finally:
            for watch in watches:
                watch.ask_to_end()
            for watch in watches:
                watch.end()
    return sum(watch.started for watch in watches)


class _Watch:
    """One crew: started, and started again when it has ended, after pauses that grow while it fails at once."""

    def __init__(self, crew: Crew, lifeline_end: int) -> None:
        self._crew = crew
        self._lifeline_end = lifeline_end
        self._process: subprocess.Popen[bytes] | None = None
        self._failures = 0
        self._since = self._start_at = time.monotonic()
        self.started = 0

    def see_that_it_runs(self) -> None:
        now = time.monotonic()
        if self._process is not None and self._process.poll() is None:
            if now - self._since > STEADY_SECONDS:
                self._failures = 0
        elif self._process is not None:
            self._give_up(self._process, now)
        elif now >= self._start_at:
            self._sweep()
            self._process, self._since = _start(self._crew, self._lifeline_end), now
            self.started += 1

    def ask_to_end(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def end(self) -> None:
        """Wait, and then insist: nobody of the crew outlives its supervisor."""
        if self._process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(GRACE_SECONDS)
        _end_group(self._process)
        self._process.wait()
        self._sweep()

    def _give_up(self, process: subprocess.Popen[bytes], now: float) -> None:
        pause = PAUSES_SECONDS[min(self._failures, len(PAUSES_SECONDS) - 1)]
        log.warning("workers_ended", code=process.returncode, again_after_seconds=pause)
        _end_group(process)  # its workers may have outlived it
        self._process = None
        self._failures += 1
        self._start_at = now + pause

    def _sweep(self) -> None:
        if self._crew.scratch is not None:
            sweep_pools(self._crew.scratch)


class _Keeper:
    """Keeps the house beside the work. `finished`: there is nothing left to do, or it could not go on."""

    def __init__(self, keep: Callable[[], bool], every_seconds: float) -> None:
        self.finished = Event()
        self._keep = keep
        self._every_seconds = every_seconds
        self._leaving = Event()
        self._error: Exception | None = None
        self._thread = Thread(target=self._keep_on, name="keeper", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *ended: object) -> None:
        self._leaving.set()
        self._thread.join(KEEP_GRACE_SECONDS)
        if self._error is not None:
            raise self._error

    def _keep_on(self) -> None:
        try:
            while not self._keep_once():
                if self._leaving.wait(self._every_seconds):
                    return
        except Exception as error:
            self._error = error
        self.finished.set()

    def _keep_once(self) -> bool:
        try:
            return self._keep()
        except TransientError as error:
            log.warning("house_not_kept", code=error.code)
            return False


def _start(crew: Crew, lifeline_end: int) -> subprocess.Popen[bytes]:
    """A group of its own: Ctrl-C is for the supervisor, who tells it once; told twice, Dramatiq breaks off what is under way."""
    own = {
        # One message ahead, so that none waits behind a long one; the delay queue's own limit is left as it is: with it at one a
        # delayed message keeps a worker from its heartbeat.
        "dramatiq_queue_prefetch": "1",
        "OMP_THREAD_LIMIT": "1",
        "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path),
        NAME: str(lifeline_end),
    }
    return subprocess.Popen(
        crew.command(), env=os.environ | own, stdin=subprocess.DEVNULL, pass_fds=(lifeline_end,), start_new_session=True
    )


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """Workers that have lost their main process give back what is under way, as others do."""
    until = time.monotonic() + GRACE_SECONDS
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
        while time.monotonic() < until:
            os.killpg(process.pid, 0)
            time.sleep(LOOK_SECONDS)
        log.warning("workers_killed")
        os.killpg(process.pid, signal.SIGKILL)
