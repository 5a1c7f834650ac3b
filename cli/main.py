"""`sohoa`: one command line, whatever happens one of five exit codes, and never a traceback."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from importlib.metadata import version
from types import FrameType
from typing import Annotated

import structlog
import typer
from typer import rich_utils

from cli.care import backup_command, fixity_command, reconcile_command, reindex_command, restore_command
from cli.demo import demo_command, samples_command
from cli.digitize import digitize
from cli.doctor import doctor_command
from cli.exits import DONE, INTERRUPTED, NOT_USABLE, WRONG_USAGE, exit_code_of
from cli.find import open_command, search, show_command
from cli.intake import ingest, init
from cli.output import close_streams, complain, complain_plainly, open_streams, say
from cli.renew import reread_command, retry_command
from cli.status import status_command
from cli.work import watch_command, work_command
from config.log import start_logging, where
from config.settings import read_settings
from pipeline.errors import SohoaError, UsageError

log = structlog.get_logger()

USAGE_FAULTS = {
    "NoSuchOption": "không có tùy chọn",
    "MissingParameter": "thiếu",
    "BadParameter": "giá trị không dùng được:",
    "BadOptionUsage": "thiếu giá trị sau",
}
"""By the name of the command line library's error, which has no public class; any other one speaks for itself."""

INTERNAL_NEXT = "Dữ liệu đã nhận được giữ nguyên; chạy lại với SOHOA_LOG_LEVEL=debug và báo người quản trị."

app = typer.Typer(
    name="sohoa",
    help="Số hóa hồ sơ hành chính: nhận bản quét, đọc chữ, lấy trường thông tin, tạo PDF/A hai lớp, tìm lại.",
    add_completion=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def sohoa(
    context: typer.Context,
    show_version: Annotated[bool, typer.Option("--version", help="In số phiên bản rồi thôi.", is_eager=True)] = False,
) -> None:
    """Số hóa hồ sơ hành chính: nhận bản quét, đọc chữ, lấy trường thông tin, tạo PDF/A hai lớp, tìm lại."""
    if show_version:
        say(f"sohoa {version('sohoa')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        say(context.get_help())
        raise typer.Exit(WRONG_USAGE)


COMMANDS: dict[str, Callable[..., int]] = {
    "digitize": digitize,
    "init": init,
    "ingest": ingest,
    "watch": watch_command,
    "work": work_command,
    "status": status_command,
    "search": search,
    "show": show_command,
    "open": open_command,
    "retry": retry_command,
    "reread": reread_command,
    "reindex": reindex_command,
    "reconcile": reconcile_command,
    "fixity": fixity_command,
    "backup": backup_command,
    "restore": restore_command,
    "doctor": doctor_command,
    "samples": samples_command,
    "demo": demo_command,
}
"""In the order of `sohoa --help`. Each returns its exit code."""

for name, command in COMMANDS.items():
    app.command(name)(command)


def speak_vietnamese() -> None:
    """Headings of the help pages, as far as the library lets them be named."""
    rich_utils.ARGUMENTS_PANEL_TITLE = "Tham số"
    rich_utils.OPTIONS_PANEL_TITLE = "Tùy chọn"
    rich_utils.COMMANDS_PANEL_TITLE = "Lệnh"
    rich_utils.REQUIRED_LONG_STRING = "[bắt buộc]"
    rich_utils.DEFAULT_STRING = "[mặc định: {}]"


def run() -> None:
    """The program `sohoa`."""
    signal.signal(signal.SIGTERM, _stop_as_for_ctrl_c)
    open_streams()
    code = run_command(sys.argv[1:])
    close_streams()
    sys.exit(code)


def run_command(arguments: list[str], commands: typer.Typer = app) -> int:
    """One command, to its exit code; every error is one line on stderr."""
    speak_vietnamese()
    try:
        settings = read_settings()
        start_logging(settings.log_level, settings.log_format)
        code = commands(arguments, prog_name="sohoa", standalone_mode=False)
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit:  # the library's answer when the reader of its help page has gone away
        return DONE
    except SohoaError as error:
        complain("sohoa", error)
        return exit_code_of(error)
    except typer.TyperException as error:
        complain("sohoa", usage_error(error))
        return WRONG_USAGE
    except Exception as error:
        log.debug("command_failed", exc_info=True)
        complain_plainly("sohoa", "INTERNAL", internal_sentence(error))
        return NOT_USABLE
    return code or 0


def usage_error(error: typer.TyperException) -> UsageError:
    """What was typed wrongly: the option or parameter it was about, else the library's own words."""
    fault = USAGE_FAULTS.get(type(error).__name__, "")
    parameter = getattr(error, "param", None)
    subject = getattr(error, "option_name", None) or (parameter and parameter.get_error_hint()) or error.format_message()
    return UsageError(f"{fault} {subject.strip()}".strip())


def internal_sentence(error: Exception) -> str:
    """A fault of the program itself: the class and the place, for the one who mends it; the message may quote a document."""
    return f"Chương trình có lỗi ({type(error).__name__}, {where(error)}). {INTERNAL_NEXT}"


def _stop_as_for_ctrl_c(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
