"""What lies on another machine is opened as a file of this one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.adapters.directory_store import DirectoryStore, create_directory_store
from pipeline.custody.fetching import fetched
from pipeline.errors import KeyMissing


@pytest.fixture
def store(tmp_path: Path) -> DirectoryStore:
    create_directory_store(tmp_path / "store")
    return DirectoryStore(tmp_path / "store")


def test_a_copy_has_the_objects_bytes_and_is_made_once(store: DirectoryStore, tmp_path: Path) -> None:
    store.put_new("files/ab/rendition.pdf", b"%PDF-1.7 whole")
    copy = fetched(store, "files/ab/rendition.pdf", tmp_path / "opened")
    assert copy.read_bytes() == b"%PDF-1.7 whole"
    store.remove("files/ab/rendition.pdf")
    assert fetched(store, "files/ab/rendition.pdf", tmp_path / "opened") == copy


def test_what_is_missing_leaves_no_file(store: DirectoryStore, tmp_path: Path) -> None:
    with pytest.raises(KeyMissing):
        fetched(store, "files/none", tmp_path / "opened")
    assert [path for path in (tmp_path / "opened").rglob("*") if path.is_file()] == []
