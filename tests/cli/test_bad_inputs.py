"""What the commands make of each file of docs/inputs.md: outcome, code and exit; nothing lost, nothing misread."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from tests.cli.command import Answer, sohoa
from tests.inputs_table import FileRow, file_rows, files_of
from tests.printed_page import TEXT

ABOUT_THE_FILE = {
    "DAMAGED",
    "PAGE_TOO_LARGE",
    "PAGE_FAILED",
    "PAGE_SKIPPED",
    "FILE_REPAIRED",
    "TEXT_LAYER_IGNORED",
    "ATTACHMENTS",
}
"""Findings that docs/inputs.md promises; the others are about what was read."""

TIGHT_MEMORY_MB = "1000"
"""For a child that meets what cannot be decoded: less than a bomb of 1.6 gigapixels would need."""

MOTTO = TEXT[2]
OTHER_PRINT = {"blank_page_pdf", "born_digital_pdf_with_garbage_text", "born_digital_pdf_in_old_encoding"}
"""Files that are done and do not show the page of TEXT."""

ROWS = file_rows()
NAMES = sorted({row.name for row in ROWS})
OUTCOMES = ("rejected", "quarantined", "done")


def rows_named(name: str) -> list[FileRow]:
    return [row for row in ROWS if row.name == name]


def group_of(name: str) -> str:
    """A row of which only some files are done belongs to those that are not: its group ends with 3 either way."""
    return next(outcome for outcome in OUTCOMES if any(row.outcome == outcome for row in rows_named(name)))


@cache
def labels_of(name: str) -> tuple[str, ...]:
    return tuple(f"{name}-{number}.pdf" for number, _ in enumerate(files_of(name), 1))


@dataclass(frozen=True, slots=True)
class Group:
    """The answers of each command to all files of one outcome."""

    scans: Path
    digitized: Answer
    ingested: Answer
    worked: Answer
    status: dict[str, Any]

    def digitized_as(self, label: str) -> tuple[frozenset[str], str]:
        """Codes and outcome of one file; `digitize` does not tell a rejected file from one that it could not decode."""
        if (path := str(self.scans / label)) in self.digitized.complaints:
            return frozenset({self.digitized.complaints[path]}), "failed"
        return about_the_file(self.made_by_digitize(label)), "done"

    def taken_as(self, label: str) -> tuple[frozenset[str], str]:
        """The same by `ingest` and `work`."""
        receipt = self.receipt(label)
        if receipt["outcome"] == "rejected":
            return frozenset({receipt["code"]}), "rejected"
        assert receipt["outcome"] == "received"
        given_up = {one["record_id"]: one["code"] for one in self.status["quarantine"]}
        if receipt["record_id"] in given_up:
            assert self.worked.complaints[receipt["record_id"]] == given_up[receipt["record_id"]]
            return frozenset({given_up[receipt["record_id"]]}), "quarantined"
        return about_the_file(self.made_by_work(label)), "done"

    def receipt(self, label: str) -> dict[str, Any]:
        [receipt] = [one for one in self.ingested.json["files"] if Path(one["path"]).name == label]
        return dict(receipt)

    def made_by_digitize(self, label: str) -> dict[str, Any]:
        record: dict[str, Any] = json.loads((self.folder_of(label) / "record.json").read_text(encoding="utf-8"))
        return record

    def made_by_work(self, label: str) -> dict[str, Any]:
        return dict(sohoa("show", self.receipt(label)["record_id"], "--json").json["record"])

    def kept_by_ingest(self, label: str) -> Path:
        return Path(sohoa("open", self.receipt(label)["record_id"], "--json").json["original"])

    def folder_of(self, label: str) -> Path:
        [folder] = [one["folder"] for one in self.digitized.json["done"] if Path(one["path"]).name == label]
        return Path(folder)


def about_the_file(record: dict[str, Any]) -> frozenset[str]:
    return frozenset({finding["code"] for finding in record["findings"]} & ABOUT_THE_FILE)


def text_of(record: dict[str, Any]) -> str:
    return "\n".join(line["text"] for page in record["pages"] for line in page["lines"])


def play(outcome: str, base: Path) -> Group:
    """Each command over all files of one outcome, in a home of their own."""
    scans = base / outcome
    scans.mkdir()
    for name in (name for name in NAMES if group_of(name) == outcome):
        for label, data in zip(labels_of(name), files_of(name), strict=True):
            (scans / label).write_bytes(data)
    digitized = sohoa("digitize", scans, "-o", base / f"{outcome}-results", "--json")
    sohoa("init")
    ingested, worked = sohoa("ingest", scans, "--json"), sohoa("work", "--once")
    return Group(scans, digitized, ingested, worked, sohoa("status", "--json").json)


@pytest.fixture(scope="module")
def groups(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Group]:
    base = tmp_path_factory.mktemp("table")
    played = {}
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SOHOA_JOBS", "2")
        environment.setenv("SOHOA_MIN_FREE_DISK_MB", "1")
        for outcome in OUTCOMES:
            environment.setenv("SOHOA_HOME", str(base / f"{outcome}-home"))
            environment.setenv("SOHOA_CHILD_MEMORY_MB", "2500" if outcome == "done" else TIGHT_MEMORY_MB)
            played[outcome] = play(outcome, base)
    return played


@pytest.fixture
def group(request: pytest.FixtureRequest, groups: dict[str, Group], monkeypatch: pytest.MonkeyPatch) -> Group:
    """The group of a row, by its name, or of an outcome; its home is the one that the test's commands see."""
    outcome = request.param if request.param in OUTCOMES else group_of(request.param)
    played = groups[outcome]
    monkeypatch.setenv("SOHOA_HOME", str(played.scans.parent / f"{outcome}-home"))
    return played


