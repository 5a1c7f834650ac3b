"""Programs that outlive the one who starts them: a session of their own, known by pid and time of start, stopped alone.

A server has a folder. Each of its processes is written into `pids` there as soon as it exists, so that `stop` finds it even if
whoever started it was killed; what it says goes into `log`.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

STOP_SECONDS = 20
"""Redis, MinIO, Elasticsearch and RabbitMQ end in under two; a busy machine gets ten times that before they are killed."""


class ServerFailed(Exception):
    """A server that does not come up; the text says why, as far as its log does."""


@dataclass(frozen=True, slots=True)
class Process:
    """A pid is given again some day, a pid with the time of its start (in ticks since the machine's) never is."""

    pid: int
    since: str
    stops_by: int = signal.SIGTERM

    def lives(self) -> bool:
        with suppress(ChildProcessError):  # one of our own that has ended stays in the process table until it is asked after
            os.waitpid(self.pid, os.WNOHANG)
        return _started_at(self.pid) == self.since


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens on now, no two the same."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def start(
    command: Sequence[str | Path],
    folder: Path,
    env: Mapping[str, str] | None = None,
    *,
    at: Path | None = None,
    stops_by: int = signal.SIGTERM,
) -> None:
    """Start a program in `folder`, or `at` another place that it may enter. `stops_by`: the signal that asks it to end.

    Raises ServerFailed when it cannot be started at all.
    """
    with (folder / "log").open("ab") as log:
        try:
            program = subprocess.Popen(
                [*map(str, command)],
                cwd=at or folder,
                env={**os.environ, **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        except OSError as error:
            raise ServerFailed(f"{command[0]} cannot be started: {error.strerror}") from error
    with (folder / "pids").open("a", encoding="ascii") as pids:
        pids.write(f"{program.pid} {_started_at(program.pid)} {int(stops_by)}\n")
    program.returncode = 0  # it is meant to go on without us: nothing for Popen to warn about


def call(command: Sequence[str | Path], folder: Path, env: Mapping[str, str] | None = None, *, at: Path | None = None) -> None:
    """Have a program do something and end. Raises ServerFailed with the end of the log when it does not end well."""
    with (folder / "log").open("ab") as log:
        where, told = at or folder, {**os.environ, **(env or {})}
        ended = subprocess.run([*map(str, command)], cwd=where, env=told, stdout=log, stderr=log, check=False)
    if ended.returncode != 0:
        raise ServerFailed(f"it could not be made ready, and says in {folder / 'log'}:\n{end_of_log(folder)}")


def processes(folder: Path) -> list[Process]:
    """What was started in `folder`, in that order, whether or not it still runs."""
    try:
        lines = (folder / "pids").read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return []
    return [Process(int(pid), since, *map(int, stops_by)) for pid, since, *stops_by in (line.split() for line in lines)]


def runs(folder: Path) -> bool:
    """Whether all that was started there still runs."""
    started = processes(folder)
    return bool(started) and all(process.lives() for process in started)


def wait_until_ready(folder: Path, ready: Callable[[], bool], seconds: float) -> None:
    """Raises ServerFailed with the end of the log when a process of the server ends first, or it is not ready in time."""
    until = time.monotonic() + seconds
    while not ready():
        if not runs(folder):
            raise ServerFailed(f"it ended at once, and says in {folder / 'log'}:\n{end_of_log(folder)}")
        if time.monotonic() > until:
            raise ServerFailed(f"it was not ready after {seconds:.0f} s, and says in {folder / 'log'}:\n{end_of_log(folder)}")
        time.sleep(0.1)


def stop(folder: Path, *, at_once: bool = False) -> None:
    """End what was started in `folder` and still runs, the last first; with `at_once` without asking it."""
    started = processes(folder)
    for process in reversed(started):
        if not at_once and process.lives():
            os.kill(process.pid, process.stops_by)
            _wait_for_end(process)
        if process.lives():
            os.killpg(process.pid, signal.SIGKILL)  # with its children: it began a session, so the group is its own
            _wait_for_end(process)
    if not any(process.lives() for process in started):
        (folder / "pids").unlink(missing_ok=True)


def end_of_log(folder: Path, lines: int = 15) -> str:
    try:
        said = (folder / "log").read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return "(nothing)"
    return "\n".join(f"  {line}" for line in said[-lines:]) or "(nothing)"


def _wait_for_end(process: Process) -> None:
    until = time.monotonic() + STOP_SECONDS
    while process.lives() and time.monotonic() < until:
        time.sleep(0.05)


def _started_at(pid: int) -> str | None:
    """None where there is no such process, or it has ended and only waits to be asked after."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state[0] in "ZX" else state[19]
