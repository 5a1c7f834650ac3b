"""Lines of real pages that nobody has typed: where the network, Tesseract and the language nearly agree, what they say is taken.

So the network sees paper, scanners and faces as they are. What all got wrong alike it does not unlearn here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from pipeline.adapters.onnx_lines import OnnxLines
from pipeline.errors import SohoaError
from pipeline.intake import measure
from pipeline.pages import Limits, open_pages
from pipeline.ports import LineFinder, LineReader, LineReading
from pipeline.read.found_lines import FoundLines
from pipeline.read.fuse import doubt, fuse
from pipeline.read.language import Language
from tools.read_lines import found_lines, said
from tools.train_reader.drawn import labelled
from tools.train_reader.shelf import LabelledLine

MOST_BYTES = 100_000_000
LIMITS = Limits(max_pages=100, max_page_megapixels=60)
FIRST_OFF, SECOND_OFF = 0.08, 0.12
"""Share of characters by which the network and Tesseract may differ from what is taken to be printed."""
MOST_DOUBT = 0.5
"""Chance of any error in the line, as the fused reading says itself."""
SHORTEST = 4
"""Characters: of less nobody can say that two readers agree."""


def echoed_lines(
    file: Path, finder: LineFinder, first: OnnxLines, second: LineReader, language: Language
) -> Iterator[LabelledLine]:
    """Of all pages of a file that have to be read; what has a text layer of its own is no scan."""
    with open_pages(file, measure(file, MOST_BYTES).media_type, LIMITS) as source:
        for number in range(1, source.page_count + 1):
            try:
                page = source.load(number)
            except SohoaError:  # a page that cannot be opened teaches nothing
                continue
            if page.own_text is not None:
                continue
            picture, boxes = found_lines(page.pixels, page.dpi, FoundLines(finder, first))
            readings = zip(boxes, first.read_lines(picture, boxes), second.read_lines(picture, boxes), strict=True)
            for box, one, other in readings:
                text = agreed(one, other, language)
                if text:
                    yield from labelled(picture, box, text)


def agreed(first: LineReading, second: LineReading, language: Language) -> str:
    """What stands in the line; "" where that is not sure enough."""
    line = fuse(first, second, language)
    text = " ".join(word.text for word in line.words)
    if len(text) < SHORTEST or doubt(line) > MOST_DOUBT:
        return ""
    if Levenshtein.normalized_distance(said(first), text) > FIRST_OFF:
        return ""
    return text if Levenshtein.normalized_distance(said(second), text) <= SECOND_OFF else ""
