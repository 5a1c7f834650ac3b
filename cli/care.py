"""`reindex`, `reconcile`, `fixity`, `backup`, `restore`: keeping what is kept."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from cli.exits import DONE, SOME_FAILED
from cli.intake import JSON_HELP
from cli.output import complain, say, say_json
from cli.record import FAULTS
from config.settings import read_settings
from config.wiring.home import create_home, open_backup, open_home
from pipeline.custody.backup import backup
from pipeline.custody.documents import FixityProblem
from pipeline.custody.fixity import check_fixity
from pipeline.custody.indexing import rebuild_index
from pipeline.custody.left_out import left_out
from pipeline.custody.reconcile import reconcile
from pipeline.custody.restore import Restored, restore
from pipeline.errors import BackupDamaged, NotIndexed, ObjectChanged, ObjectMissing, UsageError

AsJson = Annotated[bool, typer.Option("--json", help=JSON_HELP)]


def reindex_command(as_json: AsJson = False) -> int:
    """Dựng lại chỉ mục tìm kiếm từ kho, không đọc lại trang nào; chỉ mục cũ vẫn phục vụ trong lúc đó."""
    home = open_home(read_settings())
    count = rebuild_index(home.custody, home.indexing)
    refused = left_out(home.store)
    if as_json:
        say_json({"records": count, "left_out": {note.record_id: note.what for note in refused}})
    else:
        say(f"Chỉ mục mới có {count} hồ sơ.")
    for note in refused:
        complain(note.record_id, NotIndexed(note.what))
    return SOME_FAILED if refused else DONE


def reconcile_command(as_json: AsJson = False) -> int:
    """Hoàn tất những gì bị ngắt giữa chừng: nhận tệp, ghi kết quả, cập nhật chỉ mục."""
    home = open_home(read_settings())
    home.sweep()
    done = reconcile(home.custody, home.indexing, alone=home.alone)
    if as_json:
        say_json(asdict(done))
    else:
        say(f"Ghi nhận thêm {done.arrivals} tệp, đưa {done.indexed} hồ sơ vào chỉ mục, dọn {done.swept} tệp nhận dở.")
        say(f"Đang chờ đọc: {done.pending} hồ sơ.")
    return DONE


def fixity_command(as_json: AsJson = False) -> int:
    """Tính lại mã băm của mọi tệp trong kho và so với mã đã ghi."""
    home = open_home(read_settings())
    report = check_fixity(home.custody)
    if as_json:
        say_json(
            {
                "checked": report.checked,
                "size_bytes": report.size_bytes,
                "problems": [asdict(problem) for problem in report.problems],
            }
        )
    else:
        say(f"Đã kiểm tra {report.checked} đối tượng ({report.size_bytes / 1e6:.1f} MB): {len(report.problems)} có vấn đề.")
    for problem in report.problems:
        _complain_of(problem)
    return SOME_FAILED if report.problems else DONE


def backup_command(
    folder: Annotated[Path, typer.Argument(help="Thư mục sao lưu, nên ở ổ đĩa khác.", show_default=False)],
    as_json: AsJson = False,
) -> int:
    """Sao lưu kho: chỉ chép những gì bản sao chưa có, kiểm từng tệp; bị ngắt thì chạy lại để làm tiếp."""
    home = open_home(read_settings())
    if Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(home.folder)):
        raise UsageError("bản sao lưu phải nằm ngoài kho")
    copy = open_backup(folder, create=True)
    copied = backup(home.store, copy, copy.temp)
    if as_json:
        say_json(asdict(copied))
    else:
        say(f"Đã sao lưu: chép {copied.copied} đối tượng, {copied.kept} đã chép từ trước.")
        if copied.kept:
            say("Những gì đã chép từ trước không được đọc lại; «sohoa fixity» đọc và kiểm tra toàn bộ kho.")
        if copied.damaged or copied.missing:
            say(f"Có vấn đề: {len(copied.damaged)} hỏng, {len(copied.missing)} thiếu trong kho (bản sao lưu vẫn giữ).")
    for key in copied.damaged:
        complain(key, ObjectChanged())
    for key in copied.missing:
        complain(key, ObjectMissing())
    return SOME_FAILED if copied.damaged or copied.missing else DONE


def restore_command(
    folder: Annotated[Path, typer.Argument(help="Thư mục sao lưu.", show_default=False)], as_json: AsJson = False
) -> int:
    """Khôi phục kho (SOHOA_HOME): lấy lại những gì thiếu, thay những gì hỏng, không đụng đến những gì còn tốt hoặc mới hơn."""
    settings = read_settings()
    copy = open_backup(folder, create=False)
    create_home(settings)
    home = open_home(settings)
    with home.work_lock.exclusive():
        restored = restore(copy, home.store, home.custody.spool)
        rebuild_index(home.custody, home.indexing)
    if as_json:
        say_json(asdict(restored))
    else:
        _say_restored(restored)
    for key in restored.lost:
        complain(key, BackupDamaged())
    return SOME_FAILED if restored.lost else DONE


def _say_restored(restored: Restored) -> None:
    returned, replaced = len(restored.returned), len(restored.replaced)
    say(f"Đã khôi phục: lấy lại {returned} đối tượng thiếu, thay {replaced} đối tượng hỏng; {restored.kept} còn tốt, giữ nguyên.")
    if not restored.kept:
        return
    for key in restored.returned:
        say(f"lấy lại  {key}")
    for key in restored.replaced:
        say(f"thay  {key}")
    if returned or replaced:
        say("Hồ sơ đã bị cách ly vì dữ liệu hỏng: «sohoa retry». Kiểm tra lại cả kho: «sohoa fixity».")


def _complain_of(problem: FixityProblem) -> None:
    subject = problem.key if problem.record_id is None else f"{problem.record_id} {problem.key}"
    complain(subject, FAULTS[problem.fault]())
