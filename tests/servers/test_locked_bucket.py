"""A bucket that keeps versions and locks them: everything works as ever, and what is done behind our back destroys nothing."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from minio import Minio
from minio.commonconfig import COMPLIANCE, ENABLED, GOVERNANCE
from minio.deleteobjects import DeleteObject
from minio.error import S3Error
from minio.objectlockconfig import DAYS, ObjectLockConfig
from minio.versioningconfig import VersioningConfig

from pipeline.adapters.minio_connection import S3Place
from pipeline.adapters.minio_store import MinioStore, create_minio_store
from pipeline.custody import records
from pipeline.custody.lookup import manifest_of
from pipeline.custody.presence import is_present, show_presence
from tests.cli.command import blank_scan, sohoa
from tests.contracts.store_contract import StoreContract
from tests.servers.conftest import Access
from tests.servers.test_minio_store import client, emptied, new_place

Attempt = Callable[[Minio, str, str, str], None]
"""Server, bucket, key and version of an original that somebody wants to get rid of, with the very account that sohoa uses."""


def locked_bucket(access: Access, mode: str = "") -> S3Place:
    """`mode`: of the lock that each version gets by itself for a day."""
    place = new_place(access)
    server = client(access)
    server.make_bucket(bucket_name=place.bucket, object_lock=True)
    if mode:
        server.set_object_lock_config(bucket_name=place.bucket, config=ObjectLockConfig(mode, 1, DAYS))
    return place


@pytest.fixture
def place(minio_access: Access) -> Iterator[S3Place]:
    place = locked_bucket(minio_access, GOVERNANCE)
    yield place
    emptied(minio_access, place.bucket, locked=True)


class TestOnLockedBucket(StoreContract):
    """What is removed is only marked as removed; the promises are the same."""

    @pytest.fixture
    def store(self, place: S3Place) -> MinioStore:
        create_minio_store(place)
        return MinioStore(place)


@pytest.mark.slow_servers
class TestOnLockedBucketOfSeaweedfs(StoreContract):
    @pytest.fixture
    def store(self, seaweedfs_access: Access) -> Iterator[MinioStore]:
        place = locked_bucket(seaweedfs_access, GOVERNANCE)
        create_minio_store(place)
        yield MinioStore(place)
        emptied(seaweedfs_access, place.bucket, locked=True)


def test_signs_of_life_come_and_go_under_a_lock(place: S3Place) -> None:
    create_minio_store(place)
    store = MinioStore(place)
    now = datetime(2026, 11, 27, tzinfo=UTC)
    for seconds in range(0, 60, 20):
        show_presence(store, now + timedelta(seconds=seconds), "me")
    assert len(list(store.list_after("present/"))) == 1
    assert is_present(store, now + timedelta(seconds=60), "me")
    assert not is_present(store, now + timedelta(seconds=600), "me")


# --- a home under a lock ------------------------------------------------------------------------------------------------------


def at_work_in(place: S3Place, machine: Path, environment: pytest.MonkeyPatch) -> None:
    """The settings of a home in this bucket."""
    for name, value in {
        "HOME": str(machine),
        "S3_ENDPOINT": place.endpoint,
        "S3_BUCKET": place.bucket,
        "S3_ACCESS_KEY": place.access_key,
        "S3_SECRET_KEY": place.secret_key,
        "S3_SECURE": "false",
        "MIN_FREE_DISK_MB": "1",
    }.items():
        environment.setenv(f"SOHOA_{name}", value)


def test_the_whole_journey_and_all_upkeep_under_a_lock(place: S3Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_work_in(place, tmp_path / "machine", monkeypatch)
    scan = blank_scan(tmp_path / "a.png")
    _codes("init")
    [taken] = sohoa("ingest", scan, "--batch", "b", "--json").json["files"]
    assert _codes("work", "--once") == 0
    sohoa("ingest", scan, "--batch", "again")
    assert [_codes(command) for command in ("reconcile", "reindex", "fixity", "status")] == [0, 0, 0, 0]
    assert _codes("reread", str(taken["record_id"])) == _codes("work", "--once") == 0
    assert _codes("backup", str(tmp_path / "copy")) == 0
    assert sohoa("search", "--json").json["total"] == 1
    (tmp_path / "folder.env").write_text(f"SOHOA_HOME={tmp_path / 'folder'}\nSOHOA_MIN_FREE_DISK_MB=1\n")
    assert _codes("migrate", "--to", str(tmp_path / "folder.env")) == 0


PURGE = ("--by", "Nguyễn Văn An", "--and-by", "Trần Thị Bình", "--why", "tài liệu mật nộp nhầm")


def handed_over_and_read(tmp_path: Path) -> str:
    _codes("init")
    [taken] = sohoa("ingest", blank_scan(tmp_path / "a.png"), "--json").json["files"]
    _codes("work", "--once")
    return str(taken["record_id"])


def test_a_purge_under_a_lock_hides_everything_and_says_what_is_kept_and_until_when(
    place: S3Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, minio_access: Access
) -> None:
    at_work_in(place, tmp_path / "machine", monkeypatch)
    record_id = handed_over_and_read(tmp_path)
    for _ in range(2):  # the same command again changes nothing while the lock lasts
        purged = sohoa("purge", record_id, *PURGE)
        assert (purged.code, purged.complaints) == (3, {record_id: "PURGE_INCOMPLETE"})
        assert f"khóa đến {(datetime.now(UTC) + timedelta(days=1)):%d/%m/%Y}" in purged.err
    assert list(MinioStore(place).list_after(records.ORIGINALS)) == []
    assert [_codes("fixity"), _codes("status"), _codes("reconcile")] == [0, 0, 0]
    assert sohoa("status", "--json").json["purged"] == 1
    assert versions_below(minio_access, place, records.ORIGINALS) != []


def test_a_purge_in_a_bucket_that_only_keeps_versions_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, minio_access: Access
) -> None:
    place = new_place(minio_access)
    server = client(minio_access)
    server.make_bucket(bucket_name=place.bucket)
    server.set_bucket_versioning(bucket_name=place.bucket, config=VersioningConfig(ENABLED))
    at_work_in(place, tmp_path / "machine", monkeypatch)
    record_id = handed_over_and_read(tmp_path)
    assert sohoa("open", record_id).code == 0
    assert _codes("purge", record_id, *PURGE) == 0
    kinds = (records.ORIGINALS, records.FILES, records.RESULTS, records.MANIFESTS, records.CONTENT)
    assert [key for kind in kinds for key in versions_below(minio_access, place, kind)] == []
    assert [path for path in (tmp_path / "machine" / "opened").rglob("*") if path.is_file()] == []
    emptied(minio_access, place.bucket)


def versions_below(access: Access, place: S3Place, prefix: str) -> list[str]:
    """Keys of all versions with bytes."""
    found = client(access).list_objects(bucket_name=place.bucket, prefix=prefix, recursive=True, include_version=True)
    return [one.object_name or "" for one in found if not one.is_delete_marker]


def _codes(*arguments: str) -> int:
    answer = sohoa(*arguments)
    assert answer.code == 0, answer.err
    return answer.code


def _delete(server: Minio, bucket: str, key: str, version: str) -> None:
    server.remove_object(bucket_name=bucket, object_name=key)


def _overwrite(server: Minio, bucket: str, key: str, version: str) -> None:
    server.put_object(bucket_name=bucket, object_name=key, data=io.BytesIO(b"another"), length=7)


def _destroy(server: Minio, bucket: str, key: str, version: str) -> None:
    with pytest.raises(S3Error):
        server.remove_object(bucket_name=bucket, object_name=key, version_id=version)


def _destroy_with_others(server: Minio, bucket: str, key: str, version: str) -> None:
    assert list(server.remove_objects(bucket_name=bucket, delete_object_list=[DeleteObject(key, version)]))


@pytest.mark.parametrize("mode", [GOVERNANCE, COMPLIANCE, "legal hold"])
@pytest.mark.parametrize(
    ("attempt", "alarm"),
    [(_delete, "MISSING"), (_overwrite, "CHANGED"), (_destroy, None), (_destroy_with_others, None)],
)
def test_an_original_under_a_lock_outlives_whoever_wants_it_gone_and_fixity_tells_of_it(
    mode: str,
    attempt: Attempt,
    alarm: str | None,
    minio_access: Access,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is locked by COMPLIANCE stays until a day has passed, or this server's data is thrown away."""
    place = locked_bucket(minio_access, "" if mode == "legal hold" else mode)
    at_work_in(place, tmp_path / "machine", monkeypatch)
    scan = blank_scan(tmp_path / "a.png")
    _codes("init")
    [taken] = sohoa("ingest", scan, "--json").json["files"]
    server, key = client(minio_access), records.original_key(manifest_of(MinioStore(place), taken["record_id"]).original.sha256)
    if mode == "legal hold":
        server.enable_object_legal_hold(bucket_name=place.bucket, object_name=key)
    version = server.stat_object(bucket_name=place.bucket, object_name=key).version_id
    assert version

    attempt(server, place.bucket, key, version)

    kept = server.get_object(bucket_name=place.bucket, object_name=key, version_id=version)
    assert kept.read() == scan.read_bytes()
    kept.close()
    kept.release_conn()
    checked = sohoa("fixity")
    assert checked.complaints == ({} if alarm is None else {f"{taken['record_id']} {key}": alarm})
    assert ("Hỏng trong kho" in sohoa("show", taken["record_id"]).out) == (alarm is not None)
    if mode == GOVERNANCE:
        emptied(minio_access, place.bucket, locked=True)


# --- what doctor says ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "told"),
    [
        pytest.param("plain", "không giữ phiên bản: tệp bị xóa", id="plain"),
        pytest.param("versions", "không khóa đối tượng", id="versions"),
        pytest.param("locks", "có bật khóa đối tượng, không có thời hạn mặc định", id="locks"),
        pytest.param(GOVERNANCE, "khóa GOVERNANCE 1 ngày", id="governance"),
    ],
)
def test_doctor_says_what_the_bucket_keeps(
    made: str, told: str, minio_access: Access, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if made in ("plain", "versions"):
        place = new_place(minio_access)
        create_minio_store(place)
    else:
        place = locked_bucket(minio_access, made if made == GOVERNANCE else "")
    if made == "versions":
        client(minio_access).set_bucket_versioning(bucket_name=place.bucket, config=VersioningConfig(ENABLED))
    at_work_in(place, tmp_path / "machine", monkeypatch)
    sohoa("init")
    [check] = [check for check in sohoa("doctor", "--json").json["checks"] if check["name"] == "protection"]
    assert check["health"] == "good"
    assert told in check["detail"]
    emptied(minio_access, place.bucket, locked=True)
