"""What reads: the readers by name, with their models loaded."""

from __future__ import annotations

from importlib.metadata import version

from config.profiles import document_types, gazetteer
from pipeline.adapters.onnx_lines import OnnxLines
from pipeline.adapters.tesseract_data import find_tessdata
from pipeline.adapters.tesseract_lines import TesseractLines
from pipeline.adapters.tesseract_pages import TesseractPages
from pipeline.adapters.trueocr_lines import TrueocrLines, package_line_model
from pipeline.errors import BadSetting
from pipeline.journey import Tools
from pipeline.model import MadeBy
from pipeline.pixels import use_one_thread
from pipeline.ports import PageReader
from pipeline.read.found_lines import FoundLines
from pipeline.read.fused_lines import FusedLines
from pipeline.read.language import open_language

LANGUAGE = "vie"
ASK_FROM = 0.2
"""Chance of an error in a line from which Tesseract is asked too: a third of the lines of real pages. Asking about all of them
costs half as much time again and reads no better (docs/decisions/0004)."""


def load_tools(reader: str) -> Tools:
    """All that a journey needs, models loaded. Raises ToolMissing, BadSetting (no such reader)."""
    use_one_thread()
    pages = page_reader(reader)
    made_by = MadeBy(version("sohoa"), pages.infos, {"reader": reader})
    return Tools(pages, document_types(), gazetteer(), made_by)


def page_reader(name: str) -> PageReader:
    """The reader of that name (config.settings lists them). Raises ToolMissing, BadSetting."""
    match name:
        case "fused":
            network, tesseract = _network(), TesseractLines(find_tessdata(LANGUAGE))
            language = open_language(network.info.name, tesseract.info.name)
            return FusedLines(TrueocrLines(), network, tesseract, language, ASK_FROM)
        case "lines":
            return FoundLines(TrueocrLines(), TesseractLines(find_tessdata(LANGUAGE)))
        case "onnx":
            return FoundLines(TrueocrLines(), _network())
        case "tesseract":
            return TesseractPages(find_tessdata(LANGUAGE))
    raise BadSetting(f"SOHOA_READER: {name}")


def _network() -> OnnxLines:
    model = package_line_model()
    return OnnxLines(model.file, model.charset, model.name, model.version)
