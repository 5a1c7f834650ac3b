"""`retry`, `reread`: read records again, always as a new generation; what was read before is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Annotated

import typer

from cli.exits import DONE, SOME_FAILED
from cli.find import ID_HELP
from cli.ids import account, whole_id
from cli.intake import Urgent
from cli.output import complain, say
from cli.status import standing_quarantine
from config.settings import read_settings, recipe_of
from config.wiring.home import Home, open_home
from pipeline.custody.documents import Quarantined
from pipeline.custody.renew import reread, retry
from pipeline.custody.secrecy import clear
from pipeline.custody.status import Ledger, State, read_ledger
from pipeline.errors import SecretMark, UnknownRecord, UsageError

RecordIds = Annotated[list[str] | None, typer.Argument(help=ID_HELP, show_default=False)]
Reader = Annotated[str | None, typer.Option(help="Bộ đọc; «sohoa doctor» liệt kê tên.")]

NotSecret = Annotated[bool, typer.Option("--not-secret", help="Khẳng định dấu được đọc là dấu độ mật thật ra không phải.")]
EveryPage = Annotated[bool, typer.Option("--every-page", help="Với --not-secret: đã xem mọi trang, không trang nào mật.")]
By = Annotated[str, typer.Option(help="Họ tên người khẳng định.", show_default=False)]
Why = Annotated[str, typer.Option(help="Lý do, được ghi lại trong kho.", show_default=False)]


def retry_command(
    record_ids: RecordIds = None,
    every: Annotated[bool, typer.Option("--all", help="Mọi hồ sơ đang bị cách ly, trừ hồ sơ có dấu độ mật.")] = False,
    not_secret: NotSecret = False,
    every_page: EveryPage = False,
    by: By = "",
    why: Why = "",
    urgent: Urgent = False,
) -> int:
    """Đưa hồ sơ ra khỏi cách ly để đọc lại như lần trước. Hồ sơ có dấu độ mật chỉ ra được với --not-secret, --by và --why."""
    home = open_home(read_settings())
    if not not_secret and (every_page or by or why):
        raise UsageError("--every-page, --by, --why chỉ dùng cùng --not-secret")
    if not_secret and every:
        raise UsageError("--not-secret cần mã của từng hồ sơ, không dùng với --all")
    chosen = _chosen(record_ids, every=every, standing=lambda: _not_stopped(standing_quarantine(home)))
    if not_secret:
        clearing = partial(_clear, home, by, why, every_page=every_page, urgent=urgent)
        return _renew(home, chosen, clearing, "không bị cách ly vì dấu độ mật")
    return _renew(home, chosen, lambda record_id: retry(home.custody, record_id, urgent=urgent), "không bị cách ly")


def _clear(home: Home, by: str, why: str, record_id: str, *, every_page: bool, urgent: bool) -> int | None:
    return clear(home.custody, record_id, by, why, account(), every_page=every_page, urgent=urgent)


def _not_stopped(standing: Sequence[Quarantined]) -> list[str]:
    """Of all that are in quarantine; those with a mark of secrecy stay there."""
    marked = sum(one.code == SecretMark.code for one in standing)
    if marked:
        say(f"Để nguyên {marked} hồ sơ có dấu độ mật (xem «sohoa status»).")
    return [one.record_id for one in standing if one.code != SecretMark.code]


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
    chosen = _chosen(record_ids, every=every, standing=lambda: _readable(home, ledger))
    return _renew(home, chosen, lambda record_id: reread(home.custody, record_id, recipe, urgent=urgent), "đang chờ đọc")


def _readable(home: Home, ledger: Ledger) -> list[str]:
    done = [one for one in ledger.manifests if ledger.state_of(one) is State.DONE]
    return [*done, *_not_stopped(standing_quarantine(home))]


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
        except (UnknownRecord, SecretMark) as error:
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