def of(*names: str) -> pytest.MarkDecorator:
    """Rows, each with the group that it was played in."""
    return pytest.mark.parametrize(("name", "group"), [(name, name) for name in names], ids=names, indirect=["group"])


@pytest.mark.parametrize("group", OUTCOMES, indirect=True)
def test_every_file_of_an_outcome_ends_each_command_as_promised(group: Group) -> None:
    """In a group that ends with 0 every file does; in one that ends with 3 every file has its line, as the next tests see."""
    [promised] = {row.exits for row in ROWS if row.outcome == group.scans.name}
    ended = (group.digitized.code, group.ingested.code, group.worked.code)
    assert all(code == wanted for code, wanted in zip(ended, promised, strict=True) if wanted is not None)


@of(*NAMES)
def test_digitize_says_of_each_file_what_the_table_says(name: str, group: Group) -> None:
    promised = {(row.codes, "done" if row.outcome == "done" else "failed") for row in rows_named(name)}
    assert {group.digitized_as(label) for label in labels_of(name)} == promised


@of(*NAMES)
def test_ingest_and_work_say_of_each_file_what_the_table_says(name: str, group: Group) -> None:
    promised = {(row.codes, row.outcome) for row in rows_named(name)}
    assert {group.taken_as(label) for label in labels_of(name)} == promised


@pytest.mark.parametrize("group", OUTCOMES, indirect=True)
def test_every_file_is_accounted_for_and_every_original_that_was_taken_is_whole(group: Group) -> None:
    counts = group.status
    files = [path.name for path in group.scans.iterdir()]
    assert counts["received"] == counts["done"] + counts["quarantined"] + counts["rejected"] == len(files)
    assert counts["pending"] == 0
    for label in (label for label in files if group.receipt(label)["outcome"] == "received"):
        kept, given = (hashlib.sha256(file.read_bytes()).digest() for file in (group.kept_by_ingest(label), group.scans / label))
        assert kept == given
    assert sohoa("fixity").code == 0


