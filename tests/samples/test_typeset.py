"""Words set in type: broken into lines, put on pages, kept together."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont

from pipeline.errors import ToolMissing
from samples.document import (
    Align,
    Block,
    Column,
    Document,
    Ending,
    Entries,
    Face,
    Kind,
    Masthead,
    PageBreak,
    Paragraph,
    Run,
    Signature,
    Table,
    Title,
)
from samples.draw import write_sheets
from samples.typeset.fonts import find_fonts, missing_glyphs
from samples.typeset.lines import WORD_SPACE, Measured, balanced, broken, extent, set_runs
from samples.typeset.pages import set_pages
from samples.typeset.sheet import A4
from samples.typeset.style import NumberPlace, Style, choose_style
from samples.writing import KINDS
from samples.writing.frame import NATION

SIZE, WIDTH = 14.0, 300.0
words = st.lists(st.floats(1.0, 250.0).map(lambda width: Measured("x", Face.REGULAR, Kind.PRINT, width)), min_size=1, max_size=40)


def _width(line: list[Measured]) -> float:
    return sum(word.width for word in line) + WORD_SPACE * SIZE * (len(line) - 1)


@given(words, st.floats(0.0, 40.0))
def test_lines_hold_all_words_in_order_and_fit(some: list[Measured], indent: float) -> None:
    lines = broken(some, SIZE, WIDTH, indent)
    assert [word for line in lines for word in line] == some
    for number, line in enumerate(lines):
        assert len(line) == 1 or _width(line) <= WIDTH - (indent if number == 0 else 0) + 1e-6


@given(words)
def test_a_title_is_broken_evenly_into_no_more_lines_than_needed(some: list[Measured]) -> None:
    greedy, even = broken(some, SIZE, WIDTH), balanced(some, SIZE, WIDTH)
    assert len(even) == len(greedy)
    assert max(map(_width, even)) <= max(map(_width, greedy)) + 1.0


def test_justified_lines_end_together_and_the_last_one_does_not() -> None:
    lines = set_runs([Run("một hai ba bốn năm sáu bảy tám chín mười " * 8)], SIZE, 80.0, WIDTH, Align.JUSTIFY, 28.0)
    assert len(lines) > 3
    assert extent(lines[0])[0] == 108.0
    assert all(extent(line)[1] == pytest.approx(80.0 + WIDTH) for line in lines[:-1])
    assert extent(lines[-1])[1] < 80.0 + WIDTH - 1


def _style(place: NumberPlace = NumberPlace.TOP_CENTRE) -> Style:
    return Style(80, 50, 60, 60, 14, 19, 6, 28, 70, place, centred_cells=True)


HEAD = Masthead((), ("ỦY BAN NHÂN DÂN",), (Run("Số: 1/QĐ-UBND"),), None, NATION, "Độc lập - Tự do", (Run("Yên Phong, ngày 1"),))
ENDING = Ending(("Như trên", "Lưu: VT"), (Signature(("CHỦ TỊCH",), "Lê Văn An"),))


def _document(*blocks: Block) -> Document:
    return Document("quyết định", date(2021, 1, 1), blocks, {}, (), ())


@pytest.mark.parametrize("paragraphs", range(20, 40))
def test_a_signature_never_stands_alone_on_a_page(paragraphs: int) -> None:
    body = [Paragraph((Run(f"đoạn {number}"),)) for number in range(paragraphs)]
    sheets = set_pages(_document(HEAD, *body, ENDING), _style())
    signed = next(sheet for sheet in sheets if sheet.seats)
    assert f"đoạn {paragraphs - 1}" in signed.text


def test_nothing_is_lost_and_nothing_is_printed_in_the_margins() -> None:
    for number, kind in enumerate(KINDS):
        document, sheets = write_sheets(f"margins{number}", kind, Entries.TYPED)
        printed = Counter(word.text for sheet in sheets for line in sheet.lines for word in line.words)
        for block in document.blocks:
            if isinstance(block, Paragraph):
                printed.subtract(word for run in block.runs for word in run.text.split())
        assert min(printed.values()) >= 0
        for sheet in sheets:
            assert all(word.x > 30 and word.x + word.width < A4[0] - 35 for line in sheet.lines for word in line.words)
            assert all(30 < word.y < A4[1] - 25 for line in sheet.lines for word in line.words)


def test_pages_are_numbered_from_the_second_on_and_anew_in_an_appendix() -> None:
    body = [Paragraph((Run("dòng chữ"),)) for _ in range(70)]
    blocks: tuple[Block, ...] = (HEAD, *body, ENDING, PageBreak(), Title("PHỤ LỤC", "Biểu"), *body)
    on_top = set_pages(_document(*blocks), _style())
    assert [sheet.lines[0].text for sheet in on_top] == ["ỦY BAN NHÂN DÂN", "2", "3", "PHỤ LỤC", "2", "3"]
    at_foot = set_pages(_document(*blocks), _style(NumberPlace.FOOT_RIGHT))
    assert [sheet.lines[-1].text for sheet in at_foot][1:3] == ["2", "3"]
    assert extent(at_foot[1].lines[-1])[1] == pytest.approx(A4[0] - 50)


def test_page_numbers_moved_to_the_top_with_the_decree_of_2020() -> None:
    styles = [choose_style(random.Random(seed), date(2020, 3, 5)) for seed in range(20)]
    assert {style.number_place for style in styles} == {NumberPlace.TOP_CENTRE}
    before = [choose_style(random.Random(seed), date(2020, 3, 4)) for seed in range(20)]
    assert NumberPlace.TOP_CENTRE not in {style.number_place for style in before}


def test_the_left_column_of_the_header_is_read_before_the_right() -> None:
    (sheet,) = set_pages(_document(HEAD, ENDING), _style())
    assert sheet.text.splitlines() == [
        "ỦY BAN NHÂN DÂN", "Số: 1/QĐ-UBND", NATION, "Độc lập - Tự do", "Yên Phong, ngày 1",
        "Nơi nhận:", "- Như trên;", "- Lưu: VT.", "CHỦ TỊCH", "Lê Văn An",
    ]  # fmt: skip
    assert sheet.lines[1].words[0].y == sheet.lines[4].words[0].y


def test_two_signers_come_before_the_recipients_below_them() -> None:
    ending = Ending(("Lưu: VT",), (Signature(("THƯ KÝ",), "Lê Văn An"), Signature(("CHỦ TỌA",), "Vũ Thị Hoa")))
    (sheet,) = set_pages(_document(ending), _style())
    assert sheet.text.splitlines() == ["THƯ KÝ", "Lê Văn An", "CHỦ TỌA", "Vũ Thị Hoa", "Nơi nhận:", "- Lưu: VT."]
    assert len(sheet.seats) == 2


def test_a_table_row_of_two_lines_is_two_lines_in_the_transcript() -> None:
    columns = (Column("TT", 0.1, Align.CENTRE), Column("Nội dung", 0.28), Column("Hạn", 0.62))
    table = Table(columns, (("1", "Rà soát máy trạm, đường truyền số liệu", "05/3/2024"),))
    (sheet,) = set_pages(_document(table), _style())
    assert sheet.text.splitlines() == ["TT Nội dung Hạn", "1 Rà soát máy trạm, 05/3/2024", "đường truyền số liệu"]
    assert len(sheet.rules) == 12
    bare = set_pages(_document(Table(columns, table.rows, ruled=False)), _style())[0]
    assert bare.text.splitlines()[0] == "1 Rà soát máy trạm, 05/3/2024"
    assert not bare.rules


def test_a_missing_font_is_named_with_the_package_that_has_it(tmp_path: Path) -> None:
    with pytest.raises(ToolMissing, match="fonts-croscore"):
        find_fonts([tmp_path, tmp_path / "nowhere"])


def test_the_font_has_all_vietnamese_letters_and_a_font_without_them_is_found_out() -> None:
    assert set(find_fonts()) == set(Face)
    assert missing_glyphs(ImageFont.truetype(str(find_fonts()[Face.BOLD]), 32)) == []
    other = ImageFont.load_default(32)
    assert isinstance(other, ImageFont.FreeTypeFont)
    assert "ạ" in missing_glyphs(other)
