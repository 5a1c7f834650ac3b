"""What the syllable model does to the reading of the network alone: marks put right, and right words broken."""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from rapidfuzz.distance import Levenshtein

from config.wiring.readers import load_tools
from pipeline.journey import Tools
from pipeline.read.fused_lines import FusedLines
from pipeline.read.tokens import letters
from pipeline.text import match_key, words
from tests.bench.accuracy.cases import Case
from tests.bench.accuracy.running import texts_of
from tests.bench.accuracy.scores import NO_MARK, PENNED

NEVER = 2.0
"""A chance of an error that no line has: the second reader is not asked."""


@dataclass(frozen=True, slots=True)
class Repairs:
    """Words that the reader alone had right, and of them those that are wrong now; words of which it had all letters and not all
    marks, and of them those that are right now."""

    right: int = 0
    broken: int = 0
    other_marks: int = 0
    repaired: int = 0

    def __add__(self, other: Repairs) -> Repairs:
        return Repairs(*(mine + theirs for mine, theirs in zip(asdict(self).values(), asdict(other).values(), strict=True)))


def repairs(truth: str, alone: str, corrected: str) -> Repairs:
    """Of the words of `truth` that print wrote."""
    wanted = words(match_key(NO_MARK.sub(" ", PENNED.sub(" ", truth))))
    before, after = (_beside(wanted, words(match_key(text))) for text in (alone, corrected))
    right = {place for place, word in enumerate(wanted) if before.get(place) == word}
    marks = {place for place, said in before.items() if place not in right and letters(said) == letters(wanted[place])}
    good = {place for place, word in enumerate(wanted) if after.get(place) == word}
    return Repairs(len(right), len(right - good), len(marks), len(marks & good))


def _beside(wanted: Sequence[str], said: Sequence[str]) -> Mapping[int, str]:
    """Which word was read in the place of which, where that is clear."""
    pairs: dict[int, str] = {}
    for step in Levenshtein.opcodes(wanted, said):
        if step.src_end - step.src_start == step.dest_end - step.dest_start:
            pairs.update(zip(range(step.src_start, step.src_end), said[step.dest_start : step.dest_end], strict=True))
    return pairs


def repairs_of(cases: Sequence[Case]) -> dict[str, Repairs]:
    """By group, in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_repairs_of, (cases,))


def _repairs_of(cases: Sequence[Case]) -> dict[str, Repairs]:
    network, whole = load_tools("onnx"), load_tools("fused")
    if not isinstance(whole.reader, FusedLines):
        raise TypeError(type(whole.reader))
    corrected: Tools = replace(whole, reader=replace(whole.reader, ask_from=NEVER))
    found: dict[str, Repairs] = {}
    for case in cases:
        group = "real" if case.group.startswith("real") else "samples"
        here = repairs(case.text, *(texts_of(case, tools) for tools in (network, corrected)))
        for name in {group, case.group} if group == "real" else {group}:
            found[name] = found.get(name, Repairs()) + here
    return found
