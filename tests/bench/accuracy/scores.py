"""What was read beside what stands there. Texts are compared with one tone placement (`match_key`) and single spaces."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from pipeline.model import Field, FieldState
from pipeline.text import match_key, words

PENNED = re.compile(r"\[handwriting:([^\]]*)\]")
NO_MARK = re.compile(r"\[(?:illegible|handwriting:illegible)\]")
COMPARED = (
    "organName", "codeNumber", "codeNotation", "place", "issuedDate", "typeName", "subject", "signerName", "signerPosition",
)  # fmt: skip
SHORTEST_LINE = 4
"""Characters: what is shorter stands in many places."""
BINS = 10


def even(text: str) -> str:
    return " ".join(match_key(text).split())


def with_or_without(truth: str, read: str) -> str:
    """The truth with each word of a pen read or left out, whichever is nearer to what was read: it earns and costs nothing."""
    kept = NO_MARK.sub(" ", truth)
    while mark := PENNED.search(kept):
        before, after = kept[: mark.start()], kept[mark.end() :]
        both = (f"{before}{mark[1]}{after}", f"{before} {after}")
        kept = min(both, key=lambda one: Levenshtein.distance(even(PENNED.sub(" ", one)), even(read)))
    return kept


def cer(truth: str, read: str) -> float:
    """Edits in reading order for each character of the truth, 1.0 at the most."""
    wanted = even(with_or_without(truth, read))
    return min(1.0, Levenshtein.distance(wanted, even(read)) / max(1, len(wanted)))


def line_cer(truth: str, read: str) -> float:
    """The same, each line beside the stretch of the reading that is most like it: the order plays no part."""
    whole, edits, total = even(read), 0, 0
    for line in truth.splitlines():
        printed = even(PENNED.sub(" ", NO_MARK.sub(" ", line)))
        if len(printed) < SHORTEST_LINE:
            continue
        found = fuzz.partial_ratio_alignment(printed, whole)
        stretch = whole[found.dest_start : found.dest_end] if found else ""
        edits += min(len(printed), Levenshtein.distance(printed, stretch))
        total += len(printed)
    return edits / max(1, total)


def believed(read: Iterable[tuple[str, float | None]], truth: str) -> list[tuple[float, bool]]:
    """For each word that was read with a confidence: that, and whether the page has such a word (each of its words once)."""
    left = Counter(words(match_key(PENNED.sub(r"\1", truth))))
    found = []
    for text, sure in read:
        parts = words(match_key(text))
        right = bool(parts) and all(left[part] > 0 for part in parts)
        if right:
            left.subtract(parts)
        if parts and sure is not None:
            found.append((sure, right))
    return found


@dataclass(frozen=True, slots=True)
class Bin:
    sure: float
    right: float
    count: int


def reliability(cases: Sequence[tuple[float, bool]]) -> list[Bin]:
    """Words in ten bins of confidence: how sure on the mean, and which share is right."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for sure, right in cases:
        bins[min(BINS - 1, int(sure * BINS))].append((sure, right))
    return [Bin(sum(s for s, _ in one) / len(one), sum(r for _, r in one) / len(one), len(one)) for one in bins if one]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: how far confidence and truth are apart, weighed by words."""
    total = sum(one.count for one in bins)
    return sum(one.count * abs(one.sure - one.right) for one in bins) / max(1, total)


def judged_fields(truth: Mapping[str, Any], penned: frozenset[str], found: Mapping[str, Field]) -> Counter[str]:
    """right, wrong, missing (printed ones), pen right, pen honest, pen wrong, invented."""
    verdicts: Counter[str] = Counter()
    for name in COMPARED:
        wanted, got = truth.get(name), found[name]
        if not wanted:
            verdicts["invented"] += bool(got.value)
        elif got.value and _alike(name, str(wanted), got.value):
            verdicts["pen right" if name in penned else "right"] += 1
        elif name in penned:
            honest = not got.value and got.state in (FieldState.HANDWRITTEN, FieldState.UNREADABLE, FieldState.BLANK)
            verdicts["pen honest" if honest else "pen wrong"] += 1
        else:
            verdicts["wrong" if got.value else "missing"] += 1
    return verdicts


def _alike(name: str, wanted: str, got: str) -> bool:
    return _plain(name, wanted) == _plain(name, got)


def _plain(name: str, value: str) -> str:
    plain = even(value)
    if name == "codeNumber":
        return plain.lstrip("0") or plain
    return re.sub(r"\s*([-/.])\s*", r"\1", plain).strip(" .;,:\"'")
