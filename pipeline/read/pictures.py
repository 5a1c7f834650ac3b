"""Pictures of the stages, kept to look at when something reads badly."""

from __future__ import annotations

from pathlib import Path

import cv2

from pipeline.pixels import Pixels


def keep_picture(folder: Path | None, page_no: int, stage: str, pixels: Pixels) -> None:
    """Write `000007_straight.png` into `folder`; nowhere when it is None."""
    if folder is not None:
        colours = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR) if pixels.ndim == 3 else pixels
        cv2.imwrite(str(folder / f"{page_no:06d}_{stage}.png"), colours)
