from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.adapters.directory_store import DirectoryStore, create_directory_store
from pipeline.custody.attempts import give_up
from pipeline.errors import Damaged
from tests.custody.doubles import Office
from tests.custody.reading import begun, committed, done


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def copy(tmp_path: Path) -> DirectoryStore:
    create_directory_store(tmp_path / "other-disk")
    return DirectoryStore(tmp_path / "other-disk")


@pytest.fixture
def new_home(tmp_path: Path) -> Office:
    (tmp_path / "new").mkdir()
    return Office(tmp_path / "new")


@pytest.fixture
def full_office(office: Office) -> Office:
    """Records in every state."""
    for number in range(3):
        done(office, office.received(f"{number}.pdf"))
    committed(office, begun(office, office.received("review.pdf")), review=True)
    give_up(office.custody, begun(office, office.received("bad.pdf")), Damaged())
    office.received("pending.pdf")
    office.receive(office.scan("empty.pdf", b""))
    return office
