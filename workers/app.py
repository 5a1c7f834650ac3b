"""What Dramatiq runs: `dramatiq workers.app:make_broker --threads 1`. `sohoa work` starts it, and again when it ends."""

from __future__ import annotations

from typing import Any

from config.log import start_logging, take_over_logging
from config.settings import Settings, read_settings
from config.wiring.broker import Bench, broker_of_workers
from config.wiring.home import open_home
from pipeline.ports import RecordTask
from workers.bench import RecordBench
from workers.children import make_pool


def make_broker() -> Any:
    """Dramatiq calls this in its main process and in each worker process. Only the latter open the home and start children."""
    settings = read_settings()
    start_logging(settings.log_level, settings.log_format)
    take_over_logging("dramatiq", "pika")
    worker = _Worker(settings)
    return broker_of_workers(settings, Bench(worker.open, worker.digitize, worker.stop, worker.close))


class _Worker:
    """The bench of this process, once it is open."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._bench: RecordBench | None = None

    def open(self) -> None:
        home = open_home(self._settings)
        pool = make_pool(self._settings, home.scratch, jobs=1)
        self._bench = RecordBench(home.custody, pool, home.indexing)
        self._bench.open()

    def digitize(self, task: RecordTask) -> None:
        if self._bench is not None:
            self._bench.digitize(task)

    def stop(self) -> None:
        if self._bench is not None:
            self._bench.stop()

    def close(self) -> None:
        if self._bench is not None:
            self._bench.close()
