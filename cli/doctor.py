"""`doctor`: what this installation and this home have and lack."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import partial
from typing import Annotated

import typer

from cli.exits import DONE, NOT_USABLE
from cli.intake import JSON_HELP, NO_VERSIONS
from cli.output import say, say_json, tell_columns
from config.settings import Settings, allowed_values, read_settings
from config.wiring.home import MEGABYTE, index_version, open_home
from config.wiring.incoming import open_incoming
from config.wiring.servers import store_protection
from pipeline.details import in_vietnamese
from pipeline.errors import DiskFull, HomeMissing, HomeReadOnly, IncomingMissing, SohoaError, StoreRefused, ToolMissing

ANSWER_SECONDS = 20
"""For `tesseract --version` and the like; a program that takes longer does not work."""


class Health(StrEnum):
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


SIGNS = {Health.GOOD: "tốt", Health.WARNING: "chú ý", Health.BAD: "hỏng"}


@dataclass(frozen=True, slots=True)
class Check:
    """`name`: stable, English; `label` and `detail`: for people."""

    name: str
    label: str
    health: Health
    detail: str


def doctor_command(as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False) -> int:
    """Kiểm tra chương trình, mô hình, phông chữ, ổ đĩa và kho dữ liệu."""
    checks = all_checks(read_settings())
    usable = all(check.health is not Health.BAD for check in checks)
    if as_json:
        say_json({"usable": usable, "checks": [asdict(check) for check in checks]})
    else:
        tell_columns([(SIGNS[check.health], check.label, check.detail) for check in checks])
        say("Dùng được." if usable else "Chưa dùng được: xem các dòng «hỏng».")
    return DONE if usable else NOT_USABLE


def all_checks(settings: Settings) -> list[Check]:
    """Each one alone, so that one that fails does not hide another."""
    return [
        _checked("python", "Python", _python),
        _checked("tesseract", "Tesseract", partial(_version_of, "tesseract", "--version")),
        _checked("tesseract_vie", "Tesseract: tiếng Việt", partial(_language, "vie")),
        _checked("tesseract_osd", "Tesseract: hướng trang", partial(_language, "osd")),
        _checked("pdftoppm", "Poppler: pdftoppm", partial(_version_of, "pdftoppm", "-v")),
        _checked("pdftotext", "Poppler: pdftotext", partial(_version_of, "pdftotext", "-v")),
        _checked("pdftocairo", "Poppler: pdftocairo", partial(_version_of, "pdftocairo", "-v")),
        _checked("reader", f"Bộ đọc «{settings.reader}»", partial(_reader, settings)),
        _checked("index", "Chỉ mục", lambda: f"SQLite {index_version()} có FTS5"),
        _checked("fonts", "Phông chữ cho bản mẫu", _fonts, failing=Health.WARNING),
        _checked("threads", "Luồng của Tesseract", _threads),
        _checked("home", "Kho dữ liệu", partial(_home, settings)),
        *([_checked("protection", "Bucket giữ gì", partial(_protection, settings))] if settings.s3_endpoint else []),
        *_incoming_checks(settings),
        _checked("disk", "Chỗ trống trên đĩa", partial(_disk, settings)),
    ]


def _checked(name: str, label: str, look: Callable[[], str], *, failing: Health = Health.BAD) -> Check:
    try:
        return Check(name, label, Health.GOOD, look())
    except HomeMissing as error:  # no fault before `init`
        return Check(name, label, Health.WARNING, str(error))
    except SohoaError as error:
        return Check(name, label, failing, str(error))
    except (OSError, subprocess.SubprocessError) as error:
        return Check(name, label, failing, f"không chạy được ({in_vietnamese(type(error).__name__)}); cài lại chương trình")


def _python() -> str:
    return f"{platform.python_version()} ({sys.executable})"


def _version_of(program: str, option: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise ToolMissing(program)
    return f"{_said(path, option)[0]} ({path})"


def _language(name: str) -> str:
    path = shutil.which("tesseract")
    if path is None or name not in _said(path, "--list-langs"):
        raise ToolMissing(f"tesseract-ocr-{name}")
    return "có"


def _said(path: str, option: str) -> list[str]:
    """Lines, wherever they are printed: poppler tells its version on stderr."""
    answer = subprocess.run([path, option], capture_output=True, text=True, timeout=ANSWER_SECONDS, check=True)
    return (answer.stdout + answer.stderr).strip().splitlines() or [""]


def _reader(settings: Settings) -> str:
    from config.wiring.readers import load_tools  # the models: half a second that no other command pays

    infos = load_tools(settings.reader).made_by.readers
    models = ", ".join(f"{info.name} {info.version} (mô hình {info.model_digest[:12]})" for info in infos)
    return f"{models}; có thể chọn: {allowed_values('reader')}"


def _fonts() -> str:
    from samples.typeset.fonts import find_fonts

    return ", ".join(sorted({path.name for path in find_fonts().values()}))


def _threads() -> str:
    return "OMP_THREAD_LIMIT=1 trong mỗi tiến trình đọc, đặt tự động"


def _home(settings: Settings) -> str:
    home = open_home(settings)
    try:
        with tempfile.TemporaryFile(dir=home.custody.spool):
            pass
    except OSError as error:
        raise HomeReadOnly(str(settings.home)) from error
    return str(settings.home.absolute())


def _incoming_checks(settings: Settings) -> list[Check]:
    """None where the settings name no place in which others drop files."""
    name, label = "incoming", "Nơi nhận tệp"
    try:
        incoming = open_incoming(settings)
    except IncomingMissing as error:  # no fault before `init`
        return [Check(name, label, Health.WARNING, str(error))]
    except SohoaError as error:
        return [Check(name, label, Health.BAD, str(error))]
    if incoming is None:
        return []
    return [
        Check(name, label, Health.GOOD, incoming.where) if incoming.exact else Check(name, label, Health.WARNING, NO_VERSIONS)
    ]


def _protection(settings: Settings) -> str:
    """What becomes of an object that somebody deletes or writes over behind our back."""
    try:
        kept = store_protection(settings)
    except StoreRefused:
        return "không biết: tài khoản này không được hỏi bucket có giữ phiên bản, có khóa đối tượng hay không"
    if kept is None or not kept.versions:
        return "không giữ phiên bản: tệp bị xóa hoặc ghi đè từ bên ngoài chỉ lấy lại được từ bản sao lưu"
    older = "giữ phiên bản: tệp bị xóa hoặc ghi đè từ bên ngoài còn bản cũ trong bucket, «sohoa fixity» phát hiện"
    if not kept.mode:
        return f"{older}; {'có bật khóa đối tượng, không có thời hạn mặc định' if kept.locks else 'không khóa đối tượng'}"
    who = "trừ tài khoản được phép bỏ khóa" if kept.mode == "GOVERNANCE" else "kể cả quản trị"
    return f"{older}; khóa {kept.mode} {kept.days} ngày: trong hạn không ai xóa được bản nào, {who}"


def _disk(settings: Settings) -> str:
    place = next(folder for folder in (settings.home.absolute(), *settings.home.absolute().parents) if folder.exists())
    free = shutil.disk_usage(place).free // MEGABYTE
    if free < settings.min_free_disk_mb:
        raise DiskFull(f"còn {free} MB, cần ít nhất {settings.min_free_disk_mb} MB")
    return f"còn {free:,} MB ở {place}"
