"""How many of what: the counts of a facet as they are shown."""

from __future__ import annotations

from collections import Counter

from pipeline.index import MAX_FACET_VALUES, issuer_key


def most_frequent(counts: Counter[str], limit: int | None = MAX_FACET_VALUES) -> dict[str, int]:
    """Most frequent first, equals by name; what is empty is not known and not counted."""
    known = [(value, count) for value, count in counts.items() if value]
    return dict(sorted(known, key=lambda one: (-one[1], one[0]))[:limit])


def issuers_as_one(issuers: Counter[str]) -> Counter[str]:
    """Issuers with one key are one, under the name that most of their records have. The most frequent; equals by their keys."""
    names: dict[str, str] = {}
    merged: Counter[str] = Counter()
    for name, count in most_frequent(issuers, None).items():
        key = issuer_key(name)
        names.setdefault(key, name)
        merged[key] += count
    return Counter({names[key]: count for key, count in most_frequent(merged).items()})
