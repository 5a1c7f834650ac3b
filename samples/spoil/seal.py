"""A round red seal of nobody: two rings, letters around, a star. Its words say that it is an illustration."""

from __future__ import annotations

import random
from functools import cache

import cv2
import numpy as np
from PIL import Image, ImageDraw

from samples.document import Face
from samples.picture import Blot, Colour, Pixels
from samples.typeset.fonts import font

DRAWN_PX = 480
DIAMETER_MM = 36.0
RINGS = ("DẤU MINH HỌA CHO BẢN QUÉT", "KHÔNG THUỘC CƠ QUAN NÀO")
MIDDLES = (("DẤU", "MINH HỌA"), ("SỐ", "HÓA"), ("BẢN", "MINH HỌA"))
RED: Colour = (196, 36, 52)


def seal(x: float, y: float, rng: random.Random, dpi: float) -> Blot:
    """Pressed with its middle at (x, y): a little turned, worn in places."""
    size = round(DIAMETER_MM * rng.uniform(0.95, 1.05) * dpi / 25.4)
    drawn = _drawn(rng.choice(RINGS), rng.choice(MIDDLES))
    turn = cv2.getRotationMatrix2D((DRAWN_PX / 2, DRAWN_PX / 2), rng.uniform(-14, 14), 1.0)
    turned = cv2.resize(cv2.warpAffine(drawn, turn, (DRAWN_PX, DRAWN_PX)), (size, size), interpolation=cv2.INTER_AREA)
    mask = cv2.multiply(turned, wear((size, size), rng), scale=1 / 255)
    colour = tuple(min(255, max(0, channel + rng.randint(-18, 18))) for channel in RED)
    return Blot(np.asarray(mask, np.uint8), round(x - size / 2), round(y - size / 2), (colour[0], colour[1], colour[2]))


def wear(size: tuple[int, int], rng: random.Random) -> Pixels:
    """Where the pad gave less ink, on width x height pixels."""
    coarse = np.array([[rng.uniform(90, 255) for _ in range(5)] for _ in range(5)], np.uint8)
    return np.asarray(cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC), np.uint8)


@cache
def _drawn(ring: str, middle: tuple[str, ...]) -> Pixels:
    image = Image.new("L", (DRAWN_PX, DRAWN_PX), 0)
    draw, centre = ImageDraw.Draw(image), DRAWN_PX / 2
    for radius, weight in ((0.492, 9), (0.462, 3), (0.315, 4)):
        reach = radius * DRAWN_PX
        draw.ellipse([centre - reach, centre - reach, centre + reach, centre + reach], outline=255, width=weight)
    letters = font(Face.BOLD, 52)
    for number, char in enumerate(ring):
        _letter(image, char, 218 + 284 * number / (len(ring) - 1) - 180)
    draw.polygon(star(centre, DRAWN_PX * 0.888, DRAWN_PX * 0.05), fill=255)
    for number, text in enumerate(middle):
        draw.text(
            (centre, centre + (number - (len(middle) - 1) / 2) * 54),
            text,
            font=letters if len(text) < 6 else font(Face.BOLD, 44),
            fill=255,
            anchor="mm",
        )
    return np.asarray(image)


def _letter(image: Image.Image, char: str, degrees: float) -> None:
    """One letter on the ring, its foot to the middle; 0 degrees = top, clockwise."""
    tile = Image.new("L", (90, 90), 0)
    ImageDraw.Draw(tile).text((45, 45), char, font=font(Face.BOLD, 46), fill=255, anchor="mm")
    tile = tile.rotate(-degrees, resample=Image.Resampling.BILINEAR)
    reach, angle = 0.388 * DRAWN_PX, np.deg2rad(degrees)
    place = (round(DRAWN_PX / 2 + reach * np.sin(angle) - 45), round(DRAWN_PX / 2 - reach * np.cos(angle) - 45))
    image.paste(255, place, tile)


def star(x: float, y: float, reach: float) -> list[tuple[float, float]]:
    """Corners of a five-pointed star."""
    angles = np.deg2rad(np.arange(10) * 36 - 90)
    lengths = np.where(np.arange(10) % 2, 0.4, 1.0) * reach
    return [
        (float(x + length * np.cos(angle)), float(y + length * np.sin(angle)))
        for angle, length in zip(angles, lengths, strict=True)
    ]
