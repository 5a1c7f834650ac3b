"""A folder of samples: each scan with its transcript, its fields and its word boxes beside it."""

from __future__ import annotations

import errno
import json
import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.errors import ChildCrashed, DiskFull, OutputUnusable, UsageError
from samples.draw import draw_sample
from samples.levels import DEGRADATIONS

MOST_SAMPLES = 99_999
"""Names have five digits."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample on disk. Beside `scan` lie NAME.txt, NAME.json and NAME.words.json."""

    name: str
    scan: Path
    kind: str
    pages: int
    phenomena: tuple[str, ...]


def make_samples(
    out: Path, count: int, seed: int, degrade: str = "mixed", jobs: int = 1, on_sample: Callable[[Sample], None] | None = None
) -> list[Sample]:
    """Write samples 1 to `count` of a seed into `out` (made if missing); a second time, the same bytes replace the first.

    `on_sample` hears of each one in order. Raises UsageError for arguments out of range, OutputUnusable where `out` cannot be
    written, DiskFull, ToolMissing without the font, ChildCrashed when a helper process dies.
    """
    _check(count, seed, degrade, jobs)
    _make_folder(out)
    made = []
    for sample in _written(partial(_write_one, out, seed, degrade), count, min(jobs, count)):
        made.append(sample)
        if on_sample:
            on_sample(sample)
    return made


def _check(count: int, seed: int, degrade: str, jobs: int) -> None:
    if not 1 <= count <= MOST_SAMPLES:
        raise UsageError(f"--count {count}: từ 1 đến {MOST_SAMPLES}")
    if seed < 0:
        raise UsageError(f"--seed {seed}: số nguyên không âm")
    if degrade not in DEGRADATIONS:
        raise UsageError(f"--degrade {degrade}: một trong {', '.join(DEGRADATIONS)}")
    if jobs < 1:
        raise UsageError(f"--jobs {jobs}: ít nhất 1")


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _translated(error, out) from error


def _translated(error: OSError, out: Path) -> DiskFull | OutputUnusable:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(str(out))
    return OutputUnusable(f"{out}: {error.strerror}")


def _written(write: Callable[[int], Sample], count: int, jobs: int) -> Iterator[Sample]:
    """In order. With several jobs the work is done by fresh processes, so that what they inherit cannot matter."""
    if jobs == 1:
        yield from map(write, range(1, count + 1))
        return
    pool = ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))
    try:
        with _ctrl_c_ignored():
            written = pool.map(write, range(1, count + 1))
        yield from written
    except BrokenProcessPool as error:
        raise ChildCrashed("sohoa samples") from error
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _ctrl_c_ignored() -> Iterator[None]:
    """Processes that are started meanwhile never hear of Ctrl-C: whoever started them ends them, and no traceback is printed."""
    if threading.current_thread() is not threading.main_thread():  # only that one may say so, and only it hears of Ctrl-C
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _write_one(out: Path, seed: int, degrade: str, index: int) -> Sample:
    drawn = draw_sample(seed, index, degrade)
    contents = {
        ".txt": drawn.transcript.encode(),
        ".json": _json(drawn.truth),
        ".words.json": _json(drawn.words),
        drawn.suffix: drawn.content,
    }
    try:
        for suffix, content in contents.items():
            _replace(out / f"{drawn.name}{suffix}", content)
    except OSError as error:
        raise _translated(error, out) from error
    return Sample(drawn.name, out / f"{drawn.name}{drawn.suffix}", drawn.kind, len(drawn.pages), drawn.recipe.classes)


def _replace(path: Path, content: bytes) -> None:
    """Whole or not at all, whenever it is interrupted. The ending of the temporary name is none that anybody takes for a scan."""
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
