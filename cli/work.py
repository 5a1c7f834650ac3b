"""`work`, `watch`: what runs all day."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from cli.exits import DONE, INTERRUPTED, SOME_FAILED
from cli.inputs import SCAN_SUFFIXES
from cli.intake import FONDS_HELP, SECTOR_HELP, UNIT_HELP, placing_of, report
from cli.output import complain, say
from cli.progress import ProgressBar
from cli.reading import Jobs, make_pool
from cli.status import equation, standing_quarantine
from config.settings import Settings, read_settings
from config.wiring.home import Home, open_home
from pipeline.custody.status import read_ledger, status
from pipeline.errors import error_from
from workers.handlers import Handled
from workers.local import Stop, Worked, Workshop, stop_on_signals, work
from workers.watch import Watching, watch_folder


def work_command(
    once: Annotated[bool, typer.Option("--once", help="Làm đến khi không còn hồ sơ chờ rồi thôi.")] = False,
    jobs: Jobs = None,
) -> int:
    """Đọc các hồ sơ đang chờ. Ctrl-C để dừng: việc dở dang được giữ lại."""
    settings = read_settings(jobs=jobs)
    home = open_home(settings)
    before = {(one.record_id, one.generation) for one in standing_quarantine(home)}
    with stop_on_signals() as stop:
        if not once:
            say("Đang chờ và đọc hồ sơ; Ctrl-C để dừng.")
        worked = work_home(home, settings, stop, once=once)
    given_up = [one for one in standing_quarantine(home) if (one.record_id, one.generation) not in before]
    for one in given_up:
        complain(one.record_id, error_from(one.code, one.detail))
    say(f"Đã đọc xong {worked.done} hồ sơ.")
    say(equation(status(home.store).total))
    return SOME_FAILED if given_up else DONE


def work_home(home: Home, settings: Settings, stop: Stop, *, once: bool) -> Worked:
    """The worker of one machine over this home, with a bar for `once`. Raises as `workers.local.work`."""
    waiting = sum(1 for _ in read_ledger(home.store).pending()) if once else 0
    bar = WorkBar(waiting, visible=once)
    home.store.sweep_temp()
    with make_pool(settings, home.scratch) as pool, bar:
        shop = Workshop(home.custody, pool, home.indexing, home.queue, home.work_lock, settings.poll_seconds)
        return work(shop, stop, once=once, progress=bar if once else None)


class WorkBar(ProgressBar):
    """The worker's progress as a bar."""

    def record_ended(self, record_id: str, handled: Handled) -> None:
        if handled is not Handled.FAILED:  # that one may be tried again
            self.finished(record_id)


def watch_command(
    folder: Annotated[Path, typer.Argument(help="Thư mục mà máy quét ghi vào.", show_default=False)],
    unit: Annotated[str | None, typer.Option(help=UNIT_HELP)] = None,
    fonds: Annotated[str | None, typer.Option(help=FONDS_HELP)] = None,
    sector: Annotated[str | None, typer.Option(help=SECTOR_HELP)] = None,
) -> int:
    """Theo dõi thư mục của máy quét: nhận tệp khi tệp đã ghi xong, rồi chuyển sang da-nhan hoặc khong-nhan."""
    settings = read_settings()
    home = open_home(settings)
    watching = Watching(
        folder,
        unit or settings.unit,
        placing_of(settings, fonds, sector),
        SCAN_SUFFIXES,
        settings.watch_settle_seconds,
        settings.poll_seconds,
    )
    say(f"Đang theo dõi {folder}; Ctrl-C để dừng.")
    with stop_on_signals() as stop:
        watch_folder(home.custody, watching, stop, partial(report, quiet=False))
    say("Đã dừng theo dõi; tệp chưa nhận vẫn nằm trong thư mục.")
    return INTERRUPTED
