"""What a store's keys look like: the same for every adapter, so that a home can move from one to another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pipeline.errors import BadName

KEY = re.compile(r"(?:[A-Za-z0-9_+][A-Za-z0-9_.+-]*/)*[A-Za-z0-9_+][A-Za-z0-9_.+-]*")
"""No segment begins with a dot or a dash: nothing leaves the folder, nothing is hidden, nothing looks like an option."""

MAX_KEY = 900
"""Characters; the longest key that custody makes has some 470. A path may have 4,095 bytes on Linux, an S3 key 1,024."""

MAX_SEGMENT = 255


def check_key(key: str) -> str:
    """The key. Raises BadName for what is none."""
    if len(key) > MAX_KEY or not KEY.fullmatch(key) or max(map(len, key.split("/"))) > MAX_SEGMENT:
        raise BadName(key[:MAX_KEY])
    return key


def folder_of(prefix: str) -> str | None:
    """The folder, with its slash, that holds all keys with this beginning; None where no key can begin so."""
    folder = prefix.rpartition("/")[0]
    if folder and not KEY.fullmatch(folder):
        return None
    return f"{folder}/" if folder else ""


def in_key_order(names_in: Callable[[str], list[str]], folder: str, prefix: str, after: str) -> Iterator[str]:
    """Keys below `folder` that begin with `prefix` and sort after `after`, whatever order its names come in.

    `names_in`: of one folder, the whole keys of its objects and of its folders, those with a slash at the end. A folder sorts by
    its name with the slash: "a-b" comes before "a/x", as it does among whole keys.
    """
    for key in sorted(names_in(folder)):
        if key.endswith("/"):
            if (key.startswith(prefix) or prefix.startswith(key)) and (key > after or after.startswith(key)):
                yield from in_key_order(names_in, key, prefix, after)
        elif key.startswith(prefix) and key > after:
            yield key
