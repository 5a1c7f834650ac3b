"""The store on real S3 servers, and on bad lines to them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from minio import Minio
from minio.commonconfig import ENABLED
from minio.credentials.providers import StaticProvider
from minio.minioadmin import MinioAdmin
from minio.versioningconfig import SUSPENDED, VersioningConfig

from pipeline.adapters.minio_connection import S3Place
from pipeline.adapters.minio_store import MinioStore, create_minio_store
from pipeline.errors import BadSetting, DiskFull, HomeMissing, HomeTooNew, KeyExists, StoreRefused, StoreUnavailable, StoreUnsafe
from pipeline.ports import Kept
from tests.contracts.store_contract import BIG, StoreContract
from tests.servers.buckets import emptied_bucket
from tests.servers.conftest import Access
from tests.servers.s3_doubles import FOR_EVER, bad_line


def client(access: Access) -> Minio:
    return Minio(
        endpoint=access.endpoint, access_key=access.access_key, secret_key=access.secret_key, secure=False, region="us-east-1"
    )


def new_place(access: Access) -> S3Place:
    return S3Place(access.endpoint, f"test-{uuid4().hex[:12]}", access.access_key, access.secret_key)


def emptied(access: Access, bucket: str, *, locked: bool = False) -> None:
    """Take a bucket away with all versions of what is in it. `locked`: by GOVERNANCE, which the one who owns the server lifts."""
    emptied_bucket(S3Place(access.endpoint, bucket, access.access_key, access.secret_key), locked=locked)


@pytest.fixture
def place(minio_access: Access) -> Iterator[S3Place]:
    place = new_place(minio_access)
    create_minio_store(place)
    yield place
    emptied(minio_access, place.bucket)


class TestOnMinio(StoreContract):
    @pytest.fixture
    def store(self, place: S3Place) -> MinioStore:
        return MinioStore(place)


@pytest.mark.slow_servers
class TestOnSeaweedfs(StoreContract):
    @pytest.fixture
    def store(self, seaweedfs_access: Access) -> Iterator[MinioStore]:
        place = new_place(seaweedfs_access)
        create_minio_store(place)
        yield MinioStore(place)
        emptied(seaweedfs_access, place.bucket)


class TestOnVersionedBucket(StoreContract):
    """What is removed becomes an older version; the promises are the same."""

    @pytest.fixture
    def store(self, minio_access: Access) -> Iterator[MinioStore]:
        place = new_place(minio_access)
        client(minio_access).make_bucket(bucket_name=place.bucket)
        client(minio_access).set_bucket_versioning(bucket_name=place.bucket, config=VersioningConfig(ENABLED))
        create_minio_store(place)
        yield MinioStore(place)
        emptied(minio_access, place.bucket)


# --- opening ------------------------------------------------------------------------------------------------------------------


def test_making_a_store_twice_changes_nothing(place: S3Place) -> None:
    MinioStore(place).put_new("a", b"1")
    create_minio_store(place)
    assert MinioStore(place).get("a") == b"1"


def test_a_bucket_that_is_not_there_or_is_no_store_is_no_home(minio_access: Access) -> None:
    place = new_place(minio_access)
    with pytest.raises(HomeMissing):
        MinioStore(place)
    client(minio_access).make_bucket(bucket_name=place.bucket)
    with pytest.raises(HomeMissing):
        MinioStore(place)
    emptied(minio_access, place.bucket)


def test_a_bucket_that_is_gone_is_never_a_missing_object(minio_access: Access) -> None:
    place = new_place(minio_access)
    create_minio_store(place)
    store = MinioStore(place)
    emptied(minio_access, place.bucket)
    with pytest.raises(HomeMissing):
        store.get("a")
    with pytest.raises(HomeMissing):
        list(store.list_after(""))


def test_a_full_store_can_be_read_and_takes_again_when_there_is_room(place: S3Place, minio_access: Access) -> None:
    MinioStore(place).put_new("a", b"1")
    limit = MinioAdmin(
        endpoint=place.endpoint, credentials=StaticProvider(place.access_key, place.secret_key), region=place.region, secure=False
    )
    limit.bucket_quota_set(place.bucket, 1)
    store = MinioStore(place)
    assert (store.get("a"), list(store.list_after(""))) == (b"1", ["a"])
    with pytest.raises(DiskFull):
        store.put_new("b", b"two")
    limit.bucket_quota_clear(place.bucket)
    store.put_new("b", b"two")
    assert MinioStore(place).get("b") == b"two"


def test_a_layout_of_another_version_is_left_alone(place: S3Place, minio_access: Access) -> None:
    server = client(minio_access)
    later = b"sohoa store 9\n"
    server._put_object(place.bucket, ".format", later)
    with pytest.raises(HomeTooNew, match="9"):
        MinioStore(place)


def test_wrong_keys_are_told_without_telling_the_secret(place: S3Place) -> None:
    with pytest.raises(StoreRefused) as refused:
        MinioStore(replace(place, secret_key="hush-hush-hush"))
    assert "hush" not in str(refused.value)
    assert "hush" not in repr(replace(place, secret_key="hush-hush-hush"))


def test_an_address_that_is_none_is_a_bad_setting(place: S3Place) -> None:
    with pytest.raises(BadSetting, match="SOHOA_S3_ENDPOINT"):
        MinioStore(replace(place, endpoint="http://with/path"))


def test_a_server_that_is_down_is_told_soon(place: S3Place) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens there
        with pytest.raises(StoreUnavailable):
            MinioStore(replace(place, endpoint=f"127.0.0.1:{taken.getsockname()[1]}"))


def test_a_server_that_ignores_conditions_is_refused(place: S3Place) -> None:
    with bad_line(place.endpoint, "ignores-conditions", times=1000) as (endpoint, _):
        with pytest.raises(StoreUnsafe):
            MinioStore(replace(place, endpoint=endpoint))
        with pytest.raises(StoreUnsafe):
            create_minio_store(replace(place, endpoint=endpoint))


# --- bad lines ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["cut-get", "flip-get", "busy"])
def test_a_fault_that_passes_is_got_over(place: S3Place, fault: str) -> None:
    with bad_line(place.endpoint, fault, times=0) as (endpoint, line):
        store = MinioStore(replace(place, endpoint=endpoint))
        store.put_new("a", b"0123456789")
        line.times = 2
        assert store.get("a") == b"0123456789"
        assert line.times == 0


@pytest.mark.parametrize("fault", ["cut-get", "busy"])
def test_a_fault_that_stays_is_told_and_nothing_half_is_given(place: S3Place, fault: str) -> None:
    with bad_line(place.endpoint, fault, times=0) as (endpoint, line):
        store = MinioStore(replace(place, endpoint=endpoint))
        store.put_new("a", b"0123456789")
        line.times = 1000
        with pytest.raises(StoreUnavailable):
            store.get("a")


def test_a_stream_that_is_cut_off_says_so(place: S3Place) -> None:
    with bad_line(place.endpoint, "cut-get", times=0) as (endpoint, line):
        store = MinioStore(replace(place, endpoint=endpoint))
        store.put_new("a", BIG)
        line.times = 1000
        with store.open("a") as stream, pytest.raises(StoreUnavailable):
            stream.read()


def test_a_server_that_falls_silent_is_asked_again_soon(place: S3Place) -> None:
    with bad_line(place.endpoint, "silent", times=0) as (endpoint, line):
        store = MinioStore(replace(place, endpoint=endpoint, read_seconds=0.5))
        for silences in (1, 2):
            line.times = silences
            store.put_new(f"a{silences}", b"0123456789")
            line.times = silences
            assert store.get(f"a{silences}") == b"0123456789"
        line.times = 1000
        with pytest.raises(StoreUnavailable):
            store.get("a1")
        line.times = 0
        assert list(store.list_after("a")) == ["a1", "a2"]


def test_a_put_whose_answer_was_lost_has_put(place: S3Place) -> None:
    with bad_line(place.endpoint, "lost-answer", times=0) as (endpoint, line):
        store = MinioStore(replace(place, endpoint=endpoint))
        line.times = 1
        store.put_new("a", b"mine")
        assert line.methods[-3:] == ["PUT", "PUT", "HEAD"]
    assert MinioStore(place).get("a") == b"mine"


def test_a_put_whose_answer_was_lost_does_not_take_anothers_object_for_its_own(place: S3Place) -> None:
    MinioStore(place).put_new("a", b"theirs")
    with bad_line(place.endpoint, "lost-answer", times=0) as (endpoint, line):
        store = MinioStore(replace(place, endpoint=endpoint))
        line.times = 1
        with pytest.raises(KeyExists):
            store.put_new("a", b"mine")
    assert MinioStore(place).get("a") == b"theirs"


def test_a_large_file_is_never_held_in_memory(place: S3Place, tmp_path: Path) -> None:
    scan = tmp_path / "scan"
    with scan.open("wb") as file:
        file.truncate(300_000_000)
    store = MinioStore(place)
    highest: list[int] = []
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.01):
            highest.append(_resident())

    before = _resident()
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    store.put_new("scan", scan)
    with store.open("scan") as stream:
        size = sum(len(chunk) for chunk in iter(lambda: stream.read(1 << 20), b""))
    done.set()
    watcher.join()
    assert size == 300_000_000
    assert max(highest) - before < 50_000_000


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def test_a_listing_longer_than_one_answer_of_the_server_is_whole(place: S3Place) -> None:
    store = MinioStore(place)
    keys = [f"n/{number:05d}" for number in range(1100)]
    for key in keys:
        with suppress(KeyExists):
            store.put_new(key, b"")
    with bad_line(place.endpoint, "busy", times=0) as (endpoint, line):
        through = MinioStore(replace(place, endpoint=endpoint))
        line.times = 1
        assert list(through.list_after("n/")) == keys
        assert list(through.list_after("n/", keys[999])) == keys[1000:]


# --- erasing ------------------------------------------------------------------------------------------------------------------


def test_an_account_that_may_not_ask_for_versions_is_told_each_time_that_some_may_be_kept(
    place: S3Place, minio_access: Access
) -> None:
    with bad_line(place.endpoint, "denied", FOR_EVER, under="versions=") as (endpoint, _):
        store = MinioStore(replace(place, endpoint=endpoint))
        store.put_new("a/b", b"1")
        assert store.erase("a/") == []
        client(minio_access).set_bucket_versioning(bucket_name=place.bucket, config=VersioningConfig(ENABLED))
        store.put_new("a/b", b"1")
        for _ in range(2):
            assert store.erase("a/") == [Kept("a/", None)]
            assert list(store.list_after("a/")) == []
    assert MinioStore(place).erase("a/") == []


def test_versions_of_a_time_when_the_bucket_kept_them_are_erased_too(place: S3Place, minio_access: Access) -> None:
    server, store = client(minio_access), MinioStore(place)
    server.set_bucket_versioning(bucket_name=place.bucket, config=VersioningConfig(ENABLED))
    store.put_new("a/b", b"1")
    store.remove("a/b")
    server.set_bucket_versioning(bucket_name=place.bucket, config=VersioningConfig(SUSPENDED))
    store.put_new("a/b", b"2")
    assert store.erase("a/") == []
    left = server.list_objects(bucket_name=place.bucket, prefix="a/", recursive=True, include_version=True)
    assert [one.object_name for one in left if not one.is_delete_marker] == []
