"""`samples`, `demo`: pages of our own making, and the whole journey over a dozen of them."""

from __future__ import annotations

import shutil
import sys
import tempfile
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from cli.exits import DONE, SOME_FAILED
from cli.hits import show_hits
from cli.intake import placing_of
from cli.output import say, show_table, tell, visible, width_of
from cli.record import Found, field_text, found_record
from cli.status import equation
from cli.work import work_home
from config.settings import Settings, on_a_folder, read_settings
from config.wiring.home import Home, create_home, open_home
from pipeline.custody.batches import close_handover, open_handover
from pipeline.custody.receive import receive
from pipeline.custody.status import status
from pipeline.errors import OutputExists, UsageError
from pipeline.query import Query
from pipeline.text import fold
from workers.local import stop_on_signals

if TYPE_CHECKING:
    from samples import Sample

DEMO_SAMPLES = (("none", 30, 6), ("mixed", 31, 6))
"""Degradation, seed, count: clean scans first, then those that a real office brings."""

NOTHING = "—"

TABLE_FROM = 96
"""Columns from which the table of records can be read."""

DEMO_HITS = 2
"""Shown of each search: enough to see the marks."""


def samples_command(
    out: Annotated[Path, typer.Argument(help="Thư mục để ghi bản mẫu.", show_default=False)],
    count: Annotated[int, typer.Option(min=1, help="Số bản mẫu.")] = 12,
    seed: Annotated[int, typer.Option(min=0, help="Số gieo: cùng số thì cùng bản mẫu.")] = 1,
    degrade: Annotated[
        str, typer.Option(help="Mức làm xấu: none, light, mixed, heavy, hoặc tên một lỗi (gõ sai thì được liệt kê).")
    ] = "mixed",
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Số tiến trình (mặc định: số nhân máy).")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Ghi đè các tệp cùng tên trong thư mục đã có dữ liệu.")] = False,
) -> int:
    """Tạo bản quét mẫu kèm nội dung đúng để thử và để đo."""
    if not overwrite and _holds_something(out):
        raise OutputExists(str(out))
    from samples import make_samples  # typesetting: no other command pays for loading it

    made = make_samples(out, count, seed, degrade, jobs or read_settings().jobs)
    say(f"Đã tạo {len(made)} bản mẫu, {sum(sample.pages for sample in made)} trang ở {visible(out)}.")
    return DONE


def demo_command(
    folder: Annotated[Path | None, typer.Option("--folder", help="Thư mục mới hoặc trống (mặc định: thư mục tạm).")] = None,
) -> int:
    """Xem cả hành trình: tạo 12 bản quét mẫu, nhận vào kho, đọc, tìm lại."""
    if folder is not None and _holds_something(folder):
        raise UsageError(f"--folder {folder}: đã có dữ liệu ở đó; chọn một thư mục mới hoặc trống")
    place = (folder or Path(tempfile.mkdtemp(prefix="sohoa-demo-"))).absolute()
    settings = on_a_folder(read_settings(home=place / "kho"))
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


def _holds_something(folder: Path) -> bool:
    """A file in its place does; what cannot be looked into is told of when it is written."""
    try:
        return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError:
        return False


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
    if width_of(sys.stdout) >= TABLE_FROM:
        show_table(_record_table(found))
    else:
        for number, one in enumerate(found, 1):
            _show_record(number, one)
    for query in _queries(found):
        say()
        say(f"Tìm: {query}")
        asked = Query(query, limit=DEMO_HITS)
        show_hits(home.indexing.index.search(asked), asked, page=1)
    say()
    say(equation(status(home.store).total))
    say()
    say("Tệp nằm ở đâu")
    say(f"  Bản quét mẫu      {place / 'ban-quet'}")
    say(f"  Kho dữ liệu       {home.folder}")
    for one in found[:1]:
        say(f"  Một bản PDF/A     {one.path('rendition.pdf')}")
    say(f'  Tìm tiếp          SOHOA_HOME={home.folder} {_this_program()} search "ủy ban nhân dân"')


def _this_program() -> str:
    """As a person types it: by its name where that is found, else by the path it was started by."""
    started = Path(sys.argv[0])
    return started.name if shutil.which(started.name) == str(started) else str(started)


def _record_table(found: list[Found]) -> Table:
    """One row a record: the fields by which an office knows it."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("Loại", width=8, overflow="fold")
    table.add_column("Số, ký hiệu", width=16, overflow="fold")
    table.add_column("Ngày", width=10)
    table.add_column("Cơ quan ban hành", ratio=4)
    table.add_column("Trích yếu", ratio=5)
    table.add_column("Người ký", ratio=2)
    for record in (record for one in found if (record := one.record()) is not None):
        fields, code = _known_by(record)
        kind = record["document_type"]["code"] if record["document_type"] else "?"
        review = " [cần xem lại]" if record["findings"] else ""
        row = (kind, code, fields["issuedDate"], fields["organName"], fields["subject"] + review, fields["signerName"])
        table.add_row(*map(Text, row))
    return table


def _known_by(record: dict[str, Any]) -> tuple[dict[str, str], str]:
    """The single fields as a person reads them, and number and notation together."""
    fields = {name: _short(field) for name, field in record["fields"].items() if not isinstance(field, list)}
    return fields, "/".join(part for part in (fields["codeNumber"], fields["codeNotation"]) if part != NOTHING) or NOTHING


def _show_record(number: int, found: Found) -> None:
    """The same on a narrow terminal, where a table would cut words apart."""
    record = found.record()
    if record is None:
        return
    fields, code = _known_by(record)
    kind = record["document_type"]["name"] if record["document_type"] else "(không rõ loại)"
    review = " [cần xem lại]" if record["findings"] else ""
    lead = f"   {number:>2}. "
    tell(Text(f"{kind} số {code}, ngày {fields['issuedDate']}{review}", style="bold"), lead)
    tell(f"{fields['organName']} · Người ký: {fields['signerName']}", " " * len(lead))
    tell(fields["subject"], " " * len(lead))


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
