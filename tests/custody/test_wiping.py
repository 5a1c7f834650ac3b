"""What is wiped is written over before its name goes, and nothing of anybody else's is touched."""

from __future__ import annotations

from pathlib import Path

from pipeline.disk import ZEROS, wipe
from tests.custody.doubles import Office

TEXT = b"words that nobody may keep\n"


def test_every_file_is_zeros_before_it_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    (folder / "alto").mkdir(parents=True)
    for name, content in {"text.txt": TEXT, "alto/0001.xml": TEXT * (ZEROS // 10), "empty": b""}.items():
        (folder / name).write_bytes(content)
    (folder / "text.txt").chmod(0o400)
    with (folder / "text.txt").open("rb") as small, (folder / "alto" / "0001.xml").open("rb") as large:
        assert wipe(folder)
        assert small.read() == bytes(len(TEXT))
        assert not any(large.read())
    assert not folder.exists()


def test_a_file_with_another_name_elsewhere_stays_there_as_it_is(tmp_path: Path) -> None:
    kept, folder = tmp_path / "kept", tmp_path / "work"
    kept.write_bytes(TEXT)
    kept.chmod(0o444)
    folder.mkdir()
    (folder / "linked").hardlink_to(kept)
    (folder / "pointing").symlink_to(kept)
    assert wipe(folder)
    assert (kept.read_bytes(), kept.stat().st_mode & 0o777) == (TEXT, 0o444)


def test_what_is_not_there_is_wiped(tmp_path: Path) -> None:
    assert wipe(tmp_path / "nowhere")


def test_a_store_in_a_folder_writes_over_what_it_erases(office: Office) -> None:
    store = office.store
    store.put_new("files/a/text.txt", TEXT)
    with store.open("files/a/text.txt") as reader:
        assert store.erase("files/a/") == []
        assert reader.read() == bytes(len(TEXT))
