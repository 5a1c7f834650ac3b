"""Exit codes: a contract with scripts, documented in README.md and docs/errors.md."""

from __future__ import annotations

from pipeline.errors import ChildFault, InputError, Interrupted, KeptWrong, SohoaError, UnknownRecord, UsageError

DONE = 0
"""All done; a search without a hit too."""

WRONG_USAGE = 2

SOME_FAILED = 3
"""Some inputs were rejected, failed or quarantined, or an id is unknown: one line each on stderr."""

NOT_USABLE = 4
"""The installation or the home is not usable, or the program itself has a fault (code INTERNAL)."""

INTERRUPTED = 130
"""Ctrl-C or SIGTERM, after what was under way has been parked."""


def exit_code_of(error: SohoaError) -> int:
    """The exit code of a command that ends with `error`."""
    match error:
        case Interrupted():
            return INTERRUPTED
        case UnknownRecord() | InputError() | ChildFault() | KeptWrong():
            return SOME_FAILED
        case UsageError():
            return WRONG_USAGE
        case _:
            return NOT_USABLE
