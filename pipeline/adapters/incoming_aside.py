"""Where what was refused goes: `refused/…/<name>` with `<name>.why.json` beside it. The same for a bucket and a folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from pipeline.ports import Lying

INCOMING, REFUSED = "incoming/", "refused/"
WHY = ".why.json"

MAX_NAME = 255
"""Bytes of one name that file systems and MinIO allow."""

MAX_KEY = 1024


@dataclass(frozen=True, slots=True)
class Aside:
    """A place below `refused/`. `told`: its note is written already, for this very version."""

    key: str
    why: str
    told: bool


def aside_for(lying: Lying, note_at: Callable[[str], bytes | None]) -> Aside:
    """The first place that is free, or this version's own from an earlier try. A place without a note is free: whoever put
    something there has not taken it away from where it lay."""
    for key, why in _places(lying.key):
        found = note_at(why)
        if found is None or _is_about(found, lying):
            return Aside(key, why, told=found is not None)
    raise LookupError(lying.key)  # the places have no end


def note_of(lying: Lying, why: Mapping[str, str]) -> bytes:
    """What stands in the note: the reason, and which version of what it is about."""
    about = {"key": lying.key, "tag": lying.tag, "version": lying.version, "size_bytes": lying.size_bytes}
    text = json.dumps({**why, **about}, ensure_ascii=False, indent=1)
    return text.encode("utf-8", "backslashreplace") + b"\n"  # bytes of a name that are no text: as JSON escapes them


def _is_about(note: bytes, lying: Lying) -> bool:
    try:
        told = json.loads(note)
        return (told["key"], told["tag"], told["version"]) == (lying.key, lying.tag, lying.version)
    except (ValueError, KeyError, TypeError):
        return False  # somebody else's


def _places(key: str) -> Iterator[tuple[str, str]]:
    folder, _, name = key.rpartition("/")
    beside = REFUSED + folder.removeprefix(INCOMING.rstrip("/")).lstrip("/")
    room = min(MAX_NAME, MAX_KEY - len(_bytes(beside)) - 1) - len(WHY)
    stem, dot, ending = name.rpartition(".")
    if not stem or len(_bytes(ending)) > 16:
        stem, dot, ending = name, "", ""
    for number in count(1):
        tail = f"{'' if number == 1 else f'-{number}'}{dot}{ending}"
        place = f"{beside}/{_cut(stem, room - len(_bytes(tail)))}{tail}"
        yield place, place + WHY


def _cut(text: str, room: int) -> str:
    while len(_bytes(text)) > max(room, 1):
        text = text[:-1]
    return text


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
