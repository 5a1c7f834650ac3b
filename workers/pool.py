"""As many children as records are read at once. Used by `work` (through handlers.py) and by the stateless `digitize`."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from threading import BoundedSemaphore, Event, Lock
from types import TracebackType
from typing import Self
from uuid import uuid4

import structlog

from pipeline.disk import disk_errors, wipe
from pipeline.errors import ChildFault, InputError, Interrupted, Purged, ReaderBroken, SecretMark, SohoaError
from pipeline.jobs import Job, Summary
from pipeline.ports import RecordTask
from workers.child import Child, ChildEntry, ChildLimits, OnPage

log = structlog.get_logger()

FRESH_CHILDREN = 3
"""Children started in vain for one record before it is said that none can be."""

OnJobPage = Callable[[Job, int, int], None]


@dataclass(frozen=True, slots=True)
class Finished:
    """A record that was read (`summary`) or could not be (`error`: InputError, ChildFault)."""

    job: Job
    summary: Summary | None
    error: SohoaError | None


def no_progress(page_no: int, page_count: int) -> None:
    """Nobody watches."""


class ChildPool:
    """Starts children as they are needed, never more than `jobs`, and keeps them for the next record.

    `scratch`: a folder for temporary files; the pool makes and removes folders of its own in it. `crash_attempts`: tries of a
    record in `read_all`, as custody has them for `work`. Safe to use from many threads.
    """

    def __init__(self, jobs: int, entry: ChildEntry, limits: ChildLimits, scratch: Path, crash_attempts: int = 3) -> None:
        self.jobs = jobs
        self.owner = uuid4().hex
        """Names this pool in the attempts that it makes: no other run of a worker has the same."""
        self._entry = entry
        self._limits = limits
        self._crash_attempts = crash_attempts
        self._scratch = scratch / f"pool-{self.owner}"
        self._free = BoundedSemaphore(jobs)
        self._idle: list[Child] = []
        self._lock = Lock()
        self._held: set[RecordTask] = set()
        self._stopping = Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def prepare(self) -> None:
        """Have a child ready, so that what is counted from now on is not its start. Raises HomeError, DiskFull, Interrupted."""
        with self._free:
            if self._stopping.is_set():
                raise Interrupted
            child = self._idle_child() or Child(self._entry, self._limits, self._scratch)
            with self._lock:
                self._idle.append(child)

    def read_record(self, job: Job, on_page: OnPage = no_progress) -> Summary:
        """Have one record read; waits for a child that is free. `on_page(page_no, page_count)` is called as pages begin.

        Raises InputError, ChildFault (with `page_no`), DiskFull and other TransientErrors, HomeError when nothing can be
        read here, Interrupted after `stop`.
        """
        with self._free:
            if self._stopping.is_set():
                raise Interrupted
            child = self._child_for(job)
            try:
                summary = child.read_record(job, on_page, self._stopping)
            except SecretMark:
                child.kill(wiped=True)  # what it has read is in its memory still
                raise
            except InputError:
                self._put_back(child)
                raise
            except BaseException:
                child.kill()
                raise
            self._put_back(child)
            return summary

    def read_all(self, jobs: Iterable[Job], on_page: OnJobPage | None = None) -> Iterator[Finished]:
        """Read many records; each is given out as soon as it is finished, so not in order. `jobs` is drawn from as needed.

        A record whose child misbehaves is tried again, at most `crash_attempts` times in all; on the last one the pages on
        which the others died are left out. Raises what is nobody's fault: TransientError, HomeError; what is under way is
        given up then, as it is when the caller stops asking.
        """
        waiting = iter(jobs)
        with ThreadPoolExecutor(self.jobs, "record") as threads:
            running: set[Future[Finished]] = set()
            try:
                while True:
                    running |= {threads.submit(self._finish, job, on_page) for job in islice(waiting, self.jobs - len(running))}
                    if not running:
                        return
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    for future in done:
                        yield future.result()
            except BaseException:
                self.stop()
                raise

    def sweep_scratch(self) -> None:
        """Remove what pools left that were killed. Only for the one who may be sure that no other pool uses `scratch`."""
        sweep_pools(self._scratch.parent, but=self._scratch)

    @contextmanager
    def held(self, task: RecordTask) -> Iterator[bool]:
        """Whether nobody else of this pool is at the task; nobody will be while the block lasts."""
        with self._lock:
            mine = task not in self._held
            if mine:
                self._held.add(task)
        try:
            yield mine
        finally:
            if mine:
                with self._lock:
                    self._held.discard(task)

    def pause(self, seconds: float) -> bool:
        """Wait; False at once after `stop`."""
        return not self._stopping.wait(seconds)

    def stop(self) -> None:
        """End what is under way: its callers get Interrupted within a second. The pool takes nothing more."""
        self._stopping.set()

    def close(self) -> None:
        """Stop, end the children and remove their folders. Waits for callers to have got their Interrupted."""
        self.stop()
        for _ in range(self.jobs):
            self._free.acquire()
        for child in self._idle:
            child.kill()
        self._idle.clear()
        shutil.rmtree(self._scratch, ignore_errors=True)
        for _ in range(self.jobs):
            self._free.release()

    @contextmanager
    def work_folder(self) -> Iterator[Path]:
        """A folder for one record's original and results, gone afterwards, and written over where a mark of secrecy was found.

        Raises DiskFull, HomeReadOnly.
        """
        folder = self._scratch / f"record-{uuid4().hex}"
        with disk_errors():
            folder.mkdir(parents=True)
        try:
            yield folder
        except (SecretMark, Purged):
            if not wipe(folder):
                log.error("work_not_wiped")
            raise
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _finish(self, job: Job, on_page: OnJobPage | None) -> Finished:
        def tell(page_no: int, page_count: int) -> None:
            if on_page is not None:
                on_page(job, page_no, page_count)

        fatal: set[int] = set()
        for attempts_left in reversed(range(self._crash_attempts)):
            skip = job.skip_pages if attempts_left else job.skip_pages | fatal
            try:
                return Finished(job, self.read_record(replace(job, skip_pages=skip), tell), None)
            except InputError as error:
                return Finished(job, None, error)
            except ChildFault as error:
                if error.page_no is not None:
                    fatal.add(error.page_no)
                _empty(job.folder)
                fault = error
        return Finished(job, None, fault)

    def _child_for(self, job: Job) -> Child:
        """One that waits, or a new one. Children that were killed while they waited are no record's fault."""
        for _ in range(self.jobs + FRESH_CHILDREN):
            child = self._idle_child() or Child(self._entry, self._limits, self._scratch)
            if child.accept(job):
                return child
            child.kill()
        raise ReaderBroken("SIGKILL")

    def _idle_child(self) -> Child | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _put_back(self, child: Child) -> None:
        child.clear_folder()
        if child.worn_out():
            child.kill()
            return
        with self._lock:
            self._idle.append(child)


def sweep_pools(scratch: Path, but: Path | None = None) -> None:
    """Remove what pools left in `scratch` that were killed. Only for the one who may be sure that no other one uses it.

    It is written over: nobody has seen yet whether there was a mark of secrecy on it.
    """
    for folder in scratch.glob("pool-*"):
        if folder != but and not wipe(folder):
            log.error("work_not_wiped")


def _empty(folder: Path) -> None:
    """What a try that failed has left must not look like a result."""
    with disk_errors():
        shutil.rmtree(folder)
        folder.mkdir()
