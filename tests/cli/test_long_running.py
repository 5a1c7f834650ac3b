"""`work` and `watch` run all day, in a process of their own: found, stopped, killed."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.command import blank_scan, sohoa, start_sohoa

PATIENCE_SECONDS = 90


def _status() -> dict[str, int]:
    """The equation is looked at with every look."""
    counts: dict[str, int] = sohoa("status", "--json").json
    assert counts["received"] == counts["done"] + counts["pending"] + counts["quarantined"] + counts["rejected"]
    return counts


def _wait_until(happened: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.1)


def _end(program: subprocess.Popen[str], number: signal.Signals) -> tuple[int, str]:
    program.send_signal(number)
    _, complaints = program.communicate(timeout=PATIENCE_SECONDS)
    return program.returncode, complaints


def _hand_over(tmp_path: Path, first: int, last: int) -> None:
    scans = [blank_scan(tmp_path / "scans" / f"{page}.png", 200 + page) for page in range(first, last + 1)]
    assert sohoa("ingest", *scans).code == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 130), (signal.SIGKILL, -9)])
def test_work_that_was_ended_is_taken_up_again_and_done_once(number: signal.Signals, code: int, tmp_path: Path) -> None:
    sohoa("init")
    _hand_over(tmp_path, 1, 7)
    with start_sohoa("work", cwd=tmp_path) as program:
        _wait_until(lambda: _status()["done"] >= 2)
        assert _end(program, number)[0] == code
    assert _status()["done"] < 7
    assert sohoa("work", "--once").code == 0
    counts = _status()
    assert (counts["received"], counts["done"]) == (7, 7)
    assert sohoa("search", "", "--json").json["total"] == 7


def test_work_finds_what_another_process_has_handed_over(tmp_path: Path) -> None:
    sohoa("init")
    with start_sohoa("work", cwd=tmp_path) as program:
        _hand_over(tmp_path, 1, 2)
        _wait_until(lambda: _status()["done"] == 2)
        _hand_over(tmp_path, 3, 3)
        _wait_until(lambda: _status()["done"] == 3)
        program.send_signal(signal.SIGINT)
        told, complaints = program.communicate(timeout=PATIENCE_SECONDS)
    assert program.returncode == 130
    assert complaints == "sohoa: INTERRUPTED: Việc bị ngắt giữa chừng. Chạy «sohoa work» để làm tiếp.\n"
    assert "Đã đọc xong 3 hồ sơ, 0 hồ sơ bị cách ly.\nĐã nhận 3 " in told


def test_a_second_worker_on_the_same_home_is_4(tmp_path: Path, home: Path) -> None:
    sohoa("init")
    _hand_over(tmp_path, 1, 1)
    with start_sohoa("work", cwd=tmp_path) as program:
        _wait_until(lambda: _status()["done"] == 1)
        second = sohoa("work", "--once")
        assert (second.code, second.complaints) == (4, {"sohoa": "HOME_LOCKED"})
        _end(program, signal.SIGTERM)


def test_a_scanners_folder_is_emptied_into_custody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOHOA_WATCH_SETTLE_SECONDS", "0.3")
    monkeypatch.setenv("SOHOA_POLL_SECONDS", "0.1")
    sohoa("init")
    folder = tmp_path / "scanner"
    blank_scan(folder / "Đợt 7" / "1.png")
    (folder / "2.pdf").write_text("this is no PDF", encoding="utf-8")
    with start_sohoa("watch", folder, cwd=tmp_path) as program:
        _wait_until(lambda: _status()["received"] == 2)
        _wait_until(lambda: (folder / "da-nhan" / "Đợt 7" / "1.png").exists() and (folder / "khong-nhan" / "2.pdf").exists())
        code, complaints = _end(program, signal.SIGINT)
    assert code == 130
    assert complaints.startswith(f"{folder / '2.pdf'}: UNKNOWN_TYPE: ")
    assert {batch["batch"] for batch in sohoa("status", "--json").json["by_batch"]} > {"Đợt 7"}


def test_ingest_that_was_killed_is_continued_by_the_same_command(tmp_path: Path) -> None:
    sohoa("init")
    source = blank_scan(tmp_path / "scans" / "0.png")
    for page in range(1, 300):
        shutil.copy(source, tmp_path / "scans" / f"{page}.png")
        with (tmp_path / "scans" / f"{page}.png").open("ab") as scan:
            scan.write(str(page).encode())
    with start_sohoa("ingest", tmp_path / "scans", cwd=tmp_path) as program:
        _wait_until(lambda: _status()["received"] >= 5)
        _end(program, signal.SIGKILL)
    assert _status()["received"] < 300
    again = sohoa("ingest", tmp_path / "scans", "--declared", "300")
    assert again.out.endswith("đã nhận 300 tệp trên 300 khai báo.\n")
    assert _status()["pending"] == 300
