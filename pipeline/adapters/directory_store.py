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
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, NoReturn
from uuid import uuid4

from pipeline.adapters.store_keys import check_key, folder_of, in_key_order
from pipeline.disk import FULL, disk_errors, new_locked_file, overwrite, sweep_abandoned
from pipeline.errors import FolderUnusable, HomeMissing, HomeTooNew, KeyExists
from pipeline.ports import Kept

FORMAT = "sohoa store 1\n"
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
            with new_locked_file(self.temp, 0o444) as (path, file):
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
        folder = folder_of(prefix)
        return iter(()) if folder is None else in_key_order(self._names, folder, prefix, after)

    def remove(self, key: str) -> None:
        target = self._path(key)
        with disk_errors(), suppress(FileNotFoundError, NotADirectoryError):
            target.unlink()

    def erase(self, prefix: str) -> list[Kept]:
        """Each file is written over first. What a file system keeps of its own (snapshots, a copy on write) is beyond us."""
        for key in list(self.list_after(prefix)):
            with disk_errors(), suppress(FileNotFoundError):
                overwrite(self._path(key))
            self.remove(key)
            with disk_errors():
                _sync_folder(self._path(key).parent)
        return []

    def path_of(self, key: str) -> Path:
        """Where an object lies, for people to open. Raises KeyMissing."""
        path = self._path(key)
        with disk_errors(key):
            path.stat()
        return path

    def free_bytes(self) -> int:
        with disk_errors():
            return shutil.disk_usage(self._root).free

    def sweep_temp(self) -> int:
        """Remove what dead writers left in temp/; returns how many."""
        return sweep_abandoned(self.temp)

    def _path(self, key: str) -> Path:
        return self._objects / check_key(key)

    def _names(self, folder: str) -> list[str]:
        with disk_errors(), suppress(FileNotFoundError, NotADirectoryError), os.scandir(self._objects / folder) as entries:
            return [f"{folder}{entry.name}/" if entry.is_dir() else folder + entry.name for entry in entries]
        return []

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
