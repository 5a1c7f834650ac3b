"""Run the benchmark: see the package's docstring."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pikepdf

from samples import make_samples
from tests.bench.contestants import ONE_THREAD, PROGRAMS, bare_tesseract, ocrmypdf, sohoa
from tests.bench.memory import run_watched
from tests.bench.pages import Scan, real_scans, sample_scans
from tests.bench.report import memory_sentence, rows_of, table_of, write_figures

MEMORY_SAMPLES = 20
"""Different pages of which the long record is made."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=40, help="how many samples are made (0: none)")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--degrade", default="mixed", help="level or class of degradation")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument(
        "--scans", type=Path, default=os.environ.get("SOHOA_REAL_SCANS"), help="folder of real scans with transcripts"
    )
    parser.add_argument("--memory-pages", type=int, default=0, help="pages of two long A4 300 dpi records read for memory")
    parser.add_argument("--out", type=Path, default=Path("docs"))
    return parser.parse_args()


def main() -> int:
    chosen = arguments()
    with tempfile.TemporaryDirectory(prefix="sohoa-bench-") as folder:
        if chosen.samples:
            made = sample_scans(Path(folder, "made"), chosen.samples, chosen.seed, chosen.degrade)
            compare("samples", made, Path(folder, "made"), chosen.jobs, chosen.out)
        if chosen.scans:
            real = real_scans(Path(chosen.scans), Path(folder, "real"))
            compare("real-scans", real, Path(folder, "real"), chosen.jobs, chosen.out)
        if chosen.memory_pages:
            print(watch_memory(chosen.memory_pages, Path(folder, "long"), chosen.jobs))
    return 0


def compare(about: str, scans: Sequence[Scan], folder: Path, jobs: int, out: Path) -> None:
    pages = sum(scan.pages for scan in scans)
    print(f"\n{about}: {len(scans)} files, {pages} pages, {jobs} jobs")
    outcomes = [
        sohoa(scans, folder, jobs),
        ocrmypdf(scans, folder, jobs, "pdf"),
        ocrmypdf(scans, folder, jobs, "pdfa"),
        bare_tesseract(scans, jobs),
    ]
    rows = rows_of(scans, outcomes)
    print(table_of(rows))
    write_figures(rows, about, pages, jobs, out)


def watch_memory(pages: int, folder: Path, jobs: int) -> str:
    """`jobs` records of A4 at 300 dpi, `pages` together."""
    samples = make_samples(folder / "samples", MEMORY_SAMPLES, 11, "dpi-300")
    files = [_long_record([sample.scan for sample in samples], pages // jobs, folder / f"long-{job}.pdf") for job in range(jobs)]
    env = {**ONE_THREAD, "SOHOA_HOME": str(folder / "home")}
    program = str(PROGRAMS / "sohoa")
    subprocess.run([program, "init"], env=env, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([program, "ingest", *map(str, files)], env=env, check=True, stdout=subprocess.DEVNULL)
    return memory_sentence(run_watched([program, "work", "--once", "--jobs", str(jobs)], env), pages)


def _long_record(scans: Sequence[Path], pages: int, file: Path) -> Path:
    with pikepdf.new() as record:
        while len(record.pages) < pages:
            for scan in (scan for scan in scans if scan.suffix == ".pdf"):
                with pikepdf.open(scan) as opened:
                    record.pages.extend(opened.pages)
        del record.pages[pages:]
        record.docinfo["/Title"] = file.stem  # two records, not the same bytes twice
        record.save(file)
    return file


if __name__ == "__main__":
    sys.exit(main())
