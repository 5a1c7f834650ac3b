"""Whatever a decoder gives -> grey or RGB with 8 bits a sample. The only place that knows Pillow's modes."""

from __future__ import annotations

import numpy as np
from PIL import Image

from pipeline.errors import Damaged, PageTooLarge
from pipeline.pixels import Pixels

GREY_MODES = frozenset({"1", "L"})
SIXTEEN_BITS = frozenset({"I;16", "I;16B", "I;16L", "I;16N"})
TRANSPARENT = frozenset({"LA", "PA", "RGBA", "La", "RGBa"})


def check_size(width: int, height: int, max_pixels: int) -> None:
    """Raises PageTooLarge before anything is decoded, Damaged when there is nothing to decode."""
    if width < 1 or height < 1:
        raise Damaged(f"{width} x {height}")
    if width * height > max_pixels:
        raise PageTooLarge(f"{width} x {height} > {max_pixels // 1_000_000} MP")


def as_pixels(image: Image.Image) -> Pixels:
    """A loaded image as grey (H x W) or RGB (H x W x 3); transparent parts show white paper."""
    if image.mode in GREY_MODES:
        return np.asarray(image.convert("L"))
    if image.mode in SIXTEEN_BITS or image.mode in ("I", "F"):
        return _scaled_to_8_bits(np.asarray(image))
    if image.mode in TRANSPARENT or "transparency" in image.info:
        return grey_if_possible(np.asarray(_on_white(image)))
    if image.mode == "P" and image.palette is not None and image.palette.mode == "RGB" and _is_grey_palette(image):
        return np.asarray(image.convert("L"))
    return np.asarray(image.convert("RGB"))


def grey_if_possible(colours: Pixels) -> Pixels:
    """RGB in which nothing is coloured becomes grey."""
    first = colours[..., 0]
    same = np.array_equal(first, colours[..., 1]) and np.array_equal(first, colours[..., 2])
    return np.ascontiguousarray(first) if same else colours


def _scaled_to_8_bits(samples: np.ndarray) -> Pixels:
    """16 bits by 1/257 (Pillow's own conversion clips to white); wider samples by the range they use."""
    if samples.dtype == np.uint16:
        return ((samples.astype(np.uint32) + 128) // 257).astype(np.uint8)
    finite = np.nan_to_num(samples.astype(np.float64), posinf=0.0, neginf=0.0)
    largest = finite.max(initial=0.0)
    full = next(top for top in (1.0, 255.0, 65535.0, float("inf")) if largest <= top)
    scaled = finite * (255.0 / (largest if full == float("inf") else full))
    return np.clip(scaled + 0.5, 0, 255).astype(np.uint8)


def _on_white(image: Image.Image) -> Image.Image:
    coloured = image.convert("RGBA")
    paper = Image.new("RGBA", coloured.size, "white")
    paper.alpha_composite(coloured)
    return paper.convert("RGB")


def _is_grey_palette(image: Image.Image) -> bool:
    palette = np.frombuffer(bytes(image.getpalette() or b""), np.uint8).reshape(-1, 3)
    return bool((palette == palette[:, :1]).all())
