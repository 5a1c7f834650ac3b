"""The Store in a folder of this machine. Needs a file system with hard links (ext4, XFS, Btrfs, NTFS, NFS).

    <root>/format     the version of this layout
    <root>/objects/   one file an object, at its key; read-only
    <root>/temp/      objects that are being written, each locked by its writer

An object is written to temp/, forced to the disk, and linked to its place: a link never replaces, so of two writers one wins,
and a name that can be seen has all its bytes behind it.
"""

from __future__ import annotations

import errno
import io
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, NoReturn
from uuid import uuid4

from pipeline.disk import FULL, disk_errors, hold_shared, try_to_hold_alone
from pipeline.errors import BadName, FolderUnusable, HomeMissing, HomeTooNew, KeyExists

FORMAT = "sohoa store 1\n"
KEY = re.compile(r"(?:[A-Za-z0-9_+][A-Za-z0-9_.+-]*/)*[A-Za-z0-9_+][A-Za-z0-9_.+-]*")
"""No segment begins with a dot or a dash: nothing leaves the folder, nothing is hidden, nothing looks like an option."""

MAX_KEY = 900
"""Characters; the longest key that custody makes has some 470. A path may have 4,095 bytes on Linux."""

MAX_SEGMENT = 255
CHUNK_BYTES = 1 << 20
NO_HARD_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS}


def create_directory_store(root: Path) -> None:
    """Make the folder of a store; harmless where there is one.

    Raises FolderUnusable (also where the file system has no hard links), HomeReadOnly, DiskFull, StoreUnavailable.
    """
    with disk_errors():
        for folder in (root, root / "objects", root / "temp"):
            _make(folder)
        if not (root / "format").exists():
            _write_format(root)
        _sync_folder(root)
        _sync_folder(root.parent)


