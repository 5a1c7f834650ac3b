"""`sohoa search` as a clerk uses it: what to review, dates, types by name, pages, marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from cli.filters import type_code_of
from cli.hits import hits_json, show_hits
from config.profiles import document_types
from pipeline.errors import UsageError
from pipeline.query import Hit, Hits, Query
from tests.cli.command import Answer, sohoa
from tests.cli.office import Office, office_in


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office_in(tmp_path_factory.mktemp("search")) as office:
        yield office


@pytest.fixture
def office(made: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("SOHOA_HOME", str(made.home))
    return made


def ids(answer: Answer) -> list[str]:
    return [hit["record_id"] for hit in answer.json["hits"]]


def test_what_a_person_has_to_look_at_can_be_listed(office: Office) -> None:
    listed = sohoa("search", "--review", "--json").json
    assert office.records["trắng.png"] in [hit["record_id"] for hit in listed["hits"]]
    assert all(hit["needs_review"] for hit in listed["hits"])
    everything = sohoa("search", "--json").json
    assert everything["facets"]["review"] == {"no": 3 - listed["total"], "yes": listed["total"]}
    assert sum(hit["needs_review"] for hit in everything["hits"]) == listed["total"]

    shown = sohoa("search").out
    assert f"Cần xem lại: {listed['total']} hồ sơ (chỉ xem những hồ sơ này: thêm --review)." in shown
    assert shown.count("[cần xem lại]") == listed["total"]
    assert "«sohoa show MÃ_HỒ_SƠ»" in sohoa("search", "--review").out
    assert f"Cần người xem lại: {listed['total']} hồ sơ; liệt kê bằng «sohoa search --review»." in sohoa("status").out


def test_a_date_is_typed_and_shown_as_people_write_it(office: Office) -> None:
    dated = next(hit for hit in sohoa("search", "--json").json["hits"] if hit["issued_date"])
    year, month, day = dated["issued_date"].split("-")
    for typed in (f"{day}/{month}/{year}", f"{int(day)}.{int(month)}.{year}", dated["issued_date"]):
        assert dated["record_id"] in ids(sohoa("search", "--from", typed, "--to", typed, "--json"))
    shown = sohoa("search", "--from", dated["issued_date"], "--to", dated["issued_date"]).out
    assert f"{day}/{month}/{year}" in shown
    assert f"{day}/{month}/{year}" in sohoa("show", dated["record_id"]).out
    assert dated["issued_date"] not in shown + sohoa("show", dated["record_id"]).out


@pytest.mark.parametrize(("typed", "told"), [("2024-13-01", "ngày không có thật"), ("mai", "không hiểu «mai»")])
def test_a_date_that_will_not_do_is_told_what_would(typed: str, told: str, office: Office) -> None:
    answer = sohoa("search", "--from", typed)
    assert (answer.code, answer.complaints) == (2, {"sohoa": "BAD_DATE"})
    assert told in answer.err
    assert "31/12/2024" in answer.err


def test_a_type_is_asked_for_by_code_name_or_abbreviation(office: Office) -> None:
    hit = next(hit for hit in sohoa("search", "--json").json["hits"] if hit["type_code"])
    of_type = ids(sohoa("search", "--type", hit["type_code"], "--json"))
    assert hit["record_id"] in of_type
    assert ids(sohoa("search", "--type", hit["type_name"].lower(), "--json")) == of_type


@pytest.mark.parametrize("typed", ["QD", "qđ", "quyết định", "quyet dinh", "QUYẾT ĐỊNH"])
def test_all_names_of_a_type_are_one_type(typed: str) -> None:
    assert type_code_of(typed) == "QD"


def test_every_type_is_known_by_its_code_and_its_name() -> None:
    for profile in document_types().profiles:
        assert type_code_of(profile.code) == type_code_of(profile.name) == profile.code


def test_a_type_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match=r"--type XX: không có loại này; .*QD quyết định"):
        type_code_of("XX")


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("--unit", "Chưa có hồ sơ nào của đơn vị «khác»; đang có: don-vi."),
        ("--sector", "Chưa có hồ sơ nào thuộc lĩnh vực «khác»; đang có: chung."),
        ("--batch", "Chưa có hồ sơ nào trong lô «khác»; đang có: Đợt 1."),
        ("--issuer", "Chưa có hồ sơ nào của cơ quan có tên «khác»; đang có: "),
    ],
)
def test_a_filter_that_no_record_meets_is_named_with_what_there_is(option: str, told: str, office: Office) -> None:
    answer = sohoa("search", option, "khác")
    assert answer.code == 0
    assert told in " ".join(answer.out.split())


def test_a_filter_with_records_is_not_to_blame_when_nothing_is_found(office: Office) -> None:
    assert sohoa("search", "zzzzzz", "--unit", "don-vi").out == "Không tìm thấy hồ sơ nào.\n"


def test_answers_are_turned_over_page_by_page(office: Office) -> None:
    everything = ids(sohoa("search", "--json"))
    pages = [ids(sohoa("search", "--limit", "1", "--page", str(page), "--json")) for page in (1, 2, 3, 4)]
    assert pages == [*([one] for one in everything), []]
    first, third = (sohoa("search", "--limit", "1", "--page", page).out for page in ("1", "3"))
    assert "Còn nữa: thêm --page 2" in first
    assert re.search(r"^3\. ", third, re.MULTILINE)
    assert "Còn nữa" not in third
    assert sohoa("search", "--limit", "1", "--page", "9").out == "Chỉ có 3 hồ sơ; trang 9 không có kết quả.\n"


def test_of_very_many_hits_it_is_said_what_the_counts_speak_of(capsys: pytest.CaptureFixture[str]) -> None:
    hit = Hit("r1", 1.0, "a.pdf", None, None, None, None, None, "Giao đất", False, None)
    many = Hits(10_000, (hit,), {"unit": {"ubnd": 9000, "so": 1000}}, "next", with_marks=9000, at_least=True)
    show_hits(many, Query("đất"), 1)
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "Tìm thấy hơn 10000 hồ sơ."
    assert "Các số đếm dưới đây chỉ tính 10000 hồ sơ mới nhất:" in shown
    assert hits_json(many)["at_least"] is True
    show_hits(replace(many, hits=()), Query("đất"), 99)
    assert capsys.readouterr().out == "Không có nhiều hồ sơ như vậy; trang 99 không có kết quả.\n"


def test_a_cursor_still_leads_on(office: Office) -> None:
    first = sohoa("search", "--limit", "2", "--json").json
    following = ids(sohoa("search", "--limit", "2", "--cursor", first["next_cursor"], "--json"))
    assert [hit["record_id"] for hit in first["hits"]] + following == ids(sohoa("search", "--json"))
    assert sohoa("search", "--cursor", first["next_cursor"], "--page", "2").code == 2


def test_marks_can_be_made_to_count(office: Office) -> None:
    loose = sohoa("search", "ủy bán", "--json").json
    assert (loose["total"] > 0, loose["with_marks"]) == (True, 0)
    assert "Đúng dấu như đã gõ: 0 hồ sơ." in sohoa("search", "ủy bán").out
    assert ids(sohoa("search", "ủy bán", "--exact", "--json")) == []
    right = sohoa("search", "ủy ban", "--json").json
    assert right["with_marks"] == sohoa("search", "ủy ban", "--exact", "--json").json["total"] > 0


def test_a_quote_left_open_is_a_phrase_and_is_mentioned(office: Office) -> None:
    assert ids(sohoa("search", '"nhan dan uy ban', "--json")) == []
    open_quote = sohoa("search", '"uy ban nhan dan')
    assert "Ngoặc kép chưa đóng" in open_quote.out
    assert "Ngoặc kép" not in sohoa("search", '"uy ban nhan dan"').out


def test_a_limit_that_is_no_number_is_told_the_range() -> None:
    for typed in ("x", "0", "201"):
        assert "(--limit: cần số nguyên từ 1 đến 200)" in sohoa("search", "a", "--limit", typed).err


@pytest.mark.parametrize("columns", [80, 120])
def test_an_answer_fits_its_columns(columns: int, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for command in (("search", "uy ban"), ("show", office.records["bản 1.pdf"]), ("status",), ("--help",), ("search", "--help")):
        wide = [line for line in sohoa(*command).out.splitlines() if len(line) > columns]
        assert wide == []