@of(*(row.name for row in ROWS if row.outcome == "done" and group_of(row.name) == "done" and row.name not in OTHER_PRINT))
def test_whatever_kind_of_file_shows_the_page_it_is_read(name: str, group: Group) -> None:
    for label in labels_of(name):
        for record in (group.made_by_digitize(label), group.made_by_work(label)):
            assert MOTTO in text_of(record), label


@of("born_digital_pdf")
def test_a_good_text_layer_is_used_and_not_read_again(name: str, group: Group) -> None:
    for record in (group.made_by_digitize(*labels_of(name)), group.made_by_work(*labels_of(name))):
        lines = record["pages"][0]["lines"]
        assert sorted(line["text"] for line in lines) == sorted(TEXT)
        assert {line["confidence"] for line in lines} == {1.0}


@of("scan_with_garbage_text_layer")
def test_a_garbage_text_layer_gets_into_no_result(name: str, group: Group) -> None:
    assert "DlJC" not in (group.folder_of(*labels_of(name)) / "text.txt").read_text(encoding="utf-8")
    with pikepdf.open(group.folder_of(*labels_of(name)) / "rendition.pdf") as rendition:
        assert b"DlJC" not in b"".join(page.Contents.read_bytes() for page in rendition.pages)


@of("pdf_with_javascript", "pdf_with_attachment")
def test_what_acts_or_hides_in_a_pdf_is_not_in_its_rendition(name: str, group: Group) -> None:
    renditions = [
        group.folder_of(*labels_of(name)) / "rendition.pdf",
        Path(sohoa("open", group.receipt(*labels_of(name))["record_id"], "--json").json["rendition"]),
    ]
    for file in renditions:
        with pikepdf.open(file) as rendition:
            assert len(rendition.attachments) == 0
            assert not {"/OpenAction", "/AA", "/AcroForm"} & set(rendition.Root.keys())
            assert "/AA" not in rendition.pages[0].obj
            written = rendition.Root.unparse(resolved=True) + b"".join(one.unparse() for one in rendition.objects)
            assert not any(word in written for word in (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile"))


@of("blank_page_pdf")
def test_a_blank_page_is_flagged_kept_and_counted(name: str, group: Group) -> None:
    for record in (group.made_by_digitize(*labels_of(name)), group.made_by_work(*labels_of(name))):
        assert [page["blank"] for page in record["pages"]] == [True]
        assert {"code": "BLANK_PAGE", "page_no": 1, "detail": None} in record["findings"]
    with pikepdf.open(group.folder_of(*labels_of(name)) / "rendition.pdf") as rendition:
        assert len(rendition.pages) == 1


@of("upside_down_pdf", "sideways_pdf")
def test_a_page_that_lies_wrong_is_turned_upright(name: str, group: Group) -> None:
    turns = {"upside_down_pdf": 180, "sideways_pdf": 90}
    for record in (group.made_by_digitize(*labels_of(name)), group.made_by_work(*labels_of(name))):
        [page] = record["pages"]
        assert page["orientation"] == turns[name]
        assert page["width"] < page["height"]


@of("jpeg_turned_by_exif")
def test_all_orientations_of_a_photo_show_the_same_upright_page(name: str, group: Group) -> None:
    assert len(labels_of(name)) == 8
    for label in labels_of(name):
        for record in (group.made_by_digitize(label), group.made_by_work(label)):
            [page] = record["pages"]
            assert (page["width"], page["height"], page["orientation"]) == (1240, 1754, 0)


@of("tiff_of_three_frames", "tiff_whose_second_frame_is_cut")
def test_every_frame_of_a_tiff_is_a_page_of_every_result(name: str, group: Group) -> None:
    folder = group.folder_of(*labels_of(name))
    for record in (group.made_by_digitize(*labels_of(name)), group.made_by_work(*labels_of(name))):
        assert [page["page_no"] for page in record["pages"]] == [1, 2, 3]
        assert MOTTO in text_of({"pages": record["pages"][2:]})
    assert len(list((folder / "alto").iterdir())) == 3
    with pikepdf.open(folder / "rendition.pdf") as rendition:
        assert len(rendition.pages) == 3
