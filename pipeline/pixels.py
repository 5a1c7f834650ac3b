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


def use_one_thread() -> None:
    """For a process that has brothers: processes use the cores, and threads of OpenCV's own only get in their way."""
    cv2.setNumThreads(1)
