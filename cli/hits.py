"""What a search has found, for people and for programs."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Set
from dataclasses import asdict
from typing import Any

from rich.text import Text

from cli.days import shown_day
from cli.filters import type_names
from cli.output import say, tell, visible
from pipeline.index import YES
from pipeline.query import Hit, Hits, Query, Snippet

MARK = "black on yellow"
PLAIN_MARKS = ("«", "»")
"""Around a hit where there is no colour."""

FACETS = {"type": "Loại", "issuer": "Cơ quan", "unit": "Đơn vị", "sector": "Lĩnh vực", "batch": "Lô", "year": "Năm"}
MOST_FACET_VALUES = 6

DAMAGED = " [hỏng trong kho]"


def show_hits(hits: Hits, query: Query, page: int | None, damaged: Set[str] = frozenset()) -> None:
    """Hits with their marked snippets, then the facets and how to see others. `page`: from 1; None where a cursor led here.

    `damaged`: ids of records that are not whole in the store.
    """
    first = 1 + ((page or 1) - 1) * query.limit
    if hits.total and not hits.hits:
        none = f"trang {page} không có kết quả."
        tell(f"Không có nhiều hồ sơ như vậy; {none}" if hits.at_least else f"Chỉ có {hits.total} hồ sơ; {none}")
        return
    found = f"Tìm thấy hơn {hits.total} hồ sơ." if hits.at_least else f"Tìm thấy {hits.total} hồ sơ."
    say(found if hits.total else "Không tìm thấy hồ sơ nào.")
    for number, hit in enumerate(hits.hits, first):
        _show_hit(number, hit, DAMAGED if hit.record_id in damaged else "")
    if any(hit.record_id in damaged for hit in hits.hits):
        tell(f"{DAMAGED.strip()}: theo lần «sohoa fixity» gần nhất; xem bằng «sohoa show MÃ_HỒ_SƠ».", hanging="  ")
    if hits.at_least:
        tell(f"Các số đếm dưới đây chỉ tính {hits.total} hồ sơ mới nhất:")
    for facet, name in FACETS.items():
        values = hits.facets.get(facet, {})
        if len(values) > 1:  # one value narrows nothing
            tell(_facet(values, type_names() if facet == "type" else {}), f"{name}: ", "  ")
    _say_hints(hits, query)
    if hits.next_cursor:
        say(f"Còn nữa: thêm --page {page + 1}" if page else f"Còn nữa: thêm --cursor {hits.next_cursor}")


def marked(snippet: Snippet, *, coloured: bool) -> Text:
    """The snippet with what matched in colour, or in marks where there is none."""
    flat = snippet.text.replace("\n", " ")
    text = Text()
    position = 0
    for start, end in snippet.marks:
        text.append(visible(flat[position:start]))
        found = visible(flat[start:end])
        text.append(found if coloured else found.join(PLAIN_MARKS), style=MARK if coloured else "")
        position = end
    text.append(visible(flat[position:]))
    return text


def hits_json(hits: Hits, damaged: Set[str] = frozenset()) -> dict[str, Any]:
    """All of it; boxes as [left, top, right, bottom], dates as the standard writes them. `damaged` as in `show_hits`."""
    return {
        "total": hits.total,
        "at_least": hits.at_least,
        "with_marks": hits.with_marks,
        "hits": [
            {**asdict(hit), "snippet": _snippet_json(hit.snippet), "damaged": hit.record_id in damaged} for hit in hits.hits
        ],
        "facets": {name: dict(values) for name, values in hits.facets.items()},
        "next_cursor": hits.next_cursor,
    }


def _say_hints(hits: Hits, query: Query) -> None:
    to_review = hits.facets.get("review", {}).get(YES, 0)
    if to_review and not query.needs_review:
        tell(f"Cần xem lại: {to_review} hồ sơ (chỉ xem những hồ sơ này: thêm --review).", hanging="  ")
    if query.needs_review and hits.total:
        tell("Xem cần kiểm tra gì ở từng hồ sơ: «sohoa show MÃ_HỒ_SƠ».", hanging="  ")
    if hits.with_marks is not None and not query.exact and hits.with_marks < hits.total:
        only = "; chỉ xem những hồ sơ này: thêm --exact" if hits.with_marks else ""
        tell(f"Đúng dấu như đã gõ: {hits.with_marks} hồ sơ{only}.", hanging="  ")


def _show_hit(number: int, hit: Hit, note: str) -> None:
    subject = " ".join(part for part in (hit.code, hit.type_name, hit.subject) if part) or hit.file_name
    review = " [cần xem lại]" if hit.needs_review else ""
    lead = f"{number}. "
    indent = " " * len(lead)
    tell(Text(f"{visible(subject)}{review}{note}", style="bold"), lead)
    day = hit.issued_date and shown_day(hit.issued_date)
    about = " · ".join(part for part in (hit.issuer, day, hit.record_id) if part)
    tell(Text(visible(about), style="dim"), indent)
    if hit.snippet is not None:
        line = Text(f"trang {hit.snippet.page_no}: ")
        line.append_text(marked(hit.snippet, coloured=sys.stdout.isatty()))
        tell(line, indent)


def _facet(values: Mapping[str, int], names: Mapping[str, str]) -> str:
    most = sorted(values.items(), key=lambda item: (-item[1], item[0]))
    listed = ", ".join(f"{visible(names.get(value, value))} ({count})" for value, count in most[:MOST_FACET_VALUES])
    return f"{listed}, …" if len(most) > MOST_FACET_VALUES else listed


def _snippet_json(snippet: Snippet | None) -> dict[str, Any] | None:
    if snippet is None:
        return None
    boxes = [[box.left, box.top, box.right, box.bottom] for box in snippet.boxes]
    return {"page_no": snippet.page_no, "text": snippet.text, "marks": [list(mark) for mark in snippet.marks], "boxes": boxes}
