"""A page reader made of a line finder, two line readers and a language: the quick reader reads all, the other the doubtful."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.layout.tables import Ruling, cut_at_uprights
from pipeline.model import Line, ReaderInfo, Zone
from pipeline.pixels import Pixels
from pipeline.ports import LineFinder, LineReader
from pipeline.read.fuse import doubt, fuse
from pipeline.read.language import Language


@dataclass(frozen=True, slots=True)
class FusedLines:
    """PageReader. `ask_from`: chance of an error in a line from which the second reader is asked (0.0: always, 1.0: never).

    About a line in which the first reader saw nothing the second is always asked.
    """

    finder: LineFinder
    first: LineReader
    second: LineReader
    language: Language
    ask_from: float

    @property
    def infos(self) -> tuple[ReaderInfo, ...]:
        return (self.finder.info, self.first.info, self.second.info, self.language.info)

    @property
    def line_readers(self) -> tuple[LineReader, ...]:
        return self.first, self.second

    def quarter_turns(self, picture: Pixels) -> tuple[int, float]:
        return self.finder.quarter_turns(picture)

    def read_page(self, picture: Pixels, ruling: Ruling) -> list[Line]:
        boxes = cut_at_uprights(self.finder.find_lines(picture), ruling.uprights)
        said = self.first.read_lines(picture, boxes)
        lines = [fuse(reading, None, self.language) for reading in said]
        asked = [place for place, line in enumerate(lines) if doubt(line) >= self.ask_from or not line.words]
        for place, reading in zip(asked, self.second.read_lines(picture, [boxes[i] for i in asked]), strict=True):
            lines[place] = fuse(said[place], reading, self.language)
        return [Line(line.words, box, Zone.BODY) for line, box in zip(lines, boxes, strict=True) if line.words]
