"""A home moves from one PC's folder into object store, broker and search cluster, and back; killed, cut off, and damaged on the way."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
import redis
from elasticsearch import Elasticsearch

from config.settings_file import settings_in
from config.wiring.home import store_there
from pipeline.adapters.directory_store import DirectoryStore
from pipeline.custody import records
from pipeline.custody.shapes import is_object
from pipeline.errors import HomeMissing, StoreUnavailable
from pipeline.ports import Store
from tests.bad_inputs import pdf_with_password
from tests.cli.command import blank_scan, sohoa, start_sohoa
from tests.programs import wait_until
from tests.servers.conftest import Access
from tests.servers.test_minio_store import client, emptied
from tools.servers.catalogue import minio
from tools.servers.running import stop

QUESTIONS = ("", "quyet dinh", "Quyết định", "uy ban", "2024", "ke hoach", "số 1")
DATABASE = 4
WAITING = 60
"""Records that nobody has read: what a small home needs to be killed in the middle of its move."""


@dataclass(frozen=True, slots=True)
class Sides:
    """Settings files of the folder and of the servers, and how to go to work at one of them."""

    folder: Path
    servers: Path
    go: Callable[[Path], None]

    def old_store(self) -> DirectoryStore:
        return DirectoryStore(settings_in(self.folder).home / "store")

    def new_store(self) -> Store:
        store = store_there(settings_in(self.servers))
        if store is None:
            raise HomeMissing
        return store

    def objects_there(self) -> int:
        """How many have come; 0 as long as there is nothing to ask."""
        try:
            store = store_there(settings_in(self.servers))
            return 0 if store is None else sum(map(is_object, store.list_after("")))
        except StoreUnavailable:
            return 0


@pytest.fixture(scope="module")
def read_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records in every state; made once, since reading takes its time."""
    base = tmp_path_factory.mktemp("office")
    assert sohoa("samples", base / "scans", "--count", "3", "--seed", "11", "--degrade", "none").code == 0
    (base / "scans" / "locked.pdf").write_bytes(pdf_with_password())
    (base / "scans" / "empty.pdf").write_bytes(b"")
    with pytest.MonkeyPatch.context() as environment:
        for name in [name for name in os.environ if name.startswith("SOHOA_") and not name.startswith("SOHOA_REQUIRE")]:
            environment.delenv(name)
        environment.setenv("SOHOA_HOME", str(base / "home"))
        environment.setenv("SOHOA_MIN_FREE_DISK_MB", "1")
        sohoa("init")
        sohoa("ingest", base / "scans", "--batch", "b")
        sohoa("work", "--once")
        waiting = [blank_scan(base / "more" / f"{number}.png", 100 + number) for number in range(WAITING)]
        sohoa("ingest", *waiting, "--batch", "c")
    return base / "home"


def _settings_of(access: Access, base: Path, name: str, others: dict[str, str]) -> str:
    (base / "secret").write_text(access.secret_key)
    told = {
        "HOME": str(base / "machine"),
        "S3_ENDPOINT": access.endpoint,
        "S3_BUCKET": name,
        "S3_ACCESS_KEY": access.access_key,
        "S3_SECRET_KEY_FILE": str(base / "secret"),
        "S3_SECURE": "false",
        "POLL_SECONDS": "0.2",
        "MIN_FREE_DISK_MB": "1",
        **others,
    }
    return "".join(f"SOHOA_{variable}={value}\n" for variable, value in told.items())


