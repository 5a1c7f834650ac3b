"""What a process and its children hold: memory and disk. Linux; elsewhere nothing is known and nothing is limited by it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


def resident_bytes(pid: int) -> int:
    """Resident memory of a process and all its descendants; what they share is counted for each."""
    return sum(map(_resident, (pid, *descendants(pid))))


def folder_bytes(folder: Path) -> int:
    """Size of all files below a folder that may be changing meanwhile."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(parent) / name).lstat().st_size
            except OSError:
                continue  # it is gone again
    return total


def descendants(pid: int) -> Iterator[int]:
    """Children, their children, and so on, as far as they are alive now."""
    for child in _children(pid):
        yield child
        yield from descendants(child)


def _children(pid: int) -> list[int]:
    try:
        lists = [task / "children" for task in Path(f"/proc/{pid}/task").iterdir()]
        return [int(child) for found in lists for child in found.read_text("ascii").split()]
    except OSError:
        return []  # it has ended, or the kernel keeps no such lists


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * PAGE_BYTES
    except (OSError, IndexError):
        return 0
