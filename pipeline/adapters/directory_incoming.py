"""Where others drop files: a folder that is shared with them (SMB, NFS, SFTP).

    <root>/incoming/<unit>/<batch>/…   theirs
    <root>/refused/…                   what was not taken, each with its .why.json
    <root>/.sohoa/clock                touched to hear the time from whoever keeps the disk
    <root>/.sohoa/leaving/<number>/…   on its way out, for a moment

A file has no versions: what it is now (inode, size, time of change) is compared after it was moved where nobody writes, and it is
put back when it is another one by then.
"""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from pipeline.adapters.incoming_aside import INCOMING, REFUSED, aside_for, note_of
from pipeline.adapters.store_keys import in_key_order
from pipeline.disk import FULL, MISSING
from pipeline.errors import (
    FileChanging,
    FolderUnusable,
    IncomingMissing,
    KeyMissing,
    SohoaError,
    StoreRefused,
    StoreUnavailable,
    UnreadableFile,
)
from pipeline.ports import Lying

OURS = ".sohoa"
CHUNK_BYTES = 1 << 20

NO_HARD_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}

LEFT_BEHIND_SECONDS = 60.0
"""What is on its way out for longer was left there by somebody who died; it takes milliseconds."""


def create_directory_incoming(root: Path) -> None:
    """Make the folders; harmless where they are. Raises FolderUnusable."""
    try:
        for folder in (root / INCOMING, root / REFUSED, root / OURS / "leaving"):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderUnusable(f"{root}: {errno.errorcode.get(error.errno or 0, type(error).__name__)}") from error


class DirectoryIncoming:
    """See `pipeline.ports.Incoming` for the promises. Safe for several processes and threads at once."""

    exact = True

    def __init__(self, root: Path) -> None:
        """Raises IncomingMissing, StoreUnavailable, StoreRefused."""
        self._root = root.absolute()
        self._leaving = self._root / OURS / "leaving"
        self.where = f"{self._root}/"
        if not (self._root / INCOMING).is_dir() or not self._leaving.is_dir():
            raise IncomingMissing(str(root))
        self._put_back_what_was_left_behind()

    def list_after(self, prefix: str, after: str = "") -> Iterator[str]:
        return in_key_order(self._names, prefix, prefix, after)

    def look(self, key: str) -> Lying | None:
        path = self._path(key)
        with _folder_errors():
            found = _regular(path)
            if found is None:
                return None
            age = self._now() - max(found.st_mtime, found.st_ctime)  # programs that copy set the former back
            return Lying(key, found.st_size, _tag(found), "", age)

    def drafts(self, lying: Lying, within_seconds: float) -> list[Lying]:
        return []

    def open(self, lying: Lying) -> BinaryIO:
        path = self._path(lying.key)
        with _folder_errors(lying.key, UnreadableFile):
            if not Path(os.path.realpath(path.parent)).is_relative_to(os.path.realpath(self._root)):
                raise KeyMissing(lying.key)  # by way of a link: what lies elsewhere was not dropped here
            file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        stream = io.BufferedReader(raw := _UnchangedFile(file, lying), CHUNK_BYTES)
        try:
            raw.compare()
        except BaseException:
            stream.close()
            raise
        return stream

    def set_aside(self, lying: Lying, why: Mapping[str, str]) -> None:
        aside = aside_for(lying, self._note_at)
        target = self._root / aside.key
        with _folder_errors():
            if not self._still_lies(lying):
                return
            if not aside.told:
                target.parent.mkdir(parents=True, exist_ok=True)
                _write_whole(self._root / aside.why, note_of(lying, why))
            self._take_out(lying, target)

    def remove(self, lying: Lying) -> None:
        with _folder_errors():
            place = self._leaving / uuid4().hex
            target = place / lying.key
            target.parent.mkdir(parents=True)
            if self._take_out(lying, target):
                target.unlink()
            _remove_empty(target.parent, place.parent)

    def _take_out(self, lying: Lying, target: Path) -> bool:
        """Move what lies there to `target`, if it is what is meant. Another one, dropped meanwhile, is put back."""
        if not self._still_lies(lying):
            return False
        path = self._path(lying.key)
        try:
            path.rename(target)
        except FileNotFoundError:
            return False
        if _tag(target.lstat()) == lying.tag:
            return True
        _put_back(target, path)
        return False

    def _still_lies(self, lying: Lying) -> bool:
        found = _regular(self._path(lying.key))
        return found is not None and _tag(found) == lying.tag

    def _put_back_what_was_left_behind(self) -> None:
        """By somebody who died in between. If it had been taken, taking it again makes the same arrival."""
        with _folder_errors():
            for place in self._leaving.iterdir():
                with suppress(FileNotFoundError):  # somebody else puts it back
                    if self._now() - place.stat().st_mtime >= LEFT_BEHIND_SECONDS:
                        self._put_back_from(place)

    def _put_back_from(self, place: Path) -> None:
        for file in [path for path in place.rglob("*") if path.is_file()]:
            home = self._root / file.relative_to(place)
            home.parent.mkdir(parents=True, exist_ok=True)
            _put_back(file, home)
            _remove_empty(file.parent, self._leaving)

    def _names(self, folder: str) -> list[str]:
        with _folder_errors(), suppress(FileNotFoundError, NotADirectoryError), os.scandir(self._root / folder) as entries:
            found = [(entry.name, entry.is_dir(follow_symlinks=False), entry.is_file(follow_symlinks=False)) for entry in entries]
            return [
                f"{folder}{name}/" if is_folder else folder + name for name, is_folder, is_file in found if is_folder or is_file
            ]
        return []

    def _note_at(self, key: str) -> bytes | None:
        with _folder_errors(), suppress(FileNotFoundError):
            return (self._root / key).read_bytes()
        return None

    def _now(self) -> float:
        clock = self._root / OURS / "clock"
        clock.touch()
        os.utime(clock)
        return clock.stat().st_mtime

    def _path(self, key: str) -> Path:
        if "\0" in key or any(part in ("", ".", "..") for part in key.split("/")):
            raise KeyMissing(key)
        return self._root / key


