"""Exit codes and error lines are a contract with scripts."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import typer

from cli.main import COMMANDS, run_command
from tests.cli.command import PROGRAM, blank_scan, sohoa, start_sohoa

READ_COMMANDS = [
    *("status", "search x", "show x", "open x", "retry x", "reread x", "reindex", "reconcile", "fixity"),
    *("work --once", "ingest .", "watch .", "backup b"),
]
NO_RECORD = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-command"],
        ["status", "--no-such-option"],
        ["status", "too", "much"],
        ["digitize", "x"],
        ["digitize"],
        ["ingest"],
        ["search", "x", "--limit", "many"],
        ["search", "x", "--limit", "0"],
        ["work", "--jobs", "0"],
        ["digitize", "x", "-o", "y", "--resume", "--overwrite"],
        ["samples", "x", "--count", "0"],
        ["samples", "x", "--degrade", "no-such-level"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2_with_one_line_in_vietnamese(arguments: list[str]) -> None:
    answer = sohoa(*arguments)
    assert answer.code == 2
    assert answer.err.startswith("sohoa: USAGE: Lệnh không đúng (")
    assert answer.err.count("\n") == 1
    assert answer.out == ""


def test_no_command_at_all_shows_the_help_and_is_wrong_usage() -> None:
    answer = sohoa()
    assert answer.code == 2
    assert all(command in answer.out for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_vietnamese(command: str) -> None:
    answer = sohoa(command, "--help")
    assert answer.code == 0
    assert (COMMANDS[command].__doc__ or "x").split()[0] in answer.out


def test_the_version_is_told() -> None:
    answer = sohoa("--version")
    assert answer.code == 0
    assert answer.out.startswith("sohoa 0.")


@pytest.mark.parametrize("command", READ_COMMANDS)
def test_without_a_home_every_command_that_needs_one_is_4_and_makes_none(command: str, home: Path) -> None:
    answer = sohoa(*command.split())
    assert (answer.code, answer.complaints) == (4, {"sohoa": "HOME_MISSING"})
    assert not home.exists()


@pytest.mark.parametrize("command", ["show", "open", "retry", "reread"])
@pytest.mark.parametrize("record_id", [NO_RECORD, "no-id-at-all", "../../etc/passwd"])
def test_an_unknown_record_is_3(command: str, record_id: str) -> None:
    sohoa("init")
    answer = sohoa(command, record_id)
    assert answer.code == 3
    assert "UNKNOWN_RECORD" in answer.err


def test_a_search_without_a_hit_is_0() -> None:
    sohoa("init")
    answer = sohoa("search", "không có ở đâu")
    assert (answer.code, answer.out) == (0, "Không tìm thấy hồ sơ nào.\n")


def test_a_query_that_cannot_be_asked_is_2() -> None:
    sohoa("init")
    assert sohoa("search", "x" * 100_000).complaints == {"sohoa": "BAD_QUERY"}
    assert sohoa("search", "x", "--from", "31/02/2024").complaints == {"sohoa": "BAD_DATE"}


def test_a_setting_that_there_is_not_is_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOHOA_HOEM", "x")
    answer = sohoa("status")
    assert (answer.code, answer.complaints) == (2, {"sohoa": "BAD_SETTING"})
    assert "SOHOA_HOME" in answer.err


def test_a_reader_that_there_is_not_is_2(tmp_path: Path) -> None:
    blank_scan(tmp_path / "x.png")
    assert sohoa("digitize", tmp_path / "x.png", "-o", tmp_path / "out", "--reader", "no-such").complaints == {"sohoa": "USAGE"}


def test_retry_wants_records_or_all_and_not_both() -> None:
    sohoa("init")
    assert sohoa("retry").code == 2
    assert sohoa("retry", "--all", NO_RECORD).code == 2
    assert sohoa("retry", "--all").code == 0


def test_a_fault_of_the_program_is_4_and_names_the_place_but_not_the_document(capsys: pytest.CaptureFixture[str]) -> None:
    broken = typer.Typer()

    @broken.command()
    def explode() -> None:
        raise ValueError("Nguyễn Văn A")

    assert run_command([], broken) == 4
    line = capsys.readouterr().err
    assert line.startswith("sohoa: INTERNAL: ")
    assert "ValueError, test_exit_codes.py:" in line
    assert "Nguyễn" not in line
    assert line.count("\n") == 1


def test_ctrl_c_anywhere_is_130() -> None:
    interrupted = typer.Typer()

    @interrupted.command()
    def wait() -> None:
        raise KeyboardInterrupt

    assert run_command([], interrupted) == 130


@pytest.mark.parametrize("arguments", [["--help"], ["status"]], ids=" ".join)
def test_a_reader_that_goes_away_does_not_stop_the_work(arguments: list[str], tmp_path: Path) -> None:
    sohoa("init")
    with start_sohoa(*arguments, cwd=tmp_path) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.close()
        assert program.stderr.read() == ""
        assert program.wait(timeout=60) == 0


def test_a_terminal_without_vietnamese_letters_is_no_reason_to_fail(tmp_path: Path) -> None:
    answer = subprocess.run(
        [*PROGRAM, "status"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": os.getcwd()},  # noqa: PTH109
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 4
    assert answer.stderr.startswith("sohoa: HOME_MISSING: ")
