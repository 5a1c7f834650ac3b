"""The command as the tests call it: in this process where its exit code and words are asked, as a program where it is killed."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import AbstractContextManager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from cli.main import run_command
from tests.programs import running

PROGRAM = (sys.executable, "-c", "from cli.main import run; run()")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def complaints(self) -> dict[str, str]:
        """Subject -> code, of the lines `SUBJECT: CODE: sentence` on stderr."""
        return {line.split(": ")[0]: line.split(": ")[1] for line in self.err.splitlines()}


def sohoa(*arguments: str | Path) -> Answer:
    """Run a command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run_command([str(argument) for argument in arguments])
    return Answer(code, out.getvalue(), err.getvalue())


def start_sohoa(*arguments: str | Path, cwd: Path) -> AbstractContextManager[subprocess.Popen[str]]:
    """Start a command as a program of its own, killed at the end of the block unless it has ended."""
    path = os.pathsep.join(path for path in sys.path if path)
    return running([*PROGRAM, *arguments], cwd=cwd, env={**os.environ, "PYTHONPATH": path})


def blank_scan(file: Path, shade: int = 255) -> Path:
    """A small white page: read within a moment, and different bytes for each shade."""
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (200, 280), shade).save(file, "PNG")
    return file
