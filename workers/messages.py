"""What parent and child say to each other: one JSON object a line. Never pickle: the child has opened untrusted files."""

from __future__ import annotations

import json
import select
import socket
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.jobs import Job, Summary
from pipeline.model import Original

MAX_LINE = 1 << 20
"""Bytes; the longest honest message names some readers and a few hundred pages to skip."""

Message = dict[str, Any]


class Gone(Exception):
    """The other side has hung up, or talks nonsense."""


class Line:
    """One end of the line."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._buffer = b""
        self._readable = select.poll()
        self._readable.register(end, select.POLLIN)

    def send(self, message: Mapping[str, Any]) -> None:
        """Raises Gone."""
        try:
            self._end.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            raise Gone from None

    def receive(self, timeout_seconds: float | None) -> Message | None:
        """The next message, None when none came in time. Raises Gone at the end, or for a line that never ends."""
        while b"\n" not in self._buffer:
            if len(self._buffer) > MAX_LINE:
                raise Gone
            if not self._readable.poll(None if timeout_seconds is None else timeout_seconds * 1000):
                return None
            self._buffer += self._more()
        line, _, self._buffer = self._buffer.partition(b"\n")
        return _parsed(line)

    def close(self) -> None:
        self._end.close()

    def _more(self) -> bytes:
        try:
            chunk = self._end.recv(1 << 16)
        except OSError:
            chunk = b""
        if not chunk:
            raise Gone
        return chunk


def job_message(job: Job) -> Message:
    """Paths are made absolute: the child lives in another folder."""
    return {
        "job_id": job.job_id,
        "file": str(job.file.absolute()),
        "original": asdict(job.original),
        "folder": str(job.folder.absolute()),
        "recipe": dict(job.recipe),
        "skip_pages": sorted(job.skip_pages),
        "cleared_pages": sorted(job.cleared_pages),
    }


def job_from(message: Message) -> Job:
    """The job of a `job_message`; the parent is believed."""
    return Job(
        message["job_id"],
        Path(message["file"]),
        Original(**message["original"]),
        Path(message["folder"]),
        message["recipe"],
        frozenset(message["skip_pages"]),
        frozenset(message["cleared_pages"]),
    )


def summary_message(summary: Summary) -> Message:
    """As JSON values."""
    return {
        "page_count": summary.page_count,
        "needs_review": summary.needs_review,
        "made_by": dict(summary.made_by),
        "seconds": {stage: round(seconds, 4) for stage, seconds in summary.seconds.items()},
    }


def summary_from(message: Message) -> Summary:
    """Raises Gone when the child does not say what it should: it is not trusted."""
    match message:
        case {"page_count": int(pages), "needs_review": bool(review), "made_by": dict(made_by), "seconds": dict(seconds)} if all(
            isinstance(one, float | int) for one in seconds.values()
        ):
            return Summary(pages, review, made_by, seconds)
        case _:
            raise Gone


def _parsed(line: bytes) -> Message:
    """A line that was cut by the death of its writer says nothing."""
    try:
        message = json.loads(line)
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}
