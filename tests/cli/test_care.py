"""Keeping what is kept: what a clerk is told when something has rotted, has gone, or is about to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.adapters.file_lock import FileLock
from tests.bad_inputs import pdf_with_password
from tests.cli.command import Answer, blank_scan, sohoa


@pytest.fixture
def kept(home: Path, tmp_path: Path) -> Path:
    """A home with one record that was read, and its backup; where the home's objects lie."""
    sohoa("init")
    sohoa("ingest", blank_scan(tmp_path / "scans" / "a.png"))
    sohoa("work", "--once")
    assert sohoa("backup", tmp_path / "copy").code == 0
    return home / "store" / "objects"


def _only(objects: Path, pattern: str) -> Path:
    [found] = objects.glob(pattern)
    return found


def _rot(file: Path) -> None:
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:-1] + b"?")


def _checked(answer: Answer, code: int, complaints: dict[str, str]) -> None:
    assert (answer.code, answer.complaints) == (code, complaints), answer.err


def test_a_lost_file_is_named_by_each_backup_and_brought_back_by_restore(kept: Path, tmp_path: Path) -> None:
    lost = _only(kept, "files/*/*/*/text.txt")
    key, content = str(lost.relative_to(kept)), lost.read_bytes()
    lost.unlink()
    for _ in range(2):
        answer = sohoa("backup", tmp_path / "copy")
        _checked(answer, 3, {key: "MISSING"})
        assert "0 hỏng, 1 thiếu trong kho" in answer.out
    assert json.loads(sohoa("backup", tmp_path / "copy", "--json").out)["missing"] == [key]
    restored = sohoa("restore", tmp_path / "copy")
    _checked(restored, 0, {})
    assert f"lấy lại  {key}" in restored.out
    assert lost.read_bytes() == content
    _checked(sohoa("backup", tmp_path / "copy"), 0, {})


def test_a_rotten_file_is_replaced_in_the_home_it_rotted_in_and_what_came_later_stays(kept: Path, tmp_path: Path) -> None:
    sohoa("ingest", blank_scan(tmp_path / "scans" / "b.png", 250))
    rotten = _only(kept, "files/*/*/*/rendition.pdf")
    content = rotten.read_bytes()
    _rot(rotten)
    fixity = sohoa("fixity")
    assert (fixity.code, set(fixity.complaints.values())) == (3, {"CHANGED"})
    assert "sohoa restore THƯ_MỤC_SAO_LƯU" in fixity.err
    assert f"thay  {rotten.relative_to(kept)}" in sohoa("restore", tmp_path / "copy").out
    assert rotten.read_bytes() == content
    assert sohoa("fixity").code == 0
    assert json.loads(sohoa("status", "--json").out)["received"] == 2


def test_a_backup_says_that_it_does_not_read_again_what_it_has(kept: Path, tmp_path: Path) -> None:
    _rot(_only(kept, "originals/*/*"))
    answer = sohoa("backup", tmp_path / "copy")
    assert answer.code == 0
    assert "không được đọc lại; «sohoa fixity»" in answer.out
    assert sohoa("restore", tmp_path / "copy").code == 0
    assert sohoa("fixity").code == 0


def test_what_is_damaged_in_the_backup_too_is_named_and_left(kept: Path, tmp_path: Path) -> None:
    key = _only(kept, "originals/*/*").relative_to(kept)
    _rot(kept / key)
    _rot(tmp_path / "copy" / "objects" / key)
    answer = sohoa("restore", tmp_path / "copy")
    _checked(answer, 3, {str(key): "BACKUP_DAMAGED"})
    assert "sohoa restore" not in answer.err


def test_nothing_is_restored_while_a_worker_is_at_it(kept: Path, home: Path, tmp_path: Path) -> None:
    lost = _only(kept, "files/*/*/*/text.txt")
    lost.unlink()
    with FileLock(home / "work.lock").exclusive():
        _checked(sohoa("restore", tmp_path / "copy"), 4, {"sohoa": "HOME_LOCKED"})
    assert not lost.exists()


def test_a_lost_manifest_breaks_the_equation_until_it_is_restored(kept: Path, tmp_path: Path) -> None:
    _only(kept, "manifests/*/*").unlink()
    _checked(sohoa("status"), 4, {"sohoa": "EQUATION"})
    sohoa("restore", tmp_path / "copy")
    assert sohoa("status").code == 0


def test_the_backup_of_one_home_is_not_mixed_with_another(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOHOA_HOME", str(tmp_path / "other"))
    sohoa("init")
    sohoa("ingest", blank_scan(tmp_path / "scans" / "b.png", 250))
    for command in ("backup", "restore"):
        _checked(sohoa(command, tmp_path / "copy"), 2, {"sohoa": "OTHER_HOME"})


def test_a_stray_file_is_named_and_left(kept: Path) -> None:
    (kept / "stray").write_bytes(b"?")
    _checked(sohoa("fixity"), 3, {"stray": "ORPHANED"})
    assert (kept / "stray").exists()


@pytest.mark.parametrize("place", ["/proc/nowhere", "/dev/null/home", "a-file/home", "n" * 300])
def test_a_place_where_no_folder_can_be_is_named(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    (tmp_path / "a-file").write_bytes(b"")
    impossible = tmp_path / place
    monkeypatch.setenv("SOHOA_HOME", str(impossible))
    made = sohoa("init")
    _checked(made, 4, {"sohoa": "FOLDER_UNUSABLE"})
    assert made.err.startswith(f"sohoa: FOLDER_UNUSABLE: Không tạo được thư mục ({impossible}")
    monkeypatch.undo()
    monkeypatch.setenv("SOHOA_HOME", str(tmp_path / "home"))
    _checked(sohoa("backup", impossible), 4, {"sohoa": "FOLDER_UNUSABLE"})


@pytest.mark.parametrize("command", ["ingest", "watch"])
def test_the_whole_machine_is_not_taken_in(command: str, kept: Path, tmp_path: Path) -> None:
    for wide in (tmp_path, tmp_path / "home", kept):
        _checked(sohoa(command, wide), 2, {"sohoa": "FOLDER_TOO_WIDE"})
    assert json.loads(sohoa("status", "--json").out)["received"] == 1


def test_work_says_how_many_were_read_and_how_many_were_given_up(home: Path, tmp_path: Path) -> None:
    (tmp_path / "locked.pdf").write_bytes(pdf_with_password())
    sohoa("init")
    sohoa("ingest", blank_scan(tmp_path / "a.png"), tmp_path / "locked.pdf")
    answer = sohoa("work", "--once")
    assert "Đã đọc xong 1 hồ sơ, 1 hồ sơ bị cách ly.\n" in answer.out
    assert "Đã đọc xong 0 hồ sơ, 0 hồ sơ bị cách ly.\n" in sohoa("work", "--once").out
