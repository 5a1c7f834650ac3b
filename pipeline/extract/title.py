"""The title block: a printed type ("QUYẾT ĐỊNH") and, below it, what the document is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.document_types import DocumentTypes, TypeProfile
from pipeline.extract.marks import is_mark
from pipeline.extract.spans import PlacedLine
from pipeline.layout.anchors import is_capitals, starts_body
from pipeline.model import Line, Page, Zone
from pipeline.text import fold, words

TITLE_LINES = 6
"""A summary of more lines does not happen; what follows is text."""
OFF_CENTRE = 0.07
"""Share of the page's width by which a line of the summary may stand beside the middle of the type above it."""
DRIFT = 0.022
"""The same from one line of the summary to the next: the first line of the text is indented and stands further beside."""
LOOKED_AT = 8
"""Lines after the head among which the type stands (marks and stamps may come between); "QUYẾT ĐỊNH:" is no title."""
ENDS = re.compile(
    r"^(can cu|theo |xet |kinh gui|dieu \d|khoa [ivx\d]|kem theo|ban hanh kem|dinh kem|"
    r"(phan|chuong|muc) (thu |[ivx]+\b|\d)|i\.|1\.)"
)
"""Folded beginnings of what follows a title. Each begins a sentence: in small letters it is a part of the summary."""
ATTACHED = re.compile(
    r"^[\W_]*(\w?\W*|\w+ )(ban hanh )?kem( theo)? (quyet dinh|cong van|thong bao|ke hoach|to trinh|nghi quyet|bao cao|huong dan|"
    r"giay moi|van ban|thong tu|nghi dinh|chi thi|quy che|quy dinh|chuong trinh)\b|^[\W_]*\w?\W*(ban hanh |dinh )?kem theo\b"
)
"""“(Kèm theo Quyết định số ...)” under the title of an appendix, whatever a seal left of its first word."""
AUTHORITIES = (
    "giam doc", "hieu truong", "chu tich", "bo truong", "uy ban nhan dan", "hoi dong nhan dan", "thu truong",
    "truong phong", "cuc truong", "tong giam doc", "vien truong", "chanh an", "thu tuong", "chinh phu", "ban thuong vu",
    "ban chap hanh", "tong cuc truong", "quyet dinh", "quyet nghi",
)  # fmt: skip
"""Who decides, in capitals under a decision's title."""


@dataclass(frozen=True, slots=True)
class Title:
    """`profile` None: a title without a known type. `type_text` as on file; `subject`: its lines, may be empty."""

    page_no: int
    profile: TypeProfile | None
    type_text: str
    type_line: PlacedLine | None
    subject: tuple[PlacedLine, ...]


def title_of(pages: Sequence[Page], types: DocumentTypes) -> Title | None:
    """The title of the first page: below its head, or at its very top when it has none (an appendix)."""
    for page in pages[:1]:
        body = [line for line in page.lines if line.zone in (Zone.BODY, Zone.TABLE) and not is_mark(line.text)]
        has_head = any(line.zone is Zone.HEADER_RIGHT for line in page.lines)
        for place, line in enumerate(body[: LOOKED_AT if has_head else 2]):
            found = types.printed_in(line.text) if is_capitals(line.text) and not line.text.endswith(":") else None
            if found and _centred(line, page):
                subject = subject_lines(line, body[place + 1 :], page)
                placed = PlacedLine(page.page_no, line)
                return Title(page.page_no, found[0], found[1], placed, tuple(PlacedLine(page.page_no, s) for s in subject))
            if starts_body(line.text):
                break
        if not has_head:
            return _appendix_title(body, page)
    return None


def _appendix_title(body: Sequence[Line], page: Page) -> Title | None:
    """Capitals at the top of a page that says to which document it is attached: a title without a type."""
    attached = next((i for i, line in enumerate(body[:TITLE_LINES]) if ATTACHED.match(fold(line.text))), None)
    capitals = [line for line in body[: attached or 0] if is_capitals(line.text) and _centred(line, page)]
    if attached is None or not capitals:
        return None
    return Title(page.page_no, None, "", None, tuple(PlacedLine(page.page_no, line) for line in capitals))


def _centred(line: Line, page: Page) -> bool:
    return abs(line.box.middle[0] - page.width / 2) < 0.2 * page.width


def subject_lines(type_line: Line, below: Sequence[Line], page: Page) -> list[Line]:
    """Lines under the type that stand close together around the same middle, up to what begins the text."""
    lines: list[Line] = []
    last = type_line
    for line in below[:TITLE_LINES]:
        gap = line.box.top - last.box.bottom
        off = abs(line.box.middle[0] - last.box.middle[0])
        beside = off > (DRIFT if lines else OFF_CENTRE) * page.width
        if gap > 1.1 * type_line.box.height or beside or _ends_title(line.text) or line.zone is Zone.TABLE:
            break
        if lines and is_capitals(line.text) and not is_capitals(lines[-1].text):
            break
        lines.append(line)
        last = line
    return lines


def _ends_title(text: str) -> bool:
    begins = text.lstrip(" -.\"'“(")
    bare = fold(begins)
    if ENDS.match(bare) and not (begins[:1].islower() and not text.lstrip().startswith("(")):
        return True
    return is_capitals(text) and any(" ".join(words(bare)).startswith(authority) for authority in AUTHORITIES)
