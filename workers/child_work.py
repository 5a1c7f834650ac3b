"""Inside the child: load what reads, then one record after the other until the parent hangs up."""

from __future__ import annotations

import errno
import resource
import socket
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

import structlog

from pipeline.errors import ChildCrashed, ChildOutOfMemory, ChildOutOfSpace, DiskFull, ReaderBroken, SohoaError
from pipeline.jobs import Job, JobWork
from workers.messages import Gone, Line, Message, job_from, summary_message

log = structlog.get_logger()

OPEN_FILES = 1024
UNTOUCHED_BYTES = 4 << 30
"""Address space over the memory that may be held: libraries reserve for threads and caches what they never touch."""

CPU_MARGIN_SECONDS = 60
"""The parent's clock comes first; this one ends tools that outlive it."""

OUR_DISK_IS_FULL = {errno.ENOSPC, errno.EDQUOT}


class LineWatch:
    """Tells the parent how far the record is; adds up what its stages take. One for each record."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self.seconds: dict[str, float] = {}

    def page_started(self, page_no: int, page_count: int) -> None:
        self._line.send({"page": page_no, "of": page_count})

    def stage_took(self, stage: str, seconds: float) -> None:
        self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds


def read_records(line_end: socket.socket) -> None:
    """The first message says what to load and within which limits; each further one is a job."""
    line = Line(line_end)
    try:
        start = _awaited(line)
        limit_process(start["limits"])
        work = _loaded(line, start)
        while True:
            job = job_from(_awaited(line))
            line.send({"accepted": job.job_id})
            _limit_cpu(start["limits"])
            line.send(outcome_of(work, job, LineWatch(line)))
    except Gone:
        return


def limit_process(limits: Mapping[str, Any]) -> None:
    """What the system itself holds this process and its tools to; the parent watches the rest."""
    memory = int(limits["memory_bytes"]) + UNTOUCHED_BYTES
    scratch = int(limits["scratch_bytes"])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (scratch, scratch))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES if most == resource.RLIM_INFINITY else min(OPEN_FILES, most), most))


def outcome_of(work: JobWork, job: Job, watch: LineWatch) -> Message:
    """The message for what became of a job. A fault without a name of ours counts as a crash."""
    try:
        return {"done": summary_message(replace(work(job, watch), seconds=watch.seconds))}
    except Gone:
        raise
    except SohoaError as error:
        return _failure(error)
    except MemoryError:
        return _failure(ChildOutOfMemory())
    except OSError as error:
        return _failure(_disk_error(error))
    except Exception as error:
        log.exception("record_crashed", job_id=job.job_id)
        return _failure(ChildCrashed(type(error).__name__))


def _loaded(line: Line, start: Message) -> JobWork:
    """Raises Gone after telling the parent why nothing can be read here."""
    try:
        module, _, name = start["factory"].partition(":")
        work: JobWork = getattr(import_module(module), name)(start["settings"])
    except SohoaError as error:
        line.send(_failure(error))
        raise Gone from None
    except Exception as error:
        log.exception("reader_broken")
        line.send(_failure(ReaderBroken(type(error).__name__)))
        raise Gone from None
    line.send({"ready": True})
    return work


def _disk_error(error: OSError) -> SohoaError:
    if error.errno in OUR_DISK_IS_FULL:
        return DiskFull()
    if error.errno == errno.EFBIG:
        return ChildOutOfSpace()
    return ChildCrashed(errno.errorcode.get(error.errno or 0, type(error).__name__))


def _failure(error: SohoaError) -> Message:
    return {"failed": error.code, "detail": error.detail}


def _awaited(line: Line) -> Message:
    message = line.receive(None)
    if message is None:
        raise Gone
    return message


def _limit_cpu(limits: Mapping[str, Any]) -> None:
    """For this record, on top of what the child has used so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + float(limits["record_seconds"])) + CPU_MARGIN_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))
