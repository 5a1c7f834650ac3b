"""The database server of the development stack: as another user, behind a password, on this machine alone."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from tools.servers.catalogue import postgresql
from tools.servers.installing import postgresql_programs
from tools.servers.running import processes, stop
from tools.servers.unprivileged import clear


@pytest.fixture
def folder(tmp_path: Path, postgresql_url: str) -> Iterator[Path]:
    """Of a server of one's own; where one runs there are programs to start another with."""
    folder = tmp_path / "postgresql"
    folder.mkdir()
    yield folder
    stop(folder)
    clear(folder)


def asked(url: str, statement: str) -> str:
    """What the database answers through the package's own client. Raises CalledProcessError when it refuses."""
    psql: list[str | Path] = [postgresql_programs() / "psql", "--no-psqlrc", "--no-password", "--tuples-only", "--no-align", url]
    return subprocess.run([*psql, "-c", statement], capture_output=True, text=True, timeout=60, check=True).stdout.strip()


def test_what_was_written_is_read_again_after_a_stop_and_after_a_kill(folder: Path) -> None:
    first = postgresql(folder)
    asked(first["url"], "create table offices (name text); insert into offices values ('Xã Lâm Xá'), ('Phường Đông Hà')")
    for at_once in (False, True):
        stop(folder, at_once=at_once)
        assert not any(process.lives() for process in processes(folder))
        assert postgresql(folder) == first, "the same port, the same password"
        assert asked(first["url"], "select name from offices order by name") == "Phường Đông Hà\nXã Lâm Xá"


def test_it_is_durable_and_speaks_utf8(postgresql_url: str) -> None:
    assert asked(postgresql_url, "show fsync") == "on"
    assert asked(postgresql_url, "show server_encoding") == "UTF8"


@pytest.mark.parametrize("password", ["wrong", ""])
def test_without_the_password_nobody_gets_in(postgresql_url: str, password: str) -> None:
    url = urlsplit(postgresql_url)
    stranger = url._replace(netloc=f"sohoa:{password}@{url.hostname}:{url.port}").geturl()
    with pytest.raises(subprocess.CalledProcessError) as refused:
        asked(stranger, "select 1")
    assert "password" in refused.value.stderr


def test_it_listens_on_this_machine_alone_and_never_runs_as_root(folder: Path) -> None:
    url = urlsplit(postgresql(folder)["url"])
    (started,) = processes(folder)
    server = psutil.Process(started.pid)
    listening = [line.laddr for line in server.net_connections("all") if line.status == psutil.CONN_LISTEN or not line.raddr]
    assert {tuple(address) for address in listening if address} == {("127.0.0.1", url.port)}
    assert server.uids().real != 0
    assert os.geteuid() == 0 or server.uids().real == os.geteuid()


def test_a_client_that_stays_does_not_keep_it_from_stopping(folder: Path) -> None:
    url = postgresql(folder)["url"]
    psql: list[str | Path] = [postgresql_programs() / "psql", "--no-psqlrc", url, "-c", "select pg_sleep(600)"]
    with subprocess.Popen(psql, stderr=subprocess.PIPE, text=True) as client:
        (started,) = processes(folder)
        while "pg_sleep" not in asked(
            url, "select query from pg_stat_activity where state = 'active' and query like '%sleep(6%'"
        ):
            assert client.poll() is None
        stop(folder)
        assert client.wait(30) != 0
    assert not started.lives()
    assert "fast shutdown" in (folder / "log").read_text()


def test_nothing_of_it_stays_behind(folder: Path) -> None:
    postgresql(folder)
    data = (folder / "data").resolve()
    servers = [process for started in processes(folder) for process in psutil.Process(started.pid).children()]
    assert data.exists()
    assert servers
    stop(folder)
    clear(folder)
    assert not data.exists()
    assert not folder.exists()
    assert not any(process.is_running() for process in servers)
    folder.mkdir()


def test_a_start_that_was_cut_short_is_made_good(folder: Path) -> None:
    postgresql(folder)
    stop(folder)
    place = (folder / "data").resolve()
    shutil.rmtree(place / "cluster")
    (place / "database").unlink()
    (place / "making").mkdir()
    (place / "making" / "half").touch()
    assert asked(postgresql(folder)["url"], "select 1") == "1"
