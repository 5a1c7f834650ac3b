"""A pen on paper: figures written by hand, signatures, scribbles. All of it is curves drawn with a round nib."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from importlib.resources import files
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from samples.document import Kind
from samples.picture import Blot, Box, Colour, TrueLine, TrueWord, corners_of

INKS: tuple[Colour, ...] = ((28, 52, 150), (35, 65, 170), (20, 35, 110), (40, 40, 60))
"""Blue ball pens, and one nearly black."""
NIB_MM = 0.3
ILLEGIBLE = "illegible"
"""The text of a word that nobody can read."""
SUBPIXEL = 4
"""Bits of fraction that OpenCV takes in coordinates."""
Curve = NDArray[np.float64]


@cache
def _strokes() -> Mapping[str, Any]:
    return tomllib.loads(files(__package__).joinpath("pen.toml").read_text(encoding="utf-8"))


def entered(lines: Sequence[TrueLine], ink: Colour, rng: random.Random, dpi: float) -> tuple[list[Blot], list[TrueLine]]:
    """Fill in all handwritten words of a printed page or stamp: the ink, and the lines with boxes around what was written."""
    blots: list[Blot] = []
    filled = []
    for line in lines:
        words: list[TrueWord] = []
        for word in line.words:
            if word.kind is Kind.HANDWRITING:
                write = scribble if word.text == ILLEGIBLE else partial(written, word.text)
                blot, covered = write(word.extent, rng, dpi, ink)
                blots.append(blot)
                word = replace(word, corners=corners_of(covered))
            words.append(word)
        filled.append(replace(line, words=tuple(words)))
    return blots, filled


def written(text: str, box: Box, rng: random.Random, dpi: float, colour: Colour) -> tuple[Blot, Box]:
    """Figures and letters of pen.toml written into `box` (pixels), unevenly; gives the ink and the box it really covers."""
    left, top, right, bottom = box
    height = (bottom - top) * rng.uniform(1.1, 1.5)
    advance = min((right - left) / max(1, len(text)), height * 0.75)
    slant, curves = rng.uniform(-0.05, 0.3), []
    for place, char in enumerate(text):
        grow, sink = rng.uniform(0.88, 1.12), rng.uniform(-0.06, 0.06) * height
        for stroke in _strokes()["strokes"][char]:
            points = np.array(stroke) + np.array([[rng.gauss(0, 0.025), rng.gauss(0, 0.025)] for _ in stroke])
            x = left + advance * place + (points[:, 0] + slant * (1 - points[:, 1])) * advance * grow / _strokes()["width"] * 0.8
            curves.append(smooth(np.c_[x, bottom + sink + (points[:, 1] - 1) * height * grow]))
    return inked(curves, colour, dpi, rng)


def signature(x: float, y: float, height: float, rng: random.Random, dpi: float, colour: Colour) -> Blot:
    """An initial, loops that get smaller, a long stroke; about two and a half times as wide as high, around (x, y)."""
    width, turns = height * rng.uniform(2.0, 3.0), rng.uniform(3.5, 6.5)
    along = np.linspace(0, 1, 10 * round(turns))
    swing = 0.5 * (1 - 0.75 * along) * np.array([rng.uniform(0.75, 1.2) for _ in along])
    loops = np.c_[
        0.75 * along - 0.5 + rng.uniform(0.03, 0.09) * np.sin(2 * np.pi * turns * along),
        -swing * np.cos(2 * np.pi * turns * along),
    ]
    start = [(-0.5 + rng.uniform(-0.1, 0.05), rng.uniform(0.2, 0.5)), (-0.47, rng.uniform(-0.1, 0.2))]
    end = [
        (0.3, rng.uniform(0, 0.2)),
        (rng.uniform(0.4, 0.6), rng.uniform(-0.15, 0.1)),
        (rng.uniform(0.5, 0.8), rng.uniform(-0.35, 0.0)),
    ]
    curves = [np.vstack([start, loops, end])]
    if rng.random() < 0.5:
        curves.append(np.array([(-0.45, 0.4), (0.1, rng.uniform(0.2, 0.45)), (0.6, rng.uniform(0.1, 0.3))]))
    return inked([smooth(curve * (width, height) + (x, y)) for curve in curves], colour, dpi, rng)[0]


def scribble(box: Box, rng: random.Random, dpi: float, colour: Colour) -> tuple[Blot, Box]:
    """A word that nobody can read."""
    left, top, right, bottom = box
    count = rng.randint(7, 12)
    points = [(left + (right - left) * step / count + rng.gauss(0, 1.5), rng.uniform(top, bottom)) for step in range(count)]
    return inked([smooth(np.array(points))], colour, dpi, rng)


def smooth(points: Curve) -> Curve:
    """A Catmull-Rom curve through the points, eight pieces a span."""
    padded = np.vstack([points[:1], points, points[-1:]])
    t = np.linspace(0, 1, 8, endpoint=False)[:, None]
    a, b, c, d = (padded[k : len(padded) - 3 + k, None, :] for k in range(4))
    spans = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    return np.vstack([spans.reshape(-1, 2), points[-1:]])


def inked(curves: Sequence[Curve], colour: Colour, dpi: float, rng: random.Random) -> tuple[Blot, Box]:
    """Draw curves with a nib of constant width; the mask is as large as they need."""
    nib = max(1, round(NIB_MM * rng.uniform(0.8, 1.4) * dpi / 25.4))
    points = np.vstack(curves)
    left, top = (int(value) for value in np.floor(points.min(axis=0)) - nib)
    right, bottom = (int(value) for value in np.ceil(points.max(axis=0)) + nib)
    mask = np.zeros((bottom - top + 1, right - left + 1), np.uint8)
    for curve in curves:
        fixed = np.round((curve - (left, top)) * (1 << SUBPIXEL)).astype(np.int32)
        cv2.polylines(mask, [fixed], isClosed=False, color=255, thickness=nib, lineType=cv2.LINE_AA, shift=SUBPIXEL)
    return Blot(mask, left, top, colour), (left, top, right, bottom)
