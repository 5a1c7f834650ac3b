"""Whatever happens to messages and to the broker: the store says what is to be done, and all of it is done once."""

from __future__ import annotations

import shutil
import signal
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psutil
import pytest
from dramatiq import Message

from pipeline.adapters.dramatiq_queue import ACTORS, open_broker
from pipeline.adapters.elastic_index import ElasticPlace
from pipeline.adapters.minio_connection import S3Place
from pipeline.custody import records
from pipeline.custody.documents import Outcome
from pipeline.custody.pending import everything
from pipeline.custody.status import status
from pipeline.ports import BULK, INTERACTIVE
from tests.programs import wait_until
from tests.servers.crew_app import HEARTBEAT_SECONDS
from tests.servers.province import Province, new_province, worker_processes
from tests.servers.test_faults_crash import check_all_done_once, settled
from tools.servers import catalogue
from tools.servers.running import stop


class OwnRedis:
    """A server that a test may stop, and start again with what it had."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()
        self.url = self.start()

    def start(self) -> str:
        return catalogue.redis(self._folder)["url"]

    def stop(self) -> None:
        stop(self._folder)

    def forget(self) -> None:
        """What it kept on the disk, while it is stopped."""
        shutil.rmtree(self._folder / "appendonlydir")


@pytest.fixture
def own_redis(tmp_path: Path, redis_url: str) -> Iterator[OwnRedis]:
    """Where a Redis runs there is a program to start another with."""
    server = OwnRedis(tmp_path / "redis")
    yield server
    server.stop()


@pytest.fixture
def apart(
    tmp_path: Path, own_redis: OwnRedis, bucket: S3Place, search_place: ElasticPlace, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Province]:
    """A province with a Redis of its own."""
    with new_province(tmp_path, own_redis.url, bucket, search_place, monkeypatch.setenv) as province:
        yield province


def folder_of(child: psutil.Process) -> str:
    """It lies in that of its pool, which has the owner's name."""
    return str(child.environ().get("TMPDIR", ""))


def began_at(province: Province, record_id: str) -> datetime:
    return min(started.at for started in province.history(record_id).started.values())


@pytest.mark.parametrize("count", [60, pytest.param(500, marks=[pytest.mark.slow_servers, pytest.mark.timeout(600)])])
def test_a_queue_that_is_emptied_in_full_work_loses_nothing_and_doubles_nothing(province: Province, count: int) -> None:
    ids = [province.bring("ok", name=f"{number}") for number in range(count)]
    with province.crew(keep=province.keeper().keep):
        wait_until(lambda: province.done() >= 5, seconds=60)
        province.emptied_queue()
        wait_until(lambda: settled(province, count), seconds=60 + count)
    check_all_done_once(province, ids)


@pytest.mark.parametrize("seconds", [8, pytest.param(60, marks=[pytest.mark.slow_servers, pytest.mark.timeout(300)])])
def test_while_redis_is_down_files_are_taken_and_are_read_when_it_is_back(
    apart: Province, own_redis: OwnRedis, seconds: float
) -> None:
    with apart.crew(processes=1, keep=apart.keeper().keep):
        ids = [apart.bring("ok", name="before")]
        wait_until(lambda: apart.done() == 1, seconds=40)
        own_redis.stop()
        back_at = time.monotonic() + seconds
        ids += [apart.bring("ok", name=f"{number}") for number in range(3)]
        assert status(apart.store).total.pending == 3
        time.sleep(max(0.0, back_at - time.monotonic()))
        own_redis.start()
        wait_until(lambda: settled(apart, 4), seconds=90)
    check_all_done_once(apart, ids)


def test_a_redis_that_comes_back_without_its_memory_costs_nothing_but_time(apart: Province, own_redis: OwnRedis) -> None:
    ids = [apart.bring("ok", "ok", name=f"{number}") for number in range(10)]
    with apart.crew(processes=1, keep=apart.keeper().keep):
        wait_until(lambda: apart.done() >= 2, seconds=40)
        own_redis.stop()
        own_redis.forget()
        own_redis.start()
        wait_until(lambda: settled(apart, 10), seconds=90)
    check_all_done_once(apart, ids)


