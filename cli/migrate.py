"""`migrate`: a home into other stores, and back."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.exits import DONE, SOME_FAILED
from cli.intake import JSON_HELP
from cli.output import complain, complain_plainly, say, say_json, tell, visible
from cli.progress import ObjectBar
from config.settings import Settings, read_settings
from config.settings_file import settings_in
from config.wiring.home import MEGABYTE, Home, create_home, free_space, open_home, place_name, store_there
from pipeline.custody import records
from pipeline.custody.indexing import rebuild_index
from pipeline.custody.moving import INTO, Move, moved_to, refuse_move, reopen
from pipeline.custody.moving.extent import Extent, extent_of
from pipeline.custody.moving.migrate import Migrated, compare_stores, migrate
from pipeline.custody.moving.settling import Settling
from pipeline.custody.moving.side_by_side import side_by_side
from pipeline.custody.needs import needs_of
from pipeline.custody.status import read_ledger
from pipeline.errors import DiskFull, HomeMoved, NotKept, SohoaError, UsageError
from pipeline.ports import Store

TO_HELP = "Tệp thiết lập của nơi kia: mỗi dòng SOHOA_TÊN=giá trị."
DRY_RUN_HELP = "Chỉ cho biết có bao nhiêu đối tượng, bao nhiêu MB, nơi kia còn bao nhiêu chỗ."
VERIFY_HELP = "Chép xong thì đọc lại toàn bộ cả hai nơi và so từng mã băm."
LEAVE_HELP = "Chuyển cho xong dù kho này có đối tượng hỏng hoặc thiếu; những cái đó không sang nơi kia."
REOPEN_HELP = "Không chuyển nữa: bỏ dấu «đang chuyển», «đã chuyển» để dùng lại kho này."


def migrate_command(
    to: Annotated[Path | None, typer.Option("--to", help=TO_HELP)] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=DRY_RUN_HELP)] = False,
    verify: Annotated[bool, typer.Option("--verify", help=VERIFY_HELP)] = False,
    leave_damaged: Annotated[bool, typer.Option("--leave-damaged", help=LEAVE_HELP)] = False,
    back: Annotated[bool, typer.Option("--reopen", help=REOPEN_HELP)] = False,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> int:
    """Chuyển kho này (SOHOA_HOME hoặc máy chủ) sang nơi khác, không đọc lại trang nào; bị ngắt thì chạy lại để chép tiếp."""
    if (to is None) != back:
        raise UsageError("cần một trong hai: --to TỆP hoặc --reopen")
    here = read_settings()
    if to is None:
        return _reopen(here)
    there = settings_in(to)
    _refuse_nested(here, there)
    wish = Wish(here, there, verify=verify, leave_damaged=leave_damaged, as_json=as_json)
    home, target = open_home(here), store_there(there)
    refuse_move(home.store, target, wish.to)
    if target is not None and _is_over(home.store, target, wish.to):
        return _report_finished_before(wish, home.store, target)
    found = extent_of(home.store, target)
    _show_extent(wish, found, alone=dry_run)
    if dry_run:
        return DONE
    _refuse_without_room(there, found)
    try:
        return _move(wish, home, found.objects)
    except KeyboardInterrupt:
        complain_plainly("sohoa", "INTERRUPTED", "Đã dừng; chạy lại đúng lệnh này để chép tiếp.")
        raise


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for."""

    here: Settings
    there: Settings
    verify: bool
    leave_damaged: bool
    as_json: bool

    @property
    def origin(self) -> str:
        return place_name(self.here)

    @property
    def to(self) -> str:
        return place_name(self.there)


def _move(wish: Wish, home: Home, objects: int) -> int:
    """Close both, copy, read again if wished, build the index, open the new one."""
    create_home(wish.there)
    target = open_home(wish.there)
    with ExitStack() as held:
        held.enter_context(home.work_lock.exclusive())
        if not _is_same(wish.here.home, wish.there.home):
            held.enter_context(target.work_lock.exclusive())
        target.sweep()
        move = Move(home.custody, target.custody, wish.origin, wish.to)
        done = _copied(wish, home.store, target, move, objects)
        complete = not done.faults or (wish.leave_damaged and done.only_losses)
        indexed = rebuild_index(target.custody, target.indexing) if complete else 0
        if complete:
            move.finish()
    pending = sum(1 for _ in read_ledger(target.store).pending())
    _report(wish, done, {"complete": complete, "records": indexed, "pending": pending})
    return SOME_FAILED if done.faults else DONE


def _copied(wish: Wish, source: Store, target: Home, move: Move, objects: int) -> Migrated:
    """What became of all objects; those that a second reading finds wrong are brought again next time."""
    settling = Settling(source, target.store, needs_of(source, target.store), target.custody.spool)
    with ObjectBar("Đang chép", objects) as bar:
        done = migrate(settling, move, bar.step)
    if not wish.verify:
        return done
    with ObjectBar("Đang đọc lại", objects) as bar:
        wrong = dict(compare_stores(settling, bar.step, known=dict(done.faults)))
    move.doubt(wrong)
    return replace(done, faults=tuple(sorted({**dict(done.faults), **wrong}.items())))


