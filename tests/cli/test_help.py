"""Everything a clerk may read about the commands is Vietnamese, also what the command line library says."""

from __future__ import annotations

import re

import pytest

from cli.help import FAULTS, NAMES
from cli.main import COMMANDS
from tests.cli.command import sohoa

ENGLISH = re.compile(
    r"usage:|options\b|arguments\b|required|default|show this|exit\b|range|list\[|<\w+>|no such|missing|invalid|error|did you mean",
    re.IGNORECASE,
)


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_a_help_page_has_no_english(command: str | None) -> None:
    page = sohoa(*([command] if command else []), "--help").out
    assert page.startswith(f"Cách gọi: sohoa{f' {command}' if command else ''} [TÙY CHỌN]")
    assert "-h, --help" in page
    assert "Xem hướng dẫn này." in page
    assert ENGLISH.findall(page) == []


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("frobnicate", "không có lệnh «frobnicate»"),
        ("serch x", "không có lệnh «serch»; gần nhất là «search»"),
        ("status --jason", "không có tùy chọn --jason; gần nhất là --json"),
        ("status a b", "thừa «a b»"),
        ("status --json=1", "--json không nhận giá trị"),
        ("search --limit", "thiếu giá trị sau --limit"),
        ("search --limit x", "--limit: cần số nguyên từ 1 đến 200"),
        ("work --jobs 0", "--jobs: cần số nguyên từ 1 đến 256"),
        ("ingest a --declared x", "--declared: cần số nguyên từ 0"),
        ("digitize", f"thiếu {NAMES['paths']}"),
        ("digitize x", "thiếu --out"),
        ("show", f"thiếu {NAMES['record_id']}"),
        ("digitize x -o y --reader foo", "--reader foo: chọn một trong fused, lines, onnx, tesseract"),
        ("digitize x -o y --resume --overwrite", "chỉ dùng một trong hai: --resume hoặc --overwrite"),
    ],
)
def test_a_fault_of_usage_is_told_in_vietnamese(typed: str, told: str) -> None:
    answer = sohoa(*typed.split())
    assert (answer.code, answer.err) == (2, f"sohoa: USAGE: Lệnh không đúng ({told}). Xem «sohoa --help».\n")


def test_the_librarys_sentences_are_still_those_that_we_know() -> None:
    for pattern, shown in FAULTS:
        assert pattern.groups >= shown.count("\\1")


def test_retry_and_reread_say_which_of_the_two_is_too_much_or_missing() -> None:
    sohoa("init")
    for command in ("retry", "reread"):
        assert "chỉ dùng một trong hai: mã hồ sơ hoặc --all" in sohoa(command, "--all", "x").err
        assert "cần một hoặc nhiều mã hồ sơ, hoặc --all" in sohoa(command).err
