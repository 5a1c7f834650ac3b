"""The Queue of many machines: Dramatiq on Redis or RabbitMQ. Only this module and dramatiq_brokers.py know Dramatiq.

A message carries a record's id and a generation, nothing else. What it loses, doubles or reorders changes nothing: the store says
what is to be done, and `workers.supervisor` sends again what is pending and no longer waits here.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog
from dramatiq import Broker, Message, Worker, actor, set_broker
from dramatiq.errors import DecodeError, Retry
from dramatiq.middleware import Middleware, MiddlewareError, Retries

from pipeline.adapters.dramatiq_brokers import CLIENT_ERRORS, open_rabbitmq, open_redis, waiting_in
from pipeline.adapters.tls import TLS, failed_in_tls
from pipeline.errors import BadSetting, ProgramFault, QueueUnavailable, SohoaError
from pipeline.ports import BULK, INDEX, INTERACTIVE, READING, RecordTask

log = structlog.get_logger()

ACTORS = {INTERACTIVE: "digitize_urgent", BULK: "digitize", INDEX: "index"}
"""One for each lane: of the messages in its hand a worker takes those of the actor that comes first here."""

MAX_RETRIES = 3
MIN_BACKOFF_MS, MAX_BACKOFF_MS = 5_000, 600_000
"""Only what is no record's fault is tried again by the broker (a store that is away); later the reconciler brings it back."""

HEARTBEAT_SECONDS = 60.0
ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

OPTIONS = {"redis_message_id": (str,), "retries": (int,), "traceback": (str,), "requeue_timestamp": (int,), "eta": (int, float)}
"""What Dramatiq and its Retries note in a message. Others would let a stranger choose how often a message is tried again."""

DELAYED = ".DQ"
"""Ends the name of the queue in which Dramatiq keeps what is to be tried later."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What a worker process does: `open` after it was started, `take` for each message of its lanes; `stop` when it is to end,
    from another thread, and `close` when nothing is under way any more."""

    open: Callable[[], None]
    take: Callable[[RecordTask], None]
    stop: Callable[[], None]
    close: Callable[[], None]


class DramatiqQueue:
    """See `pipeline.ports.Queue`."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker

    def send(self, task: RecordTask, lane: str = BULK) -> None:
        message: Message[None] = Message(
            queue_name=lane, actor_name=ACTORS[lane], args=(task.record_id, task.generation), kwargs={}, options={}
        )
        try:
            self._broker.declare_queue(lane)
            self._broker.enqueue(message)
        except CLIENT_ERRORS as error:
            raise _unavailable(error) from error

    def waiting(self, lane: str = BULK) -> int:
        """A task that is being worked on may be counted too."""
        try:
            return waiting_in(self._broker, lane)
        except CLIENT_ERRORS as error:
            raise _unavailable(error) from error


def _unavailable(error: Exception) -> QueueUnavailable:
    return QueueUnavailable(TLS if failed_in_tls(error) else type(error).__name__)


def open_broker(
    url: str,
    *,
    heartbeat_seconds: float = HEARTBEAT_SECONDS,
    middleware: tuple[Middleware, ...] = (),
    ca_file: Path | None = None,
) -> Broker:
    """Nothing is asked of the server yet. `heartbeat_seconds`: silence after which a worker's messages are given to others.
    `ca_file`: whom to believe that a server is the one it says it is, None: those the system trusts.

    Raises BadSetting for an address that is none of Redis's or RabbitMQ's (not repeated: it holds a password), and for a file
    that holds no certificate.
    """
    retries = Retries(max_retries=MAX_RETRIES, min_backoff=MIN_BACKOFF_MS, max_backoff=MAX_BACKOFF_MS)
    try:
        match url.split("://")[0]:
            case "redis" | "rediss":
                return open_redis(url, heartbeat_seconds, [retries, *middleware], _is_ours, ca_file)
            case "amqp" | "amqps":
                return open_rabbitmq(url, [retries, *middleware], _is_ours, ca_file)
    except OSError as error:
        raise BadSetting("SOHOA_BROKER_CA_FILE: không phải chứng chỉ") from error
    except ValueError as error:
        raise BadSetting("SOHOA_BROKER_URL: địa chỉ viết sai") from error
    raise BadSetting("SOHOA_BROKER_URL: địa chỉ bắt đầu bằng redis://, rediss://, amqp:// hoặc amqps://")


def worker_broker(
    url: str,
    bench: Bench,
    lanes: Sequence[str] = READING,
    *,
    heartbeat_seconds: float = HEARTBEAT_SECONDS,
    ca_file: Path | None = None,
) -> Broker:
    """A broker whose worker processes open, use and close the bench. It becomes this process's own: Dramatiq's command calls a
    function for a broker, and then takes the one that is set."""
    broker = open_broker(url, heartbeat_seconds=heartbeat_seconds, middleware=(_BenchHours(bench),), ca_file=ca_file)

    def take(record_id: str, generation: int) -> None:
        with _tried_again_without_a_word(record_id):
            bench.take(RecordTask(record_id, generation))

    for priority, lane in enumerate(lanes):
        actor(actor_name=ACTORS[lane], queue_name=lane, priority=priority, broker=broker)(take)
    set_broker(broker)
    return broker


class _BenchHours(Middleware):
    """Opens in the worker process, not before it was forked: neither brokers nor children survive a fork."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def before_worker_boot(self, broker: Broker, worker: Worker) -> None:
        """A worker that cannot open ends: Dramatiq would let it go on, and every message would be taken in vain."""
        try:
            self._bench.open()
        except Exception as error:
            log.error("worker_not_opened", code=_code_of(error), exc_info=not isinstance(error, SohoaError))
            raise MiddlewareError(_code_of(error)) from None

    def before_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        self._bench.stop()

    def after_worker_shutdown(self, broker: Broker, worker: Worker) -> None:
        self._bench.close()


@contextmanager
def _tried_again_without_a_word(record_id: str) -> Iterator[None]:
    """Whatever is raised is tried again later. Dramatiq would write an exception's own words, which may quote a document, into
    its log and into the message."""
    try:
        yield
    except Exception as error:
        log.error("task_put_off", record_id=record_id, code=_code_of(error), exc_info=not isinstance(error, SohoaError))
        raise Retry(_code_of(error)) from None


def _code_of(error: Exception) -> str:
    return error.code if isinstance(error, SohoaError) else ProgramFault.code


def _is_ours(data: bytes, queue_name: str) -> bool:
    """Whether a message is exactly as we and Dramatiq write one. No trying again would make another one better."""
    try:
        message: Message[None] = Message.decode(data)
    except DecodeError:
        return False
    return (
        (message.queue_name, message.actor_name, message.kwargs) == (queue_name, ACTORS.get(queue_name.removesuffix(DELAYED)), {})
        and type(message.message_id) is str
        and _is_task(message.args)
        and _are_options(message.options, delayed=queue_name.endswith(DELAYED))
    )


def _is_task(told: tuple[object, ...]) -> bool:
    match told:
        case (str() as record_id, int() as generation) if not isinstance(generation, bool):
            return ID.fullmatch(record_id) is not None and generation > 0
    return False


def _are_options(options: object, *, delayed: bool) -> bool:
    """A time stands in delayed messages alone, and not far off: until then a worker keeps the message in hand."""
    if not isinstance(options, dict) or ("eta" in options) != delayed:
        return False
    if any(type(value) not in OPTIONS.get(name, ()) for name, value in options.items()):
        return False
    return not delayed or bool(options["eta"] <= time.time() * 1000 + MAX_BACKOFF_MS)
