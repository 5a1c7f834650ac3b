"""Programs and threads that a test starts: whatever happens to the test, they end with it."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def running(
    command: Sequence[str | Path], *, cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A program with lines to and from it. Killed at the end unless it has ended: a test that fails must not wait for it."""
    with subprocess.Popen(
        [*map(str, command)],
        cwd=cwd,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        try:
            yield program
        finally:
            program.kill()


@contextmanager
def beside(target: Callable[[], object], count: int = 1, *, end: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Run `target` in `count` threads; `end` is to make it return. A thread that does not return fails the test."""
    threads = [threading.Thread(target=target, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        end()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "a thread did not return"


def wait_until(true: Callable[[], object], seconds: float = 20) -> None:
    """Look again and again; when it has not come true in time, the assertion that follows says so."""
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.02)
