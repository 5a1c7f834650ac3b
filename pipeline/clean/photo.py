"""Phone photos: the sheet found on the table, seen from above, in even light."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.clean.view import View
from pipeline.pixels import Pixels, as_pixels, shrunk

SIDE = 700
"""Long side in pixels of the picture in which the sheet is looked for."""
LEAST_SHARE, MOST_SHARE = 0.25, 0.94
"""Share of the picture that a sheet covers; more is a scan with dark edges, which is straight already."""
DARKER = 45
"""Grey levels by which the table around is darker than the sheet."""
SIDES_RATIO = (1.1, 1.75)
"""Long to short side; A4 has 1.41, seen askew a little less or more."""
UNEVEN = 26
"""Grey levels between the 5th and the 95th percentile of the paper's brightness from which light is evened out."""


def find_sheet(grey: Pixels) -> View | None:
    """The view of a bright four-cornered sheet on something darker; None when the picture is the sheet."""
    scale = SIDE / max(grey.shape)
    small = cv2.GaussianBlur(shrunk(grey, scale), (0, 0), 2)
    _, bright = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    closed = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((25, 25), np.uint8))
    outlines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outline = max(outlines, key=cv2.contourArea, default=None)
    if outline is None or not LEAST_SHARE < cv2.contourArea(outline) / small.size < MOST_SHARE:
        return None
    corners = np.asarray(cv2.approxPolyDP(cv2.convexHull(outline), 0.03 * cv2.arcLength(outline, True), True), np.int32)
    if len(corners) != 4 or not _on_darker_ground(as_pixels(small), corners):
        return None
    return _view(_clockwise(corners.reshape(4, 2).astype(np.float64) / scale))


def _on_darker_ground(small: Pixels, corners: NDArray[np.int32]) -> bool:
    inside = np.zeros_like(small)
    cv2.fillConvexPoly(inside, corners, 255)
    outside = small[inside == 0]
    return outside.size > 0 and float(np.median(small[inside > 0])) - float(np.median(outside)) > DARKER


def _clockwise(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Top left, top right, bottom right, bottom left."""
    middle = corners.mean(axis=0)
    angle = np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0])
    ordered = corners[np.argsort(angle)]
    return np.roll(ordered, -int(np.argmin(ordered.sum(axis=1))), axis=0)


def _view(corners: NDArray[np.float64]) -> View | None:
    top_left, top_right, bottom_right, bottom_left = corners
    wide = max(np.linalg.norm(top_right - top_left), np.linalg.norm(bottom_right - bottom_left))
    high = max(np.linalg.norm(bottom_left - top_left), np.linalg.norm(bottom_right - top_right))
    if not SIDES_RATIO[0] < max(wide, high) / min(wide, high) < SIDES_RATIO[1]:
        return None
    width, height = round(float(wide)), round(float(high))
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    return View(np.asarray(matrix, np.float64), width, height)


def in_even_light(grey: Pixels) -> Pixels:
    """Brightness of the paper made the same all over; a page in even light comes back as it is."""
    height, width = grey.shape
    small = shrunk(grey, 1 / 16)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 11)
    low, high = np.percentile(paper, (5, 95))
    if high - low < UNEVEN:
        return grey
    light = cv2.GaussianBlur(cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR), (0, 0), 8)
    return as_pixels(cv2.divide(grey, np.maximum(as_pixels(light), 30), scale=245))
