"""The records of a small office, of our own making, and how they are asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pipeline.index import IndexEntry
from pipeline.ports import Index
from pipeline.query import Query
from pipeline.ranking import Bounds
from tests.index.entries import entry, page

OFFICE = (
    entry(
        "qd-15", "Số: 15/QĐ-UBND\nLương Tài, ngày 15 tháng 3 năm 2024\nQUYẾT ĐỊNH\nVề việc thu hồi thửa ruộng bỏ hoang",
        "Nơi nhận: lưu", type_code="QD", type_name="Quyết định", code_number="15", code_notation="QĐ-UBND",
        issued_date="2024-03-15", issuer="ỦY BAN NHÂN DÂN - HUYỆN LƯƠNG TÀI", subject="Thu hồi thửa ruộng bỏ hoang",
        signer="Trịnh Thị Hòa", place="Lương Tài",
    ),
    entry(
        "qd-51", "Số: 51/QĐ-UBND\nQuyết định ngày 2 tháng 4 năm 2023 về giao rừng cho hợp tác xã",
        type_code="QD", type_name="Quyết định", code_number="51", code_notation="QĐ-UBND", issued_date="2023-04-02",
        issuer="ỦY BAN NHÂN DÂN - HUYỆN LƯƠNG TÀI", subject="Giao rừng cho hợp tác xã", batches=("2026-01-16-001",),
    ),
    entry(
        "cv-7", "Số: 07/UBND-VP\nCăn cứ Quyết định số 15/QĐ-UBND, đề nghị các xã báo cáo.\nĐường Điện Biên đang sửa chữa",
        type_code="CV", type_name="Công văn", code_number="07", code_notation="UBND-VP", issued_date="2024-05-20",
        issuer="Ủy ban nhân dân huyện Gia Bình", subject="Báo cáo sửa chữa đường sá", sector="giao-thong",
    ),
    entry(
        "tb-misread", "THÔNG BÁO\nlịch tiếp dân tháng chín", type_code="TB", type_name="Thông báo",
        code_number="28", code_notation="TB-UBNO", issued_date="2022-09-01", issuer="Sở Nội vụ", unit="so-noi-vu",
    ),
    entry(
        "bb-slips", "BIÊN BẢN\nNghị lịnh 30 về công tác văn thư; cuộc hop bàn giai quyet đơn thư của ông Đỗ Văn Khảm",
        type_code="BB", type_name="Biên bản", sector="tu-phap", needs_review=True,
    ),
)  # fmt: skip
"""A small office: a decision, another, a letter that cites the first, a notice whose number was misread, minutes with slips."""


FEW = Bounds(counted=5, sampled=4, placed=2)


def found(index: Index, text: str = "", **rest: Any) -> list[str]:
    return [hit.record_id for hit in index.search(Query(text, **rest)).hits]


def every_page(index: Index, query: Query) -> list[str]:
    shown: list[str] = []
    while True:
        hits = index.search(query)
        shown += [hit.record_id for hit in hits.hits]
        if hits.next_cursor is None:
            return shown
        query = replace(query, cursor=hits.next_cursor)


def untakable(one: IndexEntry) -> IndexEntry:
    """The same record with a page whose number no index can hold."""
    return replace(one, pages=(*one.pages, page(2**40, "trang")))


class InAnOffice:
    """Tests inherit it beside the fixture `index`, a new, empty one."""

    @pytest.fixture
    def office(self, index: Index) -> Index:
        index.put(OFFICE)
        return index
