"""What was named on the command line -> the files to take, in natural order, and what is left out."""

from __future__ import annotations

import errno
import os
import re
import stat
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import FolderTooWide, InputError, UnreadableFile

SCAN_SUFFIXES = frozenset({".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png", ".jp2"})
"""Taken from a folder; a file named outright is always tried."""

_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Inputs:
    """`files` in the order to take them; `skipped`: not scans by their name; `failed`: could not be looked at."""

    files: tuple[Path, ...]
    skipped: tuple[Path, ...]
    failed: tuple[tuple[Path, InputError], ...]


def find_inputs(paths: Sequence[Path], leave_out: Path | None = None) -> Inputs:
    """Files named and files in folders named (recursive, natural order; links to folders are not followed).

    A path that leads to the same place twice is taken once. `leave_out`: a folder inside them that is not looked into.
    """
    found = _Found({}, [], [])
    for path in paths:
        try:
            mode = path.stat().st_mode
        except OSError as error:
            found.failed.append((path, UnreadableFile(_reason(error))))
            continue
        if stat.S_ISDIR(mode):
            _look_into(path, None if leave_out is None else _place(leave_out), found)
        elif stat.S_ISREG(mode):
            found.files.setdefault(_place(path), path)
        else:
            found.failed.append((path, UnreadableFile("not a regular file")))
    return Inputs(tuple(found.files.values()), tuple(found.skipped), tuple(found.failed))


@dataclass(frozen=True, slots=True)
class _Found:
    files: dict[Path, Path]
    skipped: list[Path]
    failed: list[tuple[Path, InputError]]


def refuse_too_wide(path: Path, home: Path) -> None:
    """Scans are not handed over by naming the whole machine, the home, or a folder that the home lies in.

    Raises FolderTooWide.
    """
    place, own = (Path(os.path.realpath(one)) for one in (path, home))  # resolve() fails on a link that leads to itself
    if place == Path(place.anchor) or place.is_relative_to(own) or own.is_relative_to(place):
        raise FolderTooWide(str(path))


def _look_into(folder: Path, leave_out: Path | None, found: _Found) -> None:
    def note(error: OSError) -> None:
        found.failed.append((Path(error.filename), UnreadableFile(_reason(error))))

    for parent, folders, names in os.walk(folder, onerror=note):
        here = Path(parent)
        found.skipped.extend(here / name for name in folders if (here / name).is_symlink())
        folders[:] = sorted((name for name in folders if _place(here / name) != leave_out), key=natural_key)
        for file in (here / name for name in sorted(names, key=natural_key)):
            if file.suffix.lower() not in SCAN_SUFFIXES:
                found.skipped.append(file)
            elif file.is_file():
                found.files.setdefault(_place(file), file)
            else:
                found.failed.append((file, UnreadableFile("not a regular file")))


def _reason(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, type(error).__name__)


def _place(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links: two names of a file are two inputs


def natural_key(name: str) -> list[tuple[int, int, str]]:
    """Sorts "trang 2" before "trang 10", whatever the case and the Unicode form."""
    parts = _DIGITS.split(unicodedata.normalize("NFC", name).casefold())
    return [(0, int(part), part) if part.isdecimal() and part.isascii() else (1, 0, part) for part in parts if part]
