"""Pictures in memory. Apart from `model`, so that a process which never decodes need not load an image library."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""An image: H x W (grey) or H x W x 3 (RGB), 0 = black."""


def as_pixels(image: Any) -> Pixels:
    """What an image library returns (its types are vaguer than its values), as Pixels; bytes are not copied."""
    return np.asarray(image, dtype=np.uint8)


def shrunk(picture: Pixels, scale: float) -> Pixels:
    """The picture at `scale`, and itself where that is 1 or more. Each pixel is the mean of those it stands for, or nearly.

    Exact halves take 0.6 ms for an A4 page of 300 dpi where averaging over fractions of pixels takes 8 to 14; what is left
    between a half and the whole is interpolated.
    """
    width, height = (max(1, round(side * scale)) for side in (picture.shape[1], picture.shape[0]))
    while picture.shape[1] >= 2 * width and picture.shape[0] >= 2 * height:
        half = picture.shape[1] // 2, picture.shape[0] // 2
        even = picture[: 2 * half[1], : 2 * half[0]]
        picture = as_pixels(cv2.resize(even, half, interpolation=cv2.INTER_AREA))
    if scale >= 1 or picture.shape[:2] == (height, width):
        return picture
    return as_pixels(cv2.resize(picture, (width, height), interpolation=cv2.INTER_LINEAR))


def use_one_thread() -> None:
    """For a process that has brothers: processes use the cores, and threads of OpenCV's own only get in their way."""
    cv2.setNumThreads(1)
