"""The broker that the settings name: where commands send to, and what worker processes take from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from config.settings import Settings
from config.wiring.servers import ca_file
from pipeline.adapters.dramatiq_queue import Bench, DramatiqQueue, open_broker, worker_broker
from pipeline.ports import Queue

__all__ = ["Bench", "broker_of_workers", "open_broker_queue"]


def open_broker_queue(settings: Settings) -> Queue:
    """Nothing is asked of the server yet. Raises BadSetting."""
    return DramatiqQueue(open_broker(settings.broker_url.get_secret_value(), ca_file=ca_file(settings, "broker_ca_file")))


def broker_of_workers(settings: Settings, bench: Bench, lanes: Sequence[str]) -> Any:
    """A Dramatiq broker whose worker processes use `bench` for what comes in these lanes. Raises BadSetting."""
    return worker_broker(
        settings.broker_url.get_secret_value(),
        bench,
        lanes,
        heartbeat_seconds=settings.broker_heartbeat_seconds,
        ca_file=ca_file(settings, "broker_ca_file"),
    )
