"""Everything a command writes: lines and columns to stdout, complaints to stderr, JSON for programs.

One rule for widths: the terminal's, else COLUMNS, else 100. Lines are wrapped between words and nothing is ever cut off: an id, a
name or a path that is longer than the line stays whole. A complaint that goes to a program stays one line.

A reader that goes away (`sohoa search ... | head`) never stops the work: what is left goes nowhere.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any, TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.errors import SohoaError

WIDTH_ELSEWHERE = 100
"""Columns of what is printed into a file or a pipe without COLUMNS."""

WIDEST_TABLE = 130
"""Columns beyond which the eye loses its row."""

NARROWEST = 24
"""Columns that a wrapped cell has at least, whatever stands before it."""

GAP = "  "
WORD_AND_SPACE = re.compile(r"\S+\s*")


def open_streams() -> None:
    """Letters that the terminal's encoding lacks are shown escaped instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def close_streams() -> None:
    """Write out what is buffered; a reader that went away is no error."""
    for stream in (sys.stdout, sys.stderr):
        _write(stream, "")


def width_of(stream: TextIO) -> int:
    """Columns of a line on this stream."""
    try:
        if stream.isatty() and (columns := os.get_terminal_size(stream.fileno()).columns):
            return columns
    except (OSError, ValueError):
        pass  # no terminal after all
    told = os.environ.get("COLUMNS", "")
    return int(told) if told.isascii() and told.isdecimal() and int(told) else WIDTH_ELSEWHERE


def say(text: str = "") -> None:
    """One line for a person, on stdout, as it is."""
    _write(sys.stdout, text + "\n")


def tell(text: str | Text, lead: str = "", hanging: str | None = None) -> None:
    """A sentence or a marked text, wrapped: after `lead`, further lines after `hanging` (None: under the first)."""
    _write(sys.stdout, _wrapped(text, sys.stdout, lead, " " * cell_len(lead) if hanging is None else hanging))


def show_table(table: Table) -> None:
    """A table as wide as the stream's lines, up to what is read with ease."""
    console = Console(file=StringIO(), highlight=False, width=min(width_of(sys.stdout), WIDEST_TABLE))
    with console.capture() as shown:
        console.print(table)
    _write(sys.stdout, "\n".join(line.rstrip() for line in shown.get().split("\n")))


def tell_columns(rows: Sequence[Sequence[str]], *, numbers: int = 0, indent: str = "") -> None:
    """Cells below each other; the first `numbers` columns to the right, the last one wrapped under itself."""
    widths = [max(map(cell_len, column)) for column in zip(*(row[:-1] for row in rows), strict=True)]
    for row in rows:
        cells = [_filled(cell, width, right=at < numbers) for at, (cell, width) in enumerate(zip(row, widths, strict=False))]
        tell(row[-1], indent + "".join(cell + GAP for cell in cells))


def complain(subject: str | Path, error: SohoaError) -> None:
    """`PATH: CODE: sentence` on stderr; subject is a path, a record id or `sohoa`."""
    complain_plainly(subject, error.code, str(error))


def complain_plainly(subject: str | Path, code: str, sentence: str) -> None:
    """As `complain`. On a terminal the line is wrapped for eyes."""
    line = f"{visible(subject)}: {code}: {visible(sentence)}"
    _write(sys.stderr, _wrapped(line, sys.stderr, "", GAP) if sys.stderr.isatty() else line + "\n")


def say_json(value: Any) -> None:
    """One JSON document on stdout."""
    say(json.dumps(value, ensure_ascii=False, indent=2))


def visible(text: str | Path) -> str:
    """Text from outside on one line: control characters (a name may hold line breaks or terminal commands) as \\xNN."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape", "surrogatepass").decode() for char in str(text))


def _filled(cell: str, width: int, *, right: bool) -> str:
    blanks = " " * (width - cell_len(cell))
    return blanks + cell if right else cell + blanks


def _wrapped(text: str | Text, stream: TextIO, lead: str, hanging: str) -> str:
    console = Console(file=stream, highlight=False)
    room = max(width_of(stream) - cell_len(hanging), NARROWEST)
    marked = Text(text) if isinstance(text, str) else text
    with console.capture() as shown:
        for number, line in enumerate(marked.divide(_breaks(marked.plain, room, cell_len(lead) - cell_len(hanging)))):
            line.rstrip()
            console.print(Text(hanging if number else lead) + line, soft_wrap=True)
    return "\n".join(line.rstrip() for line in shown.get().split("\n"))


def _breaks(text: str, room: int, used: int) -> list[int]:
    """Where lines begin, after the first, of which `used` columns are taken; always before a word. The library would break long
    words or cut them off.
    """
    found = []
    for word in WORD_AND_SPACE.finditer(text):
        if word.start() and used + cell_len(word[0].rstrip()) > room:
            found.append(word.start())
            used = 0
        used += cell_len(word[0])
    return found


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        # Later writes, and Python's own flush at exit, go to the null device.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
