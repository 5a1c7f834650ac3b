"""What an office says of a batch that it drops: `batch.json`, or the marker `_DONE`. Read at the edge, checked whole.

batch.json   {"declared": 120, "fonds": "phong-1", "sector": "tu-phap", "urgent": false}; all but `declared` may be missing
_DONE        empty: all that belong to the batch were dropped; or a number: so many were
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, Field, StrictBool, StrictInt, ValidationError

from pipeline.custody.names import check_code
from pipeline.errors import BadName, SidecarBroken

MAX_BYTES = 64_000
"""A hundred bytes are enough; what is longer is something else under this name."""

MOST_FILES = 10_000_000
"""In one batch. A number beyond is a mistake in writing it, and would keep the batch open for ever."""


@dataclass(frozen=True, slots=True)
class Sidecar:
    """`declared`: how many files there are, if it is said. `fonds`, `sector`: None = the settings'. `done`: none is to come."""

    declared: int | None = None
    fonds: str | None = None
    sector: str | None = None
    urgent: bool = False
    done: bool = False


class _BatchFile(BaseModel):
    declared: StrictInt = Field(ge=0, le=MOST_FILES)
    fonds: str | None = None
    sector: str | None = None
    urgent: StrictBool = False


FAULTS = {"declared": "the declared count", "fonds": "the fonds or sector", "sector": "the fonds or sector", "urgent": "urgent"}


def read_batch_file(body: bytes) -> Sidecar:
    """What a batch.json says; what others wrote in it beside that is theirs. Raises SidecarBroken."""
    try:
        told = _BatchFile.model_validate_json(_text(body))
        fonds, sector = (None if code is None else check_code(code) for code in (told.fonds, told.sector))
    except ValidationError as error:
        places = [fault["loc"] for fault in error.errors(include_input=False)]
        raise SidecarBroken(FAULTS.get(str(places[0][0]), "no JSON") if places[0] else "no JSON") from None
    except BadName as error:
        raise SidecarBroken("the fonds or sector") from error
    return Sidecar(told.declared, fonds, sector, told.urgent)


def read_done_marker(body: bytes) -> Sidecar:
    """What a `_DONE` says. Raises SidecarBroken."""
    text = _text(body).strip()
    if not text:
        return Sidecar(done=True)
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(MOST_FILES)) or int(text) > MOST_FILES:
        raise SidecarBroken("a number or nothing")
    return Sidecar(declared=int(text), done=True)


def _text(body: bytes) -> str:
    """Some systems begin a text with the mark of its encoding."""
    if len(body) > MAX_BYTES:
        raise SidecarBroken(f"> {MAX_BYTES // 1000} kB")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SidecarBroken("no JSON") from error
