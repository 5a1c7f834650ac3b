"""Shelves of lines, filled on all cores. What lies on a shelf is not made again.

In a module of its own: processes that are started afresh find their work here, and not in the program that started them.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from functools import cache
from itertools import count, islice
from pathlib import Path

from config.wiring.readers import keep_to_ourselves
from pipeline.adapters.onnx_lines import OnnxLines, own_line_model
from pipeline.adapters.tesseract_data import find_tessdata
from pipeline.adapters.tesseract_lines import TesseractLines
from pipeline.adapters.trueocr_lines import TrueocrLines, package_line_model
from pipeline.pixels import use_one_thread
from pipeline.read.language import open_language
from tools.train_reader.drawn import drawn_lines
from tools.train_reader.echoed import echoed_lines
from tools.train_reader.shelf import LabelledLine, put_away
from tools.train_reader.words import Corpus, open_corpus

MORE_SIGNS = '"!?=[]{}|°²³§•–—…‘±×'
"""Characters of Vietnamese print that the package's network cannot write."""
SHELF_LINES = 1500


def drawn(texts: Sequence[Path], names: Path, lines: int, seed: int, folder: Path) -> list[Path]:
    """Files of shelves with so many lines in all; those that are missing are drawn now, on all cores."""
    shares = -(-lines // SHELF_LINES)
    files = [folder / f"drawn-{seed}-{number:04d}.npz" for number in range(shares)]
    jobs = [(file, f"{seed}:{file.stem}", texts, names) for file in files if not file.exists()]
    with multiprocessing.get_context("spawn").Pool() as pool:
        for file, made in pool.imap_unordered(_draw, jobs):
            print(f"  {file.name}: {made} lines", flush=True)
    return files


def _draw(job: tuple[Path, str, Sequence[Path], Path]) -> tuple[Path, int]:
    file, key, texts, names = job
    finder, reader = _engines()
    corpus = _corpus(tuple(texts), names)
    endless = (line for number in count() for line in drawn_lines(f"{key}:{number}", corpus, finder, reader))
    writable = frozenset(charset())
    return file, put_away(islice((line for line in endless if writable.issuperset(line.text)), SHELF_LINES), file)


@cache
def _engines() -> tuple[TrueocrLines, OnnxLines]:
    keep_to_ourselves()
    use_one_thread()
    return TrueocrLines(), OnnxLines(package_line_model())


@cache
def _corpus(texts: tuple[Path, ...], names: Path) -> Corpus:
    return open_corpus(texts, names, seed=0)


def echoed(pages: Path, shelf: Path) -> Path:
    if not shelf.exists():
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            pool.apply(_echo, (pages, shelf))
    return shelf


def _echo(pages: Path, shelf: Path) -> None:
    finder, first = _engines()
    second = TesseractLines(find_tessdata("vie"))
    language = open_language(own_line_model().name, second.info.name)
    writable = frozenset(charset())
    lines: list[LabelledLine] = []
    for file in sorted(one for one in pages.iterdir() if one.suffix.lower() in (".pdf", ".tif", ".png", ".jpg")):
        lines += [one for one in echoed_lines(file, finder, first, second, language) if writable.issuperset(one.text)]
        print(f"  {file.name}: {len(lines)} lines", flush=True)
    put_away(lines, shelf)


def charset() -> tuple[str, ...]:
    known = package_line_model().charset
    return (*known, *(sign for sign in MORE_SIGNS if sign not in known))
