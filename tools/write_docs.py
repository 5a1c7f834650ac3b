"""Writes the pages of docs/ that say what the code says: `python -m tools.write_docs`. A test compares them with the code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from inspect import getdoc, signature
from pathlib import Path
from typing import Any, get_type_hints

from pydantic_core import PydanticUndefined
from typer.models import ArgumentInfo

from cli.exits import exit_code_of
from cli.help import NAMES
from cli.main import COMMANDS
from config.settings import OUTSIDE_NAMES, PREFIX, Settings, allowed_values, environment_name
from pipeline.errors import SohoaError, TransientError
from pipeline.findings import SENTENCES

FOLDER = Path(__file__).parent.parent / "docs"

SETTINGS_HEAD = f"""# Settings

Read once at the start from environment variables that begin with `{PREFIX}`. An empty value counts as not set. A name
that is not in this table, or a value out of its range, ends the command with exit code 2 and code `BAD_SETTING`; an option of the
command line (`--jobs`, `--reader`) goes before the environment. A secret may lie in a file instead, which is named with
`_FILE` after the secret's name: `SOHOA_S3_SECRET_KEY_FILE=/run/secrets/s3`. This page is written by `python -m tools.write_docs`.

| name | default | takes | meaning |
| --- | --- | --- | --- |
"""

SETTINGS_TAIL = """
## Read by the tests, not by the program

| name | meaning |
| --- | --- |
"""

ERRORS_HEAD = """# Error codes

What can go wrong, from `pipeline/errors/`. The code is stable and in English, for programs; the sentence is what the clerk
reads. `exit` is the exit code of the command that ends with it; a fault of one file among many is one line
`PATH: CODE: sentence` on stderr and exit code 3 at the end. `again` says whether the same may succeed later without a person.
This page is written by `python -m tools.write_docs`.

| code | exit | again | sentence |
| --- | --- | --- | --- |
"""

FINDINGS_HEAD = """
## Findings

What is remarked on a record that was read: in `findings` of `record.json`, from `pipeline/findings.py`. A record with any finding
is done and needs review.

| code | sentence |
| --- | --- |
"""

COMMANDS_HEAD = """# Commands

`sohoa COMMAND --help` says the same. Exit codes are in the [README](../README.md#commands), codes of errors in
[errors.md](errors.md). This page is written by `python -m tools.write_docs`.
"""


def settings_page() -> str:
    """docs/settings.md as it should stand."""
    rows = [_row(f"`{environment_name(name)}`", _default(name), _takes(name), _meaning(name)) for name in Settings.model_fields]
    outside = [_row(f"`{name}`", meaning) for name, meaning in OUTSIDE_NAMES.items()]
    return "".join([SETTINGS_HEAD, *rows, SETTINGS_TAIL, *outside])


def errors_page() -> str:
    """docs/errors.md as it should stand: one row for each class that has a code of its own."""
    rows = [
        _row(f"`{error.code}`", str(exit_code_of(error())), _again(error), f"{error.summary}. {error.next_step}")
        for error in coded_errors()
    ]
    findings = [_row(f"`{code}`", sentence) for code, sentence in SENTENCES.items()]
    return "".join([ERRORS_HEAD, *rows, FINDINGS_HEAD, *findings])


def commands_page() -> str:
    """docs/commands.md as it should stand: each command with its arguments and options."""
    return COMMANDS_HEAD + "".join(_command(name, command) for name, command in COMMANDS.items())


def _command(name: str, command: Callable[..., int]) -> str:
    hints = get_type_hints(command, include_extras=True)
    rows = [_row(f"`{_written(one, hints[one])}`", hints[one].__metadata__[0].help) for one in signature(command).parameters]
    table = ["\n| | |\n| --- | --- |\n", *rows] if rows else []
    return "".join([f"\n## sohoa {name}\n\n{getdoc(command)}\n", *table])


def _written(name: str, hint: Any) -> str:
    described = hint.__metadata__[0]
    if isinstance(described, ArgumentInfo):
        return NAMES[name]
    # Inside Annotated the library takes the first name for a default.
    names = [text for text in (described.default, *(described.param_decls or ())) if isinstance(text, str)]
    return ", ".join(names or [f"--{name.replace('_', '-')}"])


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def coded_errors() -> list[type[SohoaError]]:
    """Every error class that is raised, in the order of the tree."""
    return [error for error in _below(SohoaError) if "code" in vars(error)]


def _below(error: type[SohoaError]) -> Iterator[type[SohoaError]]:
    for child in error.__subclasses__():
        yield child
        yield from _below(child)


def _again(error: type[SohoaError]) -> str:
    return "yes" if issubclass(error, TransientError) else "no"


def _default(name: str) -> str:
    default = Settings.model_fields[name].default
    if isinstance(default, bool):
        return f"`{default}`".lower()
    return "usable cores" if default is PydanticUndefined else f"`{default}`" if str(default) not in ("", ".") else "none"


def _takes(name: str) -> str:
    return allowed_values(name)


def _meaning(name: str) -> str:
    return Settings.model_fields[name].description or ""


PAGES: dict[str, Callable[[], str]] = {"settings.md": settings_page, "errors.md": errors_page, "commands.md": commands_page}

if __name__ == "__main__":
    for file_name, page in PAGES.items():
        (FOLDER / file_name).write_text(page(), encoding="utf-8")
