"""What is read: samples by class of degradation, and real scans with transcripts in two halves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samples import draw_sample
from tests.bench.accuracy.scores import PENNED
from tests.bench.pages import SCANS


@dataclass(frozen=True, slots=True)
class Case:
    """A file and what a perfect reader makes of it. `fields`: name -> value; `handwritten`: fields that a pen wrote."""

    group: str
    file: Path
    text: str
    fields: dict[str, Any]
    handwritten: frozenset[str]


def sample_cases(classes: Sequence[str], each: int, seed: int, folder: Path) -> Iterator[Case]:
    folder.mkdir(parents=True, exist_ok=True)
    for name in classes:
        for index in range(1, each + 1):
            sample = draw_sample(seed, index, name)
            file = folder / f"{sample.name}{sample.suffix}"
            file.write_bytes(sample.content)
            handwritten = frozenset(sample.truth["handwritten"])
            yield Case(name, file, sample.transcript, sample.truth["fields"], handwritten)


def real_cases(folder: Path) -> Iterator[Case]:
    """Scans with NAME.txt and NAME.json beside them: those with even numbers, from which may be learned, and the others."""
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in SCANS and file.with_suffix(".txt").exists())
    for place, file in enumerate(files, 1):
        number = re.search(r"\d+", file.stem)
        half = "even" if int(number[0] if number else place) % 2 == 0 else "odd"
        about = file.with_suffix(".json")
        told = json.loads(about.read_text(encoding="utf-8")) if about.exists() else {"fields": {}}
        text = file.with_suffix(".txt").read_text(encoding="utf-8")
        yield Case(
            f"real, {half}", file, text, told["fields"], frozenset(told.get("handwritten", ())) | penned(told["fields"], text)
        )


def penned(fields: Mapping[str, Any], text: str) -> frozenset[str]:
    """Fields of which the transcript says that a pen wrote them, or a part: the number, day or month, a word of the position."""
    marks = {mark.strip(" .") for mark in PENNED.findall(text)} - {""}
    number, day, position = (str(fields.get(name) or "") for name in ("codeNumber", "issuedDate", "signerPosition"))
    plain = {mark.lstrip("0") for mark in marks}
    parts = {
        "codeNumber": {number.lstrip("0")},
        "issuedDate": {part.lstrip("0") for part in day.split("-")[1:]},
        "signerPosition": set(re.split(r"[\s.]+", position)),
    }
    return frozenset(name for name, wanted in parts.items() if (wanted - {""}) & (plain | marks))
