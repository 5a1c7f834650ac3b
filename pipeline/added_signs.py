"""A sign that a pen put before a position: "KT." of a deputy who signs for the head of the office.

The printed title stands alone where nobody added anything; ink on its line, to its left, that is neither seal nor print is the
sign.
Measured on 31 titles of real documents: signs are 1.1 heights wide or wider, and nothing stood before a title without one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.layout.positions import position_in
from pipeline.model import BoundingBox, Page, Region, RegionKind, Zone, bounds
from pipeline.pixels import Pixels

REACH = 3.2
"""Line heights before a title within which the sign stands."""
NEAR = 1.6
"""Line heights by which it may stand apart from the title."""
LEAST_WIDTH = 0.75
"""Line heights that its strokes are wide together."""
TALL = 0.35
FOOT = 0.5
"""Line heights from the top of the title below which a stroke of its line ends."""
TRIM = 0.1
"""Line heights by which the rows looked at lie higher than the title: a rubber stamp is often pressed close below."""
INTO = 0.25
"""Line heights by which the sign may reach into the title's box."""
RIM = 1.06
"""Radii of a seal within which ink is the seal's."""


def signs_before_positions(page: Page, pixels: Pixels) -> Iterator[Region]:
    """Handwriting before the title of a head of office that has no printed prefix. `pixels`: the page as seen."""
    seals = [region.box for region in page.regions if region.kind is RegionKind.SEAL]
    for line in page.lines:
        position = position_in(line.text) if line.zone is Zone.SIGNATURE else None
        if position and position.is_head and not position.prefix and not position.marked:
            strokes = _strokes_before(line.box, pixels, seals)
            if sum(box.width for box in strokes) >= LEAST_WIDTH * line.box.height:
                sign = bounds(strokes)
                box = BoundingBox(sign.left, sign.top, max(sign.right, line.box.left), sign.bottom)
                yield Region(RegionKind.HANDWRITING, box, None)


def _strokes_before(title: BoundingBox, pixels: Pixels, seals: Sequence[BoundingBox]) -> list[BoundingBox]:
    """Boxes of ink on the page, left of the title and on its line."""
    height = title.height
    left, top = max(0, round(title.left - REACH * height)), max(0, round(title.top - TRIM * height))
    crop = pixels[top : max(0, round(title.bottom - TRIM * height)), left : title.right]
    if crop.size == 0:
        return []
    ink = dark_ink(crop if crop.ndim == 2 else crop[:, :, 1])
    _wipe_seals(ink, crop, left, top, seals)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    boxes = [BoundingBox(left + x, top + y, left + x + w, top + y + h) for x, y, w, h, _ in stats[1:].tolist()]
    return [box for box in boxes if _is_stroke(box, title)]


def _is_stroke(box: BoundingBox, title: BoundingBox) -> bool:
    height = title.height
    before = -NEAR * height < box.right - title.left < INTO * height
    return before and box.height > TALL * height and box.bottom - title.top > FOOT * height


def _wipe_seals(ink: NDArray[np.uint8], crop: Pixels, left: int, top: int, seals: Sequence[BoundingBox]) -> None:
    """Red ink, and all ink of a ring of any colour, taken out of `ink`, whose corner is at `left`, `top` of the page."""
    if crop.ndim == 3:
        red, green, blue = (crop[:, :, channel].astype(np.int16) for channel in range(3))
        ink[(red - green > 50) & (red - blue > 30)] = 0
    for seal in seals:
        x, y = seal.middle
        cv2.circle(ink, (round(x - left), round(y - top)), round(RIM * seal.width / 2), 0, cv2.FILLED)


def dark_ink(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """1 where a crop with print on it is clearly darker than its paper."""
    paper, darkest = np.percentile(grey, 85), np.percentile(grey, 1)
    return (grey < paper - max(40, 0.4 * (paper - darkest))).astype(np.uint8)
