"""One child process: started, given one record at a time, watched, and killed when it does not behave."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event
from typing import Any
from uuid import uuid4

from pipeline.disk import disk_errors, wipe
from pipeline.errors import (
    ChildCrashed,
    ChildFault,
    ChildOutOfMemory,
    ChildOutOfSpace,
    ChildTimeout,
    Interrupted,
    ReaderBroken,
    SohoaError,
    error_from,
)
from pipeline.jobs import Job, Summary
from workers.messages import Gone, Line, Message, job_message, summary_from
from workers.usage import folder_bytes, resident_bytes

LOOK_SECONDS = 0.25
"""How often memory, space, time and the wish to stop are looked at: a child cannot fill a machine's memory in that time."""

FINISH_SECONDS_A_PAGE = 1.0
"""Added to the last page's time: after it the fields, the rendition and the ALTO files of all pages are made."""

MAX_DETAIL = 100
"""Characters of a child's explanation that are kept: a code, a number, never text of a page."""

PASSED_ON = ("PATH", "LANG", "TZ", "TESSDATA_PREFIX", "LD_LIBRARY_PATH")
"""All that a child gets of the environment: it opens untrusted files and needs no secret."""

OnPage = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ChildEntry:
    """What a child does: `factory` is "module:function" of a `pipeline.jobs.WorkFactory`; `settings` are JSON values."""

    factory: str
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What a child may take. config.settings has the defaults and their reasons.

    `memory_bytes`: of the child and the tools it starts. `scratch_bytes`: of its temporary files and results together.
    `records`: after so many it is replaced, and also once it keeps more than half of `memory_bytes` between two records.
    """

    page_seconds: float
    record_seconds: float
    memory_bytes: int
    scratch_bytes: int
    records: int
    start_seconds: float = 120.0


class Child:
    """A process group of its own, with a folder of its own for temporary files."""

    def __init__(self, entry: ChildEntry, limits: ChildLimits, scratch: Path) -> None:
        """Start it and wait until it is ready. Raises ReaderBroken or what the factory raised; DiskFull."""
        self._limits = limits
        self._records = 0
        self._folder = scratch / uuid4().hex
        with disk_errors():
            self._folder.mkdir(parents=True)
        self._process, self._line = _started(self._folder)
        try:
            self._await_ready(entry)
        except BaseException:
            self.kill()
            raise

    def accept(self, job: Job) -> bool:
        """Hand a job over; False: the child had died while it waited, which is not the job's fault."""
        self._records += 1
        try:
            self._line.send(job_message(job))
            return self._line.receive(self._limits.start_seconds) == {"accepted": job.job_id}
        except Gone:
            return False

    def read_record(self, job: Job, on_page: OnPage, stopping: Event) -> Summary:
        """See the accepted job through. After any error but InputError the child is of no further use and is to be killed.

        Raises InputError and TransientError as the work raised them, ChildFault when the child misbehaved, Interrupted when
        `stopping` was set.
        """
        watched = _Watched(self._limits, on_page)
        try:
            while True:
                message = self._line.receive(LOOK_SECONDS)
                if stopping.is_set():
                    raise Interrupted
                if message is not None and "done" in message:
                    return summary_from(message["done"])
                if message is not None:
                    watched.take(message)
                if watched.time_to_look():
                    self._check_usage(job, watched.page_no)
        except Gone:
            raise ChildCrashed("SIGKILL", watched.page_no) from None

    def clear_folder(self) -> None:
        """Remove what the last record left in the folder for temporary files; what resists goes with the child."""
        for path in self._folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                with suppress(OSError):
                    path.unlink()

    def worn_out(self) -> bool:
        """Whether it is time for a fresh one."""
        return self._records >= self._limits.records or self._resident() > self._limits.memory_bytes // 2

    def kill(self, *, wiped: bool = False) -> None:
        """End the group, at once, and remove its folder; `wiped`: written over before."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._line.close()
        if wiped:
            wipe(self._folder)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _await_ready(self, entry: ChildEntry) -> None:
        try:
            self._line.send({"factory": entry.factory, "settings": dict(entry.settings), "limits": asdict(self._limits)})
            message = self._line.receive(self._limits.start_seconds)
        except Gone:
            raise ReaderBroken("SIGKILL") from None
        if message is None:
            raise ReaderBroken("TIMEOUT")
        if "ready" not in message:
            raise _told(message, None) if "failed" in message else ReaderBroken(_ending(message))

    def _check_usage(self, job: Job, page_no: int | None) -> None:
        if self._resident() > self._limits.memory_bytes:
            raise ChildOutOfMemory(f"> {self._limits.memory_bytes // 1_000_000} MB", page_no)
        if folder_bytes(self._folder) + folder_bytes(job.folder) > self._limits.scratch_bytes:
            raise ChildOutOfSpace(f"> {self._limits.scratch_bytes // 1_000_000} MB", page_no)

    def _resident(self) -> int:
        return resident_bytes(self._process.pid)


class _Watched:
    """How far one record is, and by when it has to be further."""

    def __init__(self, limits: ChildLimits, on_page: OnPage) -> None:
        self._limits = limits
        self._on_page = on_page
        self._record_until = time.monotonic() + limits.record_seconds
        self._page_until = time.monotonic() + limits.page_seconds
        self._look_at = 0.0
        self.page_no: int | None = None

    def take(self, message: Message) -> None:
        """Raises what the message tells of: the record's fault, or the end of the child."""
        match message:
            case {"page": int(page_no), "of": int(page_count)}:
                self.page_no = page_no
                more = page_count * FINISH_SECONDS_A_PAGE if page_no >= page_count else 0.0
                self._page_until = time.monotonic() + self._limits.page_seconds + more
                self._on_page(page_no, page_count)
            case {"failed": str()}:
                raise _told(message, self.page_no)
            case {"exit": int(status)}:
                kind = ChildTimeout if status == -signal.SIGXCPU else ChildCrashed
                raise kind(_ending(message), self.page_no)
            case _:
                pass  # a line that was cut short by the end of its writer; the end itself is told next

    def time_to_look(self) -> bool:
        """Whether memory and space are to be looked at again. Raises ChildTimeout."""
        now = time.monotonic()
        if now > self._page_until:
            raise ChildTimeout(f"> {self._limits.page_seconds:g} s", self.page_no)
        if now > self._record_until:
            raise ChildTimeout(f"> {self._limits.record_seconds:g} s", self.page_no)
        if now < self._look_at:
            return False
        self._look_at = now + LOOK_SECONDS
        return True


