"""What a program asks of the disk, as the system saw it (strace), and what would be left if the power went at any moment.

The model is the disk's worst: what is written is there only after fsync of the file, and a name only after fsync of its folder.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

CALLS = "trace=write,pwrite64,fsync,fdatasync,link,linkat,mkdir,mkdirat"
_CALL = re.compile(r"^(?:\[pid +\d+\] |\d+ +)?(\w+)\((.*)\) += (\d+)")
_UNFINISHED = re.compile(r"^(?P<who>(?:\[pid +\d+\] |\d+ +)?)(?P<begun>\w+\(.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"^(?P<who>(?:\[pid +\d+\] |\d+ +)?)<\.\.\. \w+ resumed>(?P<rest>.*)$")
_FILE = re.compile(r"^\d+<(?P<path>[^>]*)>")
_TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class Act:
    """`kind`: write, sync, link (`path` gets `other`'s bytes) or mkdir."""

    kind: str
    path: str
    other: str = ""


def traced(command: Sequence[str | Path], environment: Mapping[str, str], log: Path) -> list[Act]:
    """Run it to its end and return what it asked of the disk. Raises CalledProcessError."""
    strace = ["strace", "-f", "-y", "-s", "4096", "-e", CALLS, "-o", str(log)]
    subprocess.run([*strace, *map(str, command)], env=dict(environment), check=True, capture_output=True)
    return list(acts_of(log.read_text(encoding="utf-8", errors="replace").splitlines()))


def acts_of(lines: Iterable[str]) -> Iterator[Act]:
    """A call that was interrupted by another thread's is put together again."""
    begun: dict[str, str] = {}
    for line in lines:
        if found := _UNFINISHED.match(line):
            begun[found["who"].strip()] = found["begun"]
            continue
        if found := _RESUMED.match(line):
            line = begun.pop(found["who"].strip(), "") + found["rest"].lstrip()
        if (call := _CALL.match(line)) and (act := _act(call[1], call[2])):
            yield act


def _act(name: str, arguments: str) -> Act | None:
    file, texts = _FILE.match(arguments), _TEXT.findall(arguments)
    if name in ("write", "pwrite64"):
        return Act("write", file["path"]) if file else None
    if name in ("fsync", "fdatasync"):
        return Act("sync", file["path"]) if file else None
    if name in ("link", "linkat"):
        return Act("link", texts[1], texts[0])
    return Act("mkdir", texts[0])


@dataclass
class Disk:
    """What is surely there. `objects`: the folder below which names count."""

    objects: str
    unsynced: set[str] = field(default_factory=set)
    nameless: dict[str, str] = field(default_factory=dict)
    harm: list[str] = field(default_factory=list)

    def follow(self, acts: Iterable[Act]) -> list[str]:
        """What would be lost or half there at some moment: nothing, if the list is empty."""
        for act in acts:
            getattr(self, f"_{act.kind}")(act)
        self.harm += [f"never surely there: {path}" for path in self.nameless if self._counts(path)]
        return self.harm

    def _write(self, act: Act) -> None:
        self.unsynced.add(act.path)

    def _sync(self, act: Act) -> None:
        self.unsynced.discard(act.path)
        self.nameless = {path: folder for path, folder in self.nameless.items() if folder != act.path}

    def _mkdir(self, act: Act) -> None:
        self._name(act.path)

    def _link(self, act: Act) -> None:
        if not self._counts(act.path):
            return
        if act.other in self.unsynced:
            self.harm.append(f"named before its bytes were safe: {act.path}")
        self.harm += [f"not safe when {act.path} was named: {path}" for path in self.nameless if self._counts(path)]
        self._name(act.path)

    def _name(self, path: str) -> None:
        self.nameless[path] = path.rpartition("/")[0]

    def _counts(self, path: str) -> bool:
        return path.startswith(self.objects)
