"""Lines on disk: ink maps side by side in one array, and what stands in each. A shelf is one file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.adapters.onnx_lines import ROWS

Ink = NDArray[np.uint8]
"""ROWS x width; 0 = paper, 255 = ink."""


@dataclass(frozen=True, slots=True)
class LabelledLine:
    ink: Ink
    text: str


def put_away(lines: Iterable[LabelledLine], file: Path) -> int:
    """Returns how many. The file is there whole or not at all."""
    kept = list(lines)
    ends = np.cumsum([line.ink.shape[1] for line in kept], dtype=np.int64)
    ink = np.concatenate([line.ink for line in kept] or [np.zeros((ROWS, 0), np.uint8)], axis=1)
    texts = np.frombuffer("\n".join(line.text for line in kept).encode(), np.uint8)
    part = file.with_suffix(".part.npz")
    np.savez_compressed(part, ink=ink, ends=ends, texts=texts)
    part.rename(file)
    return len(kept)


def taken_down(file: Path) -> Iterator[LabelledLine]:
    with np.load(file) as shelf:
        ink, ends, texts = shelf["ink"], shelf["ends"], shelf["texts"].tobytes().decode()
    start = 0
    for end, text in zip(ends.tolist(), texts.split("\n"), strict=True):
        yield LabelledLine(ink[:, start:end], text)
        start = end
