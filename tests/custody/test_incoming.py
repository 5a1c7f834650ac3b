"""Taking files from a shared folder into custody."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.adapters.directory_incoming import DirectoryIncoming, create_directory_incoming
from tests.contracts.incoming_contract import DropSite
from tests.contracts.taking_contract import TakingContract
from tests.custody.test_directory_incoming import FolderDropper


class TestFromAFolder(TakingContract):
    @pytest.fixture
    def drop_site(self, tmp_path: Path) -> DropSite:
        create_directory_incoming(tmp_path / "shared")
        return DropSite(DirectoryIncoming(tmp_path / "shared"), FolderDropper(tmp_path / "shared"))
