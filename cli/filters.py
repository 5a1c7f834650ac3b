"""What a filter of `search` may be, and what to say where nothing has such a value."""

from __future__ import annotations

from dataclasses import replace

from cli.output import tell, visible
from config.profiles import document_types
from pipeline.errors import UsageError
from pipeline.ports import Index
from pipeline.query import Query
from pipeline.text import clean, fold

KNOWN_BY = {
    "unit": "Chưa có hồ sơ nào của đơn vị «{}»",
    "sector": "Chưa có hồ sơ nào thuộc lĩnh vực «{}»",
    "batch": "Chưa có hồ sơ nào trong lô «{}»",
    "issuer": "Chưa có hồ sơ nào của cơ quan có tên «{}»",
}
"""Filters that the records alone know the values of; each is a facet too."""

MOST_LISTED = 12


def type_code_of(typed: str | None) -> str | None:
    """The code of a type by its code, its name or its abbreviation, with or without marks.

    Raises UsageError, naming all types, when there is none.
    """
    if typed is None:
        return None
    key = fold(typed).replace("_", " ")
    profiles = document_types().profiles
    for profile in profiles:
        if key == fold(profile.code).replace("_", " ") or key == fold(profile.name):
            return profile.code
    for profile in profiles:
        if key in map(fold, profile.abbreviations):
            return profile.code
    known = ", ".join(f"{profile.code} {profile.name.lower()}" for profile in profiles)
    raise UsageError(f"--type {clean(typed)}: không có loại này; các loại: {known}")


def type_names() -> dict[str, str]:
    """Code -> name, of all types."""
    return {profile.code: profile.name for profile in document_types().profiles}


def say_unknown_filters(index: Index, query: Query) -> None:
    """Name each filter whose value no record has, and the values that there are."""
    for name, sentence in KNOWN_BY.items():
        value = getattr(query, name)
        if value is None or index.search(replace(Query("", limit=1), **{name: value})).total:
            continue
        known = index.search(Query("", limit=1)).facets.get(name, {})
        listed = ", ".join(visible(one) for one in list(known)[:MOST_LISTED])
        more = ", …" if len(known) > MOST_LISTED else ""
        tell(f"{sentence.format(visible(value))}{f'; đang có: {listed}{more}' if listed else ''}.", hanging="  ")
