"""The real command takes what lies in a bucket, into a store beside it or into a folder, and may be killed at it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from minio import MinioAdmin
from minio.credentials.providers import StaticProvider
from minio.error import S3Error
from minio.versioningconfig import SUSPENDED, VersioningConfig

from tests.cli.command import blank_scan, sohoa, start_sohoa
from tests.cli.killed import POINTS
from tests.cli.test_killed import CODES, ended_at
from tests.programs import wait_until
from tests.servers.conftest import Access
from tests.servers.test_minio_incoming import BucketDropper
from tests.servers.test_minio_store import client, emptied


@dataclass(frozen=True, slots=True)
class Setup:
    access: Access
    bucket: str
    dropper: BucketDropper


@pytest.fixture
def setup(minio_access: Access, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Setup]:
    """A home on a folder of this machine, and a bucket in which others drop files; nothing made yet."""
    bucket = f"test-in-{uuid4().hex[:12]}"
    (tmp_path / "secret").write_text(minio_access.secret_key)
    for variable, value in {
        "HOME": str(tmp_path / "home"),
        "MIN_FREE_DISK_MB": "1",
        "INCOMING_BUCKET": bucket,
        "INCOMING_ENDPOINT": minio_access.endpoint,
        "S3_ACCESS_KEY": minio_access.access_key,
        "S3_SECRET_KEY_FILE": str(tmp_path / "secret"),
        "S3_SECURE": "false",
    }.items():
        monkeypatch.setenv(f"SOHOA_{variable}", value)
    yield Setup(minio_access, bucket, BucketDropper(client(minio_access), bucket))
    if client(minio_access).bucket_exists(bucket_name=bucket):
        emptied(minio_access, bucket)


def drop_batch(setup: Setup, tmp_path: Path) -> None:
    """Three scans, two of them the same, one that is none, and their number."""
    for name, shade in (("1.png", 250), ("2 +%.png", 251), ("3.png", 251)):
        setup.dropper.drop(f"incoming/xa-a/Đợt 1/{name}", blank_scan(tmp_path / name, shade).read_bytes())
    setup.dropper.drop("incoming/xa-a/Đợt 1/4.pdf", b"<html>")
    setup.dropper.drop("incoming/xa-a/Đợt 1/batch.json", b'{"declared": 4}')


def assert_taken(setup: Setup) -> None:
    found = sohoa("status", "--json").json
    assert {term: found[term] for term in ("received", "pending", "rejected")} == {"received": 4, "pending": 3, "rejected": 1}
    (line,) = found["by_batch"]
    assert (line["unit"], line["batch"], line["declared"]) == ("xa-a", "Đợt 1", 4)
    assert setup.dropper.seen() == ["refused/xa-a/Đợt 1/4.pdf", "refused/xa-a/Đợt 1/4.pdf.why.json"]


def test_from_a_bucket_into_a_folder(setup: Setup, tmp_path: Path) -> None:
    assert f"s3://{setup.bucket}/incoming/" in sohoa("init").out
    drop_batch(setup, tmp_path)
    told = sohoa("collect", "--json")
    assert told.code == 3, told.err
    assert (told.json["received"], told.json["already"], told.json["rejected"], told.json["closed"]) == (2, 1, 1, 1)
    assert_taken(setup)


def test_from_a_bucket_into_the_store_beside_it(setup: Setup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = f"test-{uuid4().hex[:12]}"
    monkeypatch.delenv("SOHOA_INCOMING_ENDPOINT")
    monkeypatch.setenv("SOHOA_S3_ENDPOINT", setup.access.endpoint)
    monkeypatch.setenv("SOHOA_S3_BUCKET", store)
    assert sohoa("init").code == 0
    drop_batch(setup, tmp_path)
    assert sohoa("collect").complaints == {"incoming/xa-a/Đợt 1/4.pdf": "UNKNOWN_TYPE"}
    assert_taken(setup)
    emptied(setup.access, store)


def test_the_bucket_of_the_store_is_refused(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOHOA_S3_ENDPOINT", setup.access.endpoint)
    monkeypatch.setenv("SOHOA_S3_BUCKET", setup.bucket)
    assert sohoa("init").complaints == {"sohoa": "BAD_SETTING"}


def test_init_has_the_bucket_keep_versions_and_doctor_tells_when_it_does_not(setup: Setup, minio_access: Access) -> None:
    client(minio_access).make_bucket(bucket_name=setup.bucket)
    assert "không giữ các phiên bản" not in sohoa("init").out
    assert incoming_check()["health"] == "good"
    setup.dropper.server.set_bucket_versioning(bucket_name=setup.bucket, config=VersioningConfig(SUSPENDED))
    assert incoming_check()["health"] == "warning"
    assert "không giữ các phiên bản" in incoming_check()["detail"]


def incoming_check() -> dict[str, str]:
    (found,) = [one for one in sohoa("doctor", "--json").json["checks"] if one["name"] == "incoming"]
    return dict(found)


def test_the_bucket_announces_to_the_target_that_is_set(setup: Setup, events_arn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOHOA_INCOMING_EVENTS_ARN", events_arn)
    assert sohoa("init").code == 0
    (told,) = setup.dropper.server.get_bucket_notification(bucket_name=setup.bucket).queue_config_list
    assert told.queue == events_arn
    monkeypatch.setenv("SOHOA_INCOMING_EVENTS_ARN", "arn:minio:sqs::NOBODY:webhook")
    refused = sohoa("init")
    assert (refused.code, refused.complaints) == (2, {"sohoa": "BAD_SETTING"})


@pytest.mark.parametrize("point", [name for name, point in POINTS.items() if point.command == "collect"])
def test_a_taker_that_is_killed_anywhere_leaves_one_arrival_and_loses_nothing(point: str, setup: Setup, tmp_path: Path) -> None:
    sohoa("init")
    drop_batch(setup, tmp_path)
    kill = next(number for number in CODES if number.name == "SIGKILL")
    code, complaints = ended_at(point, kill, "collect")
    assert code == CODES[kill], complaints
    sohoa("collect")
    assert_taken(setup)
    assert sohoa("fixity").code == 0


def test_a_token_without_a_bucket_opens_no_door(setup: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    sohoa("init")
    monkeypatch.setenv("SOHOA_INCOMING_TOKEN", "a-long-secret")
    monkeypatch.delenv("SOHOA_INCOMING_BUCKET")
    assert sohoa("serve").complaints == {"sohoa": "BAD_SETTING"}


def test_work_takes_what_was_dropped_and_reads_it(setup: Setup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOHOA_RECONCILE_SECONDS", "1")
    sohoa("init")
    with start_sohoa("work", "--jobs", "1", cwd=tmp_path) as program:
        drop_batch(setup, tmp_path)
        wait_until(lambda: sohoa("status", "--json").json["done"] == 3 or program.poll() is not None, 100)
        program.terminate()
        _, complaints = program.communicate(timeout=60)
    found = sohoa("status", "--json").json
    assert {term: found[term] for term in ("received", "done", "rejected")} == {"received": 4, "done": 3, "rejected": 1}
    assert "incoming/xa-a/Đợt 1/4.pdf: UNKNOWN_TYPE: " in complaints


@pytest.fixture
def policy(setup: Setup) -> dict[str, Any]:
    """As docs/deploy.md has it, for this bucket."""
    page = (Path(__file__).parents[2] / "docs" / "deploy.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```json\n(.*?)```", page.split("## Straight from the bucket")[1], re.DOTALL)
    found: dict[str, Any] = json.loads(text.replace("arn:aws:s3:::scans", f"arn:aws:s3:::{setup.bucket}"))
    return found


@pytest.fixture
def scanner(setup: Setup, policy: dict[str, Any]) -> Iterator[BucketDropper]:
    """Somebody who has no other keys than those of the document."""
    name = f"scanner-{uuid4().hex[:8]}"
    credentials = StaticProvider(setup.access.access_key, setup.access.secret_key)
    admin = MinioAdmin(endpoint=setup.access.endpoint, credentials=credentials, secure=False)
    admin.user_add(name, "scanner-secret")
    admin.policy_add(name, policy=policy)
    admin.policy_set(name, user=name)
    yield BucketDropper(client(Access(setup.access.endpoint, name, "scanner-secret")), setup.bucket)
    admin.user_remove(name)
    admin.policy_remove(name)


def test_the_keys_of_a_scanner_open_its_own_folder_and_nothing_else(setup: Setup, scanner: BucketDropper, tmp_path: Path) -> None:
    sohoa("init")
    scanner.drop("incoming/xa-a/Đợt 1/1.png", blank_scan(tmp_path / "1.png").read_bytes())
    scanner.drop("incoming/xa-a/Đợt 1/large.pdf", b"<html>" + bytes(12_000_000))
    assert sohoa("collect").code == 3
    assert b"UNKNOWN_TYPE" in (scanner.content("refused/xa-a/Đợt 1/large.pdf.why.json") or b"")
    listed = scanner.server.list_objects(bucket_name=setup.bucket, prefix="refused/xa-a/", recursive=True)
    assert len(list(listed)) == 2
    setup.dropper.drop("incoming/xa-b/b/theirs.png", b"theirs")
    for forbidden in (
        lambda: scanner.drop("incoming/xa-b/b/1.png", b"1"),
        lambda: scanner.drop("refused/xa-a/b/1.png", b"1"),
        lambda: scanner.content("incoming/xa-b/b/theirs.png"),
        lambda: scanner.seen(),
        lambda: list(scanner.server.list_objects(bucket_name=setup.bucket, prefix="incoming/xa-b/")),
        lambda: scanner.server.remove_object(bucket_name=setup.bucket, object_name="incoming/xa-a/Đợt 1/1.png"),
    ):
        with pytest.raises(S3Error, match="AccessDenied"):
            forbidden()
