"""Real servers for tests and trials: `python -m tools.servers start [NAME...] | stop [NAME...] | status`.

All they write lies below `.servers/`, one folder a server with its `log`; `.servers/servers.json` says where they listen.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.servers.catalogue import ORDINARY, SERVERS, SLOW_TO_STOP
from tools.servers.installing import has_minio, say
from tools.servers.running import ServerFailed, processes, runs, stop
from tools.servers.settings import shown_address, write_settings
from tools.servers.unprivileged import clear

FOLDER = Path(__file__).parents[2] / ".servers"

Listed = dict[str, dict[str, str | int]]


def main(arguments: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="python -m tools.servers", description="Real servers for tests and trials.")
    asked.add_argument("what", choices=["start", "stop", "status"])
    asked.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(SERVERS)}, or all")
    asked.add_argument("--folder", type=Path, default=FOLDER, help="where they keep their data (.servers)")
    chosen = asked.parse_args(arguments)
    if unknown := set(chosen.names) - {*SERVERS, "all"}:
        asked.error(f"no such server: {', '.join(sorted(unknown))}")
    if not Path("/proc/self/stat").exists():
        asked.error("this needs Linux: elsewhere it could not tell its own processes from others")
    folder: Path = chosen.folder.absolute()
    names = list(SERVERS) if "all" in chosen.names else list(chosen.names)
    if chosen.what == "start":
        return start_servers(folder, names or list(ORDINARY))
    if chosen.what == "stop":
        return stop_servers(folder, names or list(SERVERS))
    return show(folder)


def start_servers(folder: Path, names: list[str]) -> int:
    """Those that run already are left alone; one that fails does not keep the others from starting, and makes it 1."""
    failed = []
    with _alone(folder):
        for name in _to_be_had(names):
            if name in listed(folder) and runs(folder / name):
                continue
            try:
                _start(folder, name)
            except ServerFailed as error:
                failed.append(name)
                say(f"{name}: {error}")
        file = write_settings(folder, _running(folder))
    show(folder)
    if file:
        say(f"the settings for these servers, secrets among them, are in {file}: `set -a; . {file}; set +a`")
    if failed:
        say(f"not started: {', '.join(failed)}")
    return 1 if failed else 0


def _to_be_had(names: list[str]) -> list[str]:
    if "minio" not in names or has_minio():
        return names
    say("minio: it is built with Go, and there is no Go on this machine; SeaweedFS takes its place as the object store")
    return list(dict.fromkeys("seaweedfs" if name == "minio" else name for name in names))


def _start(folder: Path, name: str) -> None:
    own = folder / name
    stop(own, at_once=True)  # RabbitMQ's name server outlives it, a start that was cut short leaves what it began
    clear(own)  # what a server that died left is no ground for a test
    own.mkdir(parents=True)
    _unlist(folder, name)
    try:
        told = SERVERS[name](own)
    except BaseException:
        stop(own, at_once=True)
        raise
    _list(folder, {**listed(folder), name: {**told, "pid": processes(own)[-1].pid}})


def stop_servers(folder: Path, names: list[str]) -> int:
    """End what was started below `folder`, and take away what it wrote."""
    with _alone(folder):
        for name in names:
            own = folder / name
            if not own.exists():
                continue
            _unlist(folder, name)
            stop(own, at_once=name in SLOW_TO_STOP)
            clear(own)
            say(f"{name}: stopped")
        if write_settings(folder, _running(folder)) is None:
            shutil.rmtree(folder / "home", ignore_errors=True)  # of this machine, beside stores that are gone
    return 0


def show(folder: Path) -> int:
    for name, told in listed(folder).items():
        state = "runs" if runs(folder / name) else f"is gone, see {folder / name / 'log'}"
        sys.stdout.write(f"{name:<14} {shown_address(told):<40} {state}\n")
    return 0


def _running(folder: Path) -> Listed:
    return {name: told for name, told in listed(folder).items() if runs(folder / name)}


def listed(folder: Path) -> Listed:
    """What servers.json says; nothing where there is none."""
    try:
        found: Listed = json.loads((folder / "servers.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found


def _unlist(folder: Path, name: str) -> None:
    _list(folder, {other: told for other, told in listed(folder).items() if other != name})


def _list(folder: Path, servers: Listed) -> None:
    new = folder / "servers.json.new"
    new.write_text(json.dumps(servers, indent=1) + "\n", encoding="utf-8")
    new.replace(folder / "servers.json")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two who start at once start each server once."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds the keys
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
