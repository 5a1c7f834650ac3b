"""What lies on another machine is opened as a file of this one."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import BinaryIO

import pytest

from pipeline.adapters.directory_store import DirectoryStore, create_directory_store
from pipeline.custody.fetching import FETCHES, fetched
from pipeline.errors import DigestMismatch, KeyMissing
from pipeline.ports import Store
from tests.custody.doubles import WrappedStore

WHOLE = hashlib.sha256(b"%PDF-1.7 whole").hexdigest()


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
def store(tmp_path: Path) -> DirectoryStore:
    create_directory_store(tmp_path / "store")
    return DirectoryStore(tmp_path / "store")


def test_a_copy_has_the_objects_bytes_and_is_made_once(store: DirectoryStore, tmp_path: Path) -> None:
    store.put_new("files/ab/rendition.pdf", b"%PDF-1.7 whole")
    copy = fetched(store, "files/ab/rendition.pdf", WHOLE, tmp_path / "opened")
    assert copy.read_bytes() == b"%PDF-1.7 whole"
    store.remove("files/ab/rendition.pdf")
    assert fetched(store, "files/ab/rendition.pdf", WHOLE, tmp_path / "opened") == copy


def test_what_is_missing_leaves_no_file(store: DirectoryStore, tmp_path: Path) -> None:
    with pytest.raises(KeyMissing):
        fetched(store, "files/none", WHOLE, tmp_path / "opened")
    assert files_in(tmp_path / "opened") == []


class SpoiltStore(WrappedStore):
    """Spoils what it gives, so many times."""

    def __init__(self, store: Store, times: int) -> None:
        super().__init__(store)
        self.times = times

    def open(self, key: str) -> BinaryIO:
        self.times -= 1
        return io.BytesIO(b"spoilt") if self.times >= 0 else super().open(key)


def test_what_comes_spoilt_is_asked_for_again(store: DirectoryStore, tmp_path: Path) -> None:
    store.put_new("a", b"%PDF-1.7 whole")
    copy = fetched(SpoiltStore(store, FETCHES - 1), "a", WHOLE, tmp_path / "opened")
    assert copy.read_bytes() == b"%PDF-1.7 whole"


def test_what_always_comes_spoilt_is_told_and_leaves_no_file(store: DirectoryStore, tmp_path: Path) -> None:
    store.put_new("a", b"%PDF-1.7 whole")
    with pytest.raises(DigestMismatch):
        fetched(SpoiltStore(store, FETCHES), "a", WHOLE, tmp_path / "opened")
    assert files_in(tmp_path / "opened") == []
