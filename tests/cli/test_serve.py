"""`sohoa serve` as it is run: a process that answers until it is stopped."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.serve import host_and_port
from pipeline.errors import BadSetting
from tests.cli.command import sohoa
from tests.programs import running, wait_until

PROGRAM = [sys.executable, "-c", "from cli.main import run; run()", "serve", "--address"]


@pytest.fixture
def address() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


@pytest.fixture
def served(home: Path, address: str) -> Iterator[subprocess.Popen[str]]:
    assert sohoa("init").code == 0
    with running([*PROGRAM, address], env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}) as program:
        wait_until(lambda: answers(address) or program.poll() is not None)
        yield program


def answers(address: str) -> bool:
    try:
        socket.create_connection(tuple(address.split(":")), timeout=1).close()  # type: ignore[arg-type]
    except OSError:
        return False
    return True


def asked(address: str, path: str) -> str:
    with urllib.request.urlopen(f"http://{address}{path}", timeout=10) as answer:
        return str(answer.read().decode())


def test_it_answers_until_it_is_told_to_stop(served: subprocess.Popen[str], address: str) -> None:
    assert json.loads(asked(address, "/healthz")) == {"status": "good"}
    assert json.loads(asked(address, "/readyz"))["status"] == "good"
    assert "sohoa_equation_holds 1.0" in asked(address, "/metrics")
    served.send_signal(signal.SIGTERM)
    assert served.wait(20) == 130


def test_an_address_that_is_taken_is_told(served: subprocess.Popen[str], address: str) -> None:
    answer = sohoa("serve", "--address", address)
    assert answer.code == 4
    assert "ADDRESS_IN_USE" in answer.err


@pytest.mark.parametrize("address", ["", "8080", ":8080", "host:", "host:http", "host:70000", "host:８０８０"])
def test_what_is_no_address_is_told(address: str) -> None:
    with pytest.raises(BadSetting):
        host_and_port(address)


def test_an_address_may_be_of_either_family() -> None:
    assert host_and_port("127.0.0.1:8080") == ("127.0.0.1", 8080)
    assert host_and_port("[::1]:8080") == ("::1", 8080)
