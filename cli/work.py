"""`work`, `watch`: what runs all day."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from typing import Annotated, Self
from uuid import uuid4

import typer

from cli.collect import collecting
from cli.exits import DONE, INTERRUPTED, SOME_FAILED
from cli.inputs import SCAN_SUFFIXES, refuse_too_wide
from cli.intake import FONDS_HELP, SECTOR_HELP, UNIT_HELP, placing_of, report
from cli.output import complain, say, visible
from cli.progress import ProgressBar
from cli.reading import Jobs
from cli.status import equation, standing_quarantine
from config.settings import Settings, read_settings
from config.wiring.home import Home, open_home
from pipeline.custody.documents import Quarantined
from pipeline.custody.indexing import refresh_all
from pipeline.custody.moving import refuse_moved
from pipeline.custody.status import read_ledger, status
from pipeline.errors import IndexUnavailable, Interrupted, UsageError, error_from
from pipeline.ports import INDEX
from workers.children import make_pool
from workers.handlers import Handled
from workers.keeping import Keeper
from workers.local import Stop, Worked, Workshop, stop_on_signals, work
from workers.supervisor import Crew, supervise
from workers.watch import Watching, watch_folder


def work_command(
    once: Annotated[bool, typer.Option("--once", help="Làm đến khi không còn hồ sơ chờ rồi thôi.")] = False,
    jobs: Jobs = None,
) -> int:
    """Đọc các hồ sơ đang chờ. Ctrl-C để dừng: việc dở dang được giữ lại."""
    settings = read_settings(jobs=jobs)
    home = open_home(settings)
    refuse_moved(home.store)
    if home.tasks is None:
        return _work_beside_broker(home, settings, once=once)
    before = Standing.of(home)
    with stop_on_signals() as stop:
        if not once:
            say("Đang chờ và đọc hồ sơ; Ctrl-C để dừng.")
        try:
            with nullcontext() if once else collecting(home.custody, settings):
                work_home(home, settings, stop, once=once)
        except Interrupted:
            _sum_up(home, before)
            raise
    return SOME_FAILED if _sum_up(home, before) else DONE


def _work_beside_broker(home: Home, settings: Settings, *, once: bool) -> int:
    """The worker processes of this machine; others may do the same with the same broker and store."""
    before = Standing.of(home)
    with stop_on_signals() as stop, home.work_lock.exclusive():
        if not once:
            say("Đang chờ và đọc hồ sơ từ hàng đợi chung; Ctrl-C để dừng.")
        home.sweep()
        work_crew(home, settings, stop, once=once)
    if once and not stop.requested:
        with suppress(IndexUnavailable):  # it gets the rest when it is back
            refresh_all(home.custody, home.indexing)
    failed = _sum_up(home, before)
    if stop.requested:
        raise Interrupted
    return SOME_FAILED if failed else DONE


@dataclass(frozen=True, slots=True)
class Standing:
    """What the store says of work that is over: a reading or a giving-up for each record and generation."""

    done: frozenset[tuple[str, int]]
    given_up: dict[tuple[str, int], Quarantined]

    @classmethod
    def of(cls, home: Home) -> Self:
        given_up = {(one.record_id, one.generation): one for one in standing_quarantine(home)}
        return cls(frozenset(read_ledger(home.store).results.items()), given_up)


def _sum_up(home: Home, before: Standing) -> int:
    """Say what has come of the work since `before`; how many records were given up."""
    now = Standing.of(home)
    given_up = [one for key, one in now.given_up.items() if key not in before.given_up]
    for one in given_up:
        complain(one.record_id, error_from(one.code, one.detail))
    say(f"Đã đọc xong {len(now.done - before.done)} hồ sơ, {len(given_up)} hồ sơ bị cách ly.")
    say(equation(status(home.store).total))
    return len(given_up)


def work_home(home: Home, settings: Settings, stop: Stop, *, once: bool) -> Worked:
    """The worker of one machine over this home, with a bar for `once`. Raises as `workers.local.work`."""
    waiting = sum(1 for _ in read_ledger(home.store).pending()) if once else 0
    if home.tasks is None:
        raise UsageError("hàng đợi chung")
    bar = WorkBar(waiting, visible=once)
    home.sweep()
    with make_pool(settings, home.scratch) as pool, bar:
        shop = Workshop(home.custody, pool, home.indexing, home.tasks, home.work_lock, settings.poll_seconds)
        return work(shop, stop, once=once, progress=bar if once else None)


def work_crew(home: Home, settings: Settings, stop: Stop, *, once: bool) -> None:
    """The worker processes of this machine, and its turn at keeping the house. `once`: until nothing is pending anywhere."""
    keeper = Keeper(home.custody, home.indexing, uuid4().hex, settings.reconcile_seconds)
    crews = [Crew(settings.jobs, scratch=home.scratch), Crew(1, (INDEX,), "workers.app:make_index_broker")]
    keeps = Event()

    def keep() -> bool:
        if not keeper.keep():
            keeps.clear()
            return False
        keeps.set()
        return once and keeper.nothing_left()

    try:
        with nullcontext() if once else collecting(home.custody, settings, keeps.is_set):
            supervise(crews, stop, keep=keep, keep_every_seconds=settings.poll_seconds)
    finally:
        keeper.leave()


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
    refuse_moved(home.store)
    refuse_too_wide(folder, settings.home)
    watching = Watching(
        folder,
        unit or settings.unit,
        placing_of(settings, fonds, sector),
        SCAN_SUFFIXES,
        settings.watch_settle_seconds,
        settings.poll_seconds,
    )
    if not folder.is_dir():
        raise UsageError(f"{folder}: không có thư mục này")
    home.sweep()
    say(f"Đang theo dõi {visible(folder)}; Ctrl-C để dừng.")
    with stop_on_signals() as stop:
        watch_folder(home.custody, watching, stop, partial(report, quiet=False), _say_left)
    say("Đã dừng theo dõi; tệp chưa nhận vẫn nằm trong thư mục.")
    return INTERRUPTED


def _say_left(file: Path) -> None:
    endings = ", ".join(sorted(SCAN_SUFFIXES))
    say(f"để nguyên  {visible(file)}  (chỉ nhận tệp {endings})")
