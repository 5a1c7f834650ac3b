"""CTC on labelled lines. The moving average of the weights is kept: it reads better than where training happened to stop."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi

import numpy as np
import torch
from torch import Tensor, nn

from tools.train_reader.network import ROWS, STEP, LineNetwork
from tools.train_reader.shelf import LabelledLine

BATCH_AREA = 64 * 400
"""Columns of ink in one batch."""
UNEVEN = 40
"""Columns by which lines of one batch are mixed in width, so that batches differ from round to round."""
AVERAGED = 0.998
WARMING_STEPS = 60
LEAST_RATE = 0.02
"""Share of the learning rate at the end."""
STEEPEST = 2.0
DECAY = 1e-3
TOLD_EVERY = 100
PADDING = 8


@dataclass(frozen=True, slots=True)
class Course:
    """`passes`: how often every line is seen. `rate`: learning rate after warming up."""

    passes: float
    rate: float
    seed: int
    threads: int


def trained(network: LineNetwork, lines: Sequence[LabelledLine], charset: Sequence[str], course: Course) -> LineNetwork:
    """Changes the network, and returns it with averaged weights."""
    torch.set_num_threads(course.threads)
    torch.manual_seed(course.seed)
    codes = {char: number for number, char in enumerate(charset, 1)}
    network.train()
    network.bn.eval()  # its statistics are of a million lines
    optimizer = torch.optim.AdamW(network.parameters(), course.rate, weight_decay=DECAY)
    average = {name: value.clone() for name, value in network.state_dict().items()}
    log, total, seen = _Log(), course.passes * len(lines), 0
    while seen < total:
        for batch in _batches(lines, random.Random(f"{course.seed} {seen}")):
            if seen >= total:
                break
            _set_rate(optimizer, course.rate, log.steps, seen / total)
            log.note(_step(network, optimizer, batch, codes), len(batch))
            seen += len(batch)
            _average(average, network)
    network.load_state_dict(average)
    network.eval()
    return network


def _batches(lines: Sequence[LabelledLine], rng: random.Random) -> Iterator[list[LabelledLine]]:
    """All lines once, those of like width together, in an order of chance."""
    groups: list[list[LabelledLine]] = [[]]
    for line in sorted(lines, key=lambda line: line.ink.shape[1] + rng.random() * UNEVEN):
        if groups[-1] and (len(groups[-1]) + 1) * line.ink.shape[1] > BATCH_AREA:
            groups.append([])
        groups[-1].append(line)
    rng.shuffle(groups)
    return iter(groups)


def _step(network: LineNetwork, optimizer: torch.optim.Optimizer, batch: Sequence[LabelledLine], codes: dict[str, int]) -> float:
    x, widths = _stacked(batch)
    labels = [[codes[char] for char in line.text] for line in batch]
    lengths = torch.tensor([len(one) for one in labels])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logs, steps = network(x, widths)
    loss = nn.functional.ctc_loss(
        logs.float(), torch.tensor([code for one in labels for code in one]), steps, lengths, reduction="sum", zero_infinity=True
    )
    loss = loss / lengths.sum()
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), STEEPEST)
    optimizer.step()
    return float(loss.detach())


def _stacked(batch: Sequence[LabelledLine]) -> tuple[Tensor, Tensor]:
    """As `onnx_lines.stacked` does for reading."""
    widest = -(-max(line.ink.shape[1] for line in batch) // (2 * STEP)) * 2 * STEP + PADDING
    x = np.zeros((len(batch), 1, ROWS, widest), np.float32)
    for row, line in enumerate(batch):
        x[row, 0, :, : line.ink.shape[1]] = line.ink / np.float32(255)
    return torch.from_numpy(x), torch.tensor([line.ink.shape[1] for line in batch])


def _set_rate(optimizer: torch.optim.Optimizer, rate: float, step: int, done: float) -> None:
    """Up within the first steps, then down along half a cosine."""
    warm = min(1.0, step / WARMING_STEPS + 0.05)
    for group in optimizer.param_groups:
        group["lr"] = rate * warm * (0.5 * (1 + cos(pi * done)) + LEAST_RATE)


def _average(average: dict[str, Tensor], network: LineNetwork) -> None:
    with torch.no_grad():
        for name, value in network.state_dict().items():
            if value.dtype.is_floating_point:
                average[name].mul_(AVERAGED).add_(value, alpha=1 - AVERAGED)


def blended(original: LineNetwork, network: LineNetwork, share: float) -> LineNetwork:
    """`share` of the trained weights, the rest of the original's: what it knew of real pages is not all forgotten."""
    mine, theirs = network.state_dict(), original.state_dict()
    mixed = {name: share * mine[name] + (1 - share) * theirs[name] for name in mine if mine[name].dtype.is_floating_point}
    original.load_state_dict(mine | mixed)
    original.eval()
    return original


class _Log:
    def __init__(self) -> None:
        self.steps, self._lines, self._began, self._losses = 0, 0, time.monotonic(), list[float]()

    def note(self, loss: float, lines: int) -> None:
        self.steps, self._lines = self.steps + 1, self._lines + lines
        self._losses.append(loss)
        if self.steps % TOLD_EVERY == 0:
            rate = self._lines / (time.monotonic() - self._began)
            recent = np.mean(self._losses[-TOLD_EVERY:])
            print(f"  {self._lines} lines, loss {recent:.4f} a character, {rate:.0f} lines/s", flush=True)
