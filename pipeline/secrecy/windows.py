"""Windows of a page that are looked at by themselves."""

from __future__ import annotations

import numpy as np

Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels."""


def apart(windows: list[Box]) -> list[Box]:
    """Those that meet are made one: what is to be found may lie in both."""
    separate: list[Box] = []
    for box in windows:
        while meets := [other for other in separate if _meet(box, other)]:
            separate = [other for other in separate if other not in meets]
            together = np.array([box, *meets])
            left, top = (int(value) for value in together[:, :2].min(axis=0))
            right, bottom = (int(value) for value in together[:, 2:].max(axis=0))
            box = (left, top, right, bottom)
        separate.append(box)
    return separate


def _meet(box: Box, other: Box) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