def _reopen(settings: Settings) -> int:
    home = open_home(settings)
    with home.work_lock.exclusive():
        left = reopen(home.store)
    if left is None:
        say("Kho này không bị đóng; không có gì để mở lại.")
    else:
        tell(f"Đã mở lại kho {place_name(settings)}. Nơi kia ({left}) không tự đóng lại: chỉ dùng một trong hai nơi.")
    return DONE


def _refuse_nested(here: Settings, there: Settings) -> None:
    """Raises UsageError for two places that are one, or one in the other. Beside servers the folder is only this machine's."""
    if place_name(here) == place_name(there):
        raise UsageError("hai nơi là một")
    if not here.s3_endpoint and not there.s3_endpoint:
        one, other = Path(place_name(here)), Path(place_name(there))
        if one.is_relative_to(other) or other.is_relative_to(one):
            raise UsageError("không nơi nào được nằm trong nơi kia")


def _refuse_without_room(there: Settings, found: Extent) -> None:
    """Raises DiskFull before anything is written, where the free space can be known."""
    free = free_space(there)
    if free is not None and free - found.lacking_bytes < there.min_free_disk_mb * MEGABYTE:
        needed = found.lacking_bytes // MEGABYTE + there.min_free_disk_mb
        raise DiskFull(f"nơi chép đến còn {free // MEGABYTE} MB, cần {needed} MB")


def _is_over(source: Store, target: Store, to: str) -> bool:
    """Whether this very move was finished. Raises HomeMoved when it was and what it brought is not there any more."""
    if moved_to(source) != to or any(target.list_after(INTO)):
        return False
    if any(one.here and not one.there for one in side_by_side(source, target, records.MANIFESTS)):
        raise HomeMoved(to)
    return True


def _report_finished_before(wish: Wish, source: Store, target: Store) -> int:
    """A move that is over changes nothing. The new store may have been worked with: what it removed since is not missed."""
    faults: list[tuple[str, SohoaError]] = []
    if wish.verify:
        needed_there = needs_of(target, source)
        settling = Settling(source, target, needs_of(source, target), wish.there.home)
        with ObjectBar("Đang đọc lại", extent_of(source, target).objects) as bar:
            found = compare_stores(settling, bar.step)
            faults = [one for one in found if not isinstance(one[1], NotKept) or needed_there.include(one[0])]
    if not wish.as_json:
        say(f"Kho này đã được chuyển xong sang {wish.to} từ trước.")
    pending = sum(1 for _ in read_ledger(target).pending())
    _report(wish, Migrated(0, 0, 0, tuple(faults)), {"complete": True, "records": None, "pending": pending})
    return SOME_FAILED if faults else DONE


def _is_same(one: Path, other: Path) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def _show_extent(wish: Wish, found: Extent, *, alone: bool) -> None:
    """`alone`: nothing else is said."""
    free = free_space(wish.there)
    if wish.as_json:
        if alone:
            say_json({"from": wish.origin, "to": wish.to, **asdict(found), "free_bytes": free})
        return
    say(f"Từ  {visible(wish.origin)}")
    say(f"Đến {visible(wish.to)}")
    lacking = f"cần chép {found.lacking}, khoảng {_megabytes(found.lacking_bytes)}"
    tell(f"Có {found.objects} đối tượng, khoảng {_megabytes(found.size_bytes)}; {lacking}.")
    say("Chỗ trống ở nơi đến: " + ("máy chủ S3 không cho biết." if free is None else f"{_megabytes(free)}."))


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / MEGABYTE:,.1f} MB"


def _report(wish: Wish, done: Migrated, ended: dict[str, Any]) -> None:
    """The figures on stdout, what is wrong on stderr, one line each."""
    if wish.as_json:
        faults = [{"key": key, "code": error.code} for key, error in done.faults]
        counts = {"copied": done.copied, "kept": done.kept, "removed": done.removed, "verified": wish.verify, "faults": faults}
        say_json({"from": wish.origin, "to": wish.to, **counts, **ended})
    else:
        _say_report(wish, done, ended)
    for key, error in done.faults:
        complain(key, error)


def _say_report(wish: Wish, done: Migrated, ended: dict[str, Any]) -> None:
    removed = f", bỏ {done.removed} đối tượng mà kho cũ đã bỏ" if done.removed else ""
    say(f"Đã chép {done.copied} đối tượng, {done.kept} đã có từ trước{removed}.")
    if wish.verify and not done.faults:
        say("Đã đọc lại toàn bộ cả hai nơi: mọi mã băm đều khớp.")
    if not ended["complete"]:
        tell(
            f"Chưa chuyển xong: {len(done.faults)} đối tượng có vấn đề. Sửa được thì sửa («sohoa restore» ở kho này), rồi chạy "
            "lại lệnh này; không sửa được thì thêm --leave-damaged, hoặc «sohoa migrate --reopen» để dùng tiếp kho này."
        )
        return
    if ended["records"] is not None:
        say(f"Chỉ mục mới có {ended['records']} hồ sơ.")
    say(f"Đang chờ đọc ở nơi mới: {ended['pending']} hồ sơ.")
    tell(f"Từ nay dùng thiết lập của {visible(wish.to)}. Kho cũ còn nguyên và đã đóng: việc nhận và đọc ở đó báo HOME_MOVED.")
