"""What is handed over, wherever it lies: a file of this machine, or something that is read from elsewhere."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from pipeline.custody.digests import Readable
from pipeline.errors import FileChanging, SohoaError, UnreadableFile


@dataclass(frozen=True, slots=True)
class Offer:
    """One file, and how its bytes are had.

    `shown`: what the clerk calls it. `name`: as it is recorded. `source`: where it lay, which with the bytes makes it the same
    arrival when it is brought again. `size_bytes`: as far as known before it is opened.

    `lasting`: the source names one thing for good, as an object's key does, so that the same bytes from there are the same
    arrival in whichever hand-over. `tag`: tells bytes that were refused from others under the same source, where anything does.
    """

    shown: Path | str
    name: str
    source: str
    size_bytes: int
    opened: Callable[[], AbstractContextManager[Readable]]
    lasting: bool = False
    tag: str = ""


def offer_of(file: Path) -> Offer:
    """A file of this machine. What is wrong with it is said when it is opened: UnreadableFile, FileChanging."""
    try:
        size = file.stat().st_size
    except (OSError, ValueError):
        size = 0
    return Offer(file, file.name, as_text(str(file.absolute())), size, partial(_opened, file))


@contextmanager
def _opened(source: Path) -> Iterator[Readable]:
    """Regular files only: a pipe would wait for ever, a device may never end."""
    with source_errors():
        file = os.fdopen(os.open(source, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb", buffering=0)
    with file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise UnreadableFile("not a regular file")
        yield UnchangedFile(file)


class UnchangedFile:
    """An open file that says at its end when somebody has written to it meanwhile. Raises FileChanging, UnreadableFile."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._before = _shape(file)
        self._given = 0

    def read(self, size: int, /) -> bytes:
        with source_errors():
            chunk = self._file.read(size)
        self._given += len(chunk)
        if not chunk and (_shape(self._file) != self._before or self._given != self._before[0]):
            raise FileChanging
        return chunk


def _shape(file: BinaryIO) -> tuple[int, int]:
    with source_errors():
        now = os.fstat(file.fileno())
    return now.st_size, now.st_mtime_ns


@contextmanager
def source_errors() -> Iterator[None]:
    """Around what is not ours on a disk: whatever goes wrong there is the file's fault."""
    try:
        yield
    except SohoaError:
        raise
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL
        number = getattr(error, "errno", None) or 0
        raise UnreadableFile(errno.errorcode.get(number, type(error).__name__)) from error


def as_text(path: str) -> str:
    """A path that can be recorded; bytes that are no text are escaped, so that two such names stay two."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
