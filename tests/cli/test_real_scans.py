"""The real scans, where they are: all of them are read, none fails."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.command import sohoa


@pytest.mark.real_scans
@pytest.mark.skipif("SOHOA_REAL_SCANS" not in os.environ, reason="SOHOA_REAL_SCANS names no folder")
@pytest.mark.timeout(1800)
def test_every_real_scan_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOHOA_JOBS")
    answer = sohoa("digitize", os.environ["SOHOA_REAL_SCANS"], "-o", tmp_path / "out", "--json")
    assert (answer.code, answer.err) == (0, "")
    assert answer.json["done"]
    for one in answer.json["done"]:
        files = {path.name for path in Path(one["folder"]).iterdir()}
        assert files == {"record.json", "text.txt", "rendition.pdf", "alto"}
