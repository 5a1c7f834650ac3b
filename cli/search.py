"""`search`: finding records again."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace
from typing import Annotated

import typer

from cli.exits import DONE
from cli.filters import say_unknown_filters, type_code_of
from cli.hits import hits_json, show_hits
from cli.intake import JSON_HELP
from cli.output import say_json, tell
from config.settings import read_settings
from config.wiring.home import Home, open_home
from pipeline.custody.damage import last_damage
from pipeline.errors import TransientError, UsageError
from pipeline.ports import Index
from pipeline.query import MAX_LIMIT, Hits, Query

LAST_PAGE = 1000
"""Pages are counted by passing over those before; further back a filter leads there sooner."""


def search(
    query: Annotated[str, typer.Argument(help="Từ cần tìm, có dấu hoặc không; cụm từ trong ngoặc kép.")] = "",
    kind: Annotated[str | None, typer.Option("--type", help="Loại văn bản: mã (QD, CV…) hoặc tên («quyết định»).")] = None,
    issuer: Annotated[str | None, typer.Option(help="Cơ quan ban hành (một phần tên).")] = None,
    date_from: Annotated[str | None, typer.Option("--from", help="Ban hành từ ngày (31/01/2024 hoặc 2024-01-31).")] = None,
    date_to: Annotated[str | None, typer.Option("--to", help="Ban hành đến ngày (31/12/2024 hoặc 2024-12-31).")] = None,
    unit: Annotated[str | None, typer.Option(help="Mã đơn vị nộp.")] = None,
    sector: Annotated[str | None, typer.Option(help="Mã lĩnh vực.")] = None,
    batch: Annotated[str | None, typer.Option(help="Tên lô.")] = None,
    review: Annotated[bool, typer.Option("--review", help="Chỉ hồ sơ cần người xem lại.")] = False,
    exact: Annotated[bool, typer.Option("--exact", help="Chỉ hồ sơ có các từ đúng dấu như đã gõ.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=MAX_LIMIT, help="Số kết quả mỗi trang.")] = 20,
    page: Annotated[int | None, typer.Option(min=1, max=LAST_PAGE, help="Trang kết quả thứ mấy.")] = None,
    cursor: Annotated[str | None, typer.Option(help="Dấu trang (next_cursor) của lần tìm trước, thay cho --page.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> int:
    """Tìm hồ sơ theo chữ trong văn bản và theo trường thông tin."""
    if page and cursor:
        raise UsageError("chỉ dùng một trong hai: --page hoặc --cursor")
    home = open_home(read_settings())
    index = home.indexing.index
    asked = Query(
        text=query,
        type_code=type_code_of(kind),
        issuer=issuer,
        date_from=date_from,
        date_to=date_to,
        unit=unit,
        sector=sector,
        batch=batch,
        needs_review=review,
        exact=exact,
        limit=limit,
        cursor=cursor,
    )
    hits = index.search(asked) if cursor else page_of_hits(index, asked, page or 1)
    damaged = _known_damage(home)
    if as_json:
        say_json(hits_json(hits, damaged))
        return DONE
    show_hits(hits, asked, None if cursor else page or 1, damaged)
    if not hits.total:
        say_unknown_filters(index, asked)
    if query.count('"') % 2:
        tell("Ngoặc kép chưa đóng: cụm từ được hiểu đến hết câu.")
    return DONE


def _known_damage(home: Home) -> Set[str]:
    """Records of which the last fixity check found something wrong. Whether or not it can be told, the search is answered."""
    try:
        return last_damage(home.store).problems.keys()
    except TransientError:
        return frozenset()


def page_of_hits(index: Index, query: Query, page: int) -> Hits:
    """The page of that number, from 1; without hits when there are not so many. The pages before it are passed over."""
    left = (page - 1) * query.limit
    while left:
        passed = index.search(replace(query, limit=min(left, MAX_LIMIT)))
        if passed.next_cursor is None:
            return replace(passed, hits=())
        left -= len(passed.hits)
        query = replace(query, cursor=passed.next_cursor)
    return index.search(query)
