"""N-grams counted, smoothed and thinned out with numpy.

Interpolated absolute discounting with the three discounts of Chen and Goodman (1999, section 4.1.6), but plain counts at every
order: with lower orders made of continuation counts (Kneser-Ney) thinning out costs more than they bring, and lines that begin in
the middle of a sentence have nothing but the lower orders.

Everything is a column: row i of an order is one n-gram, known by the row of its first n - 1 tokens and its last token.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.read.language import ORDER

MIN_PLACES = 3
"""Places an n-gram has to be seen in to be kept."""
GAIN = {3: 4.0, 4: 12.0}
"""An n-gram of this order stays if count x |log-probability - what backing off would give| reaches this many nats."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(slots=True)
class Grams:
    """All n-grams of one order. `prefix`, `suffix`: rows of the order below; `at`: the row that ends at each token, or -1."""

    prefix: Ints
    word: Ints
    suffix: Ints
    count: Ints
    places: Ints
    at: Ints


def count_grams(tokens: Ints, places: Ints, size: int) -> list[Grams]:
    """N-grams of orders 1 to ORDER of a vocabulary of `size`. Token 0 (unknown) is in none but the first; 1 starts a line."""
    here = np.arange(len(tokens))
    depth = here - np.maximum.accumulate(np.where(tokens == 1, here, 0))
    everything = np.arange(size)
    none = np.full(size, -1)
    orders = [Grams(none, everything, none, np.bincount(tokens, minlength=size), none, np.where(tokens == 0, -1, tokens))]
    for order in range(2, ORDER + 1):
        below = orders[-1].at
        ends = np.flatnonzero((depth >= order - 1) & (tokens != 0))
        ends = ends[below[ends - 1] >= 0]
        pairs, first, row, count = np.unique(
            below[ends - 1] * size + tokens[ends], return_index=True, return_inverse=True, return_counts=True
        )
        at = np.full(len(tokens), -1)
        at[ends] = row
        seen = count_places(row, places[ends], len(pairs))
        orders.append(Grams(pairs // size, pairs % size, below[ends[first]], count, seen, at))
    return orders


def count_places(rows: Ints, places: Ints, size: int) -> Ints:
    """For each row the number of different places it stands in."""
    radix = int(places.max()) + 1
    return np.bincount(np.unique(rows * radix + places) // radix, minlength=size)


def smooth(orders: list[Grams]) -> list[Floats]:
    """Probabilities of every n-gram: its count less a discount, and the rest of its context shared out like the order below."""
    heads = orders[0].count.astype(float)
    heads[1] = 0.0  # nothing predicts the start of a line
    share = 0.5
    chances = [np.maximum(heads - share, 0) / heads.sum() + share * np.count_nonzero(heads) / heads.sum() / (len(heads) - 1)]
    for below, grams in pairwise(orders):
        discount = _discounts(grams.count)[np.minimum(grams.count, 3)]
        total = np.bincount(grams.prefix, grams.count, len(below.word))
        left = np.bincount(grams.prefix, discount, len(below.word)) / np.maximum(total, 1)
        chances.append((grams.count - discount) / total[grams.prefix] + left[grams.prefix] * chances[-1][grams.suffix])
    return chances


def _discounts(count: Ints) -> Floats:
    once, twice, thrice, four = (np.count_nonzero(count == n) + 1.0 for n in (1, 2, 3, 4))  # + 1: for very small texts
    share = once / (once + 2 * twice)
    return np.array([0.0, 1 - 2 * share * twice / once, 2 - 3 * share * thrice / twice, 3 - 4 * share * four / thrice])


def choose(orders: list[Grams], chances: list[Floats]) -> list[Flags]:
    """Which n-grams stay: seen in enough places and, at the higher orders, telling something that the lower ones do not."""
    stays = [np.ones(len(orders[0].word), bool), *(grams.places >= MIN_PLACES for grams in orders[1:])]
    for order in range(ORDER - 1, 1, -1):
        grams = orders[order]
        gain = grams.count * np.abs(np.log(chances[order] / chances[order - 1][grams.suffix]))
        needed = np.zeros(len(gain), bool)
        if order < ORDER - 1:
            above = stays[order + 1]
            needed[orders[order + 1].prefix[above]] = needed[orders[order + 1].suffix[above]] = True
        stays[order] &= (gain >= GAIN[order + 1]) | needed
    return stays


def back_off_weights(orders: list[Grams], chances: list[Floats], stays: list[Flags], order: int) -> Floats:
    """For each n-gram of `order` (0 = single words): what is left for words not stored after it, over what they have below."""
    above, kept = orders[order + 1], stays[order + 1]
    size = len(orders[order].word)
    taken = np.bincount(above.prefix[kept], chances[order + 1][kept], size)
    below = np.bincount(above.prefix[kept], chances[order][above.suffix[kept]], size)
    return np.maximum(1 - taken, 1e-6) / np.maximum(1 - below, 1e-6)
