"""A page reader made of a line finder and a line reader."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.layout.tables import Ruling, cut_at_uprights
from pipeline.model import Line, ReaderInfo, Zone
from pipeline.pixels import Pixels
from pipeline.ports import LineFinder, LineReader


@dataclass(frozen=True, slots=True)
class FoundLines:
    """PageReader: lines are found, cut at table rules, and read."""

    finder: LineFinder
    reader: LineReader

    @property
    def infos(self) -> tuple[ReaderInfo, ...]:
        return (self.finder.info, self.reader.info)

    @property
    def line_readers(self) -> tuple[LineReader, ...]:
        return (self.reader,)

    def quarter_turns(self, picture: Pixels) -> tuple[int, float]:
        return self.finder.quarter_turns(picture)

    def read_page(self, picture: Pixels, ruling: Ruling) -> list[Line]:
        boxes = cut_at_uprights(self.finder.find_lines(picture), ruling.uprights)
        readings = self.reader.read_lines(picture, boxes)
        return [Line(reading.words, box, Zone.BODY) for reading, box in zip(readings, boxes, strict=True) if reading.words]