@pytest.fixture
def sides(read_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sides:
    """The old home in a folder of its own; the servers' settings are filled in by who knows them."""
    shutil.copytree(read_home, tmp_path / "old")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    (tmp_path / "folder.env").write_text(f"SOHOA_HOME={tmp_path / 'old'}\nSOHOA_MIN_FREE_DISK_MB=1\n")

    def go(settings: Path) -> None:
        for name in [name for name in os.environ if name.startswith("SOHOA_") and not name.startswith("SOHOA_REQUIRE")]:
            monkeypatch.delenv(name)
        for line in settings.read_text().splitlines():
            monkeypatch.setenv(*line.split("=", 1))

    go(tmp_path / "folder.env")
    return Sides(tmp_path / "folder.env", tmp_path / "servers.env", go)


@pytest.fixture
def province(sides: Sides, redis_url: str, elastic_url: str, minio_access: Access) -> Iterator[Sides]:
    """With all three servers."""
    broker_url = f"{redis_url.rsplit('/', 1)[0]}/{DATABASE}"
    broker = redis.Redis.from_url(broker_url)
    broker.flushdb()
    name = f"test-{uuid4().hex[:12]}"
    others = {"BROKER_URL": broker_url, "ELASTIC_URL": elastic_url, "ELASTIC_NAME": name}
    sides.servers.write_text(_settings_of(minio_access, sides.servers.parent, name, others))
    yield sides
    broker.close()
    emptied(minio_access, name)
    with Elasticsearch(elastic_url) as cluster:
        for index in cluster.indices.get(index=f"{name}*"):
            cluster.indices.delete(index=index)


def objects_in(store: Store) -> dict[str, bytes]:
    return {key: store.get(key) for key in store.list_after("") if is_object(key)}


def everything() -> tuple[object, dict[str, list[str]]]:
    """What the home in use says: all its counts, and the hits for some questions in their order."""
    hits = {question: [hit["record_id"] for hit in sohoa("search", question, "--json").json["hits"]] for question in QUESTIONS}
    return sohoa("status", "--json").json, hits


def test_into_the_servers_and_back_everything_is_what_it_was(province: Sides, tmp_path: Path) -> None:
    before, objects = everything(), objects_in(province.old_store())
    dry = sohoa("migrate", "--to", province.servers, "--dry-run", "--json").json
    assert (dry["objects"], dry["lacking"], dry["free_bytes"]) == (len(objects), len(objects), None)
    moved = sohoa("migrate", "--to", province.servers, "--verify", "--json")
    assert moved.code == 0, moved.err
    assert (moved.json["copied"], moved.json["records"], moved.json["pending"]) == (len(objects), 3, WAITING)
    assert sohoa("work", "--once").complaints == {"sohoa": "HOME_MOVED"}

    province.go(province.servers)
    assert everything() == before
    assert objects_in(province.new_store()) == objects, "no page was read again: tries, results, all are the same"
    assert sohoa("fixity").code == 0
    assert sohoa("ingest", blank_scan(tmp_path / "later.png", 20), "--batch", "d").code == 0
    before, objects = everything(), objects_in(province.new_store())

    back = sohoa("migrate", "--to", province.folder, "--json")
    assert back.code == 0, back.err
    assert sohoa("ingest", tmp_path / "later.png").complaints == {"sohoa": "HOME_MOVED"}
    province.go(province.folder)
    assert everything() == before
    assert objects_in(province.old_store()) == objects
    assert sohoa("fixity").code == 0


def test_killed_again_and_again_it_goes_on_and_what_was_there_is_not_sent_again(province: Sides, tmp_path: Path) -> None:
    before, objects = everything(), objects_in(province.old_store())
    chance = random.Random(7)
    there = 0
    for number in (signal.SIGKILL, signal.SIGINT, signal.SIGKILL, signal.SIGKILL):
        goal = there + chance.randrange(10, 70)
        with start_sohoa("migrate", "--to", province.servers, cwd=tmp_path) as program:
            wait_until(lambda goal=goal: province.objects_there() >= goal or program.poll() is not None, 60)  # type: ignore[misc]
            program.send_signal(number)
            complaints = program.communicate(timeout=60)[1]
        assert program.returncode == (130 if number == signal.SIGINT else -number), complaints
        before_that, there = there, province.objects_there()
        assert before_that < there < len(objects), "it was killed on the way, further on each time"
        assert ("sohoa: INTERRUPTED: " in complaints) == (number == signal.SIGINT)
        assert sohoa("work", "--once").complaints == {"sohoa": "HOME_MOVING"}
    ended = sohoa("migrate", "--to", province.servers, "--json")
    assert ended.code == 0, ended.err
    assert there - 50 <= ended.json["kept"]
    assert ended.json["copied"] + ended.json["kept"] == len(objects)
    province.go(province.servers)
    assert everything() == before
    assert objects_in(province.new_store()) == objects
    assert sohoa("fixity").code == 0


def test_an_object_that_was_changed_in_the_bucket_is_named_and_not_brought_back(
    province: Sides, minio_access: Access, tmp_path: Path
) -> None:
    assert sohoa("migrate", "--to", province.servers).code == 0
    objects = objects_in(province.old_store())
    bucket = settings_in(province.servers).s3_bucket
    changed = [
        next(key for key in objects if key.startswith(kind)) for kind in (records.ORIGINALS, records.FILES, records.RESULTS)
    ]
    for key in changed:
        content = bytearray(objects[key])
        content[len(content) // 2] ^= 1
        client(minio_access)._put_object(bucket, key, bytes(content))
    province.go(province.servers)
    back = sohoa("migrate", "--to", province.folder)
    assert back.code == 3
    assert {key: code for key, code in back.complaints.items() if is_object(key)} == dict.fromkeys(changed, "CHANGED")
    assert objects_in(province.old_store()) == objects, "the folder's own sound copies stay"


def test_a_store_that_is_away_for_some_seconds_is_waited_for(sides: Sides, minio_access: Access, tmp_path: Path) -> None:
    """`minio_access`: where a MinIO runs there is a program to start another with."""
    (tmp_path / "own").mkdir()
    told = minio(tmp_path / "own")
    try:
        own = Access(told["endpoint"], told["access_key"], told["secret_key"])
        sides.servers.write_text(_settings_of(own, tmp_path, "sohoa", {}))
        with start_sohoa("migrate", "--to", sides.servers, "--json", cwd=tmp_path) as program:
            wait_until(lambda: sides.objects_there() >= 20, 60)
            stop(tmp_path / "own", at_once=True)
            assert program.poll() is None
            minio(tmp_path / "own")
            out, complaints = program.communicate(timeout=120)
        assert program.returncode == 0, complaints
        assert json.loads(out)["copied"] == len(objects_in(sides.old_store()))
        assert objects_in(sides.new_store()) == objects_in(sides.old_store())
    finally:
        stop(tmp_path / "own")
