"""Tesseract as a program (pytesseract), whole pages: slower and weaker than by lines, and works where no wheel does."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import pytesseract

from pipeline.errors import ChildTimeout, ToolMissing
from pipeline.layout.tables import Ruling
from pipeline.model import BoundingBox, Line, ReaderInfo, Word, Zone, bounds
from pipeline.pixels import Pixels
from pipeline.ports import LineReader, LineReading

LANGUAGE = "vie"
PAGE_SEGMENTATION = "--psm 3 --oem 1"
"""Columns and blocks found by Tesseract; psm 4 reads alike, psm 6 loses header columns (word F1 0.88 against 0.93)."""
TIMEOUT_SECONDS = 170
"""Under the page's own limit, so that a stuck page is named."""
SURE_FACTOR = 10.0
"""Tesseract's orientation confidence is a difference of scores; real pages give 5-20, doubtful ones under 2."""


class TesseractPages:
    """PageReader. The program is started for each page with OMP_THREAD_LIMIT of the process (1)."""

    def __init__(self, tessdata: Path) -> None:
        self._config = f"{PAGE_SEGMENTATION} --tessdata-dir {tessdata}"
        self._one_line = f"--psm 7 --oem 1 --tessdata-dir {tessdata}"
        self._osd = f"--psm 0 --tessdata-dir {tessdata}"
        digest = hashlib.sha256((tessdata / f"{LANGUAGE}.traineddata").read_bytes()).hexdigest()
        try:
            number = str(pytesseract.get_tesseract_version())
        except (pytesseract.TesseractNotFoundError, SystemExit) as error:
            raise ToolMissing("tesseract-ocr") from error
        self.info = ReaderInfo("tesseract-pages", number, digest)

    @property
    def line_readers(self) -> tuple[LineReader, ...]:
        return (self,)

    @property
    def infos(self) -> tuple[ReaderInfo, ...]:
        return (self.info,)

    def read_lines(self, picture: Pixels, boxes: Sequence[BoundingBox]) -> list[LineReading]:
        """LineReader, for words that are looked for; each line starts the program once."""
        return [self._read_line(picture, box) for box in boxes]

    def _read_line(self, picture: Pixels, box: BoundingBox) -> LineReading:
        rows = self._rows(picture[box.top : box.bottom, box.left : box.right], self._one_line)
        return LineReading(tuple(_word(row, box.left, box.top) for row in rows))

    def quarter_turns(self, picture: Pixels) -> tuple[int, float]:
        try:
            found = pytesseract.image_to_osd(
                picture, config=self._osd, output_type=pytesseract.Output.DICT, timeout=TIMEOUT_SECONDS
            )
        except pytesseract.TesseractError:  # too few letters to tell
            return 0, 0.0
        except (RuntimeError, subprocess.SubprocessError) as error:
            raise ChildTimeout("tesseract") from error
        return -int(found["rotate"]) % 360, min(1.0, float(found["orientation_conf"]) / SURE_FACTOR)

    def read_page(self, picture: Pixels, ruling: Ruling) -> list[Line]:
        by_line = groupby(self._rows(picture, self._config), key=lambda row: (row["block_num"], row["par_num"], row["line_num"]))
        return [_line([_word(row) for row in group]) for _, group in by_line]

    def _rows(self, picture: Pixels, config: str) -> list[dict[str, int | float | str]]:
        """One for each word. Raises ToolMissing, ChildTimeout."""
        try:
            table = pytesseract.image_to_data(
                picture, lang=LANGUAGE, config=config, output_type=pytesseract.Output.DICT, timeout=TIMEOUT_SECONDS
            )
        except pytesseract.TesseractNotFoundError as error:
            raise ToolMissing("tesseract-ocr") from error
        except (pytesseract.TesseractError, RuntimeError) as error:
            raise ChildTimeout(f"tesseract: {type(error).__name__}") from error
        rows = [dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)]
        return [row for row in rows if row["text"].strip()]


def _word(row: dict[str, int | float | str], x: int = 0, y: int = 0) -> Word:
    """`x`, `y`: where the picture that was read lies."""
    left, top = int(row["left"]) + x, int(row["top"]) + y
    box = BoundingBox(left, top, left + int(row["width"]), top + int(row["height"]))
    confidence = float(row["conf"])
    return Word(str(row["text"]).strip(), box, confidence / 100 if confidence >= 0 else None)


def _line(words: list[Word]) -> Line:
    return Line(tuple(words), bounds([word.box for word in words]), Zone.BODY)
