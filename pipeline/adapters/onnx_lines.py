"""A small CTC network on ONNX Runtime, line by line.

The network sees each line brought to 32 pixels of height together with as much of the page above and below it (96 rows in
all), as an ink map: 0.0 = paper, 1.0 = ink. One output column stands for 4 pixels. It gives for each column the best class
(0 = no letter) and its probability.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

import pipeline.read
from pipeline.errors import ToolMissing
from pipeline.model import BoundingBox, ReaderInfo, Word
from pipeline.pixels import Pixels
from pipeline.ports import LineReading

ROWS = 96
ABOVE = 1.6
"""Line heights of page shown above and below the line: (3 x 1.4 - 1) / 2, the window the network was trained with."""
BESIDE = 0.3
"""Line heights shown left and right of the line."""
COLUMN = 4
"""Pixels of the ink map for one output column."""
WIDEST = 1100
"""Columns of an ink map; longer lines are squeezed. The longest printed lines (A4, 11 pt) come to about 1,050."""
BATCH_AREA = 1000
"""Pixel columns in one call: what passes between the layers stays in the fast part of the processor's memory."""
HALO = 8
"""Empty columns after the widest line of a batch, so that a line reads the same alone as beside a wider one."""


OWN_MODEL = Path(pipeline.read.__file__).parent / "lines.json"
"""Beside it the network itself."""


@dataclass(frozen=True, slots=True)
class LineModel:
    """A file that `OnnxLines` reads with, and the characters of its classes 1, 2, ..."""

    file: Path
    charset: tuple[str, ...]
    name: str
    version: str


def own_line_model(about: Path = OWN_MODEL) -> LineModel:
    """The network of tools/train_reader, as its description says. Raises ToolMissing."""
    try:
        told = json.loads(about.read_text(encoding="utf-8"))
        return LineModel(about.with_suffix(".onnx"), tuple(told["charset"]), told["name"], told["version"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ToolMissing(f"{about.name}: {error}") from error


@dataclass(frozen=True, slots=True)
class InkMap:
    """`ink`: ROWS x width. Page x of ink column c: left + c / scale."""

    ink: NDArray[np.float32]
    left: float
    scale: float


class OnnxLines:
    """LineReader for one model file with inputs x, widths and outputs ids, conf, lengths."""

    def __init__(self, model: LineModel) -> None:
        if not model.file.is_file():
            raise ToolMissing(str(model.file))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # processes, not threads, use the cores
        options.enable_cpu_mem_arena = False  # with changing widths the arena only grows
        self._session = onnxruntime.InferenceSession(str(model.file), options, providers=["CPUExecutionProvider"])
        self._charset = model.charset
        self.info = ReaderInfo(model.name, model.version, hashlib.sha256(model.file.read_bytes()).hexdigest())

    def read_lines(self, picture: Pixels, boxes: Sequence[BoundingBox]) -> list[LineReading]:
        maps = [ink_map(picture, box) for box in boxes]
        readings = [LineReading(())] * len(boxes)
        for group in batches([m.ink.shape[1] for m in maps]):
            x, widths = stacked([maps[i].ink for i in group])
            ids, sure, lengths = self._session.run(["ids", "conf", "lengths"], {"x": x, "widths": widths})
            for row, i in enumerate(group):
                columns = int(lengths[row])
                readings[i] = self._reading(ids[row, :columns], sure[row, :columns], maps[i], boxes[i])
        return readings

    def _reading(self, ids: NDArray[np.int64], sure: NDArray[np.float32], ink: InkMap, box: BoundingBox) -> LineReading:
        words, chars = [], []
        for letters in _split(_letters(ids, sure, self._charset)):
            left = ink.left + (letters[0][1] - 1) * COLUMN / ink.scale
            right = ink.left + (letters[-1][2] + 2) * COLUMN / ink.scale
            place = BoundingBox(max(box.left, round(left)), box.top, min(box.right, round(right)), box.bottom)
            confidences = tuple(letter[3] for letter in letters)
            words.append(Word("".join(letter[0] for letter in letters), place, sum(confidences) / len(confidences)))
            chars.append(confidences)
        return LineReading(tuple(words), tuple(chars))


Letter = tuple[str, int, int, float]
"""Character, first and last output column, probability."""


def _letters(ids: NDArray[np.int64], sure: NDArray[np.float32], charset: Sequence[str]) -> Iterator[Letter]:
    """Greedy CTC: runs of one class are one letter, class 0 is none; a letter's probability is its best column's."""
    starts = np.flatnonzero(np.concatenate(([True], ids[1:] != ids[:-1])))
    ends = np.concatenate((starts[1:], [len(ids)]))
    for start, end in zip(starts, ends, strict=True):
        if ids[start]:
            yield charset[ids[start] - 1], int(start), int(end) - 1, float(sure[start:end].max())


def _split(letters: Iterator[Letter]) -> Iterator[list[Letter]]:
    word: list[Letter] = []
    for letter in letters:
        if letter[0] == " ":
            if word:
                yield word
            word = []
        else:
            word.append(letter)
    if word:
        yield word


def ink_map(picture: Pixels, box: BoundingBox) -> InkMap:
    """The line with its surroundings; beyond the picture's edge there is paper."""
    high = max(1, box.height)
    top, bottom = math.floor(box.top - ABOVE * high), math.ceil(box.bottom + ABOVE * high)
    left, right = math.floor(box.left - BESIDE * high), math.ceil(box.right + BESIDE * high)
    height, width = picture.shape
    inside = picture[max(0, top) : min(height, bottom), max(0, left) : min(width, right)]
    crop = cv2.copyMakeBorder(
        inside, max(0, -top), max(0, bottom - height), max(0, -left), max(0, right - width), cv2.BORDER_CONSTANT, value=255
    )
    across = max(2 * COLUMN, min(WIDEST, round(crop.shape[1] * ROWS / crop.shape[0])))
    shrinks = cv2.INTER_AREA if crop.shape[0] > ROWS else cv2.INTER_LINEAR
    small = cv2.resize(crop, (across, ROWS), interpolation=shrinks)
    return InkMap(1.0 - small.astype(np.float32) / 255.0, left, across / crop.shape[1])


def batches(widths: Sequence[int]) -> Iterator[list[int]]:
    """Indices in groups of similar width, narrowest first, so that little is spent on padding."""
    group: list[int] = []
    for i in sorted(range(len(widths)), key=lambda i: widths[i]):
        too_wide = group and (widths[i] > 1.3 * max(64, widths[group[0]]) or (len(group) + 1) * widths[i] > BATCH_AREA)
        if too_wide:
            yield group
            group = []
        group.append(i)
    if group:
        yield group


def stacked(inks: Sequence[NDArray[np.float32]]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """[B, 1, ROWS, W] padded with paper on the right, and the true widths [B]."""
    widest = math.ceil(max(ink.shape[1] for ink in inks) / 8) * 8 + HALO
    x = np.zeros((len(inks), 1, ROWS, widest), np.float32)
    for row, ink in enumerate(inks):
        x[row, 0, :, : ink.shape[1]] = ink
    return x, np.array([ink.shape[1] for ink in inks], np.int64)
