"""Servers that refuse to run as root: for root they run as another user, in a folder that this user may enter."""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

LARGE_TEMPORARY = Path("/var/tmp")  # noqa: S108 - a folder of random name, made by mkdtemp


def as_other(names: tuple[str, ...]) -> list[str]:
    """What stands before a command so that the first of these users runs it; nothing where we are not root anyway."""
    if os.geteuid() != 0:
        return []
    user = next(name for name in names if _is_known(name))
    return ["setpriv", f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--init-groups", "--"]


def place_for_other(folder: Path, names: tuple[str, ...]) -> Path:
    """A folder that the user may enter and that is his alone, the same at the next start.

    Root's folders are closed to others; so his lies elsewhere, and `data` in the server's folder is a link to it.
    """
    data = folder / "data"
    if data.exists():
        return data.resolve()
    if os.geteuid() != 0:
        data.mkdir(mode=0o700)
        return data
    data.unlink(missing_ok=True)  # a link to what is gone
    user = next(pwd.getpwnam(name) for name in names if _is_known(name))
    place = Path(tempfile.mkdtemp(prefix=f"sohoa-{folder.name}-", dir=LARGE_TEMPORARY if LARGE_TEMPORARY.is_dir() else None))
    data.symlink_to(place)
    os.chown(place, user.pw_uid, user.pw_gid)
    return place


@contextmanager
def told_in_file(place: Path, secret: str) -> Iterator[Path]:
    """A file that only the owner of `place` can read, for as long as it is needed."""
    file = place / uuid4().hex
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as opened:
        opened.write(secret)
    owner = place.stat()
    os.chown(file, owner.st_uid, owner.st_gid)
    try:
        yield file
    finally:
        file.unlink()


def clear(folder: Path) -> None:
    """Take away what a server wrote, also where it wrote elsewhere."""
    data = folder / "data"
    if data.is_symlink():
        shutil.rmtree(data.readlink(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def _is_known(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
