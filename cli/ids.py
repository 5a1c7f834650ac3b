"""Record ids as people type them: whole, or the first signs of one."""

from __future__ import annotations

import getpass
import re
from itertools import pairwise

from config.wiring.home import Home
from pipeline.custody.lookup import record_ids_like
from pipeline.custody.names import check_record_id
from pipeline.errors import AmbiguousRecord, UnknownRecord

FEWEST_SIGNS = 6
"""One in sixteen million: of 10,000 records two share them once in a while, and then they are listed."""

MOST_LISTED = 5

BEGINNING = re.compile(rf"[0-9a-f]{{{FEWEST_SIGNS},32}}", re.ASCII)
GROUPS = (8, 12, 16, 20)
"""Hexadecimal signs of an id before each dash."""


def whole_id(home: Home, typed: str) -> str:
    """The id of the record that is meant. Raises UnknownRecord, AmbiguousRecord (naming those that begin so)."""
    signs = typed.strip().lower().replace("-", "")
    if not BEGINNING.fullmatch(signs) or len(signs) == 32:
        return check_record_id(typed)
    cuts = [0, *(cut for cut in GROUPS if cut < len(signs)), len(signs)]
    beginning = "-".join(signs[start:end] for start, end in pairwise(cuts))
    found = record_ids_like(home.store, beginning)
    if not found:
        raise UnknownRecord(typed)
    if len(found) > 1:
        raise AmbiguousRecord(", ".join(found[:MOST_LISTED]) + (", …" if len(found) > MOST_LISTED else ""))
    return found[0]


def account() -> str:
    """The login under which a command is given; empty where the system has no name for it."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
