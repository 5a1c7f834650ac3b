"""Two habits of typists: hòa and ủy, or hoà and uỷ. A document is written in the first and can be respelled into the second."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from pipeline.text import place_tones
from samples.document import Document


def respelled(document: Document) -> Document:
    """The same document with the tone marks of open oa, oe and uy on the second vowel, in blocks and fields alike."""
    return replace(document, blocks=_respell(document.blocks), fields=_respell(document.fields))


def _respell(value: Any) -> Any:
    match value:
        case Enum():
            return value
        case str():
            return place_tones(value)
        case Mapping():
            return {key: _respell(inner) for key, inner in value.items()}
        case tuple() | list():
            return type(value)(_respell(inner) for inner in value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{field.name: _respell(getattr(value, field.name)) for field in fields(value)})
        case _:
            return value
