"""A lock file of the home (flock): given up by the system when its holder dies, however it dies."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pipeline.disk import disk_errors, hold_shared, try_to_hold_alone
from pipeline.errors import HomeLocked, HomeMissing

LOOK_AGAIN_SECONDS = 0.1


class FileLock:
    """Every hold opens the file anew, so threads of one process exclude each other as processes do."""

    def __init__(self, path: Path, wait_seconds: float = 0.0) -> None:
        self._path = path
        self._wait_seconds = wait_seconds

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Held together with other shared holders; waits as long as somebody holds it alone."""
        with self._opened() as file:
            hold_shared(file)
            yield

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Held alone. Raises HomeLocked when it is not free within `wait_seconds`."""
        with self._opened() as file:
            until = time.monotonic() + self._wait_seconds
            while not try_to_hold_alone(file):
                if time.monotonic() >= until:
                    raise HomeLocked
                time.sleep(LOOK_AGAIN_SECONDS)
            yield

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        with disk_errors():
            try:
                file = os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660), "r+b", buffering=0)
            except FileNotFoundError:
                raise HomeMissing(str(self._path.parent)) from None
        with file:
            yield file
