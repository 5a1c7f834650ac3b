"""Permissions for tests that may be run by root, who may do everything."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.command import blank_scan, sohoa

NOBODY = 65534


@contextmanager
def as_nobody() -> Iterator[None]:
    """Who is root becomes nobody for a while."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if before == 0:
            os.seteuid(before)


@contextmanager
def place_of_all(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that everybody may look into, for the home; pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp(prefix="sohoa-test-"))
    folder.chmod(0o755)
    monkeypatch.setenv("SOHOA_HOME", str(folder / "home"))
    try:
        yield folder
    finally:
        for path in folder.rglob("*"):
            if path.is_dir():
                path.chmod(0o755)
        shutil.rmtree(folder)


@contextmanager
def open_to_all(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a home that everybody may write."""
    with place_of_all(monkeypatch) as folder:
        sohoa("init")
        used_by_root(folder)
        set_modes(folder / "home", 0o777, 0o666)
        folder.chmod(0o777)
        yield folder


def used_by_root(folder: Path) -> None:
    """Root takes a file in first, so that nobody needs no module of a Python that only root may read."""
    sohoa("ingest", blank_scan(folder / "before" / "good.png"))
    sohoa("digitize", folder / "before" / "good.png", "-o", folder / "before" / "out")


def set_modes(home: Path, folders: int, files: int) -> None:
    for path in (home, *home.rglob("*")):
        path.chmod(folders if path.is_dir() else files)
