"""What the scanner adds: blur, noise, specks, dark edges; and what is left when it only knows black and white."""

from __future__ import annotations

import random
from statistics import NormalDist

import cv2
import numpy as np

from samples.picture import Pixels


def blurred(page: Pixels, sigma: float, dpi: int) -> Pixels:
    """`sigma` in pixels at 200 dpi."""
    return np.asarray(cv2.GaussianBlur(page, (0, 0), max(0.2, sigma * dpi / 200)), np.uint8)


def noisy(page: Pixels, sigma: float, chance: np.random.Generator) -> Pixels:
    """Gaussian grain, the same in all channels. A random byte picks one of 256 quantiles: much faster than normal numbers."""
    rolled = chance.integers(0, 256, page.shape[:2], dtype=np.uint8)
    quantiles = np.array([NormalDist(0, sigma).inv_cdf((step + 0.5) / 256) for step in range(256)])
    for darker, add in ((False, cv2.add), (True, cv2.subtract)):
        table = np.clip(np.round(-quantiles if darker else quantiles), 0, 255).astype(np.uint8)
        grain = cv2.LUT(rolled, table)
        page = np.asarray(add(page, cv2.merge([grain] * 3) if page.ndim == 3 else grain), np.uint8)
    return page


def specked(page: Pixels, share: float, chance: np.random.Generator) -> Pixels:
    """Dirt on the glass: black points of one to nine pixels, and a third as many white ones."""
    page = page.copy()
    height, width = page.shape[:2]
    count = round(share * height * width / 3)
    for tone, number in ((25, count), (255, count // 3)):
        rows, columns = chance.integers(0, height, number), chance.integers(0, width, number)
        for grow in range(3):
            some = slice(None) if grow == 0 else slice(0, number // (2 * grow))
            page[np.minimum(rows[some] + grow // 2, height - 1), np.minimum(columns[some] + (grow + 1) // 2, width - 1)] = tone
    return page


def edged(page: Pixels, share: float, rng: random.Random) -> Pixels:
    """Black bands where the lid was not closed, on one or two sides, with a wavy border. At most `share` of the width."""
    page = page.copy()
    height, width = page.shape[:2]
    for side in rng.sample(("left", "right", "top", "bottom"), rng.randint(1, 2)):
        upright = side in ("left", "right")
        length = height if upright else width
        depth = _wavy(length, share * width, rng)
        place = np.arange(width if upright else height)
        if side in ("right", "bottom"):
            place = place[::-1]
        dark = place[None, :] < depth[:, None] if upright else place[:, None] < depth[None, :]
        page[dark] = rng.randint(8, 40)
    return page


def _wavy(length: int, most: float, rng: random.Random) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    knots = [rng.uniform(0.2, 1.0) * most for _ in range(6)]
    return np.interp(np.linspace(0, 5, length), np.arange(6), knots)


def bilevel(page: Pixels, broken: float, chance: np.random.Generator) -> Pixels:
    """Grey -> 0 and 255 at the middle between paper and ink. `broken` (0 to 1) eats thin strokes, as a fax does."""
    grey = page if page.ndim == 2 else np.asarray(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), np.uint8)
    dark, light = np.percentile(grey[::7, ::7], (1, 80))
    threshold = dark + (light - dark) * (0.62 - 0.27 * broken)
    if broken:
        wear = cv2.resize(chance.random((grey.shape[0] // 3, grey.shape[1] // 3), dtype=np.float32), grey.shape[1::-1])
        grey = np.clip(grey + (wear > 1 - 0.3 * broken) * (110 * broken), 0, 255).astype(np.uint8)
    return np.where(grey > threshold, 255, 0).astype(np.uint8)