def test_a_retry_that_is_lost_with_the_broker_is_made_up_for(apart: Province, own_redis: OwnRedis, tmp_path: Path) -> None:
    """The disk is full at the very moment at which nobody can be told: the worker leaves, and its message with it."""
    record_id = apart.bring(f"once:disk-full:{tmp_path}/full", name="a")
    own_redis.stop()
    own_redis.forget()
    own_redis.start()
    with apart.crew(processes=1, keep=apart.keeper().keep):
        wait_until((tmp_path / "full").exists, seconds=60)
        own_redis.stop()
        own_redis.forget()
        own_redis.start()
        wait_until(lambda: settled(apart, 1), seconds=90)
    assert {end.outcome for end in apart.history(record_id).ended.values()} == {Outcome.GIVEN_BACK}


def test_who_is_frozen_and_taken_for_dead_finds_the_work_done_and_says_nothing(province: Province, tmp_path: Path) -> None:
    """Both read the record; the first result stands, and the other one leaves no trace."""
    record_id = province.bring("slow", name="a")
    with province.crew(processes=2, keep=province.keeper().keep):
        wait_until(province.reading_has_begun, seconds=40)
        (began,) = province.history(record_id).started.values()
        frozen = next(one for one in worker_processes() if any(began.owner in folder_of(child) for child in one.children()))
        below = frozen.children(recursive=True)
        for process in (frozen, *below):
            process.send_signal(signal.SIGSTOP)
        wait_until(lambda: province.done() == 1, seconds=60)
        time.sleep(2 * HEARTBEAT_SECONDS)
        for process in (frozen, *below):
            process.send_signal(signal.SIGCONT)
        wait_until(lambda: settled(province, 1), seconds=60)
        time.sleep(4)  # the one that was frozen comes to its end
    check_all_done_once(province, [record_id])
    assert len(province.history(record_id).started) == 2


def test_a_message_that_waits_for_its_time_keeps_nobody_from_its_signs_of_life(province: Province) -> None:
    """With one message ahead in the queue of delayed ones too, a long record would be started again and again."""
    waiting, long = province.bring("ok", name="waiting"), province.bring("slow", "slow", "slow", name="long")
    province.emptied_queue()
    broker = open_broker(province.told.broker_url)
    broker.declare_queue(BULK)
    for record_id, delay in ((waiting, 25_000), (long, None)):
        message: Message[None] = Message(queue_name=BULK, actor_name=ACTORS[BULK], args=(record_id, 1), kwargs={}, options={})
        broker.enqueue(message, delay=delay)
    with province.crew(processes=2):
        wait_until(lambda: province.done() == 1, seconds=60)
    broker.close()
    assert len(province.history(long).started) == 1
    assert list(province.history(waiting).started) == []


@pytest.mark.parametrize("count", [40, pytest.param(2000, marks=[pytest.mark.slow_servers, pytest.mark.timeout(900)])])
def test_something_urgent_is_begun_before_all_but_what_is_in_hand_already(province: Province, count: int) -> None:
    """However many wait: no more than what two workers are at, and have ahead of them."""
    bulk = [province.bring("ok", name=f"{number}") for number in range(count)]
    keeper = province.keeper()
    with province.crew(processes=2, keep=keeper.keep):
        wait_until(lambda: province.done() >= 4, seconds=60)
        urgent = province.bring("ok", name="urgent", urgent=True)
        arrived = province.told.now_there()
        wait_until(lambda: bool(province.history(urgent).started), seconds=60)
        began = began_at(province, urgent)
        started = [began_at(province, record_id) for record_id in bulk if province.history(record_id).started]
    assert sum(arrived < at < began for at in started) <= 4


def test_a_small_unit_is_served_while_a_large_one_still_waits(province: Province) -> None:
    for number in range(60):
        province.bring("ok", name=f"large-{number}", unit="lon")
    with province.crew(processes=2, keep=province.keeper().keep):
        wait_until(lambda: province.done() >= 3, seconds=60)
        small = [province.bring("ok", name=f"small-{number}", unit="nho") for number in range(5)]
        wait_until(lambda: {*small} <= {records.parse_generation_key(key).record_id for key in province.results()}, seconds=60)
        left = sum(one.unit == "lon" for one in everything(province.store))
    assert left >= 5


def test_lanes_are_told_apart_where_people_look(province: Province) -> None:
    province.bring("ok", name="bulk")
    province.bring("ok", name="urgent", urgent=True)
    assert (province.custody.queue.waiting(BULK), province.custody.queue.waiting(INTERACTIVE)) == (1, 1)
