"""Everything a command writes: lines and tables to stdout, complaints to stderr, JSON for programs.

A reader that goes away (`sohoa search ... | head`) never stops the work: what is left goes nowhere.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console, RenderableType

from pipeline.errors import SohoaError

TABLE_WIDTH = 100
"""Columns of a printed table where stdout is no terminal; also the widest on one, so that it stays readable."""


def open_streams() -> None:
    """Letters that the terminal's encoding lacks are shown escaped instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def close_streams() -> None:
    """Write out what is buffered; a reader that went away is no error."""
    for stream in (sys.stdout, sys.stderr):
        _write(stream, "")


def say(text: str = "") -> None:
    """One line for a person, on stdout."""
    _write(sys.stdout, text + "\n")


def complain(subject: str | Path, error: SohoaError) -> None:
    """`PATH: CODE: sentence` on stderr; subject is a path, a record id or `sohoa`."""
    complain_plainly(subject, error.code, str(error))


def complain_plainly(subject: str | Path, code: str, sentence: str) -> None:
    _write(sys.stderr, f"{visible(subject)}: {code}: {visible(sentence)}\n")


def show(thing: RenderableType) -> None:
    """A table or a marked text, in colour on a terminal."""
    console = Console(file=sys.stdout, highlight=False)
    if not console.is_terminal or console.width > TABLE_WIDTH:
        console = Console(file=sys.stdout, highlight=False, width=TABLE_WIDTH)
    with console.capture() as shown:
        console.print(thing)
    _write(sys.stdout, "\n".join(line.rstrip() for line in shown.get().split("\n")))


def say_json(value: Any) -> None:
    """One JSON document on stdout."""
    say(json.dumps(value, ensure_ascii=False, indent=2))


def visible(text: str | Path) -> str:
    """Text from outside on one line: control characters (a name may hold line breaks or terminal commands) as \\xNN."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape", "surrogatepass").decode() for char in str(text))


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        # Later writes, and Python's own flush at exit, go to the null device.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
