"""Administrative documents that nobody ever issued: `write_document` makes up one of a given kind."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from samples.document import Document, Entries
from samples.writing import agreements, letters, orders, reports
from samples.writing.agencies import Agency, agency_on, committee_on, council_on
from samples.writing.desk import Desk, Draft, set_desk
from samples.writing.frame import Form, frame
from samples.writing.spelling import respelled

FORMS: Mapping[str, tuple[Form, Callable[[Desk], Draft]]] = {
    form.kind: (form, draft)
    for form, draft in (
        (Form("quyết định", "QĐ"), orders.decision),
        (Form("công văn", ""), letters.letter),
        (Form("thông báo", "TB"), letters.notice),
        (Form("kế hoạch", "KH", about=False), reports.plan),
        (Form("báo cáo", "BC", about=False), reports.report),
        (Form("tờ trình", "TTr"), letters.proposal),
        (Form("giấy mời", "GM", about=False), letters.invitation),
        (Form("nghị quyết", "NQ"), orders.resolution),
        (Form("chỉ thị", "CT"), orders.directive),
        (Form("công điện", "CĐ"), orders.telegram),
        (Form("biên bản", "BB", about=False), agreements.minutes),
        (Form("hợp đồng", "HĐ", about=False), agreements.contract),
        (Form("chương trình", "CTr", about=False), agreements.joint_programme),
        (Form("hướng dẫn", "HD", about=False), orders.guidance),
        (Form("giấy giới thiệu", "GGT"), letters.introduction),
    )
}
KINDS = tuple(FORMS)
FIRST_DAY, LAST_DAY = date(2012, 1, 3), date(2025, 12, 31)
"""Two decrees' layouts and, from July 2025, the agencies of the two-tier reform."""
RESPELLED = 0.15
"""Share of documents with the tone marks of hoà and uỷ; offices have both habits."""


def write_document(rng: random.Random, kind: str, entries: Entries) -> Document:
    """A document of that kind (one of KINDS). The same `rng` state gives the same text, whoever enters number and day."""
    form, draft = FORMS[kind]
    issued = FIRST_DAY + timedelta(days=rng.randrange((LAST_DAY - FIRST_DAY).days))
    desk = set_desk(rng, _writer(rng, kind, issued), issued, entries, urgent=kind == "công điện")
    document = frame(desk, form, draft(desk))
    return respelled(document) if rng.random() < RESPELLED else document


def _writer(rng: random.Random, kind: str, issued: date) -> Agency:
    """Resolutions come from councils, orders from committees, everything else from any agency."""
    if kind == "nghị quyết":
        return council_on(rng, issued)
    return committee_on(rng, issued) if kind in ("chỉ thị", "công điện") else agency_on(rng, issued)
