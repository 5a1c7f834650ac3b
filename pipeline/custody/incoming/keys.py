"""Where others drop files, `incoming/<unit>/<batch>/…`, as its keys tell it.

incoming/<unit>/<batch>/<any folders>/<name>     a scan; its folders below the batch say nothing to us
incoming/<unit>/<batch>/batch.json               what the office says of the batch (sidecars.py)
incoming/<unit>/<batch>/_DONE                    all that belong to the batch were dropped
refused/…                                        what could not be taken, with the reason in `<name>.why.json`
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from pipeline.custody.names import batch_name, check_code
from pipeline.errors import BadName, WrongPlace

INCOMING, REFUSED = "incoming/", "refused/"
BATCH_FILE, DONE_MARKER = "batch.json", "_DONE"
DOTS = ("", ".", "..")

UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".download", ".tmp", ".temp", ".swp", ".lock", "~")
"""Endings under which programs write a file before they give it its name: browsers, WinSCP, rsync, editors."""

LEAVINGS = {"thumbs.db", "ehthumbs.db", "desktop.ini"}
"""What a file manager leaves in every folder that it shows; nobody hands it over."""

MAX_KEY_BYTES = 1024
"""What S3 allows."""


class Kind(StrEnum):
    SCAN = "scan"
    BATCH_FILE = "batch_file"
    DONE_MARKER = "done_marker"


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder of a batch: `prefix` as it is written in keys, unit and batch as they are kept."""

    prefix: str
    unit: str
    batch: str


def is_passing(key: str) -> bool:
    """Whether a key is left alone without a word: hidden, not yet under its final name, or only there to show a folder."""
    *folders, name = key.split("/")
    plain = name.casefold()
    if not name or plain.endswith(UNFINISHED) or plain.startswith("~$") or plain in LEAVINGS:
        return True
    return any(part.startswith(".") and part not in DOTS for part in (*folders, name))


def place_of(key: str) -> tuple[Folder, Kind]:
    """The batch that a key belongs to, and what it is. Raises WrongPlace."""
    if not key.startswith(INCOMING) or len(key.encode("utf-8", "surrogatepass")) > MAX_KEY_BYTES:
        raise WrongPlace("key")
    if any(unicodedata.category(sign) == "Cc" for sign in key):
        raise WrongPlace("control characters")
    _, *parts = key.split("/")
    if any(part in DOTS for part in parts):
        raise WrongPlace("an empty or dotted name in the path")
    if len(parts) < 3:
        raise WrongPlace("unit and batch are missing")
    return _folder(parts[0], parts[1]), _kind(parts[2:])


def _folder(unit: str, batch: str) -> Folder:
    name = batch_name(batch)
    if name is None:
        raise WrongPlace("name of the batch")
    try:
        return Folder(f"{INCOMING}{unit}/{batch}/", check_code(unit), name)
    except BadName as error:
        raise WrongPlace("code of the unit") from error


def _kind(names: list[str]) -> Kind:
    if len(names) > 1:
        return Kind.SCAN
    return {BATCH_FILE: Kind.BATCH_FILE, DONE_MARKER: Kind.DONE_MARKER}.get(names[0], Kind.SCAN)
