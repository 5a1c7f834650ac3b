"""`status`: where every file that was handed over stands."""

from __future__ import annotations

from dataclasses import asdict
from itertools import islice
from typing import Annotated, Any

import typer
from rich.table import Table

from cli.exits import DONE, NOT_USABLE
from cli.intake import JSON_HELP
from cli.output import complain_plainly, say, say_json, show
from config.settings import read_settings
from config.wiring.home import Home, open_home
from pipeline.custody.documents import Quarantined
from pipeline.custody.lookup import quarantined
from pipeline.custody.status import Counts, State, Status, read_ledger, status
from pipeline.errors import error_from

MOST_QUARANTINED = 20
"""Shown in full; with more, the first ones say enough about what is wrong."""

TERMS = {"received": "Đã nhận", "done": "Xong", "pending": "Đang chờ", "quarantined": "Cách ly", "rejected": "Từ chối"}


EQUATION_BROKEN = "Số tệp không khớp: có dữ liệu bị mất trong kho. Chạy «sohoa fixity» và báo người quản trị."


def status_command(as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False) -> int:
    """Cho biết mọi tệp đã nhận đang ở đâu: đã nhận = xong + đang chờ + cách ly + từ chối."""
    home = open_home(read_settings())
    found = status(home.store)
    if as_json:
        say_json(status_json(found, standing_quarantine(home)))
    else:
        show_status(home, found)
    if found.total.adds_up:
        return DONE
    complain_plainly("sohoa", "EQUATION", EQUATION_BROKEN)
    return NOT_USABLE


def status_json(found: Status, standing: list[Quarantined]) -> dict[str, Any]:
    """The counts in all, for each batch with its unit and what was declared, and what is in quarantine and why."""
    batches = [{"unit": one.unit, "batch": one.batch, "declared": one.declared, **asdict(one.counts)} for one in found.batches]
    given_up = [{"record_id": one.record_id, "code": one.code, "detail": one.detail} for one in standing]
    return {**asdict(found.total), "by_batch": batches, "quarantine": given_up}


def show_status(home: Home, found: Status) -> None:
    """The equation, the batches, and why records are in quarantine."""
    say(equation(found.total))
    if found.total.needs_review:
        say(f"Trong số đã xong có {found.total.needs_review} hồ sơ cần người xem lại.")
    if found.batches:
        show(_batch_table(found))
    if found.total.quarantined:
        _say_quarantined(home)


def equation(counts: Counts) -> str:
    """ "Đã nhận 200 = xong 180 + đang chờ 15 + cách ly 3 + từ chối 2"."""
    left, *right = (f"{name} {getattr(counts, term)}" for term, name in TERMS.items())
    return f"{left} = {' + '.join(part[0].lower() + part[1:] for part in right)}"


def standing_quarantine(home: Home) -> list[Quarantined]:
    """Records that are in quarantine now, with the reason."""
    ledger = read_ledger(home.store)
    return [
        one
        for one in quarantined(home.store)
        if ledger.state_of(one.record_id) is State.QUARANTINED and one.generation == ledger.quarantine[one.record_id]
    ]


def _batch_table(found: Status) -> Table:
    table = Table("Đơn vị", "Lô", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("Khai báo", *TERMS.values(), "Xem lại"):
        table.add_column(heading, justify="right")
    for one in found.batches:
        declared = "" if one.declared is None else str(one.declared)
        terms = [str(getattr(one.counts, term)) for term in TERMS]
        table.add_row(one.unit, one.batch, declared, *terms, str(one.counts.needs_review))
    return table


def _say_quarantined(home: Home) -> None:
    standing = standing_quarantine(home)
    say("Bị cách ly (bản gốc vẫn được giữ; «sohoa retry» để đọc lại):")
    for one in islice(standing, MOST_QUARANTINED):
        say(f"  {one.record_id}: {one.code}: {error_from(one.code, one.detail)}")
    if len(standing) > MOST_QUARANTINED:
        say(f"  … và {len(standing) - MOST_QUARANTINED} hồ sơ nữa; xem tất cả bằng «sohoa status --json» và «sohoa show».")
