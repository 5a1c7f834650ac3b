from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from config.settings import Settings, environment_name


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A home of its own, nothing else set, two children at most, files taken whatever is free."""
    for name in Settings.model_fields:
        monkeypatch.delenv(environment_name(name), raising=False)
    monkeypatch.setenv("SOHOA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SOHOA_JOBS", "1")
    monkeypatch.setenv("SOHOA_MIN_FREE_DISK_MB", "1")
    yield
    structlog.reset_defaults()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the home is; not made yet."""
    return tmp_path / "home"
