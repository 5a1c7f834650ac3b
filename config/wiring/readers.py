"""What reads: the readers by name, with their models loaded.

Adapters are imported where they are chosen: a machine on which a wheel does not work can still read with another reader.
"""

from __future__ import annotations

import os
from importlib.metadata import version

from config.profiles import document_types, gazetteer
from pipeline.errors import BadSetting, ToolMissing
from pipeline.journey import Tools
from pipeline.model import MadeBy
from pipeline.pixels import use_one_thread
from pipeline.ports import LineFinder, LineReader, PageReader
from pipeline.read.found_lines import FoundLines
from pipeline.read.fused_lines import FusedLines
from pipeline.read.language import open_language

LANGUAGE = "vie"
ASK_FROM = 0.7
"""Chance of an error in a line from which Tesseract is asked too: a tenth of the lines of real pages. Asking about all of them
takes twice as long and reads no better (docs/decisions/0004)."""


def load_tools(reader: str) -> Tools:
    """All that a journey needs, models loaded. Raises ToolMissing, BadSetting (no such reader)."""
    use_one_thread()
    pages = page_reader(reader)
    parameters = {"reader": reader, "ask_from": ASK_FROM} if reader == "fused" else {"reader": reader}
    made_by = MadeBy(version("sohoa"), pages.infos, parameters)
    return Tools(pages, document_types(), gazetteer(), made_by)


def page_reader(name: str) -> PageReader:
    """The reader of that name (config.settings lists them). Raises ToolMissing, BadSetting."""
    keep_to_ourselves()
    try:
        match name:
            case "fused":
                first, second = _network(), _tesseract_lines()
                return FusedLines(_finder(), first, second, open_language(first.info.name, second.info.name), ASK_FROM)
            case "lines":
                return FoundLines(_finder(), _tesseract_lines())
            case "onnx":
                return FoundLines(_finder(), _network())
            case "tesseract":
                return _tesseract_pages()
    except ImportError as error:
        raise ToolMissing(error.name or name) from error
    raise BadSetting(f"SOHOA_READER: {name}")


def keep_to_ourselves() -> None:
    """ONNX Runtime's official builds number the machine, keep a list of what they did and send it to their maker unless they are
    told not to before they are loaded."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"


def _finder() -> LineFinder:
    from pipeline.adapters.trueocr_lines import TrueocrLines

    return TrueocrLines()


def _network() -> LineReader:
    from pipeline.adapters.onnx_lines import OnnxLines, own_line_model

    return OnnxLines(own_line_model())


def _tesseract_lines() -> LineReader:
    from pipeline.adapters.tesseract_data import find_tessdata
    from pipeline.adapters.tesseract_lines import TesseractLines

    return TesseractLines(find_tessdata(LANGUAGE))


def _tesseract_pages() -> PageReader:
    from pipeline.adapters.tesseract_data import find_tessdata
    from pipeline.adapters.tesseract_pages import TesseractPages

    return TesseractPages(find_tessdata(LANGUAGE))
