"""The units of systemd: each runs a command that there is, hardened alike. They were run on a machine with systemd: docs/deploy.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.main import COMMANDS
from config.settings import Settings, environment_name
from tests.house.source import ROOT

FOLDER = ROOT / "deploy" / "systemd"
SERVICES = sorted(FOLDER.glob("*.service"))
TIMERS = sorted(FOLDER.glob("*.timer"))
PROGRAM = "/usr/local/bin/sohoa"


def lines_of(unit: Path, key: str) -> list[str]:
    return [line.partition("=")[2] for line in unit.read_text(encoding="utf-8").splitlines() if line.startswith(f"{key}=")]


@pytest.mark.parametrize("service", SERVICES, ids=lambda file: file.name)
def test_a_service_runs_a_command_that_there_is(service: Path) -> None:
    for line in lines_of(service, "ExecStart") + lines_of(service, "ExecStartPre"):
        program, command, *_ = line.split()
        assert program == PROGRAM
        assert command in COMMANDS


@pytest.mark.parametrize("service", SERVICES, ids=lambda file: file.name)
def test_a_service_takes_user_settings_and_limits_from_the_one_place(service: Path) -> None:
    assert service.name.startswith("sohoa-")
    for key in ("User", "EnvironmentFile", "ProtectSystem", "NoNewPrivileges"):
        assert lines_of(service, key) == []


def test_what_a_service_may_not_do_is_said_once_for_all() -> None:
    [shared] = (FOLDER / "sohoa-.service.d").iterdir()
    wanted = {
        "NoNewPrivileges": "yes",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "PrivateDevices": "yes",
        "CapabilityBoundingSet": "",
        "MemoryDenyWriteExecute": "yes",
        "User": "sohoa",
        "StateDirectory": "sohoa",
    }
    assert {key: lines_of(shared, key)[0] for key in wanted} == wanted


def test_every_setting_in_a_unit_is_one_that_the_program_knows() -> None:
    known = {environment_name(name) for name in Settings.model_fields}
    named = {
        word.partition("=")[0]
        for unit in FOLDER.rglob("*")
        if unit.is_file()
        for line in lines_of(unit, "Environment")
        for word in line.split()
    }
    assert {name for name in named if name.startswith("SOHOA_")} <= known


@pytest.mark.parametrize("timer", TIMERS, ids=lambda file: file.name)
def test_a_timer_has_its_service_and_makes_up_for_what_it_missed(timer: Path) -> None:
    assert timer.with_suffix(".service") in SERVICES
    assert lines_of(timer, "Persistent") == ["yes"]


def test_work_is_given_longer_to_stop_than_it_takes_and_is_always_started_again() -> None:
    [work] = [service for service in SERVICES if service.name == "sohoa-work.service"]
    assert int(lines_of(work, "TimeoutStopSec")[0]) > 30
    assert lines_of(work, "Restart") == ["always"]
    assert lines_of(work, "SuccessExitStatus") == ["130"]
