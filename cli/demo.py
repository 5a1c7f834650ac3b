"""`samples`, `demo`: pages of our own making, and the whole journey over a dozen of them."""

from __future__ import annotations

import tempfile
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich import box
from rich.table import Table

from cli.exits import DONE, SOME_FAILED
from cli.find import show_hits
from cli.intake import placing_of
from cli.output import TABLE_WIDTH, say, show, visible
from cli.record import Found, field_text, found_record
from cli.status import equation
from cli.work import work_home
from config.settings import Settings, read_settings
from config.wiring.home import Home, create_home, open_home
from pipeline.custody.batches import close_handover, open_handover
from pipeline.custody.receive import receive
from pipeline.custody.status import status
from pipeline.errors import OutputExists
from pipeline.query import Query
from pipeline.text import fold
from workers.local import stop_on_signals

if TYPE_CHECKING:
    from samples import Sample

DEMO_SAMPLES = (("none", 30, 6), ("mixed", 31, 6))
"""Degradation, seed, count: clean scans first, then those that a real office brings."""

NOTHING = "—"

DEMO_HITS = 2
"""Shown of each search: enough to see the marks."""


def samples_command(
    out: Annotated[Path, typer.Argument(help="Thư mục để ghi bản mẫu.", show_default=False)],
    count: Annotated[int, typer.Option(help="Số bản mẫu.")] = 12,
    seed: Annotated[int, typer.Option(help="Số gieo: cùng số thì cùng bản mẫu.")] = 1,
    degrade: Annotated[
        str, typer.Option(help="Mức làm xấu: none, light, mixed, heavy, hoặc tên một lỗi (gõ sai thì được liệt kê).")
    ] = "mixed",
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Số tiến trình (mặc định: số nhân máy).")] = None,
) -> int:
    """Tạo bản quét mẫu kèm nội dung đúng để thử và để đo."""
    from samples import make_samples  # typesetting: no other command pays for loading it

    made = make_samples(out, count, seed, degrade, jobs or read_settings().jobs)
    say(f"Đã tạo {len(made)} bản mẫu, {sum(sample.pages for sample in made)} trang ở {out}.")
    return DONE


def demo_command(
    folder: Annotated[Path | None, typer.Option("--folder", help="Thư mục mới để ghi (mặc định: thư mục tạm).")] = None,
) -> int:
    """Xem cả hành trình: tạo 12 bản quét mẫu, nhận vào kho, đọc, tìm lại."""
    if folder is not None and folder.exists():
        raise OutputExists(str(folder))
    place = (folder or Path(tempfile.mkdtemp(prefix="sohoa-demo-"))).absolute()
    settings = read_settings(home=place / "kho")
    say("1. Tạo bản quét mẫu: văn bản tự soạn, một nửa sạch, một nửa nghiêng, mờ, đóng dấu, viết tay…")
    scans = _make_scans(place / "ban-quet", settings)
    say("2. Nhận vào kho")
    create_home(settings)
    home = open_home(settings)
    record_ids = _ingest(home, settings, [sample.scan for sample in scans])
    say(f"3. Đọc {sum(sample.pages for sample in scans)} trang, {settings.jobs} hồ sơ cùng lúc")
    with stop_on_signals() as stop:
        work_home(home, settings, stop, once=True)
    _show_all([found_record(home, record_id) for record_id in record_ids], home, place)
    counts = status(home.store).total
    return DONE if counts.done == counts.received else SOME_FAILED


def _make_scans(folder: Path, settings: Settings) -> list[Sample]:
    from samples import make_samples

    jobs = min(settings.jobs, max(count for _, _, count in DEMO_SAMPLES))
    return [sample for degrade, seed, count in DEMO_SAMPLES for sample in make_samples(folder, count, seed, degrade, jobs)]


def _ingest(home: Home, settings: Settings, scans: list[Path]) -> list[str]:
    handover = open_handover(home.custody, settings.unit, "ban-mau", len(scans), [str(scan) for scan in scans])
    placing = placing_of(settings, None, None)
    receipts = [receive(home.custody, scan, handover, placing) for scan in scans]
    close_handover(home.custody, handover)
    record_ids = [receipt.record_id for receipt in receipts if receipt.record_id is not None]
    say(f"   đã nhận {len(record_ids)} tệp trên {len(scans)} khai báo")
    return record_ids


def _show_all(found: list[Found], home: Home, place: Path) -> None:
    show(_record_table(found))
    for query in _queries(found):
        say()
        say(f"Tìm: {query}")
        show_hits(home.indexing.index.search(Query(query, limit=DEMO_HITS)))
    say()
    say(equation(status(home.store).total))
    say()
    say("Tệp nằm ở đâu")
    say(f"  Bản quét mẫu      {place / 'ban-quet'}")
    say(f"  Kho dữ liệu       {home.folder}")
    for one in found[:1]:
        say(f"  Một bản PDF/A     {one.path('rendition.pdf')}")
    say(f'  Tìm tiếp          SOHOA_HOME={home.folder} .venv/bin/sohoa search "ủy ban nhân dân"')


def _record_table(found: list[Found]) -> Table:
    """One row a record: the fields by which an office knows it."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), width=TABLE_WIDTH)
    table.add_column("Loại", width=8, overflow="fold")
    table.add_column("Số, ký hiệu", width=16, overflow="fold")
    table.add_column("Ngày", width=10)
    table.add_column("Cơ quan ban hành", ratio=4)
    table.add_column("Trích yếu", ratio=5)
    table.add_column("Người ký", ratio=2)
    for one in found:
        record = one.record()
        if record is not None:
            kind = record["document_type"]
            fields = {name: _short(field) for name, field in record["fields"].items() if not isinstance(field, list)}
            code = "/".join(part for part in (fields["codeNumber"], fields["codeNotation"]) if part != NOTHING) or NOTHING
            row = (code, fields["issuedDate"], fields["organName"], fields["subject"], fields["signerName"])
            table.add_row(kind["code"] if kind else "?", *row)
    return table


def _short(field: dict[str, Any]) -> str:
    return NOTHING if field["state"] == "absent" else visible(field_text(field))


def _queries(found: list[Found]) -> list[str]:
    """Three that have hits in what was read: a number, words typed without marks, a phrase."""
    records = [record for one in found if (record := one.record()) is not None]
    codes = [
        f"{record['fields']['codeNumber']['value']}/{record['fields']['codeNotation']['value']}"
        for record in records
        if record["fields"]["codeNumber"]["value"] and record["fields"]["codeNotation"]["value"]
    ]
    subjects = [str(record["fields"]["subject"]["value"]).split() for record in records if record["fields"]["subject"]["value"]]
    bare = [fold(" ".join(words[:4])) for words in subjects]
    phrases = [f'"{" ".join(words[-3:])}"' for words in reversed(subjects)]
    return [query for queries in (codes, bare, phrases) for query in islice(queries, 1)]
