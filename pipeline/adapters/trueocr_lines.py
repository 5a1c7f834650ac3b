"""Text lines and orientation by the ONNX models of the package trueocr (Apache-2.0)."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
import trueocr
from trueocr.page import ADAPTIVE_MAX_SIDE, ORIENT_SIDE, VERTICAL, PageEngine, orient_input

from pipeline.adapters.onnx_lines import LineModel
from pipeline.model import BoundingBox, ReaderInfo
from pipeline.pixels import Pixels, shrunk

MODELS = Path(trueocr.__file__).parent / "models"


def package_line_model() -> LineModel:
    """The recognizer that the package brings (4 MB): ours has its graph and began with its weights."""
    about = json.loads((MODELS / "meta.json").read_text(encoding="utf-8"))
    return LineModel(MODELS / "rec.onnx", tuple(about["charset"]), "trueocr", about["name"])


class TrueocrLines:
    """LineFinder. One thread: processes, not threads, use the cores.

    The engine looks at 1,024 pixels, at up to 2,048 where print is small, and averages down to that slowly: it is given no more.
    """

    def __init__(self) -> None:
        self._engine = PageEngine(MODELS, threads=1)
        digest = hashlib.sha256((MODELS / "det.onnx").read_bytes() + (MODELS / "orient.onnx").read_bytes()).hexdigest()
        self.info = ReaderInfo("trueocr-lines", version("trueocr"), digest)

    def find_lines(self, picture: Pixels) -> list[BoundingBox]:
        height, width = picture.shape
        scale = min(1.0, ADAPTIVE_MAX_SIDE / max(height, width))
        found = self._engine.detect(shrunk(picture, scale))
        boxes = []
        for left, top, right, bottom in found[:, :4] / scale:
            box = BoundingBox(
                max(0, int(left)), max(0, int(top)), min(width, int(np.ceil(right))), min(height, int(np.ceil(bottom)))
            )
            if box.width > 1 and box.height > 1:
                boxes.append(box)
        return boxes

    def quarter_turns(self, picture: Pixels) -> tuple[int, float]:
        small = shrunk(picture, ORIENT_SIDE / max(picture.shape))
        chances = self._engine.orient.run(None, {"x": orient_input(small)[None, None]})[0][0]
        counter_clockwise = int(chances.argmax())
        if counter_clockwise == VERTICAL:
            return 0, 0.0
        return -counter_clockwise % 4 * 90, float(chances[counter_clockwise])
