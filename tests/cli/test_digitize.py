"""`sohoa digitize`: one folder of results for each input, whole or not at all."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import pytest

from tests.bad_images import tiff_of_three_frames
from tests.bad_inputs import empty_file, pdf_without_pages
from tests.cli.command import blank_scan, sohoa, start_sohoa
from workers.results import WORK

PATIENCE_SECONDS = 90


def _results(out: Path) -> list[str]:
    return sorted(folder.name for folder in out.iterdir())


def _source(folder: Path) -> dict[str, object]:
    source: dict[str, object] = json.loads((folder / "record.json").read_text(encoding="utf-8"))["source"]
    return source


def test_each_input_gets_its_folder_and_each_failure_its_line(tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    blank_scan(scans / "b.png", 250)
    blank_scan(scans / "sub" / "b.png", 251)
    (scans / "c.tif").write_bytes(tiff_of_three_frames())
    (scans / "d.pdf").write_bytes(pdf_without_pages())
    (scans / "e.pdf").write_bytes(empty_file())
    (scans / "note.txt").write_text("x", encoding="utf-8")
    answer = sohoa("digitize", scans, tmp_path / "gone.pdf", "-o", tmp_path / "out", "--json")

    assert answer.code == 3
    expected = {scans / "d.pdf": "NO_PAGES", scans / "e.pdf": "EMPTY_FILE", tmp_path / "gone.pdf": "UNREADABLE"}
    assert answer.complaints == {str(path): code for path, code in expected.items()}
    assert {one["path"]: one["code"] for one in answer.json["failed"]} == answer.complaints
    assert answer.json["skipped"] == [str(scans / "note.txt")]
    assert answer.json["pages"] == 5

    assert _results(tmp_path / "out") == ["b", "b-2", "c"]
    assert _source(tmp_path / "out" / "b-2")["name"] == "b.png"
    files = {str(path.relative_to(tmp_path / "out" / "c")) for path in (tmp_path / "out" / "c").rglob("*") if path.is_file()}
    assert files == {"record.json", "text.txt", "rendition.pdf", "alto/0001.xml", "alto/0002.xml", "alto/0003.xml"}


def test_an_out_with_results_is_refused_until_it_is_said_what_to_do_with_them(tmp_path: Path) -> None:
    scan, out = blank_scan(tmp_path / "a.png"), tmp_path / "out"
    assert sohoa("digitize", scan, "-o", out).code == 0
    refused = sohoa("digitize", scan, "-o", out)
    assert (refused.code, refused.complaints) == (2, {"sohoa": "OUTPUT_EXISTS"})

    made_at = (out / "a" / "record.json").stat().st_mtime_ns
    resumed = sohoa("digitize", scan, blank_scan(tmp_path / "b.png", 240), "-o", out, "--resume", "--json")
    assert [one["already"] for one in resumed.json["done"]] == [True, False]
    assert (out / "a" / "record.json").stat().st_mtime_ns == made_at

    assert sohoa("digitize", scan, "-o", out, "--overwrite").code == 0
    assert (out / "a" / "record.json").stat().st_mtime_ns > made_at
    assert _results(out) == ["a", "b"]


def test_resuming_knows_results_by_their_content_not_by_their_name(tmp_path: Path) -> None:
    out = tmp_path / "out"
    second = blank_scan(tmp_path / "2" / "a.png", 241)
    sohoa("digitize", second, "-o", out)
    resumed = sohoa("digitize", blank_scan(tmp_path / "1" / "a.png", 240), second, "-o", out, "--resume", "--json")
    assert {one["path"]: (Path(one["folder"]).name, one["already"]) for one in resumed.json["done"]} == {
        str(second): ("a", True),
        str(tmp_path / "1" / "a.png"): ("a-2", False),
    }


def test_what_others_have_put_into_out_is_never_touched(tmp_path: Path) -> None:
    kept = tmp_path / "out" / "a" / "mine.txt"
    kept.parent.mkdir(parents=True)
    kept.write_text("x", encoding="utf-8")
    assert sohoa("digitize", blank_scan(tmp_path / "a.png"), "-o", tmp_path / "out", "--overwrite").code == 0
    assert _results(tmp_path / "out") == ["a", "a-2"]
    assert [path.name for path in kept.parent.iterdir()] == ["mine.txt"]


def test_a_clean_run_is_0_and_says_what_it_did(tmp_path: Path) -> None:
    answer = sohoa("digitize", blank_scan(tmp_path / "a.png"), "-o", tmp_path / "out")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("Đã đọc 1 tệp, 1 trang trong 0:0")
    assert "Cần người xem lại: 1 tệp." in answer.out


def test_resuming_with_nothing_left_says_so(tmp_path: Path) -> None:
    scan, out = blank_scan(tmp_path / "a.png"), tmp_path / "out"
    sohoa("digitize", scan, "-o", out)
    assert sohoa("digitize", scan, "-o", out, "--resume").out == (
        f"Không còn gì phải đọc.\nKết quả: {out}\nĐã có từ trước: 1 tệp.\n"
    )


def test_where_the_results_of_files_of_one_name_went_is_said(tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    for number, name in enumerate(("x.jpg", "x.png", "b/x.png", "y.png")):
        blank_scan(scans / name, 200 + number)
    told = sohoa("digitize", scans, "-o", tmp_path / "out").out.splitlines()
    renamed = {line.split(": ")[0]: line.split()[-1] for line in told if "tên đã có kết quả khác" in line}
    assert renamed == {str(scans / "x.png"): "x-2", str(scans / "b" / "x.png"): "x-3"}


def test_pictures_of_the_stages_are_kept_on_request(tmp_path: Path) -> None:
    sohoa("digitize", blank_scan(tmp_path / "a.png"), "-o", tmp_path / "out", "--keep-work")
    assert any((tmp_path / "out" / "a" / "work").iterdir())


@pytest.mark.parametrize("name", ["-rf.png", "Quyết định số 5 (bản sao).png", "x" * 240 + ".png", "..png", "a b\nc.png"])
def test_odd_file_names_are_files_like_others(name: str, tmp_path: Path) -> None:
    scan = blank_scan(tmp_path / "scans" / name)
    answer = sohoa("digitize", "--out", tmp_path / "out", "--", scan)
    assert (answer.code, answer.err) == (0, "")
    [made] = (tmp_path / "out").iterdir()
    assert _source(made)["name"] == name


def test_an_out_that_is_a_file_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x", encoding="utf-8")
    answer = sohoa("digitize", blank_scan(tmp_path / "a.png"), "-o", tmp_path / "out")
    assert (answer.code, answer.complaints) == (2, {"sohoa": "OUTPUT_UNUSABLE"})


def test_a_disk_that_is_nearly_full_stops_before_anything_breaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOHOA_MIN_FREE_DISK_MB", "1000000")
    answer = sohoa("digitize", blank_scan(tmp_path / "a.png"), "-o", tmp_path / "out")
    assert (answer.code, answer.complaints) == (4, {"sohoa": "DISK_FULL"})
    assert _results(tmp_path / "out") == []


def _wait_for(out: Path, count: int) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while len(list(out.glob("*/record.json"))) < count and time.monotonic() < until:
        time.sleep(0.05)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 130), (signal.SIGKILL, -9)])
def test_a_run_that_was_ended_leaves_only_whole_results_and_is_continued(
    number: signal.Signals, code: int, tmp_path: Path
) -> None:
    scans, out = tmp_path / "scans", tmp_path / "out"
    for page in range(1, 17):
        blank_scan(scans / f"{page}.png", 200 + page)
    with start_sohoa("digitize", scans, "-o", out, cwd=tmp_path) as program:
        _wait_for(out, 3)
        program.send_signal(number)
        _, complaints = program.communicate(timeout=PATIENCE_SECONDS)
        assert program.returncode == code, complaints
    whole = {folder.name for folder in out.iterdir() if folder.name != WORK}
    assert 3 <= len(whole) < 16
    assert all((out / name / "rendition.pdf").read_bytes().rstrip().endswith(b"%%EOF") for name in whole)
    if code == 130:
        assert complaints.startswith("sohoa: INTERRUPTED: Đã dừng sau ")
        assert not (out / WORK).exists()

    resumed = sohoa("digitize", scans, "-o", out, "--resume", "--json")
    assert sum(one["already"] for one in resumed.json["done"]) == len(whole)
    assert _results(out) == sorted(str(page) for page in range(1, 17))
