"""What is written beside each scan: transcript, fields, and where every word stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from samples.document import Document
from samples.recipe import Recipe
from samples.spoil.page import ScannedPage


def transcript(pages: Sequence[ScannedPage]) -> str:
    """One printed line a line in reading order, pages separated by a form feed, handwriting as `[handwriting:27]`."""
    return "\f".join(page.text for page in pages) + "\n"


def field_truth(document: Document, recipe: Recipe, pages: Sequence[ScannedPage], file_name: str) -> dict[str, Any]:
    """The fields as a perfect reader finds them. `blank`: fields whose place was left empty; `phenomena`: classes of damage."""
    first = pages[0]
    return {
        "file": file_name,
        "type": document.kind,
        "image": {
            "px": f"{first.pixels.shape[1]}x{first.pixels.shape[0]}",
            "dpi": first.dpi,
            "colour": recipe.mode.value,
            "pages": len(pages),
        },
        "fields": {**document.fields, "urgency": recipe.urgency, "pageAmount": len(pages)},
        "handwritten": list(document.handwritten),
        "blank": list(document.left_blank),
        "phenomena": list(recipe.classes),
    }


def word_boxes(pages: Sequence[ScannedPage]) -> dict[str, Any]:
    """Boxes in pixels of each page as seen, quarter turns undone, not deskewed; `line` is the page's transcript line, from 1."""
    return {"pages": [_page_boxes(page_no, page) for page_no, page in enumerate(pages, 1)]}


def _page_boxes(page_no: int, page: ScannedPage) -> dict[str, Any]:
    height, width = page.pixels.shape[:2]
    words = [
        {"text": word.text, "box": list(word.box(width, height)), "line": number, "kind": word.kind.value}
        for number, line in enumerate(page.lines, 1)
        for word in line.words
    ]
    return {
        "page_no": page_no,
        "width": width,
        "height": height,
        "dpi": page.dpi,
        "orientation": 90 * page.turns,
        "skew": round(page.skew, 3),
        "words": words,
    }
