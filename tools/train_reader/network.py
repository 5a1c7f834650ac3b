"""The line network in PyTorch: the graph of the package trueocr's recognizer, with weights from an ONNX file and back into one.

    x        [B, 1, 96, W]  ink maps: 0.0 = paper, 1.0 = ink; the line itself in rows 32 to 64
    widths   [B]            columns of each that are not padding
    ->       [T, B, V]      log-probabilities, T = W / 4, class 0 = no letter;  lengths [B]

A patch of 32 x 4 pixels is one step; beside it a small branch looks at the whole height, weighs its 24 rows of patches and adds
what it saw of accents and of the neighbours. Ten blocks of one-dimensional convolutions follow (kernel 9), and a linear layer.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional as F

ROWS, STEP, PATCHES, HEADS = 96, 4, 24, 4
UNLIKELY = 12.0
"""Nats by which a character that the original cannot write begins below the mean of all others: as all but impossible."""

Parameter = tuple[Tensor, str]
"""A parameter and the name of its initializer in the ONNX graph."""


class Block(nn.Module):  # type: ignore[misc]  # torch is not among what `make check` installs
    """Depthwise convolution, expansion, squeeze and excitation over the valid width, projection, and the input added."""

    def __init__(self, channels: int, expanded: int, kernel: int, squeezed: int) -> None:
        super().__init__()
        self.dw = nn.Conv1d(channels, channels, kernel, padding=kernel // 2, groups=channels)
        self.expand = nn.Conv1d(channels, expanded, 1)
        self.fc1, self.fc2 = nn.Conv1d(expanded, squeezed, 1), nn.Conv1d(squeezed, expanded, 1)
        self.project = nn.Conv1d(expanded, channels, 1)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        y = F.hardswish(self.expand(self.dw(x)))
        mean = (y * mask).sum(2, keepdim=True) / mask.sum(2, keepdim=True).clamp(min=1)
        y = y * torch.sigmoid(self.fc2(F.relu(self.fc1(mean))))
        return (x + self.project(y)) * mask


class LineNetwork(nn.Module):  # type: ignore[misc]
    def __init__(self, classes: int, squeezed: int, channels: int = 128, expanded: int = 256, blocks: int = 10) -> None:
        super().__init__()
        self.stem = nn.Conv2d(1, channels, (32, STEP), stride=(32, STEP))
        self.patch = nn.Conv2d(1, 32, 4, stride=4)
        self.context_dw = nn.Conv2d(32, 32, 3, padding=1, groups=32, bias=False)
        self.context_pw = nn.Conv2d(32, 64, 1)
        self.score = nn.Conv2d(64, HEADS, 1)
        self.prior = nn.Parameter(torch.zeros(1, HEADS, PATCHES, 1))
        self.proj = nn.Conv1d(64, channels, 1)
        self.bn = nn.BatchNorm1d(channels)
        self.blocks = nn.ModuleList(Block(channels, expanded, 9, squeezed) for _ in range(blocks))
        self.head = nn.Conv1d(channels, classes, 1)

    def forward(self, x: Tensor, widths: Tensor) -> tuple[Tensor, Tensor]:
        z = self.stem(x[:, :, 32:64]).squeeze(2) + self._context(x)
        lengths = ((widths + STEP - 1) // STEP).clamp(max=z.shape[2])
        mask = (torch.arange(z.shape[2])[None] < lengths[:, None]).to(z.dtype)[:, None]
        z = F.hardswish(self.bn(z)) * mask
        for block in self.blocks:
            z = block(z, mask)
        return self.head(z).permute(2, 0, 1).log_softmax(-1), lengths

    def _context(self, x: Tensor) -> Tensor:
        h = F.hardswish(self.patch(x))
        h = F.hardswish(self.context_pw(self.context_dw(h)))
        batch, channels, rows, steps = h.shape
        weight = (self.score(h) + self.prior).softmax(2)
        seen = (h.reshape(batch, HEADS, channels // HEADS, rows, steps) * weight.unsqueeze(2)).sum(3)
        return self.proj(seen.reshape(batch, channels, steps))


def open_network(file: Path, classes: int) -> LineNetwork:
    """With the weights of an ONNX file; classes that it does not know begin as all but impossible."""
    graph = onnx.load(file).graph
    values = {one.name: torch.tensor(numpy_helper.to_array(one).copy()) for one in graph.initializer}
    network = LineNetwork(classes, values["rec.blocks.0.se.fc1.weight"].shape[0])
    with torch.no_grad():
        network.head.weight.copy_(values["rec.head.weight"].mean(0, keepdim=True).expand_as(network.head.weight))
        network.head.bias.fill_(float(values["rec.head.bias"].mean()) - UNLIKELY)
        for parameter, name in _parameters(network, graph):
            parameter[: len(values[name])] = values[name]
    return network


def write_network(network: LineNetwork, template: Path, out: Path) -> None:
    """`template`: the ONNX file whose graph it is; the same weights give the same bytes."""
    model = onnx.load(template)
    values = {name: parameter.detach().numpy() for parameter, name in _parameters(network, model.graph)}
    for one in model.graph.initializer:
        if one.name in values:
            one.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(values[one.name], np.float32), one.name))
    onnx.save(model, out)


def _parameters(network: LineNetwork, graph: onnx.GraphProto) -> Iterator[Parameter]:
    """Convolutions are found by their node's name: what the exporter called their weights says nothing."""
    inputs = {node.name: list(node.input)[1:] for node in graph.node if node.op_type == "Conv"}
    for layer, name in _convolutions(network):
        found = inputs[f"/rec/{name}/Conv"]
        yield from zip((layer.weight, layer.bias), found, strict=False)
    yield network.prior, "rec.context.row_prior"
    for part in ("weight", "bias", "running_mean", "running_var"):
        yield getattr(network.bn, part), f"rec.stem_bn.{part}"
    yield network.head.weight, "rec.head.weight"
    yield network.head.bias, "rec.head.bias"


def _convolutions(network: LineNetwork) -> Iterator[tuple[nn.Module, str]]:
    yield from (
        (network.stem, "stem"), (network.patch, "context/patch"), (network.context_dw, "context/dw"),
        (network.context_pw, "context/pw"), (network.score, "context/score"), (network.proj, "context/proj"),
    )  # fmt: skip
    for number, block in enumerate(network.blocks):
        for part, name in (("dw", "dw"), ("expand", "expand"), ("fc1", "se/fc1"), ("fc2", "se/fc2"), ("project", "project")):
            yield getattr(block, part), f"blocks.{number}/{name}"
