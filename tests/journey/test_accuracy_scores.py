"""What the accuracy benchmark counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import ABSENT, SCALAR_FIELDS, BoundingBox, Field, FieldState
from tests.bench.accuracy.cases import penned
from tests.bench.accuracy.scores import believed, calibration_error, cer, judged_fields, line_cer, reliability

TRUTH = "ỦY BAN NHÂN DÂN\nSố: [handwriting:27] /QĐ-UBND\nĐiều 1. Phê duyệt kế hoạch"


def test_the_truth_itself_has_no_error() -> None:
    assert cer(TRUTH, "UỶ BAN NHÂN DÂN\nSố: 27 /QĐ-UBND\nĐiều 1.  Phê duyệt kế hoạch") == 0.0  # tone placement, spaces


def test_words_of_a_pen_cost_nothing_whether_they_are_read_or_not() -> None:
    assert cer(TRUTH, "ỦY BAN NHÂN DÂN\nSố: /QĐ-UBND\nĐiều 1. Phê duyệt kế hoạch") == 0.0


def test_lines_in_another_order_cost_characters_in_order_alone() -> None:
    turned = "Điều 1. Phê duyệt kế hoạch\nSố: /QĐ-UBND\nỦY BAN NHÂN DÂN"
    assert line_cer(TRUTH, turned) == 0.0
    assert cer(TRUTH, turned) > 0.5


def test_one_wrong_letter_of_fifty() -> None:
    truth = "a" * 49 + "b"
    assert cer(truth, "a" * 50) == pytest.approx(0.02)
    assert line_cer(truth, "a" * 50) == pytest.approx(0.02)


def test_nothing_read_is_wholly_wrong() -> None:
    assert cer(TRUTH, "") == 1.0
    assert line_cer(TRUTH, "") == 1.0


@given(st.text(alphabet="abc đưừ\n", max_size=40), st.text(alphabet="abc đưừ\n", max_size=40))
def test_errors_are_shares(truth: str, read: str) -> None:
    assert 0.0 <= cer(truth, read) <= 1.0
    assert 0.0 <= line_cer(truth, read) <= 1.0


def test_a_word_is_right_as_often_as_it_stands_on_the_page() -> None:
    read = [("Điều", 0.9), ("Điều", 0.8), ("ké", 0.4), ("27", 0.7), ("…", 0.3), ("Phê", None)]
    assert believed(read, TRUTH) == [(0.9, True), (0.8, False), (0.4, False), (0.7, True)]


def test_who_is_right_as_often_as_it_says_is_calibrated() -> None:
    honest = [(0.75, True)] * 3 + [(0.75, False)] + [(1.0, True)] * 6
    assert calibration_error(reliability(honest)) == pytest.approx(0.0)
    boastful = [(0.95, False)] * 5 + [(0.95, True)] * 5
    assert calibration_error(reliability(boastful)) == pytest.approx(0.45)


def test_fields_are_judged_by_what_a_pen_or_a_printer_wrote() -> None:
    box = BoundingBox(0, 0, 1, 1)

    def present(value: str) -> Field:
        return Field(value, value, FieldState.PRESENT, 0.9, 1, box)

    found = dict.fromkeys(SCALAR_FIELDS, ABSENT) | {
        "organName": present("UBND xã  Tân An"), "codeNumber": Field(None, None, FieldState.HANDWRITTEN, None, 1, box),
        "codeNotation": present("QĐ - UBND"), "place": present("Tân Bình"), "typeName": present("BÁO CÁO"),
    }  # fmt: skip
    truth = {
        "organName": "ubnd xã tân an", "codeNumber": "27", "codeNotation": "QĐ-UBND", "place": "Tân An", "issuedDate": "2024-05-06",
        "typeName": None, "subject": "x", "signerName": "y", "signerPosition": "z",
    }  # fmt: skip
    verdicts = judged_fields(truth, frozenset({"codeNumber", "issuedDate"}), found)
    assert verdicts == {"right": 2, "pen honest": 1, "pen wrong": 1, "wrong": 1, "missing": 3, "invented": 1}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Số: [handwriting:027] /QĐ-UBND\nngày 05 tháng 11 năm 2024", {"codeNumber"}),
        ("Số: 27/QĐ-UBND\nngày [handwriting:05] tháng 11 năm 2024", {"issuedDate"}),
        ("Số: 27/QĐ-UBND\nngày 05 tháng [handwriting:11] năm 2024\n[handwriting:KT]. GIÁM ĐỐC", {"issuedDate", "signerPosition"}),
        ("Số: 27/QĐ-UBND\nngày 05 tháng 11 năm 2024\n[handwriting:xem lại]", set()),
        ("Số: 27/QĐ-UBND", set()),
    ],
)
def test_what_a_pen_wrote_on_a_real_scan_is_told_by_its_transcript(text: str, expected: set[str]) -> None:
    fields = {"codeNumber": "27", "issuedDate": "2024-11-05", "signerPosition": "KT. GIÁM ĐỐC"}
    assert penned(fields, text) == expected


def test_a_field_that_is_not_there_is_written_by_nobody() -> None:
    assert penned({"codeNumber": None, "issuedDate": None}, "[handwriting:27] [handwriting:]") == frozenset()
