"""A home with a few records that were read: made once for many questions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from samples import draw_sample
from tests.cli.command import blank_scan, sohoa


@dataclass(frozen=True, slots=True)
class Office:
    """`records`: file name -> record id."""

    home: Path
    scans: Path
    records: dict[str, str]


@contextmanager
def office_in(base: Path) -> Iterator[Office]:
    """Two documents and a blank page, which needs review, handed over as the batch "Đợt 1" and read."""
    scans, home = base / "scans", base / "office"
    scans.mkdir()
    for number in (1, 6):
        sample = draw_sample(30, number, "none")
        (scans / f"bản {number}{sample.suffix}").write_bytes(sample.content)
    blank_scan(scans / "trắng.png")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SOHOA_HOME", str(home))
        environment.setenv("SOHOA_JOBS", "2")
        environment.setenv("SOHOA_MIN_FREE_DISK_MB", "1")
        sohoa("init")
        files = sohoa("ingest", scans, "--batch", "Đợt 1", "--json").json["files"]
        assert sohoa("work", "--once").code == 0
    yield Office(home, scans, {Path(one["path"]).name: one["record_id"] for one in files})
