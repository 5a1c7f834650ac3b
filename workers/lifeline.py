"""A pipe between a supervisor and the worker processes below it: when the supervisor dies, however it dies, its end is closed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

NAME = "CREW_LIFELINE"
"""Environment variable that tells a worker process the number of its end."""


@contextmanager
def lifeline() -> Iterator[int]:
    """The number of the workers' end; what is started inside the `with` is to inherit it."""
    theirs, ours = os.pipe()
    try:
        yield theirs
    finally:
        os.close(ours)
        os.close(theirs)


def end_with_supervisor() -> None:
    """From now on this process gets SIGTERM when its supervisor is gone. Nothing is done where none has started it."""
    with suppress(KeyError, ValueError):
        Thread(target=_wait, args=(int(os.environ[NAME]),), name="lifeline", daemon=True).start()


def _wait(end: int) -> None:
    with suppress(OSError):  # no such pipe: as good as a closed one
        os.read(end, 1)
    end_this_process()


def end_this_process() -> None:
    """As if it had been told to: a worker gives back what is under way, and Dramatiq's main process ends with it."""
    os.kill(os.getpid(), signal.SIGTERM)
