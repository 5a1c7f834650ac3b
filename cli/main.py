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

from cli.care import backup_command, fixity_command, reconcile_command, reindex_command, restore_command
from cli.collect import collect_command
from cli.demo import demo_command, samples_command
from cli.digitize import digitize
from cli.doctor import doctor_command
from cli.exits import DONE, INTERRUPTED, NOT_USABLE, WRONG_USAGE, exit_code_of
from cli.find import open_command, show_command
from cli.help import Command, Commands, say_help, usage_error
from cli.intake import ingest, init
from cli.migrate import migrate_command
from cli.output import close_streams, complain, open_streams, say
from cli.purge import purge_command
from cli.renew import reread_command, retry_command
from cli.search import search
from cli.serve import serve_command
from cli.status import status_command
from cli.work import watch_command, work_command
from config.log import start_logging, where
from config.settings import read_settings
from pipeline.errors import ProgramFault, SohoaError

log = structlog.get_logger()

app = typer.Typer(
    name="sohoa",
    cls=Commands,
    help="Số hóa hồ sơ hành chính: nhận bản quét, đọc chữ, lấy trường thông tin, tạo PDF/A hai lớp, tìm lại.",
    add_completion=False,
    rich_markup_mode=None,
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
        say_help(context.command, context)
        raise typer.Exit(WRONG_USAGE)


COMMANDS: dict[str, Callable[..., int]] = {
    "digitize": digitize,
    "init": init,
    "ingest": ingest,
    "watch": watch_command,
    "collect": collect_command,
    "work": work_command,
    "serve": serve_command,
    "status": status_command,
    "search": search,
    "show": show_command,
    "open": open_command,
    "retry": retry_command,
    "reread": reread_command,
    "purge": purge_command,
    "reindex": reindex_command,
    "reconcile": reconcile_command,
    "fixity": fixity_command,
    "backup": backup_command,
    "restore": restore_command,
    "migrate": migrate_command,
    "doctor": doctor_command,
    "samples": samples_command,
    "demo": demo_command,
}
"""In the order of `sohoa --help`. Each returns its exit code."""

for name, command in COMMANDS.items():
    app.command(name, cls=Command)(command)


def run() -> None:
    """The program `sohoa`."""
    signal.signal(signal.SIGTERM, _stop_as_for_ctrl_c)
    open_streams()
    code = run_command(sys.argv[1:])
    close_streams()
    sys.exit(code)


def run_command(arguments: list[str], commands: typer.Typer = app) -> int:
    """One command, to its exit code; every error is one line on stderr."""
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
        complain("sohoa", program_fault(error))
        return NOT_USABLE
    return code or 0


def program_fault(error: Exception) -> ProgramFault:
    """The class and the place, for the one who mends it; the message may quote a document."""
    return ProgramFault(f"{type(error).__name__}, {where(error)}")


def _stop_as_for_ctrl_c(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
