"""One file from its bytes to its results: what fails on a page stays on that page, what fails for all is told."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pikepdf
import pytest

from pipeline.errors import (
    ChildTimeout,
    Damaged,
    DiskFull,
    InputError,
    Interrupted,
    NoPages,
    PageTooLarge,
    ReaderBroken,
    SecretMark,
    SohoaError,
    StoreUnavailable,
    ToolMissing,
    TooManyPages,
)
from pipeline.jobs import EVERY_PAGE
from pipeline.layout.tables import Ruling
from pipeline.model import ABSENT, BoundingBox, Finding, Line, Result
from pipeline.pages import Limits
from pipeline.pixels import Pixels
from pipeline.ports import PageReader
from pipeline.record_json import read_record, record_of
from samples.secrecy import draw_stamped
from tests.archive.writing import drawn_by_pdfium, text_by_pdfium
from tests.drawn import line
from tests.journey.records import (
    Desk,
    FailingReader,
    ListeningWatch,
    pdf_of,
    plain_page,
    quick_reader,
    report,
    shipped_reader,
    with_broken_page,
)
from tests.pages.opening import difference
from tests.read.doubles import KnowingPages
from tests.read.sheets import shares_of

RESULTS = {"record.json", "text.txt", "rendition.pdf", "alto"}
CRASH = RuntimeError("Nguyễn Văn An, sinh năm 1970")
"""What a library may say: it can quote the page."""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture(scope="module")
def read_report(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, Result]:
    """Three pages with the reader that is shipped, which fails on the second."""
    desk = Desk(tmp_path_factory.mktemp("report"))
    reader = FailingReader(shipped_reader(), 2, CRASH)
    return desk, desk.digitize(report().content, reader)


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def codes_of(result: Result) -> list[tuple[str, int | None]]:
    """Findings on pages; what is remarked on fields is the matter of other tests."""
    return [(one.code, one.page_no) for one in result.findings if not one.code.startswith("FIELD_")]


# ---- a document of three pages, the second of which fails ------------------------------------------------------------------


def test_a_page_on_which_the_reader_fails_is_a_finding_without_a_word_of_the_page(read_report: tuple[Desk, Result]) -> None:
    _, result = read_report
    assert [one for one in result.findings if one.page_no == 2] == [Finding("PAGE_FAILED", 2, "RuntimeError")]
    assert result.pages[1].lines == ()
    assert result.pages[1].confidence is None


def test_the_pages_before_and_after_it_are_read(read_report: tuple[Desk, Result]) -> None:
    _, result = read_report
    assert [page.page_no for page in result.pages] == [1, 2, 3]
    for number in (0, 2):
        assert shares_of(result.pages[number], report().pages[number].text.split()) > 0.9


def test_fields_come_from_the_first_and_from_the_last_page(read_report: tuple[Desk, Result]) -> None:
    fields, true = read_report[1].fields, report().truth["fields"]
    for name in ("organName", "codeNumber", "codeNotation", "issuedDate", "typeName"):
        assert (fields[name].value, fields[name].page_no) == (true[name], 1), name
    for name in ("signerName", "signerPosition"):
        assert (fields[name].value, fields[name].page_no) == (true[name], 3), name
    assert {item.page_no for item in fields.lists["recipients"]} == {3}
    assert fields["pageAmount"].value == "3"


def test_the_type_is_known(read_report: tuple[Desk, Result]) -> None:
    kind = read_report[1].document_type
    assert kind is not None
    assert kind.name.lower() == report().truth["type"]


def test_the_rendition_shows_all_pages_also_the_one_that_failed(read_report: tuple[Desk, Result]) -> None:
    desk, _ = read_report
    rendition = desk.out / "rendition.pdf"
    with pikepdf.open(rendition) as pdf:
        assert len(pdf.pages) == 3
    for number, page in enumerate(report().pages, 1):
        assert difference(drawn_by_pdfium(rendition, number, width=400), page.pixels.min(axis=2)) < 6
    first, second, third = text_by_pdfium(rendition).split("\f")
    assert "".join(second.split()) == ""
    assert "BÁO CÁO" in first
    assert report().truth["fields"]["signerName"] in third


def test_the_results_lie_in_the_folder_and_say_the_same(read_report: tuple[Desk, Result]) -> None:
    desk, result = read_report
    assert names_in(desk.out) == RESULTS
    record = (desk.out / "record.json").read_bytes()
    assert json.loads(record) == json.loads(json.dumps(record_of(result)))
    assert read_record(record).fields["subject"].value == result.fields["subject"].value
    assert (desk.out / "text.txt").read_text(encoding="utf-8") == result.text + "\n"
    assert result.text.split("\f")[1] == ""
    alto = sorted((desk.out / "alto").iterdir())
    assert [path.name for path in alto] == ["0001.xml", "0002.xml", "0003.xml"]
    strings = [len(list(ElementTree.parse(path).iter("{http://www.loc.gov/standards/alto/ns-v4#}String"))) for path in alto]
    assert strings == [sum(len(line.words) for line in page.lines) for page in result.pages]


def test_the_watch_hears_of_each_page_as_it_begins(read_report: tuple[Desk, Result]) -> None:
    assert read_report[0].watch.told == [(1, 3), (2, 3), (3, 3)]


def test_the_record_says_what_it_is_of_and_what_made_it(read_report: tuple[Desk, Result]) -> None:
    _, result = read_report
    assert (result.source.name, result.source.size_bytes) == ("quet.pdf", len(report().content))
    assert result.made_by.readers == shipped_reader().infos


# ---- other ways in which a page fails --------------------------------------------------------------------------------------


@pytest.mark.parametrize("page_no", [1, 2, 3])
def test_a_page_that_cannot_be_decoded_is_a_finding_and_the_others_are_read(desk: Desk, page_no: int) -> None:
    result = desk.digitize(with_broken_page(pdf_of([plain_page()] * 3), page_no), quick_reader())
    assert codes_of(result) == [("DAMAGED", page_no), ("UNKNOWN_TYPE_OF_DOCUMENT", None)]
    assert [len(page.lines) for page in result.pages] == [0 if number == page_no else 1 for number in (1, 2, 3)]
    assert drawn_by_pdfium(desk.out / "rendition.pdf", page_no, width=300).shape[0] > 300
    assert names_in(desk.out) == RESULTS


def test_a_page_that_is_too_large_is_a_finding_and_is_not_decoded(desk: Desk) -> None:
    large = np.full((5000, 3000), 255, np.uint8)
    reader = quick_reader()
    result = desk.digitize(pdf_of([plain_page(), large]), reader, limits=Limits(50, 10))
    assert ("PAGE_TOO_LARGE", 2) in codes_of(result)
    assert len(reader.shown) == 1
    assert names_in(desk.out) == RESULTS


def test_pages_that_brought_an_earlier_attempt_down_are_not_shown_to_the_reader(desk: Desk) -> None:
    reader = quick_reader()
    result = desk.digitize(pdf_of([plain_page()] * 3), reader, skip_pages=frozenset({1, 3}))
    assert codes_of(result)[:2] == [("PAGE_SKIPPED", 1), ("PAGE_SKIPPED", 3)]
    assert len(reader.shown) == 1
    assert difference(drawn_by_pdfium(desk.out / "rendition.pdf", 3, width=400), plain_page()) < 6


def test_a_document_of_which_every_page_fails_still_has_its_results(desk: Desk) -> None:
    pages = [plain_page()] * 2
    result = desk.digitize(pdf_of(pages), quick_reader(), skip_pages=frozenset({1, 2}))
    assert codes_of(result) == [("PAGE_SKIPPED", 1), ("PAGE_SKIPPED", 2)]
    assert result.document_type is None
    assert result.text == "\f"
    unread = {name for name, field in result.fields.scalars.items() if field == ABSENT}
    assert unread == set(result.fields.scalars) - {"pageAmount"}
    assert names_in(desk.out) == RESULTS


@pytest.mark.parametrize("error", [CRASH, MemoryError(), ChildTimeout("tesseract"), KeyError("x"), Damaged("line")])
def test_whatever_one_page_does_to_a_reader_the_others_go_on(desk: Desk, error: Exception) -> None:
    result = desk.digitize(pdf_of([plain_page()] * 2), FailingReader(quick_reader(), 1, error))
    code = "DAMAGED" if isinstance(error, InputError) else "PAGE_FAILED"
    assert codes_of(result)[0] == (code, 1)
    assert [len(page.lines) for page in result.pages] == [0, 1]


def test_a_single_page_on_which_the_reader_fails_is_a_record_with_a_finding(desk: Desk) -> None:
    result = desk.digitize(pdf_of([plain_page()]), FailingReader(quick_reader(), 1, CRASH))
    assert codes_of(result) == [("PAGE_FAILED", 1)]
    assert (result.pages[0].width, result.pages[0].height) == plain_page().shape[::-1]


# ---- a mark of secrecy ------------------------------------------------------------------------------------------------------


@dataclass
class MarkingReader(KnowingPages):
    """Sees a mark and a sentence on the page with that number, the sentence alone on all others."""

    marked: int = 1

    def read_page(self, picture: Pixels, ruling: Ruling) -> list[Line]:
        lines = super().read_page(picture, ruling)
        return [line("TỐI MẬT", 220, 200), *lines] if len(self.shown) == self.marked else lines


def stopped(desk: Desk, reader: PageReader, pages: int = 3, skip_pages: frozenset[int] = frozenset()) -> SecretMark:
    with pytest.raises(SecretMark) as caught:
        desk.digitize(pdf_of([plain_page()] * pages), reader, skip_pages=skip_pages)
    return caught.value


@pytest.mark.parametrize("marked", [1, 17, 20])
def test_a_mark_on_any_page_stops_the_record_and_leaves_the_finding_alone(desk: Desk, marked: int) -> None:
    error = stopped(desk, MarkingReader(quick_reader().lines, marked=marked), pages=20)
    assert error.detail == f"page {marked}: TỐI MẬT"
    assert names_in(desk.out) == {"record.json"}
    record = (desk.out / "record.json").read_text(encoding="utf-8")
    assert "hiệu lực" not in record
    result = read_record(record.encode())
    assert (codes_of(result), result.pages, result.document_type) == ([("SECRET_MARK", marked)], (), None)
    assert result.fields["secrecy"].value == "TỐI MẬT"
    assert [name for name, field in result.fields.scalars.items() if field != ABSENT] == ["secrecy"]


def test_pages_before_it_that_were_skipped_or_failed_change_nothing(desk: Desk) -> None:
    reader = FailingReader(MarkingReader(quick_reader().lines, marked=1), 1, CRASH)
    assert stopped(desk, reader, skip_pages=frozenset({1})).detail == "page 3: TỐI MẬT"
    assert names_in(desk.out) == {"record.json"}


def test_pictures_of_the_stages_go_too(desk: Desk) -> None:
    desk.out.mkdir()
    work = desk.out / "work"
    work.mkdir()
    with pytest.raises(SecretMark):
        desk.digitize(pdf_of([plain_page()] * 3), MarkingReader(quick_reader().lines, marked=2), work_folder=work)
    assert names_in(desk.out) == {"record.json"}


def test_a_page_on_which_the_reader_fails_is_looked_at_for_a_mark_all_the_same(desk: Desk) -> None:
    drawn = draw_stamped(31, 8)
    with pytest.raises(SecretMark):
        desk.digitize(pdf_of([drawn.page.pixels]), FailingReader(shipped_reader(), 1, CRASH))
    assert names_in(desk.out) == {"record.json"}


def test_a_page_that_a_person_has_cleared_is_read_and_the_next_mark_stops_again(desk: Desk) -> None:
    reader = MarkingReader(quick_reader().lines, marked=2)
    result = desk.digitize(pdf_of([plain_page()] * 3), reader, cleared_pages=frozenset({2}))
    assert ("CLEARED_MARK", 2) in codes_of(result)
    assert names_in(desk.out) == RESULTS
    with pytest.raises(SecretMark):
        desk.digitize(pdf_of([plain_page()] * 3), MarkingReader(quick_reader().lines, marked=3), cleared_pages=frozenset({2}))
    every = desk.digitize(pdf_of([plain_page()]), MarkingReader(quick_reader().lines), cleared_pages=frozenset({EVERY_PAGE}))
    assert ("CLEARED_MARK", 1) in codes_of(every)


# ---- what no page is to blame for ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [DiskFull(), StoreUnavailable("EIO"), ToolMissing("poppler-utils"), ReaderBroken("x")])
def test_a_full_disk_or_a_missing_program_is_told_and_not_laid_to_the_page(desk: Desk, error: SohoaError) -> None:
    with pytest.raises(type(error)):
        desk.digitize(pdf_of([plain_page()] * 3), FailingReader(quick_reader(), 2, error))
    assert "record.json" not in names_in(desk.out)
    assert "rendition.pdf" not in names_in(desk.out)


@pytest.mark.parametrize("name", ["rendition.pdf.part", "text.txt", "record.json"])
def test_results_that_find_no_room_are_a_full_disk(desk: Desk, name: str) -> None:
    desk.out.mkdir()
    (desk.out / name).symlink_to("/dev/full")
    with pytest.raises(DiskFull):
        desk.digitize(pdf_of([plain_page()] * 2), quick_reader())


def test_whatever_the_watch_raises_ends_the_journey_there(desk: Desk) -> None:
    desk.watch = ListeningWatch(until=2, error=Interrupted())
    reader = quick_reader()
    with pytest.raises(Interrupted):
        desk.digitize(pdf_of([plain_page()] * 3), reader)
    assert desk.watch.told == [(1, 3), (2, 3)]
    assert len(reader.shown) == 1
    assert "rendition.pdf" not in names_in(desk.out)


# ---- the file as a whole ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "error", "limits"),
    [
        (b"%PDF-1.7\nnothing follows", Damaged, Limits(50, 50)),
        (pdf_of([plain_page()] * 3), TooManyPages, Limits(2, 50)),
        (with_broken_page(pdf_of([plain_page()]), 1), Damaged, Limits(50, 50)),
        (pdf_of([np.full((5000, 3000), 255, np.uint8)]), PageTooLarge, Limits(50, 10)),
    ],
    ids=["damaged", "too many pages", "its only page is damaged", "its only page is too large"],
)
def test_a_file_that_cannot_be_read_at_all_is_an_error_and_leaves_nothing(
    desk: Desk, content: bytes, error: type[InputError], limits: Limits
) -> None:
    reader = quick_reader()
    with pytest.raises(error):
        desk.digitize(content, reader, limits=limits)
    assert reader.shown == []
    assert names_in(desk.out) == set()


def test_a_file_without_pages_is_an_error(desk: Desk) -> None:
    empty = desk.folder / "empty.pdf"
    pikepdf.new().save(empty)
    with pytest.raises(NoPages):
        desk.digitize(empty.read_bytes(), quick_reader())


# ---- pages that lie the wrong way, blank ones, and what is kept to look at -------------------------------------------------


def test_a_page_on_its_head_is_read_and_shown_upright(desk: Desk) -> None:
    upright = report().pages[0].pixels
    result = desk.digitize(pdf_of([np.rot90(upright, 2)]), shipped_reader())
    (page,) = result.pages
    assert page.orientation == 180
    assert shares_of(page, report().pages[0].text.split()) > 0.95
    assert result.fields["codeNumber"].value == report().truth["fields"]["codeNumber"]
    first = page.lines[0].box
    assert first.overlap(BoundingBox(0, 0, page.width // 2, page.height // 4)) == first.area
    assert difference(drawn_by_pdfium(desk.out / "rendition.pdf", width=400), upright.min(axis=2)) < 6


def test_a_page_that_lies_on_its_side_has_its_width_and_height_as_seen(desk: Desk) -> None:
    result = desk.digitize(pdf_of([np.rot90(plain_page())]), KnowingPages([], turns=(270, 0.99)))
    (page,) = result.pages
    assert (page.orientation, page.width, page.height) == (270, *plain_page().shape[::-1])
    assert difference(drawn_by_pdfium(desk.out / "rendition.pdf", width=400), plain_page()) < 6


def test_a_turn_that_is_not_sure_is_not_made(desk: Desk) -> None:
    result = desk.digitize(pdf_of([plain_page()]), KnowingPages([], turns=(180, 0.5)))
    assert result.pages[0].orientation == 0


def test_a_blank_page_between_others_is_told_and_kept(desk: Desk) -> None:
    blank = np.full_like(plain_page(), 255)
    result = desk.digitize(pdf_of([plain_page(), blank, plain_page()]), quick_reader())
    assert [page.blank for page in result.pages] == [False, True, False]
    assert ("BLANK_PAGE", 2) in codes_of(result)
    with pikepdf.open(desk.out / "rendition.pdf") as pdf:
        assert len(pdf.pages) == 3


@pytest.mark.parametrize(("late", "codes"), [(timedelta(0), []), (timedelta(days=-1), ["DATE_IN_FUTURE"])])
def test_a_document_dated_after_the_day_of_the_scan_is_remarked(desk: Desk, late: timedelta, codes: list[str]) -> None:
    issued = date.fromisoformat(report().truth["fields"]["issuedDate"])
    result = desk.digitize(pdf_of([report().pages[0].pixels]), shipped_reader(), today=issued + late)
    assert [one.code for one in result.findings if one.code.startswith("DATE")] == codes


def test_pictures_of_the_stages_are_kept_where_they_are_wanted(desk: Desk) -> None:
    work = desk.folder / "work"
    work.mkdir()
    desk.digitize(pdf_of([plain_page()] * 2), quick_reader(), work_folder=work)
    assert names_in(work) == {"000001_straight.png", "000002_straight.png"}


def test_the_same_file_read_twice_gives_the_same_record(desk: Desk) -> None:
    content = pdf_of([plain_page()] * 2)
    assert desk.digitize(content, quick_reader()) == desk.digitize(content, quick_reader())
