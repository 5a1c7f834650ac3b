"""Trains the line network: `make train-reader TEXT="FILE..." NAMES=FILE PAGES=FOLDER`.

    draw    lines of made-up pages                                    -> shelves in the work folder, one a share
    echo    lines of real pages without transcripts (--pages)         -> a shelf
    train   from the package's weights on both                        -> an ONNX file, at most 10 MB

Every share has a seed of its own; what lies on a shelf is not drawn again. The same shelves, versions and kind of processor give
the same network.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from pipeline.adapters.trueocr_lines import package_line_model
from tools.train_reader.shelf import LabelledLine, taken_down
from tools.train_reader.shelves import charset, drawn, echoed


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
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    shelves = drawn(asked.text, asked.names, asked.lines, asked.seed, asked.work)
    lines = [line for shelf in shelves for line in taken_down(shelf)]
    if asked.pages:
        lines += asked.echo * list(taken_down(echoed(asked.pages, asked.work / "echoed.npz")))
    train(lines, asked)


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
