"""Shell scripts and the Dockerfile as the usual linters see them. Their wheels are not made for every machine: there it is left out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT, tracked_files


def linter(name: str) -> Path:
    """Beside this Python."""
    found = Path(sys.executable).with_name(name)
    if not found.exists():
        pytest.skip(f"{name} has no wheel for this machine")
    return found


def scripts() -> list[Path]:
    return [file for file in tracked_files() if file.read_bytes().startswith((b"#!/usr/bin/env bash", b"#!/bin/sh"))]


@pytest.mark.parametrize("script", scripts(), ids=lambda file: str(file.relative_to(ROOT)))
def test_a_shell_script_has_none_of_the_usual_faults(script: Path) -> None:
    found = subprocess.run([linter("shellcheck"), "--external-sources", script], cwd=ROOT, capture_output=True, text=True)
    assert found.stdout == ""


def test_the_dockerfile_has_none_of_the_usual_faults() -> None:
    found = subprocess.run([linter("hadolint"), ROOT / "docker" / "Dockerfile"], capture_output=True, text=True)
    assert found.stdout == ""
