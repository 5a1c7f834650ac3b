"""`purge`: two persons have a record destroyed."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli.days import shown_day
from cli.exits import DONE, SOME_FAILED
from cli.find import ID_HELP
from cli.ids import account, whole_id
from cli.intake import JSON_HELP
from cli.output import complain, say, say_json, tell
from config.settings import read_settings
from config.wiring.home import Home, forget_opened, open_home
from pipeline.custody.purge import Decision, Purging, purge
from pipeline.errors import PurgeIncomplete


def purge_command(
    record_ids: Annotated[list[str], typer.Argument(help=ID_HELP, show_default=False)],
    by: Annotated[str, typer.Option(help="Họ tên người quyết định.", show_default=False)],
    and_by: Annotated[str, typer.Option(help="Họ tên người thứ hai, khác người thứ nhất.", show_default=False)],
    why: Annotated[str, typer.Option(help="Lý do, được ghi lại mãi trong kho.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> int:
    """Hủy hẳn hồ sơ khỏi kho, cả bản gốc, theo quyết định của hai người; chỉ còn biên bản. Bị ngắt thì chạy lại để làm tiếp."""
    home = open_home(read_settings())
    chosen = [whole_id(home, one) for one in record_ids]
    purged = purge(home.custody, home.indexing.index, chosen, Decision(by, and_by, why, account()))
    for one in purged:
        forget_opened(home, one.tombstone.record_id, one.tombstone.sha256)
    if as_json:
        say_json([_purging_json(one) for one in purged])
    else:
        _say_purged(home, purged)
    for one in purged:
        if one.kept:
            complain(one.tombstone.record_id, PurgeIncomplete(kept_detail(one)))
    return SOME_FAILED if any(one.kept for one in purged) else DONE


def kept_detail(one: Purging) -> str:
    """ "3 mục, khóa đến 31/12/2027"."""
    ends = [kept.until for kept in one.kept if kept.until is not None]
    return f"{len(one.kept)} mục" + (f", khóa đến {shown_day(f'{max(ends):%Y-%m-%d}')}" if ends else "")


def _say_purged(home: Home, purged: list[Purging]) -> None:
    for one in purged:
        say(f"{one.tombstone.record_id}: đã hủy. Bản gốc có mã băm {one.tombstone.sha256}; nộp lại sẽ bị từ chối.")
    tell("Chưa hủy: bản sao lưu («sohoa backup»), tệp đã chép ra ngoài, tệp ở thư mục nhận và bản giấy: phải hủy riêng.")
    tell("Hồ sơ từng tìm được bằng «sohoa search» thì chạy thêm «sohoa reindex» để tệp chỉ mục cũ cũng bị bỏ.")
    if not home.alone:
        tell("Máy khác từng chạy «sohoa open» với hồ sơ này còn bản chép trong thư mục opened của SOHOA_HOME.")


def _purging_json(one: Purging) -> dict[str, Any]:
    stone = one.tombstone
    return {
        "record_id": stone.record_id,
        "sha256": stone.sha256,
        "by": [stone.by, stone.and_by],
        "why": stone.why,
        "at": stone.at.isoformat(),
        "kept": [{"key": kept.key, "until": kept.until and kept.until.isoformat()} for kept in one.kept],
    }
