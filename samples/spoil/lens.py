"""Geometry: how the sheet lay on the glass or before a camera, and at what resolution it was taken."""

from __future__ import annotations

import random

import cv2
import numpy as np

from samples.picture import Colour, Matrix, Pixels

DESKS: tuple[Colour, ...] = ((92, 70, 52), (60, 62, 66), (128, 104, 80), (40, 52, 60))


def scaled(page: Pixels, factor: float) -> tuple[Pixels, Matrix]:
    """Fewer pixels, each the mean of those it stands for."""
    size = round(page.shape[1] * factor), round(page.shape[0] * factor)
    matrix: Matrix = np.diag([size[0] / page.shape[1], size[1] / page.shape[0], 1.0])
    return np.asarray(cv2.resize(page, size, interpolation=cv2.INTER_AREA), np.uint8), matrix


def skewed(page: Pixels, degrees: float, beyond: Colour) -> tuple[Pixels, Matrix]:
    """Text lines rise to the right by `degrees`; the picture keeps its size, `beyond` is seen beside the sheet."""
    height, width = page.shape[:2]
    matrix: Matrix = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0), (0, 0, 1)])
    turned = cv2.warpAffine(page, matrix[:2], (width, height), flags=cv2.INTER_LINEAR, borderValue=beyond)
    return np.asarray(turned, np.uint8), matrix


def photographed(page: Pixels, rng: random.Random) -> tuple[Pixels, Matrix]:
    """The sheet on a desk, seen a little from the side, with the shadow of whoever holds the phone."""
    height, width = page.shape[:2]
    margin = round(width * 0.07)
    size = (width + 2 * margin, height + 2 * margin)
    source = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    jitter = np.array([(rng.uniform(-0.6, 0.9) * margin, rng.uniform(-0.6, 0.9) * margin) for _ in source])
    inward = np.array([(1, 1), (-1, 1), (-1, -1), (1, -1)])
    target = (source + margin + jitter * inward).astype(np.float32)
    matrix: Matrix = np.asarray(cv2.getPerspectiveTransform(source, target), np.float64)
    desk = np.empty((size[1], size[0], 3), np.uint8)
    desk[:] = rng.choice(DESKS)
    cv2.warpPerspective(page, matrix, size, desk, cv2.INTER_LINEAR, cv2.BORDER_TRANSPARENT)
    return cv2.multiply(desk, cv2.merge([_shadow(size, rng)] * 3), scale=1 / 255).astype(np.uint8), matrix


def _shadow(size: tuple[int, int], rng: random.Random) -> Pixels:
    """Light from one side, and one broad soft shadow across a corner."""
    small = np.full((48, 34), 255, np.float32)
    across, down = np.meshgrid(np.linspace(-1, 1, 34), np.linspace(-1, 1, 48))
    small -= rng.uniform(15, 50) * (1 + across * rng.choice((-1, 1)) * 0.7 + down * rng.choice((-1, 1)) * 0.5) / 2
    edge = across * rng.choice((-1, 1)) + down * rng.uniform(0.3, 1.0) * rng.choice((-1, 1)) - rng.uniform(0.1, 0.6)
    small -= rng.uniform(25, 70) / (1 + np.exp(-12 * edge))
    return np.clip(cv2.resize(small, size, interpolation=cv2.INTER_CUBIC), 0, 255).astype(np.uint8)
