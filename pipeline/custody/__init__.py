"""The only way in, and the only code that knows where things are kept. Nothing is lost, everything is counted.

Order of writing, each step durable before the next:

    original -> content pointer -> manifest -> arrival (acknowledged) -> task     receive.py
    attempt begun -> files -> result (done) -> index entry                        attempts.py, commit.py, indexing.py

A process may be killed between any two of them. What it leaves is always a legal state, and what is missing is made up by the
next one that passes: an arrival of the same bytes, the next attempt, or `reconcile`.

A record is *done* when its newest generation has a result: one made from the manifest's original by the manifest's recipe.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pipeline.ports import Clock, Queue, Store


@dataclass(frozen=True, slots=True)
class Rules:
    """Limits of custody; config.settings has the defaults that an office may change and their reasons."""

    max_file_bytes: int
    min_free_bytes: int
    crash_attempts: int = 3
    interrupted_attempts: int = 10


class IntakeGate(Protocol):
    """Keeps the sweep of orphans away from files that are just being received."""

    def shared(self) -> AbstractContextManager[None]:
        """Held while one file is received; many may hold it."""

    def exclusive(self) -> AbstractContextManager[None]:
        """Held alone while orphans are swept. Raises HomeLocked when files keep coming in."""


def nobody(_owner: str) -> bool:
    """Where one worker has the store to itself, whoever else began a try is dead."""
    return False


@dataclass(frozen=True, slots=True)
class Custody:
    """What custody works with. `spool`: a folder for unfinished copies, on the store's file system where it has one.

    `is_alive`: whether the worker of that name may still end the tries it began (presence.py).
    """

    store: Store
    queue: Queue
    clock: Clock
    rules: Rules
    gate: IntakeGate
    spool: Path
    free_bytes: Callable[[], int]
    is_alive: Callable[[str], bool] = nobody
