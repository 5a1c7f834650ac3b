"""Where an index lies while it is measured, and what it costs the machine: below one folder, which is kept, so that it is filled
once and measured often."""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.adapters.elastic_index import ElasticIndex, ElasticPlace
from pipeline.adapters.sqlite_index import SqliteIndex
from pipeline.ports import Index
from tools.servers.catalogue import elasticsearch
from tools.servers.running import processes, stop

TICKS = os.sysconf("SC_CLK_TCK")
NAME = "pages"


@dataclass(frozen=True, slots=True)
class Place:
    """An index that can be opened by any process. `url`: of the server, with its process; without one the index is SQLite."""

    folder: Path
    url: str | None = None
    pid: int | None = None

    def open(self, name: str = NAME) -> Index:
        """`name`: of one index of several."""
        return ElasticIndex(ElasticPlace(self.url, name)) if self.url else SqliteIndex(self.folder / name)

    def server_cpu(self) -> float:
        """Seconds of processor time that the server has used; 0 where there is none."""
        if self.pid is None:
            return 0.0
        state = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(state[11]) + int(state[12])) / TICKS

    def sizes(self, name: str = NAME) -> dict[str, int]:
        """Bytes on the disk, and what the server holds in memory; `segments`: parts that every question has to look into."""
        if not self.url:
            return {"disk_bytes": sum(file.stat().st_size for file in (self.folder / name).glob("*.db*"))}
        (found,) = self._ask(f"{name}/_stats")["indices"].values()
        heap = next(iter(self._ask("_nodes/stats/jvm")["nodes"].values()))["jvm"]["mem"]
        return {
            "disk_bytes": found["total"]["store"]["size_in_bytes"],
            "segments": found["total"]["segments"]["count"],
            "server_heap_used_bytes": heap["heap_used_in_bytes"],
            "server_heap_most_bytes": heap["heap_max_in_bytes"],
            "server_resident_bytes": _resident(self.pid or 0),
        }

    def merges(self) -> bool:
        """Whether the server still makes one part of many, as it was asked to after filling."""
        return bool(self.url and self._ask("_tasks?actions=indices:admin/forcemerge*")["nodes"])

    def _ask(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.url}/{path}", timeout=60) as answer:  # noqa: S310  (our own server)
            return json.load(answer)


@contextmanager
def place_of(kind: str, folder: Path, heap_mb: int) -> Iterator[Place]:
    """For `elastic` a server of its own is started on what lies in the folder, and stopped at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        yield Place(folder)
        return
    server = folder / "server"
    server.mkdir(exist_ok=True)
    stop(server, at_once=True)  # of a measurement that was killed
    try:
        told = elasticsearch(server, heap_mb)
        yield Place(folder, told["url"], processes(server)[-1].pid)
    finally:
        stop(server)


def _resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))
