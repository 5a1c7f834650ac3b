"""Who may import whom."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.house.source import ROOT, imports_of, name_of, product_modules

ONE_IMPORTER = (
    "pytesseract",
    "tesserocr",
    "onnxruntime",
    "trueocr",
    "sqlite3",
    "pdf2image",
    "img2pdf",
    "pydantic_settings",
    "fcntl",
    "minio",
    "redis",
    "pika",
    "elasticsearch",
)
"""Outside things that one adapter translates for the rest of the house: one module, or neighbours that begin with its name."""

SAMPLES_MAY_KNOW = ("pipeline.text", "pipeline.errors")


def test_imports_go_down_the_layers_and_never_back() -> None:
    lint = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"]
    found = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("library", ONE_IMPORTER)
def test_an_outside_library_is_imported_by_one_adapter(library: str) -> None:
    importers = {name_of(file) for file in product_modules() if any(_is_part_of(name, library) for name in imports_of(file))}
    neighbours = importers if len(importers) > 1 else set()
    assert all(name.startswith(f"pipeline.adapters.{library}_") for name in neighbours), sorted(importers)


def test_samples_know_only_the_normaliser_and_the_errors() -> None:
    known = {
        (name_of(file), name)
        for file in product_modules()
        if name_of(file).startswith("samples")
        for name in imports_of(file)
        if name.split(".")[0] in ("pipeline", "workers", "config", "cli")
        and not any(_is_part_of(name, m) for m in SAMPLES_MAY_KNOW)
    }
    assert not known


def test_no_library_of_servers_or_the_command_line_is_known_to_the_pipeline() -> None:
    unwanted = ("typer", "rich", "pydantic_settings", "dramatiq", "fastapi", "starlette")
    found = {
        (name_of(file), name)
        for file in product_modules()
        if name_of(file).startswith("pipeline") and not name_of(file).startswith("pipeline.adapters")
        for name in imports_of(file)
        if any(_is_part_of(name, library) for library in unwanted)
    }
    assert not found


def _is_part_of(name: str, module: str) -> bool:
    return name == module or name.startswith(module + ".")
