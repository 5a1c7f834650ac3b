"""Trains the line network: `make train-reader TEXT="FILE..." NAMES=FILE PAGES=FOLDER`.

    draw    lines of made-up pages                                    -> shelves in the work folder, one a share
    echo    lines of real pages without transcripts (--pages)         -> a shelf
    train   from the package's weights on both                        -> an ONNX file, at most 10 MB

Every share has a seed of its own; what lies on a shelf is not drawn again. The same shelves, versions and kind of processor give
the same network.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
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
from tools.train_reader.shelf import LabelledLine, put_away, taken_down
from tools.train_reader.words import Corpus, open_corpus

MORE_SIGNS = '"!?=[]{}|°²³§•–—…‘±×'
"""Characters of Vietnamese print that the package's network cannot write."""
SHARE_LINES = 1500


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.train_reader", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--text", metavar="FILE", type=Path, nargs="+", required=True, help="a paragraph a line, plain or .xz")
    parser.add_argument("--names", metavar="FILE", type=Path, required=True, help="kind, syllable, count, tab-separated")
    parser.add_argument("--pages", metavar="FOLDER", type=Path, help="scans without transcripts")
    parser.add_argument("--lines", type=int, default=60_000, help="to be drawn")
    parser.add_argument("--echo", type=int, default=6, help="how often a line of a real page is laid beside the drawn ones")
    parser.add_argument("--passes", type=float, default=3.0)
    parser.add_argument("--rate", type=float, default=6e-4)
    parser.add_argument(
        "--share", type=float, default=1.0, help="of the trained weights in the result, the rest is the package's"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--threads", type=int, default=2, help="no more than there are idle cores: with two on one training stands"
    )
    parser.add_argument("--work", metavar="FOLDER", type=Path, default=Path(".bench/train-reader"))
    parser.add_argument("-o", dest="out", metavar="FILE", type=Path, required=True)
    return parser.parse_args()


def main() -> None:
    os.environ["OMP_THREAD_LIMIT"] = "1"  # of the processes that draw and echo; this one trains, and uses all cores
    asked = arguments()
    asked.work.mkdir(parents=True, exist_ok=True)
    shelves = drawn(asked)
    lines = [line for shelf in shelves for line in taken_down(shelf)]
    if asked.pages:
        lines += asked.echo * list(taken_down(echoed(asked.pages, asked.work / "echoed.npz")))
    train(lines, asked)


def drawn(asked: argparse.Namespace) -> list[Path]:
    """Files of shelves with so many lines in all; those that are missing are drawn now, on all cores."""
    shares = -(-asked.lines // SHARE_LINES)
    files = [asked.work / f"drawn-{asked.seed}-{number:04d}.npz" for number in range(shares)]
    jobs = [(file, f"{asked.seed}:{file.stem}", asked.text, asked.names) for file in files if not file.exists()]
    with multiprocessing.get_context("spawn").Pool() as pool:
        for file, lines in pool.imap_unordered(_draw, jobs):
            print(f"  {file.name}: {lines} lines", flush=True)
    return files


def _draw(job: tuple[Path, str, Sequence[Path], Path]) -> tuple[Path, int]:
    file, key, texts, names = job
    finder, reader = _engines()
    corpus = _corpus(tuple(texts), names)
    endless = (line for number in count() for line in drawn_lines(f"{key}:{number}", corpus, finder, reader))
    writable = frozenset(charset())
    return file, put_away(islice((line for line in endless if writable.issuperset(line.text)), SHARE_LINES), file)


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


def train(lines: Sequence[LabelledLine], asked: argparse.Namespace) -> None:
    from tools.train_reader.network import open_network, write_network  # torch takes seconds to load, and drawing needs none
    from tools.train_reader.training import Course, blended, trained

    original = package_line_model().file
    classes = 1 + len(charset())
    print(f"{len(lines)} lines", flush=True)
    network = trained(
        open_network(original, classes), lines, charset(), Course(asked.passes, asked.rate, asked.seed, asked.threads)
    )
    write_network(network, original, asked.out.with_suffix(".whole.onnx"))
    write_network(blended(open_network(original, classes), network, asked.share), original, asked.out)
    print(asked.out, flush=True)


if __name__ == "__main__":
    main()
