"""Help pages and faults of usage in Vietnamese: the command line library speaks English and has no other language.

What it is asked for is annotated loosely: its classes of contexts and parameters have moved between versions.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any

from rich.text import Text
from typer.core import TyperCommand, TyperGroup

from cli.output import say, tell, tell_columns
from pipeline.errors import UsageError

NAMES = {
    "paths": "ĐƯỜNG_DẪN…",
    "folder": "THƯ_MỤC",
    "out": "THƯ_MỤC",
    "record_id": "MÃ_HỒ_SƠ",
    "record_ids": "MÃ_HỒ_SƠ…",
    "query": "CÂU_TÌM",
}
"""Arguments as they are called on help pages and in faults."""

OPTIONS, COMMAND = "[TÙY CHỌN]", "LỆNH …"
HELP_HELP = "Xem hướng dẫn này."

FAULTS = (
    (re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", re.DOTALL), r"thừa «\1»"),
    (re.compile(r"Option '(.*)' does not take a value.*", re.DOTALL), r"\1 không nhận giá trị"),
    (re.compile(r"Option '(.*)' requires .*", re.DOTALL), r"thiếu giá trị sau \1"),
    (re.compile(r"Missing command.*", re.DOTALL), "thiếu tên lệnh"),
)
"""The library's sentences that name what they are about in no other way."""


class Command(TyperCommand):
    """A command whose help page is ours."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        say_help(self, ctx)

    def get_help_option(self, ctx: Any) -> Any:
        return _in_vietnamese(super().get_help_option(ctx))


class Commands(TyperGroup):
    """All commands. Raises our own UsageError for one that there is not."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        say_help(self, ctx)

    def get_help_option(self, ctx: Any) -> Any:
        return _in_vietnamese(super().get_help_option(ctx))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            close = get_close_matches(args[0], list(self.commands), n=1)
            raise UsageError(f"không có lệnh «{args[0]}»{f'; gần nhất là «{close[0]}»' if close else ''}")
        return super().resolve_command(ctx, args)


def say_help(command: Any, ctx: Any) -> None:
    """The page: how it is called, what it does, its arguments, options and commands."""
    params = [param for param in command.get_params(ctx) if not getattr(param, "hidden", False)]
    arguments = [param for param in params if param.param_type_name == "argument"]
    options = [param for param in params if param.param_type_name == "option"]
    commands = getattr(command, "commands", {})
    pieces = [ctx.command_path, OPTIONS, *(_call(one) for one in arguments), *([COMMAND] if commands else [])]
    tell(" ".join(pieces), "Cách gọi: ", "  ")
    say()
    tell(command.help or "")
    _say_section("Tham số", [(shown_name(one), _meaning(one)) for one in arguments])
    _say_section("Tùy chọn", [(_call(one), _meaning(one)) for one in options])
    _say_section("Lệnh", [(name, one.help or "") for name, one in commands.items()])


def _say_section(title: str, rows: list[tuple[str, str]]) -> None:
    if rows:
        say()
        tell(Text(title, style="bold"))
        tell_columns(rows, indent="  ")


def shown_name(param: Any) -> str:
    """An argument by its name, an option by how it is typed."""
    return NAMES.get(param.name, param.name.upper()) if param.param_type_name == "argument" else str(param.opts[0])


def _call(param: Any) -> str:
    if param.param_type_name == "argument":
        return shown_name(param) if param.required else f"[{shown_name(param)}]"
    typed = ", ".join(sorted(param.opts, key=len))
    return typed if param.is_flag else f"{typed} {'SỐ' if _is_number(param) else '…'}"


def _meaning(param: Any) -> str:
    notes = [_span(param)] if _is_number(param) else []
    if param.required:
        notes.append("bắt buộc")
    if param.show_default and param.default not in (None, "") and not getattr(param, "is_flag", False):
        notes.append(f"mặc định: {param.default}")
    return (param.help or "") + (f" [{'; '.join(notes)}]" if notes else "")


def _is_number(param: Any) -> bool:
    return getattr(param, "min", None) is not None


def _span(param: Any) -> str:
    return f"từ {param.min}" if param.max is None else f"từ {param.min} đến {param.max}"


def _in_vietnamese(help_option: Any) -> Any:
    if help_option is not None:
        help_option.help = HELP_HELP
    return help_option


def usage_error(error: Any) -> UsageError:
    """What was typed wrongly, from the library's error; never its own words."""
    param = getattr(error, "param", None)
    match type(error).__name__:
        case "MissingParameter":
            return UsageError(f"thiếu {shown_name(param)}" if param else "thiếu tham số")
        case "BadParameter" if param and _is_number(param):
            return UsageError(f"{shown_name(param)}: cần số nguyên {_span(param)}")
        case "BadParameter" if param:
            return UsageError(f"{shown_name(param)}: giá trị không dùng được")
        case "NoSuchOption":
            close = (error.possibilities or [""])[0]
            return UsageError(f"không có tùy chọn {error.option_name}{f'; gần nhất là {close}' if close else ''}")
    for pattern, shown in FAULTS:
        if found := pattern.fullmatch(error.format_message()):
            return UsageError(found.expand(shown))
    return UsageError("không hiểu những gì đã gõ")
