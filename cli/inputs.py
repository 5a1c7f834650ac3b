"""What was named on the command line -> the files to take, in natural order, and what is left out."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError, UnreadableFile

SCAN_SUFFIXES = frozenset({".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png", ".jp2"})
"""Taken from a folder; a file named outright is always tried."""

STEM_BYTES = 200
"""A stem's longest UTF-8 form: file systems allow 255 bytes, and "-2" and the like must still fit."""

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
            found.failed.append((path, UnreadableFile(error.strerror or "")))
            continue
        if stat.S_ISDIR(mode):
            _look_into(path, None if leave_out is None else _place(leave_out), found)
        elif stat.S_ISREG(mode):
            found.files.setdefault(_place(path), path)
        else:
            found.failed.append((path, UnreadableFile("không phải tệp thường")))
    return Inputs(tuple(found.files.values()), tuple(found.skipped), tuple(found.failed))


@dataclass(frozen=True, slots=True)
class _Found:
    files: dict[Path, Path]
    skipped: list[Path]
    failed: list[tuple[Path, InputError]]


def _look_into(folder: Path, leave_out: Path | None, found: _Found) -> None:
    def note(error: OSError) -> None:
        found.failed.append((Path(error.filename), UnreadableFile(error.strerror or "")))

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
                found.failed.append((file, UnreadableFile("không phải tệp thường")))


def _place(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links: two names of a file are two inputs


def natural_key(name: str) -> list[tuple[int, int, str]]:
    """Sorts "trang 2" before "trang 10", whatever the case and the Unicode form."""
    parts = _DIGITS.split(unicodedata.normalize("NFC", name).casefold())
    return [(0, int(part), part) if part.isdecimal() and part.isascii() else (1, 0, part) for part in parts if part]


def stem_of(file: Path) -> str:
    """The name of the folder for a file's results: its stem in NFC, short enough for every file system."""
    stem = unicodedata.normalize("NFC", os.fsencode(file.stem).decode("utf-8", "replace"))
    return stem.encode()[:STEM_BYTES].decode("utf-8", "ignore").rstrip(" .") or "tep"


def stems_like(stem: str) -> Iterator[str]:
    """`stem`, `stem-2`, `stem-3`, ...: where the results of a second input of the same name go."""
    yield stem
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1
