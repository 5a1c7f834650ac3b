"""What the operating system says of files and disks, in our words; and its locks, which end with their holder."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import DiskFull, HomeReadOnly, KeyMissing, SohoaError, StoreUnavailable

FULL = {errno.ENOSPC, errno.EDQUOT}
NOT_WRITABLE = {errno.EROFS, errno.EACCES, errno.EPERM}
MISSING = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR}


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


def sweep_abandoned(folder: Path, older_than_seconds: float = 60) -> int:
    """Remove the files of a folder whose writers died; returns how many.

    The living hold a lock on theirs; the age is for those who have made a file and not locked it yet.
    """
    with disk_errors():
        abandoned = [path for path in folder.iterdir() if _abandoned(path, time.time() - older_than_seconds)]
        for path in abandoned:
            path.unlink(missing_ok=True)
    return len(abandoned)


def _abandoned(path: Path, changed_before: float) -> bool:
    try:
        with path.open("rb") as file:
            return try_to_hold_alone(file) and os.fstat(file.fileno()).st_mtime <= changed_before
    except FileNotFoundError:
        return False
