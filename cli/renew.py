"""`retry`, `reread`: read records again, always as a new generation; what was read before is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated

import typer

from cli.exits import DONE, SOME_FAILED
from cli.find import ID_HELP
from cli.ids import whole_id
from cli.intake import Urgent
from cli.output import complain, say
from cli.status import standing_quarantine
from config.settings import read_settings, recipe_of
from config.wiring.home import Home, open_home
from pipeline.custody.renew import reread, retry
from pipeline.custody.status import State, read_ledger
from pipeline.errors import UnknownRecord, UsageError

RecordIds = Annotated[list[str] | None, typer.Argument(help=ID_HELP, show_default=False)]
Reader = Annotated[str | None, typer.Option(help="Bộ đọc; «sohoa doctor» liệt kê tên.")]


def retry_command(
    record_ids: RecordIds = None,
    every: Annotated[bool, typer.Option("--all", help="Mọi hồ sơ đang bị cách ly.")] = False,
    urgent: Urgent = False,
) -> int:
    """Đưa hồ sơ ra khỏi cách ly để đọc lại như lần trước."""
    home = open_home(read_settings())
    chosen = _chosen(record_ids, every=every, standing=lambda: [one.record_id for one in standing_quarantine(home)])
    return _renew(home, chosen, lambda record_id: retry(home.custody, record_id, urgent=urgent), "không bị cách ly")


def reread_command(
    record_ids: RecordIds = None,
    every: Annotated[bool, typer.Option("--all", help="Mọi hồ sơ đã đọc xong hoặc bị cách ly.")] = False,
    reader: Reader = None,
    urgent: Urgent = False,
) -> int:
    """Đọc lại hồ sơ bằng phiên bản và bộ đọc hiện tại; kết quả cũ vẫn dùng được cho đến khi có kết quả mới."""
    settings = read_settings(reader=reader)
    home = open_home(settings)
    recipe = recipe_of(settings)
    ledger = read_ledger(home.store)
    chosen = _chosen(
        record_ids,
        every=every,
        standing=lambda: [one for one in ledger.manifests if ledger.state_of(one) in (State.DONE, State.QUARANTINED)],
    )
    return _renew(home, chosen, lambda record_id: reread(home.custody, record_id, recipe, urgent=urgent), "đang chờ đọc")


def _chosen(record_ids: list[str] | None, *, every: bool, standing: Callable[[], list[str]]) -> list[str]:
    if every and record_ids:
        raise UsageError("chỉ dùng một trong hai: mã hồ sơ hoặc --all")
    if not every and not record_ids:
        raise UsageError("cần một hoặc nhiều mã hồ sơ, hoặc --all")
    return standing() if every else list(record_ids or ())


def _renew(home: Home, typed: Iterable[str], renew: Callable[[str], int | None], left_alone: str) -> int:
    renewed, code = 0, DONE
    for one in typed:
        try:
            record_id = whole_id(home, one)
            generation = renew(record_id)
        except UnknownRecord as error:
            complain(one, error)
            code = SOME_FAILED
            continue
        if generation is None:
            say(f"{record_id}: {left_alone}, để nguyên.")
        else:
            say(f"{record_id}: sẽ đọc lại (lần {generation}).")
            renewed += 1
    say(f"{renewed} hồ sơ sẽ được đọc lại khi chạy «sohoa work».")
    return code
