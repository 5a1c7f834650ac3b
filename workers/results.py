"""The folder that `digitize` fills: one folder of results for each input, there whole or not at all.

    OUT/<stem>/                record.json, text.txt, rendition.pdf, alto/0001.xml ...
    OUT/.sohoa-work/           what is being made; gone at the end, swept by the next run after a kill

A result is made in the work folder, forced to the disk and renamed to its place, so whatever stands there is complete.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from config.wiring.home import folder_lock
from pipeline.disk import wipe
from pipeline.errors import DiskFull, HomeLocked, OutputExists, OutputUnusable, SecretMark
from pipeline.record_json import read_record

WORK = ".sohoa-work"
RECORD = "record.json"
STEM_BYTES = 200
"""A stem's longest UTF-8 form: file systems allow 255 bytes, and "-2" and the like must still fit."""

HEAD_BYTES = 1 << 16
"""The source's digest stands in the first lines of record.json; a file name before it is at most 255 characters."""

_DIGEST = re.compile(rb'"sha256"\s*:\s*"([0-9a-f]{64})"')


@dataclass(frozen=True, slots=True)
class Place:
    """Where one input's results go. `done`: they are there already, made from the same bytes."""

    final: Path
    done: bool


@dataclass(frozen=True, slots=True)
class ResultsFolder:
    """`resume`: keep what is there and make what is missing; `overwrite`: make everything anew."""

    out: Path
    resume: bool
    overwrite: bool
    _taken: set[str] = field(default_factory=set)

    @property
    def work(self) -> Path:
        return self.out / WORK

    def place_for(self, file: Path, sha256: str) -> Place:
        """The first of <stem>, <stem>-2, ... that no other input of this run has and that may be written or is done.

        A folder that holds no results of ours is never touched.
        """
        found = (self._place(stem, sha256) for stem in stems_like(stem_of(file)))
        return next(place for place in found if place is not None)

    def _place(self, stem: str, sha256: str) -> Place | None:
        if stem.casefold() in self._taken:  # on some file systems A and a are one folder
            return None
        final = self.out / stem
        there = source_digest(final)
        done = self.resume and there == sha256
        if not (done or not final.exists() or (self.overwrite and there)):
            return None
        self._taken.add(stem.casefold())
        return Place(final, done)

    def free_bytes(self) -> int:
        with translated():
            return shutil.disk_usage(self.out).free

    def begin(self, name: str) -> Path:
        """An empty folder for one result. Raises DiskFull, OutputUnusable."""
        folder = self.work / name
        with translated():
            folder.mkdir()
        return folder

    def commit(self, folder: Path, final: Path) -> None:
        """Rename a finished result to its place. Raises DiskFull, OutputUnusable."""
        self._put(folder, final, lambda old: shutil.rmtree(old, ignore_errors=True))

    def commit_stopped(self, folder: Path, final: Path) -> None:
        """The same for a record that carries a mark of secrecy: what an earlier run made of it is written over, and whatever is
        not the record with the finding. Raises DiskFull, OutputUnusable.
        """
        with translated():
            for left in [path for path in folder.iterdir() if path.name != RECORD]:
                aside = self.work / f"{folder.name}.aside"
                aside.mkdir(exist_ok=True)
                left.rename(aside / left.name)
                wipe(aside)
        self._put(folder, final, wipe)

    def _put(self, folder: Path, final: Path, remove: Callable[[Path], object]) -> None:
        with translated():
            _force_to_disk(folder)
            old = folder.with_suffix(".old")
            if final.exists():
                final.rename(old)
            folder.rename(final)
            remove(old)

    def drop(self, folder: Path) -> None:
        """Take an unfinished result away."""
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def open_results(out: Path, *, resume: bool, overwrite: bool) -> Iterator[ResultsFolder]:
    """Hold OUT alone while it is being filled.

    Raises OutputExists where it holds results and neither `resume` nor `overwrite` is asked for; OutputUnusable.
    """
    results = ResultsFolder(out, resume, overwrite)
    with translated():
        out.mkdir(parents=True, exist_ok=True)
        if not (resume or overwrite) and any(source_digest(folder) for folder in out.iterdir()):
            raise OutputExists(str(out))
        results.work.mkdir(exist_ok=True)
    try:
        with folder_lock(results.work / "lock"):
            _sweep(results.work)
            try:
                yield results
            finally:
                wipe(results.work)
    except HomeLocked:
        raise OutputUnusable(f"{out}: một «sohoa digitize» khác đang ghi vào đây") from None


def source_digest(folder: Path) -> str | None:
    """SHA-256 of the file whose results a folder holds; None when it holds none."""
    try:
        with (folder / RECORD).open("rb") as file:
            found = _DIGEST.search(file.read(HEAD_BYTES))
    except OSError:
        return None
    return found[1].decode() if found else None


def stopped_by(folder: Path) -> SecretMark | None:
    """The mark of secrecy for which a folder holds a record without a text; None: it holds another result."""
    try:
        if (folder / RECORD).stat().st_size > HEAD_BYTES:
            return None
        findings = read_record((folder / RECORD).read_bytes()).findings
    except (OSError, ValueError):
        return None
    marks = (SecretMark(page_no=one.page_no, level=one.detail or "") for one in findings if one.code == SecretMark.code)
    return next(marks, None)


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


@contextmanager
def translated() -> Iterator[None]:
    """What the operating system says about OUT, in our words."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull from error
        raise OutputUnusable(f"{error.filename or ''} {error.strerror or ''}".strip()) from error


def _sweep(work: Path) -> None:
    with translated():
        for left in work.iterdir():
            if left.is_dir():
                wipe(left)  # nobody has seen yet whether there was a mark of secrecy on it


def _force_to_disk(folder: Path) -> None:
    for path in (*folder.rglob("*"), folder):
        number = os.open(path, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