class DirectoryStore:
    """See `pipeline.ports.Store` for the promises. Safe for several processes and threads at once."""

    def __init__(self, root: Path) -> None:
        """Raises HomeMissing, HomeTooNew, HomeReadOnly (cannot even be read)."""
        with disk_errors():
            try:
                found = (root / "format").read_text("ascii")
            except (FileNotFoundError, NotADirectoryError):
                raise HomeMissing(str(root.parent)) from None
        if found != FORMAT:
            raise HomeTooNew(found.strip())
        self._root = root
        self._objects = root / "objects"
        self.temp = root / "temp"
        self._known_folders: set[Path] = set()

    def put_new(self, key: str, content: bytes | Path) -> None:
        """As the port says. A path inside `temp` is not copied: the file itself becomes the object."""
        target = self._path(key)
        with disk_errors():
            if target.exists():
                self._refuse(target, key)
            if isinstance(content, Path) and content.parent == self.temp:
                self._adopt(content, target, key)
                return
            with self._temp_file() as (path, file):
                _fill(file, content)
                file.flush()
                os.fsync(file.fileno())
                self._link(path, target, key)

    def get(self, key: str) -> bytes:
        with disk_errors(key):
            return self._path(key).read_bytes()

    def open(self, key: str) -> BinaryIO:
        with disk_errors(key):
            return io.BufferedReader(_ObjectFile(self._path(key), "rb"), CHUNK_BYTES)

    def list_after(self, prefix: str, after: str = "") -> Iterator[str]:
        folder = prefix.rpartition("/")[0]
        if folder and not KEY.fullmatch(folder):
            return iter(())
        return self._listed(f"{folder}/" if folder else "", prefix, after)

    def remove(self, key: str) -> None:
        target = self._path(key)
        with disk_errors(), suppress(FileNotFoundError, NotADirectoryError):
            target.unlink()

    def path_of(self, key: str) -> Path:
        """Where an object lies, for people to open. Raises KeyMissing."""
        path = self._path(key)
        with disk_errors(key):
            path.stat()
        return path

    def free_bytes(self) -> int:
        with disk_errors():
            return shutil.disk_usage(self._root).free

    def sweep_temp(self, older_than_seconds: float = 60) -> int:
        """Remove what dead writers left in temp/; returns how many.

        The living hold a lock on theirs; the age is for those who have made a file and not locked it yet.
        """
        with disk_errors():
            abandoned = [path for path in self.temp.iterdir() if _abandoned(path, time.time() - older_than_seconds)]
            for path in abandoned:
                path.unlink(missing_ok=True)
        return len(abandoned)

    def _path(self, key: str) -> Path:
        if len(key) > MAX_KEY or not KEY.fullmatch(key) or max(map(len, key.split("/"))) > MAX_SEGMENT:
            raise BadName(key[:MAX_KEY])
        return self._objects / key

    def _listed(self, folder: str, prefix: str, after: str) -> Iterator[str]:
        # A folder sorts by its name with the slash: "a-b" comes before "a/x", as it does among whole keys.
        for key in sorted(self._names(folder)):
            if key.endswith("/"):
                if (key.startswith(prefix) or prefix.startswith(key)) and (key > after or after.startswith(key)):
                    yield from self._listed(key, prefix, after)
            elif key.startswith(prefix) and key > after:
                yield key

    def _names(self, folder: str) -> list[str]:
        with disk_errors(), suppress(FileNotFoundError, NotADirectoryError), os.scandir(self._objects / folder) as entries:
            return [f"{folder}{entry.name}/" if entry.is_dir() else folder + entry.name for entry in entries]
        return []

    @contextmanager
    def _temp_file(self) -> Iterator[tuple[Path, BinaryIO]]:
        path = self.temp / uuid4().hex
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o444), "wb") as file:
            try:
                hold_shared(file)
                yield path, file
            finally:
                path.unlink(missing_ok=True)

    def _adopt(self, path: Path, target: Path, key: str) -> None:
        with path.open("rb") as file:
            os.fsync(file.fileno())
        path.chmod(0o444)
        self._link(path, target, key)
        path.unlink()

    def _link(self, path: Path, target: Path, key: str) -> None:
        self._make_folder(target.parent)
        try:
            target.hardlink_to(path)
        except FileExistsError:
            self._refuse(target, key)
        _sync_folder(target.parent)

    def _refuse(self, target: Path, key: str) -> NoReturn:
        # Whoever is told that the object is there relies on it; its writer may have died before the name was on the disk.
        _sync_folder(target.parent)
        raise KeyExists(key)

    def _make_folder(self, folder: Path) -> None:
        if folder in self._known_folders:
            return
        if folder != self._objects:
            self._make_folder(folder.parent)
            folder.mkdir(exist_ok=True)
            _sync_folder(folder.parent)  # also where it was there: its maker may have died before this
        self._known_folders.add(folder)


class _ObjectFile(io.FileIO):
    """An object being read; a disk that fails half-way says so in the store's words."""

    def readinto(self, buffer: Any) -> int | None:
        with disk_errors():
            return super().readinto(buffer)

    def readall(self) -> bytes:
        with disk_errors():
            return super().readall()


def _fill(file: BinaryIO, content: bytes | Path) -> None:
    if isinstance(content, bytes):
        file.write(content)
        return
    with content.open("rb") as source:
        shutil.copyfileobj(source, file, CHUNK_BYTES)


def _abandoned(path: Path, changed_before: float) -> bool:
    try:
        with path.open("rb") as file:
            return try_to_hold_alone(file) and os.fstat(file.fileno()).st_mtime <= changed_before
    except FileNotFoundError:
        return False


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if error.errno in FULL:
            raise
        raise FolderUnusable(f"{folder}: {errno.errorcode.get(error.errno or 0, type(error).__name__)}") from error


def _write_format(root: Path) -> None:
    new = root / "temp" / uuid4().hex
    with new.open("xb") as file:
        file.write(FORMAT.encode())
        file.flush()
        os.fsync(file.fileno())
    try:
        (root / "format").hardlink_to(new)
    except FileExistsError:
        pass  # somebody else made it meanwhile
    except OSError as error:
        if error.errno in NO_HARD_LINKS:
            raise FolderUnusable(f"{root}: {errno.errorcode[error.errno]}") from error
        raise
    finally:
        new.unlink()


def _sync_folder(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)
