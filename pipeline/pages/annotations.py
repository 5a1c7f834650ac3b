"""Which annotations of a PDF page belong to what is read, and which only say something about the file."""

from __future__ import annotations

from dataclasses import dataclass

import pikepdf

from pipeline.model import RegionKind
from pipeline.pages.geometry import Rectangle

HIDDEN, NO_VIEW = 2, 32
"""Annotation flags (ISO 32000-1, table 165): neither is seen on the screen."""

NOT_PAINTED = frozenset(
    {"/Link", "/Popup", "/Text", "/FileAttachment", "/Sound", "/Movie", "/Screen", "/3D", "/RichMedia", "/TrapNet"}
)
"""Things to click on; their icons are no part of the page."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """A visible annotation. `index`: its place in the page's /Annots. `names`: None when it belongs to what the page says."""

    index: int
    box: Rectangle
    names: RegionKind | None


def annotations_of(page: pikepdf.Page) -> tuple[Annotation, ...]:
    """The visible annotations in painting order. Notes, stamps and filled fields belong to the page; signatures do not."""
    given = page.obj.get("/Annots")
    if not isinstance(given, pikepdf.Array):
        return ()
    seen = (_annotation(index, entry) for index, entry in enumerate(given))
    return tuple(annotation for annotation in seen if annotation is not None)


def _annotation(index: int, entry: pikepdf.Object) -> Annotation | None:
    if not isinstance(entry, pikepdf.Dictionary) or str(entry.get("/Subtype")) in NOT_PAINTED:
        return None
    try:
        flags = int(entry.get("/F", 0))
        x1, y1, x2, y2 = (float(value) for value in entry.get("/Rect", ()))
    except (TypeError, ValueError):
        return None
    box = min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
    if flags & (HIDDEN | NO_VIEW) or box[0] == box[2] or box[1] == box[3]:
        return None
    return Annotation(index, box, _names(entry))


def _names(entry: pikepdf.Dictionary) -> RegionKind | None:
    if str(entry.get("/Subtype")) == "/Watermark":
        return RegionKind.WATERMARK
    return RegionKind.DIGITAL_SIGNATURE if _field_type(entry) == "/Sig" else None


def _field_type(field: pikepdf.Object) -> str:
    """/FT of a widget, its own or inherited (bounded: a damaged form may be a loop)."""
    for _ in range(20):
        if "/FT" in field:
            return str(field.FT)
        if not isinstance(field.get("/Parent"), pikepdf.Dictionary):
            return ""
        field = field.Parent
    return ""
