"""What Dramatiq runs: `dramatiq workers.app:make_broker --threads 1`. `sohoa work` starts it, and again when it ends.

`make_index_broker` is the same for the lane of what is to go into the index.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from config.log import start_logging, take_over_logging
from config.settings import Settings, read_settings
from config.wiring.broker import Bench, broker_of_workers
from config.wiring.home import open_home
from pipeline.ports import INDEX, READING, RecordTask
from workers.bench import RecordBench
from workers.children import make_pool
from workers.index_bench import IndexBench


class OpenBench(Protocol):
    def open(self) -> None: ...
    def take(self, task: RecordTask) -> None: ...
    def stop(self) -> None: ...
    def close(self) -> None: ...


def make_broker() -> Any:
    """Dramatiq calls this in its main process and in each worker process. Only the latter open the home and start children."""
    settings = _started()
    return broker_of_workers(settings, in_worker(lambda: _record_bench(settings)), READING)


def make_index_broker() -> Any:
    settings = _started()
    return broker_of_workers(settings, in_worker(lambda: _index_bench(settings)), (INDEX,))


def in_worker(make: Callable[[], OpenBench]) -> Bench:
    """A bench that is made where it is opened: neither connections nor children survive a fork."""
    made: list[OpenBench] = []

    def begin() -> None:
        made.append(make())
        made[0].open()

    def take(task: RecordTask) -> None:
        made[0].take(task)

    def stop() -> None:
        for bench in made:
            bench.stop()

    def close() -> None:
        for bench in made:
            bench.close()

    return Bench(begin, take, stop, close)


def _started() -> Settings:
    settings = read_settings()
    start_logging(settings.log_level, settings.log_format)
    take_over_logging("dramatiq", "pika")
    return settings


def _record_bench(settings: Settings) -> OpenBench:
    home = open_home(settings)
    return RecordBench(home.custody, make_pool(settings, home.scratch, jobs=1))


def _index_bench(settings: Settings) -> OpenBench:
    home = open_home(settings)
    return IndexBench(home.custody, home.indexing)
