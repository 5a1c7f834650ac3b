"""Lines as both readers read them, with the truth beside them: from samples and from scanned pages with transcripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image
from rapidfuzz import fuzz

from pipeline.adapters.onnx_lines import OnnxLines, own_line_model
from pipeline.adapters.tesseract_data import find_tessdata
from pipeline.adapters.tesseract_lines import TesseractLines
from pipeline.adapters.trueocr_lines import TrueocrLines
from pipeline.clean import clean_page
from pipeline.layout.tables import cut_at_uprights, find_ruling, without_rules
from pipeline.model import BoundingBox
from pipeline.pixels import Pixels, as_pixels
from pipeline.ports import LineReading
from pipeline.read.found_lines import FoundLines
from pipeline.read.tokens import TOKEN, letters
from pipeline.text import clean
from samples import draw_samples

FIRST_SEED = 9_000
"""Seed of the samples to learn from; tests and benchmarks use others."""
ALIKE = 80.0
"""Percent of equal characters (marks apart) from which a line of the truth is what was read."""


@dataclass(frozen=True, slots=True)
class ReadLine:
    """`truth`: the printed line, None where nothing on the page is like it; `page`: all that is printed on the page."""

    first: LineReading
    second: LineReading
    truth: str | None
    page: frozenset[str]


class Bench:
    """The engines, loaded once."""

    def __init__(self) -> None:
        self.first = OnnxLines(own_line_model())
        self.pages = FoundLines(TrueocrLines(), self.first)
        self.second = TesseractLines(find_tessdata("vie"))

    def read(self, pixels: Pixels, dpi: float | None, transcript: str) -> Iterator[ReadLine]:
        picture, boxes = found_lines(pixels, dpi, self.pages)
        truth = [clean(line.replace("[handwriting:", "").replace("]", "")) for line in transcript.splitlines()]
        printed = frozenset(token for line in truth for token in TOKEN.findall(line))
        readings = zip(self.first.read_lines(picture, boxes), self.second.read_lines(picture, boxes), strict=True)
        for first, second in readings:
            yield ReadLine(first, second, best_match([said(first), said(second)], truth), printed)


def found_lines(pixels: Pixels, dpi: float | None, reader: FoundLines) -> tuple[Pixels, list[BoundingBox]]:
    """The cleaned page without its rules, and the boxes of its lines there, as they are found when a page is read."""
    picture = clean_page(pixels, dpi, reader).print
    ruling = find_ruling(picture)
    picture = without_rules(picture, ruling)
    return picture, cut_at_uprights(reader.finder.find_lines(picture), ruling.uprights)


def said(reading: LineReading) -> str:
    return clean(" ".join(word.text for word in reading.words))


def best_match(readings: Sequence[str], truth: Sequence[str]) -> str | None:
    """The line of the truth, or the part of one (a table's cell), that is most like a reading."""
    best, found = ALIKE, None
    for read in (letters(reading) for reading in readings if len(reading) > 1):
        for line in truth:
            plain = letters(line)
            if len(read) >= 0.9 * len(plain):
                score, part = fuzz.ratio(read, plain), line
            else:
                aligned = fuzz.partial_ratio_alignment(read, plain)
                if aligned is None:
                    continue
                score, part = aligned.score - 3, whole_words(line, aligned.dest_start, aligned.dest_end)
            if score > best:
                best, found = score, part
    return found


def whole_words(line: str, start: int, end: int) -> str:
    before, after = line.rfind(" ", 0, start + 1) + 1, line.find(" ", end)
    return line[before : after if after >= 0 else len(line)].strip()


def sample_lines(bench: Bench, level: str, count: int) -> Iterator[ReadLine]:
    for sample in islice(draw_samples(FIRST_SEED, level), count):
        for page in sample.pages:
            yield from bench.read(page.pixels, page.dpi, page.text)


def folder_lines(bench: Bench, folder: Path) -> Iterator[ReadLine]:
    for picture in sorted([*folder.glob("*.png"), *folder.glob("*.jpg")]):
        with Image.open(picture) as image:
            pixels = as_pixels(np.asarray(image.convert("RGB")))
        yield from bench.read(pixels, None, picture.with_suffix(".txt").read_text(encoding="utf-8"))
