"""The pages of a benchmark: made samples or a folder of real scans, all as PDF, with their transcripts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import img2pdf
import pikepdf

from pipeline.text import match_key, words
from samples import make_samples

SCANS = (".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff")


@dataclass(frozen=True, slots=True)
class Scan:
    """One PDF without encryption, its number of pages, and what stands on it."""

    pdf: Path
    pages: int
    truth: str


def sample_scans(folder: Path, count: int, seed: int, degrade: str) -> list[Scan]:
    made = make_samples(folder / "samples", count, seed, degrade)
    return [_as_pdf(sample.scan, folder / "pdf") for sample in made]


def real_scans(source: Path, folder: Path) -> list[Scan]:
    """Scans with a transcript `NAME.txt` beside them."""
    found = sorted(file for file in source.iterdir() if file.suffix.lower() in SCANS and file.with_suffix(".txt").exists())
    return [_as_pdf(file, folder / "pdf") for file in found]


def _as_pdf(scan: Path, folder: Path) -> Scan:
    """All contestants get the same PDF, so that file formats play no part."""
    folder.mkdir(parents=True, exist_ok=True)
    pdf = folder / f"{scan.stem}.pdf"
    if scan.suffix.lower() != ".pdf":
        pdf.write_bytes(img2pdf.convert(str(scan)))
    with pikepdf.open(scan if scan.suffix.lower() == ".pdf" else pdf, allow_overwriting_input=True) as opened:
        opened.save(pdf)
        pages = len(opened.pages)
    return Scan(pdf, pages, scan.with_suffix(".txt").read_text(encoding="utf-8"))


def word_f1(truth: str, read: str) -> float:
    """Order-free F1 over words (letters and digits), one tone placement; handwriting marks in the truth count for nobody."""
    want, got = Counter(words(_plain(truth))), Counter(words(match_key(read)))
    hit = sum((want & got).values())
    return 2 * hit / max(1, sum(want.values()) + sum(got.values()))


def _plain(truth: str) -> str:
    out, depth = [], 0
    for char in truth:
        depth += char == "["
        if depth == 0:
            out.append(char)
        depth -= char == "]"
    return match_key("".join(out))
