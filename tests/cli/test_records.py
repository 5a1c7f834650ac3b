"""One record: named by the beginning of its id, shown whole, opened, and brought out under its own name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from cli.ids import whole_id
from cli.record import finding_sentence
from config.settings import read_settings
from config.wiring.home import open_home
from pipeline.custody import records
from pipeline.errors import AmbiguousRecord, UnknownRecord
from tests.cli.command import sohoa
from tests.cli.office import Office, office_in


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office_in(tmp_path_factory.mktemp("records")) as office:
        yield office


@pytest.fixture
def office(made: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("SOHOA_HOME", str(made.home))
    return made


@pytest.mark.parametrize("command", ["show", "open", "retry"])
def test_the_first_signs_of_an_id_are_enough(command: str, office: Office) -> None:
    whole = office.records["bản 1.pdf"]
    for typed in (whole[:6], whole[:8], whole[:9], whole[:20], whole.upper()[:12], whole.replace("-", "")[:17], whole):
        answer = sohoa(command, typed)
        assert answer.code == 0, answer.err


def test_fewer_signs_or_others_name_no_record(office: Office) -> None:
    whole = office.records["bản 1.pdf"]
    for typed in (whole[:5], whole[:-1] + "g", f"{whole}0", "../../x"):
        assert sohoa("show", typed).complaints == {"sohoa": "UNKNOWN_RECORD"}


def test_signs_that_several_ids_share_are_refused_with_those_ids(home: Path) -> None:
    sohoa("init")
    opened = open_home(read_settings())
    both = [str(UUID(f"24ca6da8-0000-4000-8000-00000000000{last}")) for last in (1, 2)]
    for record_id in both:
        opened.store.put_new(records.manifest_key(record_id, 1), b"{}")
    with pytest.raises(AmbiguousRecord) as refused:
        whole_id(opened, "24ca6d")
    assert all(record_id in str(refused.value) for record_id in both)
    assert whole_id(opened, both[1]) == both[1]
    with pytest.raises(UnknownRecord):
        whole_id(opened, "24ca6e")
    answer = sohoa("show", "24ca6da8")
    assert (answer.code, answer.complaints) == (3, {"sohoa": "AMBIGUOUS_RECORD"})


def test_a_record_is_shown_with_its_unit_its_batch_and_the_day_it_came(office: Office) -> None:
    shown = sohoa("show", office.records["trắng.png"])
    received = sohoa("show", office.records["trắng.png"], "--json").json["received_at"]
    rows = {label.strip(): value for label, _, value in (line.partition("  ") for line in shown.out.splitlines()) if value}
    assert {label: rows[label].strip() for label in ("Tệp gốc", "Đơn vị nộp", "Lô", "Phông", "Lĩnh vực")} == {
        "Tệp gốc": "trắng.png",
        "Đơn vị nộp": "don-vi",
        "Lô": "Đợt 1",
        "Phông": "phong",
        "Lĩnh vực": "chung",
    }
    assert rows["Ngày nhận"].strip()[6:10] == received[:4]
    assert "Cần người xem lại, so với bản gốc («sohoa open»):\n  - Trang 1 · Trang trắng: kiểm tra" in shown.out


@pytest.mark.parametrize(
    ("code", "page_no", "detail", "told"),
    [
        ("FIELD_DOUBTFUL", 1, "codeNotation", "Trang 1 · Ký hiệu: đọc được nhưng độ tin cậy thấp."),
        ("FIELD_HANDWRITTEN", 2, "signerName", "Trang 2 · Người ký: viết tay nên không được đọc: xem trên ảnh."),
        ("DATE_IN_FUTURE", 1, "2027-02-01", "Trang 1 · Ngày ban hành sau ngày quét (01/02/2027)."),
        ("LOW_CONFIDENCE", 3, "0.41", "Trang 3 · Chữ khó đọc: cần xem lại toàn trang (độ tin cậy 0.41)."),
        ("ATTACHMENTS", None, "2", "Tệp PDF có tệp đính kèm: chúng không vào bản lưu trữ (2 tệp)."),
        (
            "DAMAGED",
            1,
            "an image of the page is missing",
            "Trang 1 · Ảnh của trang bị hỏng hoặc bị cắt ngang (thiếu một ảnh của trang).",
        ),
    ],
)
def test_a_finding_is_told_with_the_name_of_its_field(code: str, page_no: int | None, detail: str, told: str) -> None:
    assert finding_sentence({"code": code, "page_no": page_no, "detail": detail}) == told


def test_both_files_are_named_for_what_they_are(office: Office) -> None:
    original, rendition, hint = sohoa("open", office.records["bản 1.pdf"]).out.splitlines()[:3]
    paths = sohoa("open", office.records["bản 1.pdf"], "--json").json
    assert original == f"Bản gốc:   {paths['original']}"
    assert rendition == f"Bản PDF/A: {paths['rendition']}"
    assert "--copy-to" in hint


def test_copies_bear_the_files_own_name_and_replace_nothing(office: Office, tmp_path: Path) -> None:
    out = tmp_path / "ra"
    for _ in range(2):
        assert sohoa("open", office.records["bản 1.pdf"], "--copy-to", out).code == 0
    given = (office.scans / "bản 1.pdf").read_bytes()
    assert {path.name for path in out.iterdir()} == {"bản 1.pdf", "bản 1-2.pdf", "bản 1-PDFA.pdf", "bản 1-PDFA-2.pdf"}
    assert (out / "bản 1.pdf").read_bytes() == (out / "bản 1-2.pdf").read_bytes() == given
    assert (out / "bản 1-PDFA.pdf").read_bytes().startswith(b"%PDF-")


def test_a_folder_that_cannot_be_copied_to_is_wrong_usage(office: Office, tmp_path: Path) -> None:
    (tmp_path / "ra").write_text("x", encoding="utf-8")
    answer = sohoa("open", office.records["bản 1.pdf"], "--copy-to", tmp_path / "ra")
    assert (answer.code, answer.complaints) == (2, {"sohoa": "OUTPUT_UNUSABLE"})
    assert "đã có tệp mang tên này" in answer.err


def test_a_record_is_read_again_by_the_first_signs_of_its_id(tmp_path_factory: pytest.TempPathFactory, home: Path) -> None:
    sohoa("init")
    scan = tmp_path_factory.mktemp("scan") / "a.png"
    scan.write_bytes(b"\x89PNG\r\n\x1a\n, and nothing more")
    [record_id] = (one["record_id"] for one in sohoa("ingest", scan, "--json").json["files"])
    assert sohoa("work", "--once").code == 3
    assert f"{record_id}: sẽ đọc lại (lần 2)." in sohoa("retry", record_id[:8]).out
    assert sohoa("reread", "abcdef12").complaints == {"abcdef12": "UNKNOWN_RECORD"}
