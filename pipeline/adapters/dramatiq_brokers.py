"""Dramatiq's brokers, made fit for strangers' messages and for work that takes long.

Dramatiq's loops take messages at their word: a wrong type in one ends the thread that works on it, a time far off keeps a lane
blocked, what cannot be decoded comes back for ever. So a message is looked at before a loop sees it, and dropped if it is none of
ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pika
import redis
import structlog
from dramatiq import Broker
from dramatiq.brokers.rabbitmq import RabbitmqBroker, _RabbitmqConsumer
from dramatiq.brokers.redis import RedisBroker, _RedisConsumer
from dramatiq.errors import DramatiqError
from dramatiq.middleware import Middleware
from pika.adapters.utils.connection_workflow import AMQPConnectorException
from redis.backoff import NoBackoff
from redis.retry import Retry

from pipeline.adapters.tls import trusting

log = structlog.get_logger()

CLIENT_ERRORS = (DramatiqError, redis.RedisError, pika.exceptions.AMQPError, AMQPConnectorException, OSError)
"""All that sending and counting can raise when a broker is out of reach or refuses. pika's for a silent one is no AMQPError."""

MAINTENANCE_CHANCE = 100_000
"""Of a million: with the default of 1,000 it may take a quarter of an hour until a dead worker's messages are noticed."""

SOCKET_SECONDS = 5.0
RABBITMQ_SECONDS = 3.0
"""How long a server may be silent. RabbitMQ's client tries its connection up to six times for one message."""

IsOurs = Callable[[bytes, str], bool]
"""Whether these bytes, found in the queue of that name, are a message of ours."""


def open_redis(
    url: str, heartbeat_seconds: float, middleware: list[Middleware], is_ours: IsOurs, ca_file: Path | None = None
) -> Broker:
    """Nothing is asked of the server yet. Raises ValueError for an address that is none, OSError for such a certificate."""
    tls: dict[str, Any] = {}
    if ca_file and url.startswith("rediss:"):
        trusting(ca_file)  # the client would look at it only when it connects
        tls = {"ssl_ca_certs": str(ca_file)}
    client = redis.Redis.from_url(
        url,
        socket_timeout=SOCKET_SECONDS,
        socket_connect_timeout=SOCKET_SECONDS,
        # A connection that was idle for long may have been closed without our knowing; a silent server is not asked twice.
        retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
        **tls,
    )
    return _CheckingRedisBroker(
        is_ours,
        client=client,
        middleware=middleware,
        heartbeat_timeout=round(heartbeat_seconds * 1000),
        maintenance_chance=MAINTENANCE_CHANCE,
    )


def open_rabbitmq(url: str, middleware: list[Middleware], is_ours: IsOurs, ca_file: Path | None = None) -> Broker:
    """Nothing is asked of the server yet. Raises ValueError for an address that is none, OSError for such a certificate."""
    address = pika.URLParameters(url)
    if ca_file and address.ssl_options is not None:
        address.ssl_options = pika.SSLOptions(trusting(ca_file), address.host)
    address.socket_timeout = address.stack_timeout = RABBITMQ_SECONDS
    address.blocked_connection_timeout = RABBITMQ_SECONDS  # a server that is short of memory or disk takes nothing, and waits
    broker = _CheckingRabbitmqBroker(is_ours, middleware=middleware, confirm_delivery=True)
    broker.parameters = address
    return broker


def waiting_in(broker: Broker, queue_name: str) -> int:
    """Messages that are not done with, as far as this kind of broker tells: RabbitMQ does not count what is being worked on.

    Raises CLIENT_ERRORS.
    """
    if isinstance(broker, RedisBroker):
        return int(broker.do_qsize(queue_name))
    if not isinstance(broker, RabbitmqBroker):
        raise TypeError(type(broker).__name__)
    try:
        return _rabbitmq_count(broker, queue_name)
    except CLIENT_ERRORS:
        del broker.connection  # closed by the server since it was last used: the next call makes a new one
        return _rabbitmq_count(broker, queue_name)


def _rabbitmq_count(broker: RabbitmqBroker, queue_name: str) -> int:
    broker.declare_queue(queue_name, ensure=True)
    ready, delayed, _dead = broker.get_queue_message_counts(queue_name)
    return ready + delayed


class _CheckingRedisBroker(RedisBroker):
    def __init__(self, is_ours: IsOurs, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]  # Dramatiq has left it without types
        self._is_ours = is_ours

    @property
    def consumer_class(self) -> type[_RedisConsumer]:
        return _PromptRedisConsumer

    def do_fetch(self, queue_name: str, prefetch: int) -> list[bytes]:
        """What is fetched counts as being worked on; what is not ours is settled at once."""
        fetched = self._dispatch("fetch")(queue_name, prefetch)  # type: ignore[no-untyped-call]
        ours = [data for data in fetched if data is not None and self._is_ours(data, queue_name)]
        if len(ours) < len(fetched):
            self._drop_strangers(queue_name)
        return ours

    def _drop_strangers(self, queue_name: str) -> None:
        """A message that cannot be read does not tell its id: all that this worker has in hand are looked through."""
        in_hand = f"{self.namespace}:__acks__.{self.broker_id}.{queue_name}"
        for message_id in self.client.smembers(in_hand):
            data: Any = self.client.hget(f"{self.namespace}:{queue_name}.msgs", message_id)
            if data is None or not self._is_ours(data, queue_name):
                self.do_ack(queue_name, message_id)
                log.warning("message_dropped", code="NOT_OURS", queue=queue_name)


class _PromptRedisConsumer(_RedisConsumer):
    """Fetches as soon as a message is done. Dramatiq's own looks again after a pause that grows up to a second while it waits."""

    def __init__(self, *settings: Any) -> None:
        super().__init__(*settings)  # type: ignore[no-untyped-call]
        self._room = Event()

    def ack(self, message: Any) -> None:
        try:
            super().ack(message)  # type: ignore[no-untyped-call]
        finally:
            self._room.set()

    def nack(self, message: Any) -> None:
        try:
            super().nack(message)  # type: ignore[no-untyped-call]
        finally:
            self._room.set()

    def __next__(self) -> Any:
        self._room.clear()
        if self.outstanding_message_count < self.prefetch:
            return super().__next__()  # type: ignore[no-untyped-call]
        if self._room.wait(self.timeout / 1000):
            self.misses = 0
        return None


class _CheckingRabbitmqBroker(RabbitmqBroker):
    def __init__(self, is_ours: IsOurs, **options: Any) -> None:
        super().__init__(**options)
        self.is_ours = is_ours

    @property
    def consumer_class(self) -> type[_RabbitmqConsumer]:
        return _CheckingRabbitmqConsumer


class _CheckingRabbitmqConsumer(_RabbitmqConsumer):
    def __init__(self, broker: _CheckingRabbitmqBroker, queue_name: str, prefetch: int, timeout: int) -> None:
        super().__init__(broker, queue_name, prefetch, timeout)  # type: ignore[no-untyped-call]
        self.iterator = self._ours_of(self.iterator, broker.is_ours)

    def _ours_of(self, arrivals: Iterator[Any], is_ours: IsOurs) -> Iterator[Any]:
        """(None, None, None) where a stranger's message was: what pika gives when none has come in time."""
        for method, properties, body in arrivals:
            if method is None or is_ours(body, self.queue_name):
                yield method, properties, body
                continue
            self.channel.basic_ack(method.delivery_tag)
            log.warning("message_dropped", code="NOT_OURS", queue=self.queue_name)
            yield None, None, None
