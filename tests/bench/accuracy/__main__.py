"""Run it: see the package's docstring."""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from samples import DEGRADATIONS
from tests.bench.accuracy.cases import real_cases, sample_cases
from tests.bench.accuracy.report import draw, table
from tests.bench.accuracy.running import Figures, Scores, figures_of, read_all

READERS = ("fused", "onnx", "lines", "tesseract")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.accuracy", description=__doc__)
    parser.add_argument("--readers", nargs="+", choices=READERS, default=READERS)
    parser.add_argument("--classes", nargs="+", choices=DEGRADATIONS, default=DEGRADATIONS, metavar="CLASS")
    parser.add_argument("--each", type=int, default=2, help="samples of each class (0: none)")
    parser.add_argument("--seed", type=int, default=41)
    parser.add_argument(
        "--scans", type=Path, default=os.environ.get("SOHOA_REAL_SCANS"), help="folder of real scans with transcripts"
    )
    parser.add_argument("--out", type=Path, default=Path("docs"))
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    with tempfile.TemporaryDirectory() as folder:
        cases = list(sample_cases(asked.classes, asked.each, asked.seed, Path(folder)))
        cases += real_cases(Path(asked.scans)) if asked.scans else []
        print(f"{len(cases)} files", flush=True)
        rows = {reader: _told(reader, *read_all(reader, cases)) for reader in asked.readers}
    about = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": {"processor": platform.machine(), "cores": os.cpu_count(), "python": platform.python_version()},
        "seed": asked.seed,
        "readers": rows,
    }
    text = json.dumps(about, indent=1, ensure_ascii=False) + "\n"
    (asked.out / "benchmark-accuracy.json").write_text(text, encoding="utf-8")
    draw(about, asked.out / "accuracy.svg")
    print(table(rows))


def _told(reader: str, scores: Sequence[Scores], peak_mb: float) -> Mapping[str, Any]:
    groups = dict.fromkeys(one.group for one in scores)
    named = {
        "samples": [one for one in scores if not one.group.startswith("real")],
        "real": [one for one in scores if one.group.startswith("real")],
        **{group: [one for one in scores if one.group == group] for group in groups},
    }
    figures: dict[str, Figures] = {name: figures_of(some) for name, some in named.items() if some}
    print(f"{reader}: {peak_mb:.0f} MB", flush=True)
    return {"peak_mb": round(peak_mb), "groups": {name: asdict(one) for name, one in figures.items()}}


if __name__ == "__main__":
    main()
