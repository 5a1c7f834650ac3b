"""SQLite keeps the promises of an Index."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.adapters.sqlite_index import SqliteIndex
from tests.contracts.index_contract import IndexContract
from tests.contracts.index_office import FEW


class TestSqliteIndex(IndexContract):
    @pytest.fixture
    def index(self, tmp_path: Path) -> SqliteIndex:
        index = SqliteIndex(tmp_path / "index")
        index.create()
        return index

    @pytest.fixture
    def bounded(self, tmp_path: Path) -> SqliteIndex:
        return SqliteIndex(tmp_path / "bounded", FEW)
