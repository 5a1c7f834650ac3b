"""What the file system says while results are written, in our words."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.errors import DiskFull, StoreUnavailable


@contextmanager
def writing() -> Iterator[None]:
    """Raises DiskFull, StoreUnavailable for an OSError."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise (DiskFull if full else StoreUnavailable)(errno.errorcode.get(error.errno or 0, "")) from error
