"""Lists of a document: recipients, addressees, legal bases. Entries go over several lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.extract.spans import PlacedLine, Span, present, whole
from pipeline.layout.anchors import is_recipients_head, starts_body
from pipeline.model import Field, Page, Zone
from pipeline.text import clean, fold

BULLET = re.compile(r"^[\s]*[-–—+•*~ˆ]+\s*")
TO_HEAD = re.compile(r"^\W*k[ií]nh\s*g[uửứừưữủ]i\s*[:.;,]*\s*", re.IGNORECASE)
BASIS_STARTS = ("can cu",)
MOST_ADDRESSEE_LINES = 30


def recipients_of(pages: Sequence[Page]) -> tuple[Field, ...]:
    """Entries under "Nơi nhận", of the last page that has them."""
    for page in reversed(pages):
        lines = [PlacedLine(page.page_no, line) for line in page.lines if line.zone is Zone.RECIPIENTS]
        if lines:
            return _entries([_after_head(p) if is_recipients_head(p.text) else whole(p) for p in lines])
    return ()


def _after_head(placed: PlacedLine) -> Span:
    """What stands behind the colon of "Nơi nhận:" on the same line."""
    _, colon, rest = placed.text.partition(":")
    start = len(placed.text) - len(rest) if colon else len(placed.text)
    return Span(placed, start, len(placed.text))


def addressees_of(pages: Sequence[Page]) -> tuple[Field, ...]:
    """Entries of "Kính gửi" on the first page."""
    for page in pages[:1]:
        body = [PlacedLine(page.page_no, line) for line in page.lines if line.zone in (Zone.BODY, Zone.HEADER_LEFT)]
        at = next((i for i, placed in enumerate(body) if TO_HEAD.match(placed.text)), None)
        if at is not None:
            return _entries(_addressee_spans(body[at:]))
    return ()


def _addressee_spans(lines: Sequence[PlacedLine]) -> list[Span]:
    """The rest of the "Kính gửi" line and the lines below it that stand to the right of the margin and close together."""
    head = lines[0]
    start = TO_HEAD.match(head.text)
    first = Span(head, start.end() if start else 0, len(head.text))
    spans = [first] if first.text.strip() else []
    before = head
    for placed in lines[1:MOST_ADDRESSEE_LINES]:
        near = placed.box.top - before.box.bottom < 1.2 * head.box.height
        ended = bool(spans) and spans[-1].text.rstrip().endswith(".")
        if not near or ended or starts_body(placed.text) or placed.box.left < head.box.left - head.box.height:
            break
        spans.append(whole(placed))
        before = placed
    return spans


def legal_bases_of(pages: Sequence[Page]) -> tuple[Field, ...]:
    """Paragraphs that begin with "Căn cứ", on the first two pages, each up to its semicolon or full stop."""
    fields: list[Field] = []
    spans: list[Span] = []
    for page in pages[:2]:
        for line in page.lines:
            if line.zone is not Zone.BODY:
                continue
            placed = PlacedLine(page.page_no, line)
            begins = fold(line.text).lstrip(" -.'\"").startswith(BASIS_STARTS)
            if begins and spans:
                fields.append(_entry(spans))
                spans = []
            if begins or spans:
                spans.append(whole(placed))
                if line.text.rstrip().endswith((";", ".", ":")) or len(spans) > 8:
                    fields.append(_entry(spans))
                    spans = []
    return tuple(fields)


def _entries(spans: Sequence[Span]) -> tuple[Field, ...]:
    """Lines grouped into entries: one begins at a bullet, or after a line that ended in a semicolon."""
    groups: list[list[Span]] = []
    for span in spans:
        if not span.text.strip(" .,;:-"):
            continue
        ended = bool(groups) and groups[-1][-1].text.rstrip().endswith((";", "."))
        if groups and not BULLET.match(span.text) and not ended:
            groups[-1].append(span)
        else:
            groups.append([span])
    return tuple(_entry(group) for group in groups)


def _entry(spans: Sequence[Span]) -> Field:
    text = clean(" ".join(span.text for span in spans))
    return present(BULLET.sub("", text).strip(" .;,"), list(spans), text)
