"""One page of a PDF, looked at but not decoded: what the other modules of this package judge it by."""

from __future__ import annotations

from dataclasses import dataclass

import pikepdf

from pipeline.errors import Damaged
from pipeline.pages.annotations import Annotation, annotations_of
from pipeline.pages.content import marks_of
from pipeline.pages.geometry import PageFrame, frame_of
from pipeline.pages.marks import Mark


@dataclass(frozen=True, slots=True)
class PdfPage:
    """`marks`: what its content paints, in order. `annotations`: what lies over it, in order."""

    page_no: int
    source: pikepdf.Page
    frame: PageFrame
    marks: tuple[Mark, ...]
    annotations: tuple[Annotation, ...]


def look_at(page: pikepdf.Page, page_no: int, hidden_layers: frozenset[tuple[int, int]], *, repaired: bool) -> PdfPage:
    """Raises Damaged when the page has no area, or when nothing or not all is left of it in a repaired file."""
    marks = marks_of(page, hidden_layers, complete=not repaired)
    annotations = annotations_of(page)
    if repaired and not marks and not annotations:
        # qpdf takes what it cannot find for empty; a page of a sound file may be
        raise Damaged("nothing is left of the page")
    return PdfPage(page_no, page, frame_of(page), marks, annotations)
