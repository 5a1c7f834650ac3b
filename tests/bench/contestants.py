"""Who is measured. Each takes the same PDFs with the same number of jobs and leaves the text it read."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pipeline.adapters.tesseract_data import find_tessdata
from tests.bench.memory import run_watched
from tests.bench.pages import Scan

PROGRAMS = Path(sys.executable).parent
ONE_THREAD = {**os.environ, "OMP_THREAD_LIMIT": "1"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """`texts`: what was read of each scan, in order. `peak_mb` None where it was not watched."""

    name: str
    seconds: float
    texts: tuple[str, ...]
    peak_mb: float | None = None


def sohoa(scans: Sequence[Scan], folder: Path, jobs: int) -> Outcome:
    """ingest + work --once: custody, reading, fields, PDF/A, ALTO and index."""
    env = {**ONE_THREAD, "SOHOA_HOME": str(folder / "home")}
    program = str(PROGRAMS / "sohoa")
    subprocess.run([program, "init"], env=env, check=True, stdout=subprocess.DEVNULL)
    started = time.monotonic()
    subprocess.run([program, "ingest", *(str(scan.pdf) for scan in scans)], env=env, check=True, stdout=subprocess.DEVNULL)
    worked = run_watched([program, "work", "--once", "--jobs", str(jobs)], env)
    seconds = time.monotonic() - started
    return Outcome("sohoa", seconds, _texts_in_home(scans, program, env), worked.peak_mb)


def _texts_in_home(scans: Sequence[Scan], program: str, env: dict[str, str]) -> tuple[str, ...]:
    listed = subprocess.run(
        [program, "search", "", "--limit", "200", "--json"], env=env, check=True, capture_output=True, text=True
    )
    ids = {hit["file_name"]: hit["record_id"] for hit in json.loads(listed.stdout)["hits"]}
    texts = []
    for scan in scans:
        shown = subprocess.run(
            [program, "show", ids[scan.pdf.name], "--text"], env=env, check=True, capture_output=True, text=True
        )
        texts.append(shown.stdout)
    return tuple(texts)


def ocrmypdf(scans: Sequence[Scan], folder: Path, jobs: int, output_type: str) -> Outcome:
    """`jobs` files side by side, one job each: most scans have one page, so its own --jobs would leave a core idle."""
    out = folder / f"ocrmypdf-{output_type}"
    out.mkdir()
    started = time.monotonic()
    with ThreadPoolExecutor(jobs) as pool:
        texts = tuple(pool.map(lambda scan: _ocrmypdf_file(scan, out, output_type), scans))
    return Outcome(f"OCRmyPDF {output_type}", time.monotonic() - started, texts)


def _ocrmypdf_file(scan: Scan, out: Path, output_type: str) -> str:
    """A file with an old text layer is refused first and then read by force, as its user would."""
    sidecar = out / f"{scan.pdf.stem}.txt"
    plain = [
        str(PROGRAMS / "ocrmypdf"), "-q", "-l", "vie", "--jobs", "1", "--output-type", output_type, "--sidecar", str(sidecar),
        "--invalidate-digital-signatures",
    ]  # fmt: skip
    for extra in ([], ["--force-ocr"]):
        done = subprocess.run(
            [*plain, *extra, str(scan.pdf), str(out / scan.pdf.name)], env=ONE_THREAD, check=False, stderr=subprocess.DEVNULL
        )
        if done.returncode == 0:
            return sidecar.read_text(encoding="utf-8")
    return ""


def bare_tesseract(scans: Sequence[Scan], jobs: int) -> Outcome:
    """tesserocr on whole pages drawn at 300 dpi, nothing else: no PDF, no fields, no index."""
    started = time.monotonic()
    with multiprocessing.get_context("spawn").Pool(jobs, initializer=_load) as pool:
        texts = tuple(pool.map(_read_pages, [str(scan.pdf) for scan in scans], chunksize=1))
    return Outcome("Tesseract, bare", time.monotonic() - started, texts)


_ENGINE: list[object] = []


def _load() -> None:
    import tesserocr

    os.environ["OMP_THREAD_LIMIT"] = "1"
    _ENGINE.append(tesserocr.PyTessBaseAPI(path=str(find_tessdata("vie")), lang="vie"))


def _read_pages(pdf: str) -> str:
    import tesserocr
    from pdf2image import convert_from_path

    engine = _ENGINE[0]
    if not isinstance(engine, tesserocr.PyTessBaseAPI):
        raise TypeError(type(engine))
    texts = []
    for page in convert_from_path(pdf, dpi=300, grayscale=True):
        engine.SetImage(page)
        texts.append(engine.GetUTF8Text())
    return "\f".join(texts)
