"""Every reader and finder keeps the contract."""

from pathlib import Path

import pytest

from pipeline.adapters.onnx_lines import OnnxLines, own_line_model
from pipeline.adapters.tesseract_data import find_tessdata
from pipeline.adapters.tesseract_lines import TesseractLines
from pipeline.adapters.tesseract_pages import TesseractPages
from pipeline.adapters.trueocr_lines import TrueocrLines, package_line_model
from pipeline.errors import ToolMissing
from pipeline.layout.tables import find_ruling
from tests.contracts.reader_contract import TEXTS, LineFinderContract, LineReaderContract, typeset


class TestTesseractLines(LineReaderContract):
    reader = TesseractLines(find_tessdata("vie"))


class TestOnnxLines(LineReaderContract):
    reader = OnnxLines(own_line_model())


class TestOnnxLinesOfThePackage(LineReaderContract):
    reader = OnnxLines(package_line_model())


class TestTrueocrLines(LineFinderContract):
    finder = TrueocrLines()


def test_the_program_reads_whole_pages_where_no_wheel_does() -> None:
    picture, _ = typeset()
    lines = TesseractPages(find_tessdata("vie")).read_page(picture, find_ruling(picture))
    assert [line.text for line in lines] == list(TEXTS)


def test_the_program_tells_which_way_up_a_page_is() -> None:
    page = typeset(TEXTS * 8, size=40)[0]
    degrees, sure = TesseractPages(find_tessdata("vie")).quarter_turns(page[::-1, ::-1].copy())
    assert degrees == 180
    assert sure > 0.3


def test_the_program_says_nothing_of_a_page_with_too_few_letters() -> None:
    picture, _ = typeset(("2",))
    assert TesseractPages(find_tessdata("vie")).quarter_turns(picture) == (0, 0.0)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"charset": "ab", "name": "x"}'])
def test_a_broken_description_of_the_network_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "lines.json").write_text(content, encoding="utf-8")
    with pytest.raises(ToolMissing, match=r"lines\.json"):
        own_line_model(tmp_path / "lines.json")


def test_a_missing_network_is_named(tmp_path: Path) -> None:
    (tmp_path / "lines.json").write_text('{"charset": "ab", "name": "x", "version": "1"}', encoding="utf-8")
    with pytest.raises(ToolMissing, match=r"lines\.onnx"):
        OnnxLines(own_line_model(tmp_path / "lines.json"))
