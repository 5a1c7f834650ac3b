"""Handing over twice, a scanner's folder with other things in it, and folders that are not empty."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from cli.intake import SURPLUS
from tests.cli.command import blank_scan, sohoa, start_sohoa

PATIENCE_SECONDS = 60


def flat(text: str) -> str:
    """Without its line breaks."""
    return " ".join(text.split())


def test_the_same_batch_twice_says_what_was_there_and_what_the_surplus_means(tmp_path: Path) -> None:
    sohoa("init")
    for number in (1, 2):
        blank_scan(tmp_path / "scans" / f"{number}.png", 200 + number)
    command = ("ingest", tmp_path / "scans", "--batch", "Đợt 1", "--declared", "2")
    first, second = sohoa(*command).out, sohoa(*command).out
    assert first.endswith("Lô Đợt 1: đã nhận 2 tệp trên 2 khai báo.\n")
    assert "đã có từ trước" not in first
    assert "2 tệp đã có từ trước (cùng nội dung): không tạo hồ sơ mới. Lô Đợt 1: đã nhận 4 tệp" in flat(second)
    assert flat(second).endswith(f"trên 2 khai báo, thừa 2. {SURPLUS}")

    status = sohoa("status").out
    assert status.startswith("Đã nhận 4 tệp = xong 0 + đang chờ 4 + cách ly 0 + từ chối 0\n")
    assert "Trong kho có 2 hồ sơ" in status


def test_whoever_hands_over_clears_away_what_a_killed_one_has_left(tmp_path: Path, home: Path) -> None:
    sohoa("init")
    left = home / "store" / "temp" / "8d5f1f3f"
    left.write_bytes(b"half a scan")
    blank_scan(tmp_path / "scans" / "1.png", 200)
    assert sohoa("ingest", tmp_path / "scans").code == 0
    assert not left.exists()


def test_a_long_batch_name_is_whole_in_a_narrow_status(tmp_path: Path) -> None:
    name = "Đợt-bàn-giao-hồ-sơ-đất-đai-huyện-Lương-Tài-năm-2026"
    sohoa("init")
    sohoa("ingest", blank_scan(tmp_path / "a.png"), "--batch", name)
    assert name in sohoa("status").out


def test_watching_a_folder_that_there_is_not_is_wrong_usage_before_anything_is_promised(tmp_path: Path) -> None:
    sohoa("init")
    answer = sohoa("watch", tmp_path / "nodir")
    assert (answer.code, answer.complaints, answer.out) == (2, {"sohoa": "USAGE"}, "")
    assert "không có thư mục này" in answer.err


def test_watching_mentions_once_what_it_leaves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOHOA_POLL_SECONDS", "0.1")
    sohoa("init")
    folder = tmp_path / "scanner"
    folder.mkdir()
    (folder / "ghi chú.docx").write_text("x", encoding="utf-8")
    with start_sohoa("watch", folder, cwd=tmp_path) as program:
        assert program.stdout is not None
        assert program.stdout.readline().startswith("Đang theo dõi ")
        assert program.stdout.readline().startswith(f"để nguyên  {folder / 'ghi chú.docx'}  (chỉ nhận tệp .jp2, ")
        time.sleep(0.5)  # some further looks
        program.send_signal(signal.SIGINT)
        rest, _ = program.communicate(timeout=PATIENCE_SECONDS)
    assert "để nguyên" not in rest


def test_samples_and_demo_leave_a_folder_that_is_not_empty_alone(tmp_path: Path) -> None:
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "mine.txt").write_text("x", encoding="utf-8")
    refused = sohoa("samples", tmp_path / "used", "--count", "1")
    assert (refused.code, refused.complaints) == (2, {"sohoa": "OUTPUT_EXISTS"})
    assert "--overwrite" in refused.err
    assert sohoa("samples", tmp_path / "used", "--count", "1", "--degrade", "none", "--overwrite").code == 0
    assert (tmp_path / "used" / "mine.txt").exists()

    demo = sohoa("demo", "--folder", tmp_path / "used")
    assert (demo.code, demo.complaints) == (2, {"sohoa": "USAGE"})
    assert "--resume" not in demo.err
    assert "--overwrite" not in demo.err
    assert not (tmp_path / "used" / "kho").exists()


def test_samples_go_into_a_new_or_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for folder in ("empty", "new"):
        assert sohoa("samples", tmp_path / folder, "--count", "1", "--degrade", "none").code == 0
