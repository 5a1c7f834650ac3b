"""What the operating system says of files and disks, in our words; and its locks, which end with their holder."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from pipeline.errors import DiskFull, HomeReadOnly, KeyMissing, SohoaError, StoreUnavailable

FULL = {errno.ENOSPC, errno.EDQUOT}
NOT_WRITABLE = {errno.EROFS, errno.EACCES, errno.EPERM}
MISSING = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR}

ZEROS = 1 << 20
"""Bytes that are written over at a time."""


@contextmanager
def disk_errors(key: str | None = None) -> Iterator[None]:
    """Around what is ours on the disk (the home, work folders). `key`: a missing file is this missing key.

    Raises KeyMissing, DiskFull, HomeReadOnly, StoreUnavailable (whose detail is the system's name for the error).
    """
    try:
        yield
    except SohoaError:
        raise
    except OSError as error:
        if key is not None and error.errno in MISSING:
            raise KeyMissing(key) from None
        if error.errno in FULL:
            raise DiskFull from error
        name = errno.errorcode.get(error.errno or 0, type(error).__name__)
        raise (HomeReadOnly(name) if error.errno in NOT_WRITABLE else StoreUnavailable(name)) from error


def hold_shared(file: BinaryIO) -> None:
    """Lock an open file together with others; waits while somebody holds it alone. Closing it gives it up."""
    fcntl.flock(file, fcntl.LOCK_SH)


def try_to_hold_alone(file: BinaryIO) -> bool:
    """Lock an open file against all others; False at once when anybody else holds it. Closing it gives it up."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def new_locked_file(folder: Path, mode: int) -> Iterator[tuple[Path, BinaryIO]]:
    """A file of its own to be written, which is gone from `folder` at the end. By its lock a sweep knows that its writer lives.

    Raises DiskFull, HomeReadOnly, StoreUnavailable.
    """
    with disk_errors():
        path, file = _made_and_locked(folder, mode)
    try:
        yield path, file
    finally:
        with disk_errors():
            path.unlink(missing_ok=True)
            file.close()


def _made_and_locked(folder: Path, mode: int) -> tuple[Path, BinaryIO]:
    while True:
        path = folder / uuid4().hex
        file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode), "wb")
        hold_shared(file)
        if os.fstat(file.fileno()).st_nlink:
            return path, file
        file.close()  # a sweep came between the two


def wipe(folder: Path) -> bool:
    """Write zeros over every file of a folder, then remove it with all that is in it; whether nothing is left.

    A file that has another name elsewhere is not written over: it is somebody else's too.
    """
    for path in folder.rglob("*"):
        with suppress(OSError):
            if not path.is_symlink() and path.is_file():
                overwrite(path)
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def overwrite(path: Path) -> None:
    """Zeros over all bytes of a file that has no other name; one that has is left as it is. Raises OSError."""
    if path.stat().st_nlink > 1:
        return
    path.chmod(0o600)
    with path.open("r+b") as file:
        left = os.fstat(file.fileno()).st_size
        while left > 0:
            left -= file.write(bytes(min(left, ZEROS)))
        file.flush()
        os.fsync(file.fileno())


def sweep_abandoned(folder: Path) -> int:
    """Remove the files of a folder whose writers died (new_locked_file); returns how many."""
    with disk_errors():
        return sum(map(_is_removed, [*folder.iterdir()]))


def _is_removed(path: Path) -> bool:
    """It goes while it is held alone: who was about to lock it sees that it is gone."""
    try:
        with path.open("rb") as file:
            if not try_to_hold_alone(file):
                return False
            path.unlink()
            return True
    except FileNotFoundError:
        return False
