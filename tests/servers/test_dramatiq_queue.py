"""The queue on a real Redis and a real RabbitMQ."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from dramatiq import Worker
from dramatiq.middleware import MiddlewareError

from pipeline.adapters.dramatiq_queue import ACTORS, Bench, DramatiqQueue, open_broker, worker_broker
from pipeline.errors import BadSetting, HomeMissing, QueueUnavailable
from pipeline.ports import BULK, INTERACTIVE, LANES, Queue, RecordTask
from tests.contracts.queue_contract import QueueContract
from tests.programs import beside, wait_until

TASK = RecordTask("6f1c2f0e-1a44-4a58-9d7c-0d9a5b0c8f11", 1)
LATER = RecordTask("6f1c2f0e-1a44-4a58-9d7c-0d9a5b0c8f12", 1)


def forged(**changes: object) -> bytes:
    """A message as ours is, but for these fields. It does what a record of another name would do."""
    fields: dict[str, object] = {
        "queue_name": BULK,
        "actor_name": ACTORS[BULK],
        "args": ["00000000-0000-4000-8000-000000000000", 1],
        "kwargs": {},
        "options": {"redis_message_id": "of another message"},
        "message_id": str(uuid4()),
        "message_timestamp": 1,
    }
    return json.dumps(fields | changes).encode()


OF_STRANGERS = [
    b"",
    b"\xff\xfe",
    b"[]",
    b'{"queue_name": "bulk"}',
    forged(args=[]),
    forged(args=None),
    forged(args=["x", 1]),
    forged(args=[TASK.record_id, "1"]),
    forged(args=[TASK.record_id, True]),
    forged(args=[TASK.record_id, -1]),
    forged(args=[{}, []]),
    forged(args=[1, 2, 3]),
    forged(kwargs=[]),
    forged(kwargs={"generation": 2}),
    forged(actor_name="rm_rf"),
    forged(actor_name=["digitize"]),
    forged(queue_name="elsewhere"),
    forged(queue_name=None),
    forged(message_id=["no", "text"]),
    forged(further="field"),
    forged(options=None),
    forged(options={"eta": 1e300}),
    forged(options={"eta": "tomorrow"}),
    forged(options={"throws": "x"}),
    forged(options={"max_retries": 1_000_000}),
    forged(options={"retries": "many"}),
    forged(options={"on_retry_exhausted": ACTORS[BULK]}),
]


def emptied(broker: Any) -> Any:
    for lane in LANES:
        broker.declare_queue(lane)
        broker.flush(lane)
    return broker


def taken_from(broker: Any, lane: str) -> Iterator[RecordTask]:
    consumer = broker.consume(lane, prefetch=1, timeout=500)
    while (message := next(consumer)) is not None:
        yield RecordTask(*message.args)
        consumer.ack(message)
    consumer.close()


class DramatiqContract(QueueContract):
    @pytest.fixture
    def queue(self, broker: Any) -> DramatiqQueue:
        self.broker = broker
        return DramatiqQueue(broker)

    def taken(self, queue: Queue) -> Iterable[RecordTask]:
        return taken_from(self.broker, BULK)

    def test_what_was_sent_to_one_lane_is_taken_from_no_other(self, broker: Any) -> None:
        DramatiqQueue(broker).send(TASK, INTERACTIVE)
        assert list(taken_from(broker, BULK)) == []
        assert list(taken_from(broker, INTERACTIVE)) == [TASK]

    def test_what_strangers_put_in_a_lane_is_dropped_once_and_for_all_and_what_follows_is_done(self, url: str) -> None:
        done: list[RecordTask] = []
        with working(url, done.append) as broker:
            queue = DramatiqQueue(broker)
            for data in OF_STRANGERS:
                self.put_raw(broker, BULK, data)
                self.put_raw(broker, f"{BULK}.DQ", data)
            queue.send(TASK)
            wait_until(lambda: done == [TASK] and queue.waiting() == 0)
            queue.send(LATER)
            wait_until(lambda: len(done) > 1)
            assert done == [TASK, LATER]
            assert queue.waiting() == 0

    def put_raw(self, broker: Any, queue_name: str, data: bytes) -> None:
        raise AssertionError("the broker's test class says how")

    def test_work_that_fails_is_tried_again_later_and_its_words_are_kept_out_of_the_message(self, url: str) -> None:
        tried: list[RecordTask] = []

        def fail(task: RecordTask) -> None:
            tried.append(task)
            raise ValueError("words of a document")

        with working(url, fail) as broker:
            queue = DramatiqQueue(broker)
            queue.send(TASK)
            wait_until(lambda: tried == [TASK])
        assert tried == [TASK]
        delayed = broker.consume(f"{BULK}.DQ", prefetch=1, timeout=500)
        try:
            waiting = first_of(delayed)
            assert tuple(waiting.args) == (TASK.record_id, TASK.generation)
            assert "words" not in json.dumps(waiting.options)
            assert waiting.options["eta"] > time.time() * 1000 + 1000
        finally:
            delayed.close()
            broker.close()


class TestOnRedis(DramatiqContract):
    @pytest.fixture
    def url(self, redis_url: str) -> str:
        return redis_of_own(redis_url)

    @pytest.fixture
    def broker(self, url: str) -> Iterator[Any]:
        broker = emptied(open_broker(url))
        yield broker
        broker.close()

    def put_raw(self, broker: Any, queue_name: str, data: bytes) -> None:
        message_id = str(uuid4())
        broker.client.hset(f"dramatiq:{queue_name}.msgs", message_id, data)
        broker.client.rpush(f"dramatiq:{queue_name}", message_id, "an id without a message")


@pytest.mark.slow_servers
class TestOnRabbitmq(DramatiqContract):
    @pytest.fixture
    def url(self, rabbitmq_url: str) -> str:
        return rabbitmq_url

    @pytest.fixture
    def broker(self, url: str) -> Iterator[Any]:
        broker = emptied(open_broker(url))
        yield broker
        broker.close()

    def put_raw(self, broker: Any, queue_name: str, data: bytes) -> None:
        broker.declare_queue(queue_name, ensure=True)
        broker.channel.basic_publish(exchange="", routing_key=queue_name, body=data)


@contextmanager
def working(url: str, digitize: Callable[[RecordTask], None]) -> Iterator[Any]:
    """A broker with a worker that takes from it."""
    broker: Any = emptied(worker_broker(url, Bench(lambda: None, digitize, lambda: None, lambda: None)))
    worker = Worker(broker, worker_threads=1, worker_timeout=100)
    worker.start()
    try:
        yield broker
    finally:
        worker.stop()
        broker.close()


def first_of(consumer: Any) -> Any:
    return next(message for message in consumer if message is not None)


def redis_of_own(url: str) -> str:
    """A database that no other test file uses."""
    return f"{url.rsplit('/', 1)[0]}/1"


@pytest.mark.timeout(60)
@pytest.mark.parametrize("silent", [False, True])
@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_broker_that_is_away_or_says_nothing_is_told_soon(scheme: str, silent: bool) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        if silent:
            taken.listen()
        queue = DramatiqQueue(open_broker(f"{scheme}://127.0.0.1:{taken.getsockname()[1]}"))
        with pytest.raises(QueueUnavailable):
            queue.send(TASK)
        with pytest.raises(QueueUnavailable):
            queue.waiting()


@pytest.mark.parametrize("url", ["http://:hush@somewhere", "redis://:hush@somewhere:port", "nothing"])
def test_an_address_that_is_none_is_a_bad_setting_and_its_password_is_not_told(url: str) -> None:
    with pytest.raises(BadSetting, match="SOHOA_BROKER_URL") as refused:
        open_broker(url)
    assert "hush" not in str(refused.value)


def test_a_worker_that_cannot_open_takes_no_message(redis_url: str) -> None:
    def refuse() -> None:
        raise HomeMissing

    broker: Any = emptied(worker_broker(redis_of_own(redis_url), Bench(refuse, lambda _task: None, lambda: None, lambda: None)))
    DramatiqQueue(broker).send(TASK)
    with pytest.raises(MiddlewareError, match="HOME_MISSING"):
        Worker(broker, worker_threads=1).start()
    assert list(taken_from(broker, BULK)) == [TASK]
    broker.close()


@pytest.mark.timeout(20)
def test_the_next_message_is_taken_as_soon_as_one_is_done(redis_url: str) -> None:
    broker: Any = emptied(open_broker(redis_of_own(redis_url)))
    for task in (TASK, LATER):
        DramatiqQueue(broker).send(task)
    consumer = broker.consume(BULK, prefetch=1, timeout=30_000)
    first = next(consumer)
    consumer.misses = 30  # it has looked in vain so often that it would sleep for half a minute
    with beside(lambda: consumer.ack(first)):
        looks = (next(consumer) for _ in range(2))  # the first one is in vain where it comes before the acknowledgement
        second = next(found for found in looks if found is not None)
    assert tuple(second.args) == (LATER.record_id, LATER.generation)
    broker.close()