def _started(folder: Path) -> tuple[subprocess.Popen[bytes], Line]:
    ours, theirs = socket.socketpair()
    log_stream = _log_stream()
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "workers.child_main", str(theirs.fileno()), str(log_stream)],
            pass_fds=(theirs.fileno(), log_stream),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=_environment(folder),
            cwd=folder,
        )
    finally:
        theirs.close()
        os.close(log_stream)
    return process, Line(ours)


def _log_stream() -> int:
    try:
        return os.dup(2)
    except OSError:  # started without a stderr
        return os.open(os.devnull, os.O_WRONLY)


def _environment(folder: Path) -> dict[str, str]:
    """One thread a child (Tesseract loses more than it gains with several), temporary files where they are cleared away."""
    own = {
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "OMP_THREAD_LIMIT": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path),
        "PYTHONUTF8": "1",
    }
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ} | own


def _told(message: Message, page_no: int | None) -> SohoaError:
    error = error_from(message["failed"], str(message.get("detail", ""))[:MAX_DETAIL])
    if isinstance(error, ChildFault):
        error.page_no = page_no
    return error


def _ending(message: Message) -> str:
    """`SIGSEGV` or `exit 3`."""
    status = int(message.get("exit", 0))
    return signal.Signals(-status).name if status < 0 else f"exit {status}"
