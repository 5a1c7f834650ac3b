"""`collect`: one pass over what others have dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, Any

import typer

from cli.exits import DONE, SOME_FAILED
from cli.intake import JSON_HELP, OUTCOMES
from cli.output import complain, complain_plainly, say, say_json, tell, visible
from config.settings import Settings, read_settings
from config.wiring.home import open_home
from config.wiring.incoming import open_desk
from pipeline.custody import Custody
from pipeline.custody.incoming.collecting import Fate, Taken
from pipeline.custody.receive import Receiving
from pipeline.errors import IncomingMissing, SohoaError
from workers.incoming import Collected, Collector, Rounds


def collect_command(as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False) -> int:
    """Nhận một lượt các tệp mà máy quét và hệ thống khác đã gửi vào incoming/ĐƠN_VỊ/LÔ/ của bucket hoặc thư mục nhận."""
    settings = read_settings()
    home = open_home(settings)
    desk = open_desk(settings, home.custody)
    if desk is None:
        raise IncomingMissing
    home.sweep()
    files: list[Taken] = []

    def note(taken: Taken) -> None:
        if taken.fate is not Fate.PASSED:
            files.append(taken)
            _report(taken, quiet=as_json)

    try:
        collected = Collector(desk, note).collect_some()
    except KeyboardInterrupt:
        complain_plainly("sohoa", "INTERRUPTED", f"Đã dừng sau {len(files)} tệp; chạy lại lệnh này để nhận tiếp.")
        raise
    if as_json:
        say_json({**asdict(collected), "files": [_taken_json(one) for one in files]})
    else:
        _sum_up(collected)
    return SOME_FAILED if any(one.error for one in files) else DONE


@contextmanager
def collecting(custody: Custody, settings: Settings, is_my_turn: Callable[[], bool] = lambda: True) -> Iterator[None]:
    """The same in the background, every `SOHOA_RECONCILE_SECONDS`, where the settings name a place in which others drop files.
    What a person has to know of it is said on stderr, once."""
    desk = open_desk(settings, custody)
    if desk is None:
        yield
        return
    said: set[str] = set()

    def note_error(error: SohoaError) -> None:
        if error.code not in said:
            said.add(error.code)
            complain("sohoa", error)

    def note(taken: Taken) -> None:
        if taken.fate in (Fate.RECEIVED, Fate.ALREADY):
            said.clear()  # it goes on: should it stop again, that is news
        _report(taken, quiet=True)

    with Rounds(Collector(desk, note), settings.reconcile_seconds, note_error, is_my_turn):
        yield


def _report(taken: Taken, *, quiet: bool) -> None:
    if taken.error is not None:
        complain(taken.key, taken.error)
    elif not quiet and taken.fate is Fate.CLOSED:
        say(f"đủ lô  {visible(taken.key)}")
    elif not quiet and taken.fate in (Fate.RECEIVED, Fate.ALREADY):
        say(f"{OUTCOMES[Receiving(taken.fate.value)]}  {taken.record_id}  {visible(taken.key)}")


def _sum_up(collected: Collected) -> None:
    taken = collected.received + collected.already
    tell(f"Đã nhận {taken} tệp, từ chối {collected.rejected}; đang chờ ghi xong hoặc chờ khai báo: {collected.waiting}.")
    if collected.rejected:
        tell("Tệp bị từ chối nằm trong refused/, lý do trong tệp .why.json bên cạnh.")
    if collected.left or collected.failed:
        tell(f"Để nguyên {collected.left + collected.failed} tệp; lý do ở trên.")


def _taken_json(taken: Taken) -> dict[str, Any]:
    return {
        "key": taken.key,
        "outcome": taken.fate.value,
        "record_id": taken.record_id,
        "code": taken.error.code if taken.error else None,
    }
