"""`reindex`, `reconcile`, `fixity`, `backup`, `restore`: keeping what is kept."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from cli.exits import DONE, SOME_FAILED
from cli.intake import JSON_HELP
from cli.output import complain_plainly, say, say_json
from config.settings import read_settings
from config.wiring.home import create_home, open_backup, open_home
from pipeline.custody.backup import Copied, backup, restore
from pipeline.custody.documents import Fault, FixityProblem
from pipeline.custody.fixity import check_fixity
from pipeline.custody.indexing import rebuild_index
from pipeline.custody.reconcile import reconcile
from pipeline.errors import DigestMismatch, UsageError

AsJson = Annotated[bool, typer.Option("--json", help=JSON_HELP)]

FAULTS = {
    Fault.MISSING: "Thiếu trong kho; khôi phục từ bản sao lưu bằng «sohoa restore».",
    Fault.CHANGED: "Nội dung khác với mã băm đã ghi; khôi phục từ bản sao lưu bằng «sohoa restore».",
    Fault.ORPHANED: "Không hồ sơ nào cần đến; «sohoa reconcile» sẽ dọn nếu là bản nhận dở.",
}


def reindex_command(as_json: AsJson = False) -> int:
    """Dựng lại chỉ mục tìm kiếm từ kho, không đọc lại trang nào; chỉ mục cũ vẫn phục vụ trong lúc đó."""
    home = open_home(read_settings())
    count = rebuild_index(home.store, home.indexing)
    if as_json:
        say_json({"records": count})
    else:
        say(f"Chỉ mục mới có {count} hồ sơ.")
    return DONE


def reconcile_command(as_json: AsJson = False) -> int:
    """Hoàn tất những gì bị ngắt giữa chừng: nhận tệp, ghi kết quả, cập nhật chỉ mục."""
    home = open_home(read_settings())
    home.store.sweep_temp()
    done = reconcile(home.custody, home.indexing)
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
    if folder.resolve().is_relative_to(home.folder.resolve()):
        raise UsageError("bản sao lưu phải nằm ngoài kho")
    copy = open_backup(folder, create=True)
    return _report_copied(backup(home.store, copy, copy.temp), "sao lưu", as_json=as_json)


def restore_command(
    folder: Annotated[Path, typer.Argument(help="Thư mục sao lưu.", show_default=False)], as_json: AsJson = False
) -> int:
    """Khôi phục bản sao lưu vào một kho trống (SOHOA_HOME) rồi dựng lại chỉ mục."""
    settings = read_settings()
    copy = open_backup(folder, create=False)
    create_home(settings)
    home = open_home(settings)
    copied = restore(copy, home.store, home.store.temp)
    rebuild_index(home.store, home.indexing)
    return _report_copied(copied, "khôi phục", as_json=as_json)


def _report_copied(copied: Copied, deed: str, *, as_json: bool) -> int:
    if as_json:
        say_json(asdict(copied))
    else:
        say(f"Đã {deed}: chép {copied.copied} đối tượng, {copied.kept} đã có sẵn, {len(copied.damaged)} hỏng.")
    for key in copied.damaged:
        complain_plainly(key, DigestMismatch.code, str(DigestMismatch()))
    return SOME_FAILED if copied.damaged else DONE


def _complain_of(problem: FixityProblem) -> None:
    subject = problem.key if problem.record_id is None else f"{problem.record_id} {problem.key}"
    complain_plainly(subject, problem.fault.value.upper(), FAULTS[problem.fault])