class _UnchangedFile(io.RawIOBase):
    """A file being read; at its end it says whether somebody has written to it meanwhile."""

    def __init__(self, file: int, lying: Lying) -> None:
        self._file = file
        self._lying = lying

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with _folder_errors(self._lying.key, UnreadableFile):
            data = os.read(self._file, len(buffer))
        if not data:
            self.compare()
        buffer[: len(data)] = data
        return len(data)

    def compare(self) -> None:
        """Raises FileChanging when it is not what was looked at."""
        if _tag(os.fstat(self._file)) != self._lying.tag:
            raise FileChanging

    def close(self) -> None:
        if not self.closed:
            os.close(self._file)
        super().close()


def _tag(found: os.stat_result) -> str:
    return f"{found.st_ino}-{found.st_size}-{found.st_mtime_ns}"


def _regular(path: Path) -> os.stat_result | None:
    """None: there is none. Links are left alone."""
    try:
        found = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found if stat.S_ISREG(found.st_mode) else None


def _put_back(file: Path, home: Path) -> None:
    """Under its own name, or beside the one that has it by now."""
    number = 1
    target = home
    while not _moved_to_free(file, target):
        number += 1
        target = home.with_name(f"{home.stem}-{number}{home.suffix}")


def _moved_to_free(file: Path, target: Path) -> bool:
    """A link never replaces what is there. Where there are none, it is looked first."""
    try:
        target.hardlink_to(file)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in NO_HARD_LINKS:
            raise
        if target.exists():
            return False
        file.rename(target)
        return True
    file.unlink()
    return True


def _write_whole(path: Path, data: bytes) -> None:
    new = path.with_name(f".{uuid4().hex}")
    new.write_bytes(data)
    new.replace(path)


def _remove_empty(folder: Path, up_to: Path) -> None:
    with suppress(OSError):
        while folder != up_to:
            folder.rmdir()
            folder = folder.parent


@contextmanager
def _folder_errors(key: str | None = None, refused: type[SohoaError] = StoreRefused) -> Iterator[None]:
    """Around what is asked of the shared folder. `key`: a missing file is this missing key; `refused`: what may not be read."""
    try:
        yield
    except SohoaError:
        raise
    except OSError as error:
        name = errno.errorcode.get(error.errno or 0, type(error).__name__)
        if key is not None and error.errno in MISSING | {errno.ELOOP}:
            raise KeyMissing(key) from None
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise refused(name) from error
        raise StoreUnavailable("no room to set it aside" if error.errno in FULL else name) from error
