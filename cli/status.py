"""`status`: where every file that was handed over stands."""

from __future__ import annotations

from dataclasses import asdict
from itertools import islice
from typing import Annotated, Any

import typer

from cli.exits import DONE
from cli.intake import JSON_HELP
from cli.output import say, say_json, tell, tell_columns
from config.settings import read_settings
from config.wiring.home import Home, open_home
from pipeline.custody.documents import Quarantined
from pipeline.custody.lookup import quarantined
from pipeline.custody.status import Counts, Ledger, State, Status, read_ledger, status
from pipeline.errors import EquationBroken, SecretMark, error_from

MOST_QUARANTINED = 20
"""Shown in full; with more, the first ones say enough about what is wrong."""

TERMS = {
    "received": "Đã nhận",
    "done": "Xong",
    "pending": "Đang chờ",
    "quarantined": "Cách ly",
    "rejected": "Từ chối",
    "purged": "Đã hủy",
}
ALWAYS = tuple(TERMS)[:-1]
"""Terms that are shown when they are 0 too: few houses ever have a record destroyed."""


def status_command(as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False) -> int:
    """Cho biết mọi tệp đã nhận đang ở đâu: đã nhận = xong + đang chờ + cách ly + từ chối + đã hủy."""
    home = open_home(read_settings())
    found = status(home.store)
    if as_json:
        say_json(status_json(found, standing_quarantine(home)))
    else:
        show_status(home, found)
    if found.total.adds_up:
        return DONE
    raise EquationBroken


def status_json(found: Status, standing: list[Quarantined]) -> dict[str, Any]:
    """The counts in all, for each batch with its unit and what was declared, and what is in quarantine and why."""
    batches = [{"unit": one.unit, "batch": one.batch, "declared": one.declared, **asdict(one.counts)} for one in found.batches]
    given_up = [{"record_id": one.record_id, "code": one.code, "detail": one.detail} for one in standing]
    return {**asdict(found.total), "by_batch": batches, "quarantine": given_up}


def show_status(home: Home, found: Status) -> None:
    """The equation, which counts files; the records made of them; the batches; why records are in quarantine."""
    say(equation(found.total))
    _say_records(read_ledger(home.store))
    if found.batches:
        say()
        say("Theo lô, tính bằng tệp:")
        tell_columns(_batch_rows(found), numbers=len(_terms_for(found.total)) + 2)
    if found.total.quarantined:
        say()
        _say_quarantined(home)


def equation(counts: Counts) -> str:
    """ "Đã nhận 200 tệp = xong 180 + đang chờ 15 + cách ly 3 + từ chối 2"."""
    received, *others = _terms_for(counts)
    parts = " + ".join(f"{TERMS[term].lower()} {getattr(counts, term)}" for term in others)
    return f"{TERMS[received]} {getattr(counts, received)} tệp = {parts}"


def _terms_for(counts: Counts) -> tuple[str, ...]:
    return tuple(TERMS) if counts.purged else ALWAYS


def _say_records(ledger: Ledger) -> None:
    """Files that are the same, handed over twice, are one record."""
    known = [one for one in ledger.manifests if one not in ledger.purged]
    if not known:
        return
    done = [one for one in known if ledger.state_of(one) is State.DONE]
    review = sum(map(ledger.needs_review, done))
    say(f"Trong kho có {len(known)} hồ sơ (tệp nộp lại không thành hồ sơ mới), đã đọc xong {len(done)}.")
    if review:
        tell(f"Cần người xem lại: {review} hồ sơ; liệt kê bằng «sohoa search --review».", hanging="  ")


def standing_quarantine(home: Home) -> list[Quarantined]:
    """Records that are in quarantine now, with the reason."""
    ledger = read_ledger(home.store)
    return [
        one
        for one in quarantined(home.store)
        if ledger.state_of(one.record_id) is State.QUARANTINED and one.generation == ledger.quarantine[one.record_id]
    ]


def _batch_rows(found: Status) -> list[list[str]]:
    """Numbers first: a batch's name comes last and is never cut."""
    shown = _terms_for(found.total)
    rows = [["Khai báo", *(TERMS[term] for term in shown), "Xem lại", "Đơn vị", "Lô"]]
    for one in found.batches:
        declared = "" if one.declared is None else str(one.declared)
        terms = [str(getattr(one.counts, term)) for term in shown]
        rows.append([declared, *terms, str(one.counts.needs_review), one.unit, one.batch])
    return rows


def _say_quarantined(home: Home) -> None:
    standing = standing_quarantine(home)
    say("Hồ sơ bị cách ly (bản gốc vẫn được giữ; «sohoa retry» để đọc lại):")
    marked = sum(one.code == SecretMark.code for one in standing)
    if marked:
        tell(f"Có dấu độ mật: {marked} hồ sơ. Báo người phụ trách bảo mật.", "  ")
    first = sorted(standing, key=lambda one: one.code != SecretMark.code)
    for one in islice(first, MOST_QUARANTINED):
        tell(f"{one.record_id}: {one.code}: {error_from(one.code, one.detail)}", "  ", "    ")
    if len(standing) > MOST_QUARANTINED:
        tell(f"… và {len(standing) - MOST_QUARANTINED} hồ sơ nữa; xem tất cả bằng «sohoa status --json».", "  ")
