"""`init`, `ingest`: files into custody."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.exits import DONE, SOME_FAILED
from cli.inputs import Inputs, find_inputs, refuse_too_wide
from cli.output import complain, complain_plainly, say, say_json, tell, visible
from config.settings import Settings, read_settings, recipe_of
from config.wiring.home import create_home, open_home
from config.wiring.incoming import create_incoming, open_incoming
from pipeline.custody.batches import Handover, arrivals_in, close_handover, open_handover
from pipeline.custody.incoming.keys import INCOMING
from pipeline.custody.receive import Placing, Receipt, Receiving, receive

PATHS_HELP = "Tệp hoặc thư mục bản quét."
JSON_HELP = "In kết quả dạng JSON cho chương trình khác đọc."
UNIT_HELP = "Mã đơn vị nộp (mặc định: SOHOA_UNIT)."
FONDS_HELP = "Mã phông (mặc định: SOHOA_FONDS)."
SECTOR_HELP = "Mã lĩnh vực (mặc định: SOHOA_SECTOR)."

Urgent = Annotated[bool, typer.Option("--urgent", help="Việc gấp: đọc trước mọi lô khác.")]

OUTCOMES = {Receiving.RECEIVED: "đã nhận", Receiving.ALREADY: "đã có", Receiving.REJECTED: "từ chối"}


SURPLUS = (
    "Thừa: mỗi lần nộp đều được đếm. Nếu lô được nộp lại, không cần làm gì: tệp trùng không thành hồ sơ mới. "
    "Nếu khai báo sai, ghi số đúng bằng --declared ở lần nộp sau của lô này."
)


NO_VERSIONS = (
    "Chú ý: bucket nhận không giữ các phiên bản. Tệp được ghi đè đúng vào khoảnh khắc tệp cũ vừa nhận xong được dọn đi "
    "có thể mất; docs/deploy.md nói rõ hơn."
)


def init() -> int:
    """Tạo kho dữ liệu (SOHOA_HOME)."""
    settings = read_settings()
    create_home(settings)
    create_incoming(settings)
    say(f"Kho dữ liệu đã sẵn sàng: {settings.home.absolute()}")
    if incoming := open_incoming(settings):
        say(f"Nơi nhận tệp từ máy quét và hệ thống khác: {incoming.where}{INCOMING}")
        if not incoming.exact:
            tell(NO_VERSIONS)
    return DONE


def ingest(
    paths: Annotated[list[Path], typer.Argument(help=PATHS_HELP, show_default=False)],
    unit: Annotated[str | None, typer.Option(help=UNIT_HELP)] = None,
    batch: Annotated[str | None, typer.Option(help="Tên lô (mặc định: ngày và số thứ tự).")] = None,
    declared: Annotated[int | None, typer.Option(min=0, help="Số tệp mà đơn vị nộp khai báo trong lô.")] = None,
    fonds: Annotated[str | None, typer.Option(help=FONDS_HELP)] = None,
    sector: Annotated[str | None, typer.Option(help=SECTOR_HELP)] = None,
    urgent: Urgent = False,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> int:
    """Nhận tệp vào kho: mỗi tệp chỉ được báo đã nhận khi đã nằm an toàn trên đĩa."""
    settings = read_settings()
    home = open_home(settings)
    for path in paths:
        refuse_too_wide(path, settings.home)
    inputs = find_inputs(paths)
    home.sweep()
    handover = open_handover(home.custody, unit or settings.unit, batch, declared, [str(path.absolute()) for path in paths])
    placing = replace(placing_of(settings, fonds, sector), urgent=urgent)
    receipts: list[Receipt] = []
    try:
        for file in inputs.files:
            receipts.append(receive(home.custody, file, handover, placing))
            report(receipts[-1], quiet=as_json)
    except KeyboardInterrupt:
        complain_plainly("sohoa", "INTERRUPTED", f"Đã dừng sau {len(receipts)} tệp; chạy lại đúng lệnh này để nhận tiếp.")
        raise
    close_handover(home.custody, handover)
    received = arrivals_in(home.store, handover.unit, handover.batch)
    if as_json:
        say_json(_handover_json(handover, received, declared, receipts, inputs))
    else:
        say_skipped(inputs)
        _sum_up(handover, received, declared, receipts)
    complain_failed(inputs)
    rejected = any(receipt.outcome is Receiving.REJECTED for receipt in receipts)
    return SOME_FAILED if rejected or inputs.failed else DONE


def _sum_up(handover: Handover, received: int, declared: int | None, receipts: list[Receipt]) -> None:
    already = sum(receipt.outcome is Receiving.ALREADY for receipt in receipts)
    if already:
        tell(f"{already} tệp đã có từ trước (cùng nội dung): không tạo hồ sơ mới.")
    tell(f"Lô {handover.batch}: đã nhận {received} tệp{compared(received, declared)}.")
    if declared is not None and received > declared:
        tell(SURPLUS)


def placing_of(settings: Settings, fonds: str | None, sector: str | None) -> Placing:
    """Where new records belong, by option or setting, and how they are to be read."""
    return Placing(fonds or settings.fonds, sector or settings.sector, recipe_of(settings))


def report(receipt: Receipt, *, quiet: bool) -> None:
    """One line for one file: what was taken on stdout unless `quiet`, what was not on stderr."""
    if receipt.error is not None:
        complain(receipt.file, receipt.error)
    elif not quiet:
        say(f"{OUTCOMES[receipt.outcome]}  {receipt.record_id}  {visible(receipt.file)}")


def say_skipped(inputs: Inputs) -> None:
    """Files in the folders named that are no scans by their names."""
    for file in inputs.skipped:
        say(f"bỏ qua  {visible(file)}")


def complain_failed(inputs: Inputs) -> None:
    """What is no file or folder that can be looked at. It was not handed over, so that custody does not count it."""
    for path, error in inputs.failed:
        complain(path, error)


def compared(received: int, declared: int | None) -> str:
    """ " trên 120 khai báo, còn thiếu 2"; empty when nothing was declared."""
    if declared is None:
        return ""
    difference = "" if received == declared else f", {'còn thiếu' if received < declared else 'thừa'} {abs(declared - received)}"
    return f" trên {declared} khai báo{difference}"


def _handover_json(
    handover: Handover, received: int, declared: int | None, receipts: list[Receipt], inputs: Inputs
) -> dict[str, Any]:
    return {
        "unit": handover.unit,
        "batch": handover.batch,
        "received": received,
        "declared": declared,
        "files": [_receipt_json(receipt) for receipt in receipts],
        "skipped": [str(file) for file in inputs.skipped],
        "failed": [{"path": str(path), "code": error.code} for path, error in inputs.failed],
    }


def _receipt_json(receipt: Receipt) -> dict[str, Any]:
    return {
        "path": str(receipt.file),
        "outcome": receipt.outcome.value,
        "record_id": receipt.record_id,
        "code": receipt.error.code if receipt.error else None,
    }
