"""`python -m tools.servers`: what it starts lives on without it, and is all that it ever stops."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from config.settings_file import settings_in
from tests.programs import running, wait_until
from tools.servers.running import Process, processes

ROOT = Path(__file__).parents[2]
GARBAGE = b"\x7fELF and no more"


@dataclass(frozen=True, slots=True)
class Tool:
    """The command on a folder of its own. `programs` comes first on its path: what lies there is what it finds."""

    folder: Path
    programs: Path
    changed: dict[str, str] = field(default_factory=dict)

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "tools.servers", "--folder", str(self.folder), *arguments]

    def environment(self) -> dict[str, str]:
        return {**os.environ, "PATH": f"{self.programs}:{os.environ['PATH']}", **self.changed}

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        # Both outputs are pipes: a server that had kept one of them would let this wait for ever.
        return subprocess.run(
            self.command(*arguments), cwd=ROOT, env=self.environment(), capture_output=True, text=True, timeout=120, check=False
        )

    def replace(self, name: str, content: bytes) -> None:
        (self.programs / name).write_bytes(content)
        (self.programs / name).chmod(0o755)

    def listed(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "servers.json").read_text(encoding="utf-8"))
        return found

    def processes(self) -> list[Process]:
        return [process for pids in self.folder.glob("*/pids") for process in processes(pids.parent)]


@pytest.fixture
def tool(tmp_path: Path, redis_url: str) -> Iterator[Tool]:
    """Where a Redis runs there is a program to start another with."""
    (tmp_path / "programs").mkdir()
    made = Tool(tmp_path / "servers", tmp_path / "programs")
    yield made
    made("stop")


def test_a_server_outlives_its_starter_and_starting_again_leaves_it_alone(tool: Tool) -> None:
    assert tool("start", "redis").returncode == 0
    first, processes_then = tool.listed(), tool.processes()
    assert tool("start", "redis").returncode == 0
    assert tool.listed() == first
    assert tool.processes() == processes_then
    assert all(process.lives() for process in processes_then)


def test_the_listed_server_is_one_of_its_own_and_answers(tool: Tool, redis_url: str) -> None:
    assert tool("start", "redis").returncode == 0
    url = tool.listed()["redis"]["url"]
    assert url != redis_url
    with socket.create_connection(("127.0.0.1", int(url.split(":")[2].split("/")[0])), timeout=5) as line:
        line.sendall(b"PING\r\n")
        assert line.recv(16) == b"+PONG\r\n"


def test_stop_ends_what_was_started_and_takes_its_traces_away(tool: Tool) -> None:
    tool("start", "redis")
    started = tool.processes()
    assert tool("stop").returncode == 0
    assert not any(process.lives() for process in started)
    assert tool.listed() == {}
    assert not (tool.folder / "redis").exists()


def test_stop_leaves_a_process_alone_that_was_given_an_old_pid(tool: Tool) -> None:
    tool("start", "redis")
    with running(["sleep", "60"]) as stranger:
        with (tool.folder / "redis" / "pids").open("a", encoding="ascii") as pids:
            pids.write(f"{stranger.pid} 1\n")
        assert tool("stop").returncode == 0
        assert stranger.poll() is None


def test_stopping_twice_or_with_nothing_there_is_harmless(tool: Tool) -> None:
    assert tool("stop").returncode == 0
    assert tool("stop", "redis").returncode == 0


def test_a_server_that_was_killed_is_told_of_and_comes_up_anew(tool: Tool) -> None:
    tool("start", "redis")
    (killed,) = tool.processes()
    os.kill(killed.pid, signal.SIGKILL)
    wait_until(lambda: not killed.lives())
    assert "is gone" in tool("status").stdout
    assert tool("start", "redis").returncode == 0
    (again,) = tool.processes()
    assert again != killed
    assert again.lives()


@pytest.mark.parametrize(
    ("program", "told"),
    [
        pytest.param(b"#!/bin/sh\necho 'libssl is missing' >&2\nexit 3\n", "libssl is missing", id="ends at once"),
        pytest.param(GARBAGE, "cannot be started", id="no program"),
    ],
)
def test_a_broken_program_is_told_and_the_others_start(tool: Tool, minio_access: object, program: bytes, told: str) -> None:
    tool.replace("redis-server", program)
    ended = tool("start", "redis", "minio")
    assert ended.returncode == 1
    assert told in ended.stderr
    assert "not started: redis" in ended.stderr
    assert list(tool.listed()) == ["minio"]


def test_a_port_that_is_taken_is_told_in_the_words_of_the_log(tool: Tool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        script = f'#!/bin/sh\nexec {shutil.which("redis-server")} "$@" --port {taken.getsockname()[1]}\n'
        tool.replace("redis-server", script.encode())
        ended = tool("start", "redis")
    assert ended.returncode == 1
    assert "Address already in use" in ended.stderr
    assert tool("status").stdout == ""


def test_what_a_killed_starter_left_is_stopped_all_the_same(tool: Tool) -> None:
    tool.replace("redis-server", b"#!/bin/sh\nexec sleep 600\n")
    with running(tool.command("start", "redis"), cwd=ROOT, env=tool.environment()) as starter:
        wait_until(tool.processes)
        starter.kill()
    (left,) = tool.processes()
    assert left.lives()
    assert tool("stop").returncode == 0
    assert not left.lives()


def test_an_unknown_name_starts_nothing(tool: Tool) -> None:
    assert tool("start", "redis", "mysql").returncode == 2
    assert not tool.folder.exists()


def test_the_settings_of_what_runs_are_in_a_file_of_its_owner_alone(tool: Tool, minio_access: object) -> None:
    told = tool("start", "redis", "minio")
    file = tool.folder / "sohoa.env"
    assert str(file) in told.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    settings, servers = settings_in(file), tool.listed()
    assert (settings.s3_endpoint, settings.s3_secure) == (servers["minio"]["endpoint"], False)
    assert settings.s3_secret_key.get_secret_value() == servers["minio"]["secret_key"]
    assert settings.broker_url.get_secret_value() == servers["redis"]["url"]
    assert servers["minio"]["secret_key"] not in told.stdout + told.stderr
    tool("stop", "redis")
    assert settings_in(file).broker_url.get_secret_value() == ""
    tool("stop")
    assert not file.exists()


def test_no_password_is_shown(tool: Tool, postgresql_url: str) -> None:
    started = tool("start", "postgresql")
    assert started.returncode == 0, started.stderr
    password = urlsplit(tool.listed()["postgresql"]["url"]).password
    assert password
    assert "postgresql://127.0.0.1:" in started.stdout
    assert password not in started.stdout + started.stderr + tool("status").stdout
    data = (tool.folder / "postgresql" / "data").resolve()
    assert data.exists()
    assert tool("stop").returncode == 0
    assert not data.exists()


@pytest.mark.slow_servers
def test_nothing_of_rabbitmq_stays_behind(tool: Tool, rabbitmq_url: str) -> None:
    assert tool("start", "rabbitmq").returncode == 0
    started = tool.processes()
    node = Path(f"/proc/{(tool.folder / 'rabbitmq' / 'node.pid').read_text().strip()}")
    assert len(started) == 2, "its name server is one of them"
    assert node.exists()
    assert tool("stop").returncode == 0
    assert not any(process.lives() for process in started)
    wait_until(lambda: not node.exists() or " Z " in (node / "stat").read_text())
    assert not node.exists() or " Z " in (node / "stat").read_text()


@pytest.mark.slow_servers
def test_where_there_is_no_go_seaweedfs_takes_the_place_of_minio(tool: Tool, seaweedfs_access: object, tmp_path: Path) -> None:
    without_go = Tool(tool.folder, tool.programs, {"PATH": str(tool.programs), "XDG_CACHE_HOME": str(tmp_path / "cache")})
    ended = without_go("start", "minio")
    assert ended.returncode == 0, ended.stderr
    assert "SeaweedFS takes its place" in ended.stderr
    assert list(tool.listed()) == ["seaweedfs"]
