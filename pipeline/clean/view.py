"""How the picture that is read lies on the page as seen: one map there, one back."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.model import BoundingBox
from pipeline.pixels import Pixels, as_pixels


@dataclass(frozen=True, slots=True)
class View:
    """`matrix` (3 x 3) maps pixels of the page as seen to pixels of a picture of `width` x `height`; `back` maps them back."""

    matrix: NDArray[np.float64]
    width: int
    height: int
    back: NDArray[np.float64] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "back", np.linalg.inv(self.matrix))

    @staticmethod
    def whole(width: int, height: int) -> View:
        """The page as it is."""
        return View(np.eye(3), width, height)

    def turned(self, skew: float, scale: float) -> View:
        """The same, then turned by -`skew` degrees and enlarged by `scale`, onto a sheet on which no corner is cut off."""
        if skew == 0.0 and scale == 1.0:
            return self
        turn = np.vstack([cv2.getRotationMatrix2D((self.width / 2, self.height / 2), -skew, scale), [0.0, 0.0, 1.0]])
        sine, cosine = abs(math.sin(math.radians(skew))) * scale, abs(math.cos(math.radians(skew))) * scale
        wide = math.ceil(self.width * cosine + self.height * sine - 1e-6)
        high = math.ceil(self.width * sine + self.height * cosine - 1e-6)
        turn[:2, 2] += np.array([(wide - self.width * 1.0) / 2, (high - self.height * 1.0) / 2])
        return View(turn @ self.matrix, wide, high)

    def draw(self, grey: Pixels) -> Pixels:
        """A grey picture of the page as seen, in this view; what lies beyond the page gets the colour of paper."""
        if np.allclose(self.matrix, np.eye(3)):
            return grey
        paper = float(np.percentile(grey[::16, ::16], 80))
        shrinks = self.width * self.height < 0.7 * grey.size
        smooth = cv2.GaussianBlur(grey, (0, 0), 0.35 * grey.shape[0] / self.height) if shrinks else grey
        size = (self.width, self.height)
        if np.allclose(self.matrix[2], [0.0, 0.0, 1.0]):
            return as_pixels(cv2.warpAffine(smooth, self.matrix[:2], size, flags=cv2.INTER_LINEAR, borderValue=paper))
        return as_pixels(cv2.warpPerspective(smooth, self.matrix, size, flags=cv2.INTER_LINEAR, borderValue=paper))

    def box_as_seen(self, box: BoundingBox, width: int, height: int) -> BoundingBox:
        """The smallest box on the page as seen (`width` x `height` pixels) around a box of the picture."""
        (a, b, c), (d, e, f), (g, h, i) = self.back.tolist()
        corners = [(x, y, g * x + h * y + i) for x in (box.left, box.right) for y in (box.top, box.bottom)]
        across = [(a * x + b * y + c) / depth for x, y, depth in corners]
        down = [(d * x + e * y + f) / depth for x, y, depth in corners]
        return BoundingBox(
            min(width, max(0, math.floor(min(across) + 1e-6))), min(height, max(0, math.floor(min(down) + 1e-6))),
            max(0, min(width, math.ceil(max(across) - 1e-6))), max(0, min(height, math.ceil(max(down) - 1e-6))),
        )  # fmt: skip
