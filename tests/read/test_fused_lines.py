"""Two readers for a page: the quick one reads all lines, the other those in doubt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from pipeline.model import BoundingBox, Zone
from pipeline.ports import LineReading
from pipeline.read.fuse import doubt, fuse
from pipeline.read.fused_lines import FusedLines
from tests.read.doubles import NO_RULES, NOTHING, PICTURE, KnowingFinder, KnowingLines, info, row
from tests.read.readings import language, network, tesseract

SURE = network("Căn cứ Luật Tổ chức chính quyền địa phương")
DOUBTFUL = network("Số: l5/QĐ-UBND", "l5")
RIGHT = tesseract("Số: 15/QĐ-UBND")
Says = Mapping[BoundingBox, LineReading]


def reader(first: Says, second: Says, ask_from: float = 0.2) -> FusedLines:
    """Finds every box that either of the two readers knows of, from the bottom of the page to its top."""
    boxes = sorted({*first, *second}, key=lambda box: -box.top)
    one, other = KnowingLines(first, info("sohoa-lines")), KnowingLines(second, info("tesseract-lines"))
    return FusedLines(KnowingFinder(boxes), one, other, language(), ask_from)


def asked_of_second(pages: FusedLines) -> list[BoundingBox]:
    pages.read_page(PICTURE, NO_RULES)
    assert isinstance(pages.second, KnowingLines)
    return pages.second.asked


def texts(pages: FusedLines) -> list[str]:
    return [line.text for line in pages.read_page(PICTURE, NO_RULES)]


def test_the_lines_of_these_tests_are_what_they_are_called() -> None:
    assert doubt(fuse(SURE, None, language())) < 0.2 < doubt(fuse(DOUBTFUL, None, language())) < 1.0


def test_the_second_reader_is_asked_about_the_doubtful_line_alone() -> None:
    assert asked_of_second(reader({row(0): SURE, row(1): DOUBTFUL, row(2): SURE}, {})) == [row(1)]


def test_asked_from_zero_it_reads_every_line() -> None:
    assert asked_of_second(reader({row(0): SURE, row(1): DOUBTFUL, row(2): SURE}, {}, 0.0)) == [row(2), row(1), row(0)]


def test_asked_from_one_it_reads_only_where_the_first_saw_nothing() -> None:
    assert asked_of_second(reader({row(0): SURE, row(1): DOUBTFUL, row(2): NOTHING}, {}, 1.0)) == [row(2)]


@pytest.mark.parametrize("ask_from", [0.0, 0.2, 1.0])
def test_the_first_reader_is_asked_about_every_line_once(ask_from: float) -> None:
    pages = reader({row(0): SURE, row(1): DOUBTFUL}, {}, ask_from)
    pages.read_page(PICTURE, NO_RULES)
    assert isinstance(pages.first, KnowingLines)
    assert pages.first.asked == [row(1), row(0)]


def test_the_second_reader_puts_the_doubtful_line_right() -> None:
    assert texts(reader({row(0): DOUBTFUL}, {row(0): RIGHT})) == ["Số: 15/QĐ-UBND"]


def test_what_the_second_reader_would_say_of_a_sure_line_does_not_count() -> None:
    assert texts(reader({row(0): SURE}, {row(0): tesseract("Cần cử Luật")})) == ["Căn cứ Luật Tổ chức chính quyền địa phương"]


@pytest.mark.parametrize("ask_from", [0.0, 0.2, 1.0])
def test_a_line_that_only_the_second_reader_sees_is_kept(ask_from: float) -> None:
    assert texts(reader({row(0): SURE, row(1): NOTHING}, {row(1): tesseract("QUYẾT ĐỊNH")}, ask_from))[0] == "QUYẾT ĐỊNH"


@pytest.mark.parametrize("ask_from", [0.0, 0.2, 1.0])
def test_a_line_in_which_neither_sees_anything_is_dropped(ask_from: float) -> None:
    assert len(texts(reader({row(0): SURE, row(1): NOTHING, row(2): SURE}, {}, ask_from))) == 2


def test_a_page_without_lines_asks_nobody() -> None:
    pages = reader({}, {})
    assert pages.read_page(PICTURE, NO_RULES) == []
    assert asked_of_second(pages) == []


def test_lines_come_in_the_order_in_which_they_were_found_with_each_its_own_text() -> None:
    first = {row(0): network("Điều 1"), row(1): DOUBTFUL, row(2): network("Điều 3"), row(3): NOTHING, row(4): network("Điều 5")}
    second = {row(1): RIGHT, row(3): tesseract("Điều 4")}
    assert texts(reader(first, second)) == [
        "Điều 5", "Điều 4", "Điều 3", "Số: 15/QĐ-UBND", "Điều 1",
    ]  # fmt: skip


def test_lines_keep_the_boxes_of_the_finder_and_words_those_of_their_reader() -> None:
    (line,) = reader({row(0): SURE}, {}).read_page(PICTURE, NO_RULES)
    assert line.box == row(0)
    assert [word.box for word in line.words] == [word.box for word in SURE.words]
    title = tesseract("QUYẾT ĐỊNH")
    (line,) = reader({row(0): NOTHING}, {row(0): title}).read_page(PICTURE, NO_RULES)
    assert line.box == row(0)
    assert [word.box for word in line.words] == [word.box for word in title.words]


def test_where_a_line_belongs_on_the_page_is_not_for_a_reader_to_say() -> None:
    (line,) = reader({row(0): SURE}, {}).read_page(PICTURE, NO_RULES)
    assert (line.zone, line.same_row) == (Zone.BODY, False)


def test_a_line_is_cut_where_a_table_rule_goes_through_it() -> None:
    whole, left, right = row(0), row(0, right=490), row(0, left=500)
    one, other = (
        KnowingLines({left: network("Điều 1"), right: NOTHING}, info("sohoa-lines")),
        KnowingLines({right: tesseract("Điều 2")}, info("tesseract-lines")),
    )
    pages = FusedLines(KnowingFinder([whole]), one, other, language(), 0.2)
    ruled = replace(NO_RULES, uprights=(BoundingBox(490, 0, 500, 400),))
    assert [(line.text, line.box) for line in pages.read_page(PICTURE, ruled)] == [("Điều 1", left), ("Điều 2", right)]


def test_all_that_had_a_part_in_it_are_named() -> None:
    assert [one.name for one in reader({}, {}).infos] == ["finder", "sohoa-lines", "tesseract-lines", "syllables"]


def test_which_way_up_is_for_the_finder_to_say() -> None:
    pages = replace(reader({}, {}), finder=KnowingFinder([], (270, 0.98)))
    assert pages.quarter_turns(PICTURE) == (270, 0.98)
