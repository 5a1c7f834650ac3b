"""Time by the clock on the wall, and time of the processors: the first is what people wait, the second what the work costs
however busy the machine is with other things."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tools.bench_search.places import Place


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds."""

    wall: float
    own_cpu: float
    server_cpu: float

    def per(self, count: int) -> dict[str, float]:
        """Milliseconds of each of so many."""
        return {
            "wall_ms": round(1000 * self.wall / count, 3),
            "client_cpu_ms": round(1000 * self.own_cpu / count, 3),
            "server_cpu_ms": round(1000 * self.server_cpu / count, 3),
        }


class Stopwatch:
    """Runs from the start; stands still in `paused`."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._began = self._now()
        self._left_out = (0.0, 0.0)

    def taken(self) -> Taken:
        wall, own, server = (now - then for now, then in zip(self._now(), self._began, strict=True))
        return Taken(wall - self._left_out[0], own - self._left_out[1], server)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """What this thread does meanwhile does not count."""
        wall, own = time.perf_counter(), time.thread_time()
        yield
        self._left_out = (self._left_out[0] + time.perf_counter() - wall, self._left_out[1] + time.thread_time() - own)

    def _now(self) -> tuple[float, float, float]:
        return time.perf_counter(), time.process_time(), self._place.server_cpu()


def load() -> list[float]:
    """How many processes of the whole machine want a processor: the average of one, five and fifteen minutes."""
    return [round(one, 2) for one in os.getloadavg()]
