"""The sheet itself: print on paper of some tone, ink upon it, the other side showing through, folds and punch holes."""

from __future__ import annotations

import random
from collections.abc import Iterable

import cv2
import numpy as np

from samples.picture import Blot, Colour, Pixels

WHITE = 255


def on_paper(printed: Pixels, paper: Colour, ink: int, *, colour: bool) -> Pixels:
    """Black-on-white print -> ink of grey level `ink` on paper of that tone."""
    tones = paper if colour else (round(0.3 * paper[0] + 0.59 * paper[1] + 0.11 * paper[2]),)
    steps = np.arange(256) / WHITE
    tables = [np.round(min(ink, tone) + (tone - min(ink, tone)) * steps).astype(np.uint8) for tone in tones]
    channels = [cv2.LUT(printed, table) for table in tables]
    return np.asarray(cv2.merge(channels) if colour else channels[0], np.uint8)


def blotted(page: Pixels, blots: Iterable[Blot]) -> Pixels:
    """Inks multiply with what lies below, as on paper; what falls beside the page is cut off."""
    page = page.copy()
    for blot in blots:
        top, left = max(0, blot.top), max(0, blot.left)
        bottom, right = min(page.shape[0], blot.top + blot.mask.shape[0]), min(page.shape[1], blot.left + blot.mask.shape[1])
        if top >= bottom or left >= right:
            continue
        mask = blot.mask[top - blot.top : bottom - blot.top, left - blot.left : right - blot.left]
        region = page[top:bottom, left:right]
        page[top:bottom, left:right] = cv2.multiply(region, _filter(mask, blot.colour, region.ndim), scale=1 / WHITE)
    return page


def _filter(mask: Pixels, colour: Colour, dimensions: int) -> Pixels:
    """How much of the light each point of an ink lets pass."""
    tones = colour if dimensions == 3 else (round(0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]),)
    passed = [np.round(WHITE - mask * ((WHITE - tone) / WHITE)).astype(np.uint8) for tone in tones]
    return np.asarray(cv2.merge(passed) if dimensions == 3 else passed[0], np.uint8)


def shaded(page: Pixels, shade: Pixels) -> Pixels:
    """Darken by a grey map of the page's size; 255 changes nothing."""
    spread = cv2.merge([shade] * 3) if page.ndim == 3 else shade
    return np.asarray(cv2.multiply(page, spread, scale=1 / WHITE), np.uint8)


def shown_through(page: Pixels, back: Pixels, share: float, dpi: int) -> Pixels:
    """The print of the other side, mirrored and soft."""
    mirrored = cv2.flip(_fitted(back, page.shape[1], page.shape[0]), 1)
    soft = cv2.GaussianBlur(mirrored, (0, 0), 1.2 * dpi / 200)
    table = np.round(WHITE - (WHITE - np.arange(256)) * share).astype(np.uint8)
    return shaded(page, np.asarray(cv2.LUT(soft, table), np.uint8))


def _fitted(picture: Pixels, width: int, height: int) -> Pixels:
    return picture if picture.shape[:2] == (height, width) else np.asarray(cv2.resize(picture, (width, height)), np.uint8)


def blotchy(page: Pixels, depth: int, rng: random.Random) -> Pixels:
    """Old paper is not of one tone."""
    coarse = np.array([[WHITE - rng.uniform(0, depth) for _ in range(7)] for _ in range(9)], np.float32)
    return shaded(page, np.clip(cv2.resize(coarse, page.shape[1::-1], interpolation=cv2.INTER_CUBIC), 0, WHITE).astype(np.uint8))


def folded(page: Pixels, folds: int, rng: random.Random, dpi: int) -> Pixels:
    """Creases across (at thirds or halves) and, with three, one along: a dark line with a soft shadow on one side."""
    height, width = page.shape[:2]
    shade = np.full((height, width), WHITE, np.uint8)
    for number in range(folds):
        along = number == 2
        size = width if along else height
        at = size * (0.5 if along else rng.choice(((1 / 3, 2 / 3), (0.5, 0.25))[folds > 1])) + rng.uniform(-8, 8)
        distance = np.abs(np.arange(size) - at) * 200 / dpi
        profile = WHITE - 70 * np.exp(-((distance / 1.3) ** 2)) - 22 * np.exp(-distance / 18)
        line = np.round(profile).astype(np.uint8)
        shade = np.minimum(shade, line[None, :] if along else line[:, None])
    return shaded(page, shade)


def punched(page: Pixels, rng: random.Random, dpi: int) -> Pixels:
    """Two holes of a folder in the left margin, 80 mm apart: the scanner's lid looks through, dark or grey."""
    page = page.copy()
    mm, tone = dpi / 25.4, rng.choice((20, 60, 120))
    x, middle = round(11 * mm + rng.uniform(-2, 2) * mm), page.shape[0] // 2 + round(rng.uniform(-4, 4) * mm)
    for offset in (-40, 40):
        cv2.circle(page, (x, middle + round(offset * mm)), round(2.9 * mm), (tone,) * 3, -1, cv2.LINE_AA)
    return page
