"""The outside judges: installed once by scripts of tools/; skipped where they are not, demanded by SOHOA_REQUIRE_JUDGES=1."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from lxml import etree

ROOT = Path(__file__).resolve().parents[2]
REQUIRED = os.environ.get("SOHOA_REQUIRE_JUDGES") == "1"


def broken_rules(files: Iterable[Path]) -> dict[str, str]:
    """File name -> what veraPDF finds wrong with it as PDF/A-2b; empty when every file passes."""
    names = [str(file) for file in files]
    installed = (ROOT / ".tools/verapdf/classes/Judge.class").exists()
    if not installed and not REQUIRED:
        pytest.skip("veraPDF is not installed: tools/verapdf.sh --fetch")
    judged = subprocess.run([ROOT / "tools/verapdf.sh"], input="\n".join(names), capture_output=True, text=True, check=False)
    if judged.returncode != 0 and not REQUIRED:
        pytest.skip(f"veraPDF cannot be started: {judged.stderr.strip().splitlines()[-1:]}")
    verdicts = judged.stdout.splitlines()
    assert len(verdicts) == len(names), judged.stderr
    return {Path(name).name: verdict for name, verdict in zip(names, verdicts, strict=True) if verdict != "PASS"}


def alto_schema() -> etree.XMLSchema:
    """The Library of Congress's schema, with the XLink schema that it imports from beside it."""
    folder = ROOT / ".tools/alto"
    if not (folder / "alto.xsd").exists():
        if not REQUIRED:
            pytest.skip("the ALTO schema is not installed: tools/alto_schema.sh")
        subprocess.run([ROOT / "tools/alto_schema.sh"], check=True)
    here = f'schemaLocation="{(folder / "xlink.xsd").as_uri()}"'
    schema = re.sub(r'schemaLocation="[^"]*/xlink\.xsd"', here, (folder / "alto.xsd").read_text(encoding="utf-8"))
    return etree.XMLSchema(etree.fromstring(schema.encode(), etree.XMLParser(no_network=True)))
