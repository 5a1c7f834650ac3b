"""Logging: events with ids, counts and codes on stderr; never text of a document, a file name or a personal value."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, Literal, TextIO

import structlog

FRAMES = 4
"""Innermost calls named for an exception: enough to find the line, short enough for one line of log."""


def start_logging(level: str, form: Literal["auto", "console", "json"], stream: TextIO | None = None) -> None:
    """Once per process, before any work; to stderr. An exception is one line without its message, which may quote a document;
    whole at level `debug`."""
    stream = stream or sys.stderr
    console = form == "console" or (form == "auto" and stream.isatty())
    exceptions = structlog.processors.format_exc_info if level == "debug" else brief_exception
    renderer = (
        structlog.dev.ConsoleRenderer(colors=stream.isatty())
        if console
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            exceptions,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )


def take_over_logging(*names: str) -> None:
    """What a library logs under these names becomes an event of ours: who said it and what was raised, never its words, which may
    hold an address with a password."""
    for name in names:
        library = logging.getLogger(name)
        library.handlers = [_OurEvents()]
        library.propagate = False


class _OurEvents(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[0] if record.exc_info else None
        told = structlog.get_logger()
        told.log(record.levelno, "library_said", library=record.name, error=error.__name__ if error else None)


def brief_exception(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """`exc_info` -> `error` (its class) and `where` (innermost call first); the message is left out."""
    info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["where"] = where(error)
    return event


def where(error: BaseException) -> str:
    """ "raster.py:40 < open.py:12": the innermost calls of an exception, without what was passed to them."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
