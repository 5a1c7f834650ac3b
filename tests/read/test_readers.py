"""Every reader and finder keeps the contract."""

from pipeline.adapters.onnx_lines import OnnxLines
from pipeline.adapters.tesseract_data import find_tessdata
from pipeline.adapters.tesseract_lines import TesseractLines
from pipeline.adapters.tesseract_pages import TesseractPages
from pipeline.adapters.trueocr_lines import TrueocrLines, package_line_model
from pipeline.layout.tables import find_ruling
from tests.contracts.reader_contract import TEXTS, LineFinderContract, LineReaderContract, typeset

MODEL = package_line_model()


class TestTesseractLines(LineReaderContract):
    reader = TesseractLines(find_tessdata("vie"))


class TestOnnxLines(LineReaderContract):
    reader = OnnxLines(MODEL.file, MODEL.charset, MODEL.name, MODEL.version)


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
