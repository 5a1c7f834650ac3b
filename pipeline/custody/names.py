"""Codes and batch names as people type them, and the key segments that stand for them."""

from __future__ import annotations

import re
import unicodedata
from uuid import UUID

from pipeline.errors import BadName, UnknownRecord

MAX_CHARACTERS = 64
MAX_SEGMENT = 200
"""Bytes; file systems allow 255 for one name, and endings have to fit behind it."""

_CODE = re.compile(r"[^\W_][\w.\-]*")
_BATCH = re.compile(r"[^\W_][\w.\-]*(?: [\w.\-]+)*")
_ENCODED = "xn--"
_NOT_IN_BATCHES = re.compile(r"[^\w.\- ]+")


def check_code(text: str) -> str:
    """A unit, fonds or sector code in NFC: letters, digits, `-`, `_`, `.`; at most 64. Raises BadName."""
    return _checked(text, _CODE)


def check_batch(text: str) -> str:
    """A batch name in NFC: as a code, with single spaces inside. Raises BadName."""
    return _checked(text, _BATCH)


def batch_name(folder: str) -> str | None:
    """A folder's name as a batch's: what may not stand in one becomes a dash. None: nothing is left of it."""
    composed = unicodedata.normalize("NFC", folder)  # a mark that stands by itself would count as none of the letters
    name = " ".join(_NOT_IN_BATCHES.sub("-", composed).split()).lstrip("-_. ")[:MAX_CHARACTERS]
    try:
        return check_batch(name)
    except BadName:
        return None


def _checked(text: str, pattern: re.Pattern[str]) -> str:
    name = unicodedata.normalize("NFC", text.strip())
    if not pattern.fullmatch(name) or len(name) > MAX_CHARACTERS or len(to_segment(name)) > MAX_SEGMENT:
        raise BadName(name[:MAX_CHARACTERS])
    return name


def to_segment(name: str) -> str:
    """A checked name as an ASCII key segment; `from_segment` gives the name back. Plain codes stay as they are."""
    if name.isascii() and not name.startswith(_ENCODED):
        return name.replace(" ", "+")
    return _ENCODED + name.encode("punycode").decode("ascii").replace(" ", "+")


def from_segment(segment: str) -> str:
    spaced = segment.replace("+", " ")
    return spaced[len(_ENCODED) :].encode("ascii").decode("punycode") if spaced.startswith(_ENCODED) else spaced


def check_record_id(text: str) -> str:
    """A record id in its one written form. Raises UnknownRecord: what is no id can name no record."""
    try:
        return str(UUID(text.strip()))
    except ValueError:
        raise UnknownRecord(text[:MAX_CHARACTERS]) from None
