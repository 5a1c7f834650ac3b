"""Stand-ins for what finds and reads lines: they know beforehand what they will say, and remember what they were asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from pipeline.layout.tables import Ruling
from pipeline.model import BoundingBox, Line, ReaderInfo
from pipeline.pixels import Pixels
from pipeline.ports import LineReader, LineReading

NO_RULES = Ruling((), (), (), np.zeros((1, 1), np.uint8))
PICTURE: Pixels = np.full((2339, 1654), 255, np.uint8)
NOTHING = LineReading(())


def info(name: str) -> ReaderInfo:
    return ReaderInfo(name, "1", name.encode().hex().rjust(64, "0")[-64:])


def row(number: int, left: int = 0, right: int = 1000) -> BoundingBox:
    """Where the line with that number stands; `tests.read.readings` puts words into rows 100 to 130."""
    return BoundingBox(left, 100 + 60 * number, right, 130 + 60 * number)


@dataclass
class KnowingFinder:
    """LineFinder that finds these boxes on every page."""

    boxes: Sequence[BoundingBox]
    turns: tuple[int, float] = (0, 1.0)
    info: ReaderInfo = field(default_factory=lambda: info("finder"))

    def find_lines(self, picture: Pixels) -> list[BoundingBox]:
        return list(self.boxes)

    def quarter_turns(self, picture: Pixels) -> tuple[int, float]:
        return self.turns


@dataclass
class KnowingLines:
    """LineReader that reads this in these boxes, and nothing elsewhere; `asked`: the boxes it was shown, call by call."""

    says: Mapping[BoundingBox, LineReading]
    info: ReaderInfo
    asked: list[BoundingBox] = field(default_factory=list)

    def read_lines(self, picture: Pixels, boxes: Sequence[BoundingBox]) -> list[LineReading]:
        self.asked += boxes
        return [self.says.get(box, NOTHING) for box in boxes]


@dataclass
class KnowingPages:
    """PageReader that reads these lines on every page, whatever the page looks like."""

    lines: Sequence[Line]
    turns: tuple[int, float] = (0, 1.0)
    infos: tuple[ReaderInfo, ...] = field(default_factory=lambda: (info("pages"),))
    line_readers: tuple[LineReader, ...] = ()
    shown: list[Pixels] = field(default_factory=list)

    def quarter_turns(self, picture: Pixels) -> tuple[int, float]:
        return self.turns

    def read_page(self, picture: Pixels, ruling: Ruling) -> list[Line]:
        self.shown.append(picture)
        return list(self.lines)
