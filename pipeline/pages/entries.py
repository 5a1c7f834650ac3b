"""Entries of a PDF's dictionaries as the type that they ought to have; a file may have put anything there."""

from __future__ import annotations

from decimal import Decimal

import pikepdf

from pipeline.errors import Damaged


def whole_number(node: pikepdf.Object, key: str, default: int) -> int:
    """Raises Damaged when the entry is no number."""
    return as_whole_number(node.get(key, default), key)


def as_whole_number(given: object, name: str) -> int:
    """As `as_number`, without what stands after the point."""
    return int(as_number(given, name))


def numbers(node: pikepdf.Object, key: str) -> tuple[float, ...]:
    """An array of numbers; empty when there is none. Raises Damaged when the entry is anything else."""
    given = node.get(key)
    if given is None:
        return ()
    if not isinstance(given, pikepdf.Array):
        raise Damaged(key)
    return tuple(as_number(value, key) for value in given)


def as_number(given: object, name: str) -> float:
    """Raises Damaged, naming the entry, when it is no number."""
    if not isinstance(given, (int, float, Decimal)):
        raise Damaged(name)
    return float(given)


def resource(resources: pikepdf.Object, category: str, name: object) -> pikepdf.Object | None:
    """What a page or form calls `name`, if it has such a thing."""
    of_kind = resources.get(category) if isinstance(resources, pikepdf.Dictionary) else None
    return of_kind.get(name) if isinstance(of_kind, pikepdf.Dictionary) and isinstance(name, pikepdf.Name) else None


def dictionary(node: pikepdf.Object, key: str) -> pikepdf.Object:
    """A dictionary; empty when there is none, or something else in its place."""
    given = node.get(key)
    return given if isinstance(given, pikepdf.Dictionary) else pikepdf.Dictionary()
