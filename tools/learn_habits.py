"""Learns pipeline/read/habits.json: `python -m tools.learn_habits --samples LEVEL:N... --pages FOLDER... -o FILE`.

Lines of samples (seeds from 9,000 on, which neither tests nor benchmark use) and of scanned pages with transcripts (NAME.png or
NAME.jpg beside NAME.txt; a folder that is named twice counts twice) are read by both readers and laid beside the truth:

- how often each character is wrong, by what the reader says of itself (logistic regression, one offset a character);
- what stands there when it is wrong; how often characters and spaces are overlooked or invented;
- then, with those habits and the syllable model, how often a chosen text is right (the weights of pipeline/read/confidence.py).

What a page in the truth does not have is noise: its words count as wrong for the last step only.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from pipeline.model import BoundingBox, ReaderInfo, Word
from pipeline.ports import LineReading
from pipeline.read.align import Pieces, pieces
from pipeline.read.confidence import EVIDENCE, evidence
from pipeline.read.decode import Sentence, best_path, margins
from pipeline.read.fuse import is_heading
from pipeline.read.habits import Habits
from pipeline.read.language import Language, SyllableModel
from pipeline.read.lattice import places
from pipeline.read.tokens import TOKEN
from tools.read_lines import Bench, ReadLine, folder_lines, sample_lines

WORST = 0.4
"""Share of wrong characters from which a line says nothing about habits: a seal, a pen, two lines in one box."""
SEEN = 3
"""Times a confusion has to be seen to be a habit."""
LEAST_LOST, LEAST_SPACE_LOST = 0.006, 0.005
"""Shares of characters and spaces that a reader passes over, at the least: lines of which it saw little are not learned from, and
pages will come that are unlike those."""
SMOOTH = 8.0
"""Wrong readings of a character that weigh as much as knowing nothing about it."""
OTHER_MARKS, OTHER_LETTER, OTHER_CASE = 0.02, 0.002, 0.01
"""Shares of one character that the table does not name: other marks on the letter, any other letter, the other case."""

Floats = NDArray[np.float64]


# ---- characters ------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Tally:
    """What one reader did. `said`, `sure`, `right`: one entry a character that it wrote."""

    said: list[str]
    sure: list[float]
    right: list[bool]
    confusions: defaultdict[str, Counter[str]]
    extra: int = 0
    lost: int = 0
    printed: int = 0
    spaces: Counter[tuple[bool, bool]] = field(default_factory=Counter)


def tally(lines: Iterable[tuple[LineReading, str]]) -> Tally:
    found = Tally([], [], [], defaultdict(Counter))
    for reading, truth in lines:
        read = pieces(reading)
        text, printed = "".join(piece.text for piece in read), truth.replace(" ", "")
        if text and Levenshtein.distance(text, printed) <= WORST * len(printed):
            count_line(found, read, text, truth)
    return found


def count_line(found: Tally, read: Pieces, text: str, truth: str) -> None:
    sure = [value for piece in read for value in piece.sure]
    printed = truth.replace(" ", "")
    edges, gaps = inner_edges(read), inner_edges(truth_pieces(truth))
    for step in Levenshtein.opcodes(text, printed):
        for offset in range(max(step.src_end - step.src_start, step.dest_end - step.dest_start)):
            place, aim = step.src_start + offset, step.dest_start + offset
            wanted = printed[aim] if aim < step.dest_end else ""
            found.printed += bool(wanted)
            if place >= step.src_end:
                found.lost += 1
                continue
            count_character(found, text[place], sure[place], wanted)
            if step.tag == "equal" and offset and aim in gaps:
                found.spaces[gaps[aim], edges.get(place, False)] += 1


def count_character(found: Tally, char: str, sure: float, wanted: str) -> None:
    found.said.append(char.lower())
    found.sure.append(sure)
    found.right.append(char == wanted)
    if not wanted:
        found.extra += 1
    elif char.lower() != wanted.lower():
        found.confusions[char.lower()][wanted.lower()] += 1


def truth_pieces(truth: str) -> Pieces:
    word = Word("", BoundingBox(0, 0, 1, 1), None)
    return pieces(LineReading(tuple(Word(text, word.box, None) for text in truth.split())))


def inner_edges(read: Pieces) -> dict[int, bool]:
    """Characters before a token that is not the first -> whether a space stands there."""
    edges, size = {}, 0
    for piece in read:
        if size:
            edges[size] = piece.after_space
        size += len(piece.text)
    return edges


def habits_of(found: Tally, mute: dict[str, str]) -> dict[str, Any]:
    trust, suspicion = fit_trust(found)
    wrong = Counter(char for char, right in zip(found.said, found.right, strict=True) if not right)
    spaces = found.spaces
    table = {
        char: {aim: round(count / (wrong[char] + SMOOTH), 4) for aim, count in sorted(row.items()) if count >= SEEN}
        for char, row in sorted(found.confusions.items())
    }
    return {
        "trust": trust, "suspicion": suspicion, "confusions": {char: row for char, row in table.items() if row},
        "other_marks": OTHER_MARKS, "other_case": OTHER_CASE, "other_letter": OTHER_LETTER,
        "extra": share(found.extra, sum(wrong.values()) - found.extra),
        "lost": max(LEAST_LOST, share(found.lost, found.printed - found.lost)),
        "space_lost": max(LEAST_SPACE_LOST, share(spaces[True, False], spaces[True, True])),
        "space_added": share(spaces[False, True], spaces[False, False]),
        "mute": mute,
    }  # fmt: skip


def share(bad: int, good: int) -> float:
    return round((bad + 1) / (bad + good + 2), 6)


def fit_trust(found: Tally) -> tuple[list[float], dict[str, float]]:
    """Logistic regression of "right" on the log-odds of the confidence, with one offset a character held near 0."""
    names = sorted(set(found.said))
    index = {name: number for number, name in enumerate(names)}
    char = np.array([index[name] for name in found.said])
    sure = np.clip(np.array(found.sure), 1e-4, 1 - 1e-4)
    seen = np.stack([np.ones_like(sure), np.log(sure / (1 - sure))], axis=1)
    right, offsets, trust = np.array(found.right, float), np.zeros(len(names)), np.zeros(2)
    for _ in range(60):
        trust += newton_step(seen, right, trust, seen @ trust + offsets[char])
        chance = logistic(seen @ trust + offsets[char])
        slope = np.bincount(char, right - chance, len(names)) - offsets / 0.7
        bend = np.bincount(char, chance * (1 - chance), len(names)) + 1 / 0.7
        offsets += np.clip(slope / bend, -1, 1)
    kept = {name: round(float(offset), 2) for name, offset in zip(names, offsets, strict=True) if abs(offset) >= 0.2}
    return [round(float(value), 4) for value in trust], kept


def logistic(odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-odds)), np.float64)


def newton_step(seen: Floats, right: Floats, weights: Floats, odds: Floats, hold: float = 1e-3) -> Floats:
    chance = logistic(odds)
    bend = (seen * (chance * (1 - chance))[:, None]).T @ seen + hold * np.eye(seen.shape[1])
    return np.asarray(np.linalg.solve(bend, seen.T @ (right - chance) - hold * weights), np.float64)


# ---- choices ---------------------------------------------------------------------------------------------------------------


def judged(lines: Iterable[ReadLine], language: Language) -> Iterator[tuple[tuple[float, ...], bool]]:
    """What was known of each choice, and whether it was right; with and without the second reader."""
    for line in lines:
        for second in (line.second, None):
            yield from judged_line(line, second, language)


def judged_line(line: ReadLine, second: LineReading | None, language: Language) -> Iterator[tuple[tuple[float, ...], bool]]:
    read, also = pieces(line.first), None if second is None else pieces(second)
    stretch = places(read, also, language)
    if not stretch:
        return
    sentence = Sentence(language.syllables, heading=is_heading([*read, *(also or ())]))
    chosen = best_path(stretch, sentence)
    right = right_ones(["".join(choice.texts) for choice in chosen], line)
    for place, choice, margin, good in zip(stretch, chosen, margins(stretch, chosen, sentence), right, strict=True):
        if any(char.isalnum() for text in choice.texts for char in text):
            yield evidence(place, choice, margin, language), good


def right_ones(texts: Sequence[str], line: ReadLine) -> list[bool]:
    if line.truth is None:
        return [all(token in line.page for token in TOKEN.findall(text)) for text in texts]
    printed = line.truth.replace(" ", "")
    same = [False] * sum(map(len, texts))
    for step in Levenshtein.opcodes("".join(texts), printed):
        if step.tag == "equal":
            same[step.src_start : step.src_end] = [True] * (step.src_end - step.src_start)
    right, start = [], 0
    for text in texts:
        right.append(all(same[start : start + len(text)]))
        start += len(text)
    return right


def fit_confidence(cases: Iterable[tuple[tuple[float, ...], bool]]) -> list[float]:
    rows, right = zip(*cases, strict=True)
    seen, good = np.array(rows, float), np.array(right, float)
    weights = np.zeros(seen.shape[1])
    for _ in range(40):
        weights += newton_step(seen, good, weights, seen @ weights, hold=1.0)
    return [round(float(weight), 3) for weight in weights]


MUTE = {
    "sohoa-lines": {"~": "-", "^": "", "\\": "/", "®": ""},
    "tesseract-lines": {},
}  # fmt: skip
"""Signs that a reader cannot write, and what it writes instead."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", metavar="LEVEL:N", nargs="+", required=True)
    parser.add_argument("--pages", metavar="FOLDER", type=Path, nargs="*", default=[])
    parser.add_argument("--model", metavar="FILE", type=Path, default=Path("pipeline/read/vi_syllables.lm"))
    parser.add_argument("-o", dest="out", metavar="FILE", type=Path, required=True)
    asked = parser.parse_args()
    bench = Bench()
    lines: list[ReadLine] = []
    for level, _, count in (wanted.partition(":") for wanted in asked.samples):
        lines += sample_lines(bench, level, int(count))
    for folder in asked.pages:
        lines += folder_lines(bench, folder)
    names = (bench.first.info.name, bench.second.info.name)
    found = learned(lines, names, SyllableModel.open(asked.model))
    asked.out.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def learned(lines: Sequence[ReadLine], names: tuple[str, str], model: SyllableModel) -> dict[str, Any]:
    """What habits.json holds."""
    known = [line for line in lines if line.truth is not None]
    first = habits_of(tally((line.first, line.truth or "") for line in known), MUTE[names[0]])
    second = habits_of(tally((line.second, line.truth or "") for line in known), MUTE[names[1]])
    language = Language(model, Habits(**first), Habits(**second), (0.0,) * len(EVIDENCE), ReaderInfo("being learned", "", ""))
    weights = dict(zip(EVIDENCE, fit_confidence(judged(lines, language)), strict=True))
    return {"readers": {names[0]: first, names[1]: second}, "confidence": weights}


if __name__ == "__main__":
    main()
