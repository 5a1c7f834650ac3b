"""`search`, `show`, `open`: finding records again."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.padding import Padding
from rich.text import Text

from cli.exits import DONE
from cli.intake import JSON_HELP
from cli.output import say, say_json, show, visible
from cli.record import found_record, record_json, show_record
from config.settings import read_settings
from config.wiring.home import open_home
from pipeline.custody import records
from pipeline.query import Hit, Hits, Query, Snippet

MARK = "black on yellow"
PLAIN_MARKS = ("«", "»")
"""Around a hit where there is no colour."""

FACETS = {"type": "Loại", "issuer": "Cơ quan", "sector": "Lĩnh vực", "batch": "Lô", "year": "Năm"}
MOST_FACET_VALUES = 6

RecordId = Annotated[str, typer.Argument(metavar="RECORD_ID", help="Mã hồ sơ.", show_default=False)]


def search(
    query: Annotated[str, typer.Argument(help="Từ cần tìm, có dấu hoặc không; cụm từ trong ngoặc kép.")] = "",
    type_code: Annotated[str | None, typer.Option("--type", help="Mã loại văn bản: QD, CV, TB…")] = None,
    issuer: Annotated[str | None, typer.Option(help="Cơ quan ban hành (một phần tên).")] = None,
    date_from: Annotated[str | None, typer.Option("--from", help="Ban hành từ ngày (2024-01-31).")] = None,
    date_to: Annotated[str | None, typer.Option("--to", help="Ban hành đến ngày (2024-12-31).")] = None,
    unit: Annotated[str | None, typer.Option(help="Mã đơn vị nộp.")] = None,
    sector: Annotated[str | None, typer.Option(help="Mã lĩnh vực.")] = None,
    batch: Annotated[str | None, typer.Option(help="Tên lô.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="Số kết quả mỗi lần.")] = 20,
    cursor: Annotated[str | None, typer.Option(help="Dấu trang của lần tìm trước, để xem tiếp.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> int:
    """Tìm hồ sơ theo chữ trong văn bản và theo trường thông tin."""
    home = open_home(read_settings())
    asked = Query(
        text=query,
        type_code=type_code,
        issuer=issuer,
        date_from=date_from,
        date_to=date_to,
        unit=unit,
        sector=sector,
        batch=batch,
        limit=limit,
        cursor=cursor,
    )
    hits = home.indexing.index.search(asked)
    if as_json:
        say_json(hits_json(hits))
    else:
        show_hits(hits)
    return DONE


def show_command(
    record_id: RecordId,
    text: Annotated[bool, typer.Option("--text", help="In toàn văn.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> int:
    """Cho xem những gì đã đọc được của một hồ sơ."""
    found = found_record(open_home(read_settings()), record_id)
    if as_json:
        say_json(record_json(found))
    elif text:
        say(found.text())
    else:
        show_record(found)
    return DONE


def open_command(record_id: RecordId, as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False) -> int:
    """In đường dẫn của bản gốc và bản PDF/A của một hồ sơ."""
    home = open_home(read_settings())
    found = found_record(home, record_id)
    paths: dict[str, Path | None] = {
        "original": home.store.path_of(records.original_key(found.manifest.original.sha256)).absolute(),
        "rendition": found.path("rendition.pdf"),
    }
    if as_json:
        say_json({name: path and str(path) for name, path in paths.items()})
    else:
        for path in paths.values():
            if path is not None:
                say(str(path))
    return DONE


def show_hits(hits: Hits) -> None:
    """Hits with their marked snippets, then the facets and how to see more."""
    say(f"Tìm thấy {hits.total} hồ sơ." if hits.total else "Không tìm thấy hồ sơ nào.")
    for number, hit in enumerate(hits.hits, 1):
        _show_hit(number, hit)
    for facet, name in FACETS.items():
        values = hits.facets.get(facet, {})
        if len(values) > 1:  # one value narrows nothing
            say(f"{name}: {_facet(values)}")
    if hits.next_cursor:
        say(f"Còn nữa: thêm --cursor {hits.next_cursor}")


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


def hits_json(hits: Hits) -> dict[str, Any]:
    """All of it; boxes as [left, top, right, bottom]."""
    return {
        "total": hits.total,
        "hits": [{**asdict(hit), "snippet": _snippet_json(hit.snippet)} for hit in hits.hits],
        "facets": {name: dict(values) for name, values in hits.facets.items()},
        "next_cursor": hits.next_cursor,
    }


def _show_hit(number: int, hit: Hit) -> None:
    subject = " ".join(part for part in (hit.code, hit.type_name, hit.subject) if part) or hit.file_name
    review = " [cần xem lại]" if hit.needs_review else ""
    show(Text(f"{number}. {visible(subject)}{review}", style="bold"))
    about = [part for part in (hit.issuer, hit.issued_date, hit.record_id) if part]
    show(Padding(Text(visible(" · ".join(about)), style="dim"), (0, 0, 0, 3)))
    if hit.snippet is not None:
        line = Text(f"trang {hit.snippet.page_no}: ")
        line.append_text(marked(hit.snippet, coloured=sys.stdout.isatty()))
        show(Padding(line, (0, 0, 0, 3)))


def _facet(values: Mapping[str, int]) -> str:
    most = sorted(values.items(), key=lambda item: (-item[1], item[0]))[:MOST_FACET_VALUES]
    return ", ".join(f"{visible(str(value))} {count}" for value, count in most)


def _snippet_json(snippet: Snippet | None) -> dict[str, Any] | None:
    if snippet is None:
        return None
    boxes = [[box.left, box.top, box.right, box.bottom] for box in snippet.boxes]
    return {"page_no": snippet.page_no, "text": snippet.text, "marks": [list(mark) for mark in snippet.marks], "boxes": boxes}
