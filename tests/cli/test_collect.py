"""`collect`: what others have dropped, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import blank_scan, sohoa


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is shared with others; nothing in it has to settle."""
    monkeypatch.setenv("SOHOA_INCOMING_FOLDER", str(tmp_path / "shared"))
    monkeypatch.setenv("SOHOA_WATCH_SETTLE_SECONDS", "0")
    return tmp_path / "shared"


@pytest.fixture
def batch(shared: Path) -> Path:
    assert sohoa("init").code == 0
    return shared / "incoming" / "xa-a" / "Đợt 1"


def test_init_makes_the_folder_and_says_where_files_are_dropped(shared: Path) -> None:
    told = sohoa("init")
    assert told.code == 0
    assert f"Nơi nhận tệp từ máy quét và hệ thống khác: {shared}/incoming/" in told.out
    assert (shared / "incoming").is_dir()
    assert sohoa("init").code == 0


def test_what_is_taken_is_told_line_by_line_and_summed_up(batch: Path) -> None:
    blank_scan(batch / "1.png", 250)
    blank_scan(batch / "2.png", 250)
    blank_scan(batch / "3.png", 251)
    (batch / "batch.json").write_text('{"declared": 3}')
    told = sohoa("collect")
    assert (told.code, told.err) == (0, "")
    lines = told.out.splitlines()
    assert [line.split("  ")[0] for line in lines[:-1]] == ["đã nhận", "đã có", "đã nhận", "đủ lô"]
    assert lines[0].endswith("incoming/xa-a/Đợt 1/1.png")
    assert lines[-1] == "Đã nhận 3 tệp, từ chối 0; đang chờ ghi xong hoặc chờ khai báo: 0."
    (line,) = sohoa("status", "--json").json["by_batch"]
    assert (line["unit"], line["batch"], line["declared"], line["received"]) == ("xa-a", "Đợt 1", 3, 3)


def test_what_is_refused_left_or_not_to_be_read_is_complained_of(batch: Path, shared: Path) -> None:
    blank_scan(batch / "1.png")
    (batch / "bad.pdf").write_bytes(b"<html>")
    (batch / "batch.json").write_text("{")
    (batch / "empty.pdf").write_bytes(b"")
    blank_scan(shared / "incoming" / "lost.png")
    told = sohoa("collect")
    assert told.code == 3
    assert told.complaints == {
        "incoming/lost.png": "WRONG_PLACE",
        "incoming/xa-a/Đợt 1/batch.json": "SIDECAR_BROKEN",
        "incoming/xa-a/Đợt 1/bad.pdf": "UNKNOWN_TYPE",
    }
    assert "chờ khai báo: 1." in told.out
    assert "Tệp bị từ chối nằm trong refused/" in told.out
    why = json.loads((shared / "refused/xa-a/Đợt 1/bad.pdf.why.json").read_text(encoding="utf-8"))
    assert why["code"] == "UNKNOWN_TYPE"
    assert why["message"].startswith("Nội dung không phải PDF")


def test_a_program_gets_one_document(batch: Path) -> None:
    blank_scan(batch / "1.png")
    (batch / "bad.pdf").write_bytes(b"<html>")
    (batch / "batch.json").write_text('{"declared": 2}')
    told = sohoa("collect", "--json")
    assert told.code == 3
    counts = {name: told.json[name] for name in ("received", "already", "rejected", "waiting", "left", "failed", "closed")}
    assert counts == {"received": 1, "already": 0, "rejected": 1, "waiting": 0, "left": 0, "failed": 0, "closed": 1}
    outcomes = {one["key"].rsplit("/", 1)[1]: (one["outcome"], one["code"]) for one in told.json["files"]}
    assert outcomes == {
        "batch.json": ("noted", None),
        "1.png": ("received", None),
        "bad.pdf": ("rejected", "UNKNOWN_TYPE"),
        "": ("closed", None),
    }


def test_a_file_of_a_shared_folder_settles_as_one_of_a_watched_folder_does(batch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOHOA_WATCH_SETTLE_SECONDS", "600")
    blank_scan(batch / "1.png")
    told = sohoa("collect", "--json").json
    assert (told["received"], told["waiting"]) == (0, 1)


def test_where_nothing_is_named_or_made_there_is_nothing_to_collect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sohoa("init")
    told = sohoa("collect")
    assert (told.code, told.complaints) == (4, {"sohoa": "INCOMING_MISSING"})
    monkeypatch.setenv("SOHOA_INCOMING_FOLDER", str(tmp_path / "none"))
    told = sohoa("collect")
    assert (told.code, told.complaints) == (4, {"sohoa": "INCOMING_MISSING"})


def test_doctor_names_the_place_where_there_is_one(batch: Path, shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def line() -> dict[str, str] | None:
        found: list[dict[str, str]] = [one for one in sohoa("doctor", "--json").json["checks"] if one["name"] == "incoming"]
        return found[0] if found else None

    named = line()
    assert named is not None
    assert (named["health"], named["detail"]) == ("good", f"{shared}/")
    monkeypatch.setenv("SOHOA_INCOMING_FOLDER", str(shared / "none"))
    missing = line()
    assert missing is not None
    assert missing["health"] == "warning"
    monkeypatch.delenv("SOHOA_INCOMING_FOLDER")
    assert line() is None


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"BUCKET": "in"}, "SOHOA_INCOMING_BUCKET cần SOHOA_S3_ENDPOINT hoặc SOHOA_INCOMING_ENDPOINT"),
        ({"BUCKET": "in", "FOLDER": "x"}, "chỉ đặt một trong hai"),
        ({"BUCKET": "in", "ENDPOINT": "127.0.0.1:1"}, "cần cả SOHOA_S3_ACCESS_KEY và SOHOA_S3_SECRET_KEY"),
    ],
)
def test_settings_that_contradict_each_other_are_told(
    settings: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sohoa("init")
    for name, value in settings.items():
        monkeypatch.setenv(f"SOHOA_INCOMING_{name}", value)
    answer = sohoa("collect")
    assert (answer.code, answer.complaints) == (2, {"sohoa": "BAD_SETTING"})
    assert told in answer.err
