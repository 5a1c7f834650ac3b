"""An office hands over a file with a mark of secrecy: what it is told at each step, and what is left behind."""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest
from PIL import Image

from pipeline.text import fold
from samples.secrecy import draw_stamped
from tests.cli.command import blank_scan, sohoa
from tests.workers.test_results import result_in

PLAIN = 8
"""The sample of which the mark is framed and upright."""


@lru_cache(maxsize=1)
def stamped_png() -> bytes:
    file = io.BytesIO()
    page = draw_stamped(31, PLAIN).page
    Image.fromarray(page.pixels).save(file, "PNG", dpi=(page.dpi or 200, page.dpi or 200))
    return file.getvalue()


def stamped_scan(file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(stamped_png())
    return file


def sentence_on_it() -> str:
    """A few words that stand on the page: they may be nowhere."""
    page = draw_stamped(31, PLAIN).page
    return max((line.text for line in page.lines), key=len)


# ---- digitize ---------------------------------------------------------------------------------------------------------------


def test_digitize_leaves_a_record_with_the_finding_alone_and_ends_with_3(tmp_path: Path) -> None:
    scan, out = stamped_scan(tmp_path / "a.png"), tmp_path / "out"
    answer = sohoa("digitize", scan, blank_scan(tmp_path / "b.png"), "-o", out)
    assert answer.code == 3
    assert answer.complaints == {str(scan): "SECRET_MARK"}
    assert "Có dấu độ mật, chỉ ghi record.json: 1 tệp." in answer.out
    assert [path.name for path in (out / "a").rglob("*")] == ["record.json"]
    record = json.loads((out / "a" / "record.json").read_text(encoding="utf-8"))
    assert [one["code"] for one in record["findings"]] == ["SECRET_MARK"]
    assert record["pages"] == []
    assert {path.name for path in out.iterdir()} == {"a", "b"}


def test_going_on_with_a_run_tells_of_the_mark_again(tmp_path: Path) -> None:
    scan, out = stamped_scan(tmp_path / "a.png"), tmp_path / "out"
    assert sohoa("digitize", scan, "-o", out).code == 3
    resumed = sohoa("digitize", scan, "-o", out, "--resume", "--json")
    assert (resumed.code, [one["code"] for one in resumed.json["failed"]]) == (3, ["SECRET_MARK"])
    assert resumed.json["done"] == []


def test_the_text_of_an_earlier_version_that_saw_no_mark_is_replaced(tmp_path: Path) -> None:
    scan, out = stamped_scan(tmp_path / "a.png"), tmp_path / "out"
    (out / "a").mkdir(parents=True)
    (result_in(out / "a") / "text.txt").write_text("đọc lần trước")
    assert sohoa("digitize", scan, "-o", out, "--overwrite").code == 3
    assert [path.name for path in (out / "a").rglob("*")] == ["record.json"]


# ---- an office --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Office:
    home: Path
    scan: Path
    record_id: str


@pytest.fixture
def office(home: Path, tmp_path: Path) -> Office:
    """A file with a mark was handed over and work has stopped at it."""
    scan = stamped_scan(tmp_path / "scans" / "mat.png")
    sohoa("init")
    (taken,) = sohoa("ingest", scan, "--json").json["files"]
    answer = sohoa("work", "--once")
    assert (answer.code, answer.complaints) == (3, {taken["record_id"]: "SECRET_MARK"})
    return Office(home, scan, taken["record_id"])


def files_with_its_words(home: Path) -> list[Path]:
    """As they stand on the page, or as a search index has them."""
    words = re.findall(r"\w{6,}", sentence_on_it())  # no shorter ones: "phong" is the name of a fonds
    wanted = [form.encode() for word in words for form in (word, fold(word))]
    return [path for path in home.rglob("*") if path.is_file() and any(word in path.read_bytes() for word in wanted)]


def test_work_keeps_nothing_of_its_text_and_tells_whom_to_tell(office: Office) -> None:
    assert [path for path in files_with_its_words(office.home) if "originals" not in path.parts] == []
    status = sohoa("status")
    assert status.code == 0
    assert "cách ly 1" in status.out
    assert "SECRET_MARK" in status.out
    assert "Báo người phụ trách bảo mật" in status.out
    shown = sohoa("show", office.record_id)
    assert "bị cách ly" in shown.out
    assert "trang 1" in shown.out
    assert sohoa("search", "Ủy ban", "--json").json["total"] == 0


def test_retry_lets_it_through_for_nobody_and_for_a_named_person_with_a_reason(office: Office) -> None:
    refused = sohoa("retry", office.record_id)
    assert (refused.code, refused.complaints) == (3, {office.record_id: "SECRET_MARK"})
    every = sohoa("retry", "--all")
    assert "Để nguyên 1 hồ sơ có dấu độ mật" in every.out
    assert sohoa("retry", office.record_id, "--not-secret", "--by", "Nguyễn Thị Lan").code == 2
    assert sohoa("retry", office.record_id, "--by", "Nguyễn Thị Lan").code == 2
    assert sohoa("status", "--json").json["quarantined"] == 1
    cleared = sohoa("retry", office.record_id, "--not-secret", "--by", "Nguyễn Thị Lan", "--why", "dấu thử, đã xem bản giấy")
    assert cleared.code == 0
    assert sohoa("work", "--once").code == 0
    shown = sohoa("show", office.record_id, "--json").json
    assert shown["state"] == "done"
    assert "CLEARED_MARK" in [one["code"] for one in shown["record"]["findings"]]


def test_what_carries_a_mark_is_not_copied_out(office: Office, tmp_path: Path) -> None:
    answer = sohoa("open", office.record_id, "--copy-to", tmp_path / "ra-ngoài")
    assert answer.code == 3
    assert not (tmp_path / "ra-ngoài").exists()
    assert sohoa("open", office.record_id).complaints == {office.record_id: "SECRET_MARK"}


def test_two_persons_have_it_destroyed_and_the_file_is_not_taken_again(office: Office) -> None:
    why = ("--why", "tài liệu mật nộp nhầm")
    one = sohoa("purge", office.record_id, "--by", "Nguyễn Văn An", "--and-by", "nguyễn văn an", *why)
    assert one.code == 2
    assert sohoa("status", "--json").json["quarantined"] == 1
    two = sohoa("purge", office.record_id[:8], "--by", "Nguyễn Văn An", "--and-by", "Trần Thị Bình", *why)
    assert two.code == 0
    assert "Chưa hủy: bản sao lưu" in two.out
    status = sohoa("status", "--json").json
    assert (status["purged"], status["quarantined"], status["received"]) == (1, 0, 1)
    assert "đã hủy 1" in sohoa("status").out
    shown = sohoa("show", office.record_id)
    assert shown.code == 0
    assert all(said in shown.out for said in ("đã hủy", "Nguyễn Văn An", "Trần Thị Bình", "tài liệu mật nộp nhầm"))
    again = sohoa("ingest", office.scan)
    assert (again.code, again.complaints) == (3, {str(office.scan): "PURGED"})
    assert [path for path in (office.home / "store" / "objects" / "originals").rglob("*") if path.is_file()] == []
    assert sohoa("fixity").code == 0
    assert sohoa("open", office.record_id).code == 3


def test_a_record_that_was_read_and_found_leaves_no_word_behind_when_it_is_destroyed(office: Office) -> None:
    by, why = ("--by", "Nguyễn Văn An"), ("--why", "hóa ra đúng là tài liệu mật")
    assert sohoa("retry", office.record_id, "--not-secret", "--every-page", *by, *why).code == 0
    assert sohoa("work", "--once").code == 0
    assert {path.relative_to(office.home).parts[0] for path in files_with_its_words(office.home)} == {"store", "index"}
    assert sohoa("purge", office.record_id, *by, "--and-by", "Trần Thị Bình", *why).code == 0
    assert sohoa("reindex").code == 0
    assert [path for path in files_with_its_words(office.home) if "purged" not in path.parts] == []
