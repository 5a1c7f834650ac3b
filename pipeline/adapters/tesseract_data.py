"""Where Tesseract's language models lie on this machine."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.errors import ToolMissing

PLACES = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
)
"""Debian and Ubuntu; Fedora and Arch; built from source."""


def find_tessdata(language: str) -> Path:
    """The folder that holds `<language>.traineddata`: TESSDATA_PREFIX if it does, else the system's. Raises ToolMissing."""
    chosen = os.environ.get("TESSDATA_PREFIX")
    for folder in [Path(chosen)] if chosen else [Path(place) for place in PLACES]:
        if (folder / f"{language}.traineddata").is_file():
            return folder
    raise ToolMissing(f"tesseract-ocr-{language}")
