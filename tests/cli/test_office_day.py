"""The commands of an office, in the order of its day, over one home."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from samples import draw_sample
from tests.bad_inputs import empty_file, html_named_pdf, pdf_with_password
from tests.cli.command import blank_scan, sohoa

TERMS = ("done", "pending", "quarantined", "rejected")


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """One readable decision, a blank page, a page with a password, an empty file, and a file that is no scan."""
    folder = tmp_path / "scans"
    folder.mkdir()
    sample = draw_sample(30, 1, "none")
    (folder / f"a{sample.suffix}").write_bytes(sample.content)
    blank_scan(folder / "trang.png")
    (folder / "khóa.pdf").write_bytes(pdf_with_password())
    (folder / "rỗng.pdf").write_bytes(empty_file())
    (folder / "web.pdf").write_bytes(html_named_pdf())
    (folder / "ghi chú.txt").write_text("x", encoding="utf-8")
    return folder


def test_a_batch_goes_from_the_scanner_to_the_search_and_every_file_is_accounted_for(scans: Path) -> None:
    assert sohoa("init").code == 0
    handed = sohoa("ingest", scans, "--batch", "Đợt 1", "--declared", "6")
    assert handed.code == 3
    assert set(handed.complaints.values()) == {"EMPTY_FILE", "UNKNOWN_TYPE"}
    assert handed.out.count("đã nhận  ") == 3
    assert f"bỏ qua  {scans / 'ghi chú.txt'}" in handed.out
    assert handed.out.endswith("Lô Đợt 1: đã nhận 5 tệp trên 6 khai báo, còn thiếu 1.\n")

    worked = sohoa("work", "--once")
    assert worked.code == 3
    assert list(worked.complaints.values()) == ["NEEDS_PASSWORD"]
    assert worked.out.endswith("Đã nhận 5 tệp = xong 2 + đang chờ 0 + cách ly 1 + từ chối 2\n")

    status = sohoa("status", "--json").json
    assert status["received"] == sum(status[term] for term in TERMS) == 5
    [batch] = status["by_batch"]
    assert (batch["batch"], batch["declared"], batch["received"], batch["needs_review"]) == (
        "Đợt 1",
        6,
        5,
        status["needs_review"],
    )
    [given_up] = status["quarantine"]
    assert given_up["code"] == "NEEDS_PASSWORD"

    shown = sohoa("status").out
    assert "Đã nhận 5 tệp = xong 2 + đang chờ 0 + cách ly 1 + từ chối 2" in shown
    assert f"{given_up['record_id']}: NEEDS_PASSWORD: Tệp PDF có mật khẩu mở." in shown


def test_what_was_read_is_found_shown_and_opened(scans: Path) -> None:
    sohoa("init")
    sohoa("ingest", next(scans.glob("a.*")), "--sector", "noi-vu")
    sohoa("work", "--once")
    [hit] = sohoa("search", "uy ban nhan dan", "--sector", "noi-vu", "--json").json["hits"]
    start, end = hit["snippet"]["marks"][0]
    assert hit["snippet"]["text"][start:end]
    assert len(hit["snippet"]["boxes"][0]) == 4
    assert "Tìm thấy 1 hồ sơ." in sohoa("search", '"ủy ban nhân dân"').out
    nowhere = sohoa("search", "uy ban", "--sector", "khac").out
    assert nowhere == "Không tìm thấy hồ sơ nào.\nChưa có hồ sơ nào thuộc lĩnh vực «khac»; đang có: noi-vu.\n"

    record_id = hit["record_id"]
    record = sohoa("show", record_id, "--json").json
    assert record["state"] == "done"
    assert record["record"]["source"]["name"].startswith("a.")
    assert record["sector"] == "noi-vu"
    assert "Cơ quan ban hành" in sohoa("show", record_id).out
    assert "ỦY BAN NHÂN DÂN" in unicodedata.normalize("NFC", sohoa("show", record_id, "--text").out.upper())

    original, rendition = (Path(path) for path in sohoa("open", record_id, "--json").json.values())
    assert original.read_bytes() == next(scans.glob("a.*")).read_bytes()
    assert rendition.read_bytes().startswith(b"%PDF-")


def test_the_same_file_again_is_already_there_and_counted(scans: Path) -> None:
    sohoa("init")
    page = scans / "trang.png"
    first = sohoa("ingest", page, "--json").json["files"][0]
    second = sohoa("ingest", page, "--json").json["files"][0]
    assert (first["outcome"], second["outcome"]) == ("received", "already")
    assert first["record_id"] == second["record_id"]
    status = sohoa("status", "--json").json
    assert (status["received"], status["pending"]) == (2, 2)


def test_a_record_in_quarantine_is_brought_back_and_a_read_one_read_again(scans: Path) -> None:
    sohoa("init")
    sohoa("ingest", scans / "khóa.pdf", scans / "trang.png")
    sohoa("work", "--once")
    [given_up] = sohoa("status", "--json").json["quarantine"]
    assert "Tệp PDF có mật khẩu mở" in sohoa("show", given_up["record_id"]).out

    assert "1 hồ sơ sẽ được đọc lại" in sohoa("retry", "--all").out
    assert sohoa("status", "--json").json["pending"] == 1
    assert "không bị cách ly, để nguyên" in sohoa("retry", given_up["record_id"]).out
    assert "1 hồ sơ sẽ được đọc lại" in sohoa("reread", "--all").out
    assert sohoa("status", "--json").json["pending"] == 2
    sohoa("work", "--once")
    status = sohoa("status", "--json").json
    assert (status["done"], status["quarantined"]) == (1, 1)


def test_a_home_is_checked_backed_up_and_restored(scans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sohoa("init")
    sohoa("ingest", scans / "trang.png")
    sohoa("work", "--once")
    before = sohoa("status", "--json").json
    assert sohoa("fixity").code == 0
    assert sohoa("reconcile", "--json").json["pending"] == 0
    assert sohoa("reindex", "--json").json == {"records": 1, "left_out": {}}
    assert sohoa("backup", tmp_path / "copy").code == 0
    assert sohoa("backup", tmp_path / "copy", "--json").json["copied"] == 0
    assert sohoa("backup", tmp_path / "home" / "copy").code == 2

    monkeypatch.setenv("SOHOA_HOME", str(tmp_path / "other"))
    assert sohoa("restore", tmp_path / "nowhere").complaints == {"sohoa": "BACKUP_MISSING"}
    assert sohoa("restore", tmp_path / "copy").code == 0
    assert sohoa("status", "--json").json == before
    assert sohoa("search", "", "--json").json["total"] == 1


def test_a_changed_byte_is_found_and_named(scans: Path, home: Path) -> None:
    sohoa("init")
    record_id = sohoa("ingest", scans / "trang.png", "--json").json["files"][0]["record_id"]
    original = Path(sohoa("open", record_id, "--json").json["original"])
    original.chmod(0o644)
    original.write_bytes(original.read_bytes()[:-1] + b"?")
    checked = sohoa("fixity")
    assert checked.code == 3
    assert record_id in checked.err
    assert ": CHANGED: " in checked.err


def test_init_twice_is_harmless(scans: Path) -> None:
    sohoa("init")
    sohoa("ingest", scans / "trang.png")
    assert sohoa("init").code == 0
    assert sohoa("status", "--json").json["received"] == 1


def test_the_doctor_tells_what_is_there() -> None:
    before = sohoa("doctor", "--json")
    checks = {check["name"]: check for check in before.json["checks"]}
    assert before.code == 0
    assert checks["home"]["health"] == "warning"
    assert {check["health"] for name, check in checks.items() if name != "home"} == {"good"}
    assert "mô hình" in checks["reader"]["detail"]
    sohoa("init")
    assert "Dùng được." in sohoa("doctor").out


def test_the_doctor_is_4_when_something_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    answer = sohoa("doctor", "--json")
    assert answer.code == 4
    assert {check["name"] for check in answer.json["checks"] if check["health"] == "bad"} >= {
        "tesseract",
        "pdftoppm",
        "tesseract_vie",
    }
