"""The store's own user for sohoa, on a real MinIO: it may do its work and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from minio.commonconfig import ENABLED
from minio.error import S3Error
from minio.versioningconfig import VersioningConfig

from deploy.make_keys import main
from pipeline.adapters.minio_connection import S3Place
from pipeline.adapters.minio_incoming import MinioIncoming, create_minio_incoming
from pipeline.adapters.minio_rules import BucketRules
from pipeline.adapters.minio_store import MinioStore, create_minio_store
from pipeline.adapters.s3_answers import Protection
from pipeline.errors import KeyExists, StoreRefused
from pipeline.ports import Kept
from tests.contracts.incoming_contract import BIG
from tests.servers.buckets import client_of
from tests.servers.conftest import Access
from tests.servers.test_minio_incoming import BucketDropper
from tests.servers.test_minio_store import client, emptied, new_place


@pytest.fixture
def place(minio_access: Access, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Place]:
    """A store of the limited user."""
    place = replace(new_place(minio_access), access_key=f"user-{uuid4().hex[:8]}", secret_key=uuid4().hex)
    admin = tmp_path / "admin"
    admin.write_text(f"MINIO_ROOT_USER={minio_access.access_key}\nMINIO_ROOT_PASSWORD={minio_access.secret_key}\n")
    for name, value in {
        "ENDPOINT": place.endpoint,
        "SECURE": "false",
        "BUCKET": place.bucket,
        "ACCESS_KEY": place.access_key,
        "SECRET_KEY": place.secret_key,
    }.items():
        monkeypatch.setenv(f"SOHOA_S3_{name}", value)
    monkeypatch.setenv("ADMIN_FILE", str(admin))
    for _ in range(2):  # the second time changes nothing
        main(["--store-admin", str(admin)])
    create_minio_store(place)
    yield place
    emptied(minio_access, place.bucket)


def test_the_user_may_do_all_that_a_store_needs(place: S3Place) -> None:
    store = MinioStore(place)
    store.put_new("a/b", b"1")
    with pytest.raises(KeyExists):
        store.put_new("a/b", b"2")
    assert (store.get("a/b"), list(store.list_after("a/"))) == (b"1", ["a/b"])
    store.remove("a/b")
    assert list(store.list_after("")) == []


def test_the_user_has_no_business_with_other_buckets(place: S3Place, minio_access: Access) -> None:
    other = new_place(minio_access)
    client(minio_access).make_bucket(bucket_name=other.bucket)
    theirs = replace(place, bucket=other.bucket)
    for trespass in (create_minio_store, MinioStore):
        with pytest.raises(StoreRefused):
            trespass(theirs)
    client(minio_access).remove_bucket(bucket_name=other.bucket)


def test_what_the_user_deletes_is_still_there_where_the_bucket_keeps_versions(place: S3Place, minio_access: Access) -> None:
    client(minio_access).set_bucket_versioning(bucket_name=place.bucket, config=VersioningConfig(ENABLED))
    MinioStore(place).put_new("a", b"1")
    user = client_of(place)
    user.remove_object(bucket_name=place.bucket, object_name="a")
    kept = client(minio_access).list_objects(bucket_name=place.bucket, prefix="a", include_version=True)
    [version] = [one.version_id for one in kept if not one.is_delete_marker]
    with pytest.raises(S3Error, match="AccessDenied"):
        user.remove_object(bucket_name=place.bucket, object_name="a", version_id=version)


def test_what_the_user_may_not_erase_is_hidden_and_told_each_time(place: S3Place, minio_access: Access) -> None:
    client(minio_access).set_bucket_versioning(bucket_name=place.bucket, config=VersioningConfig(ENABLED))
    store = MinioStore(place)
    store.put_new("a/b", b"1")
    for _ in range(2):
        assert store.erase("a/") == [Kept("a/b", None)]
        assert list(store.list_after("")) == []
    assert MinioStore(replace(place, access_key=minio_access.access_key, secret_key=minio_access.secret_key)).erase("a/") == []
    assert store.erase("a/") == []


def test_the_user_is_told_what_the_bucket_keeps(place: S3Place) -> None:
    assert BucketRules(place).protection() == Protection(versions=False, locks=False)


def test_the_user_cannot_take_the_whole_bucket_away(place: S3Place) -> None:
    with pytest.raises(S3Error, match="AccessDenied"):
        client_of(place).remove_bucket(bucket_name=place.bucket)


@pytest.fixture
def incoming_place(place: S3Place, minio_access: Access, events_arn: str) -> Iterator[S3Place]:
    """A bucket in which others drop files, made and opened by the limited user."""
    incoming = replace(place, bucket=f"{place.bucket}-in")
    main(["--store-admin", os.environ["ADMIN_FILE"], "--incoming", incoming.bucket])
    create_minio_incoming(incoming, events_arn)
    yield incoming
    emptied(minio_access, incoming.bucket)


def test_the_user_may_take_what_others_drop_and_set_aside_what_is_refused(
    place: S3Place, incoming_place: S3Place, minio_access: Access
) -> None:
    dropper, incoming = BucketDropper(client(minio_access), incoming_place.bucket), MinioIncoming(incoming_place)
    assert incoming.exact
    for content in (b"", b"first", b"<html>" + BIG):
        dropper.drop("incoming/a/b/c.pdf", content)
    newest = incoming.look("incoming/a/b/c.pdf")
    assert newest is not None
    with incoming.open(newest) as stream:
        assert len(stream.read()) == newest.size_bytes
    assert [older.size_bytes for older in incoming.drafts(newest, 3600)] == [5, 0]
    incoming.set_aside(newest, {"code": "UNKNOWN_TYPE"})
    older = incoming.look("incoming/a/b/c.pdf")
    assert older is not None
    incoming.remove(older)
    assert dropper.versions("incoming/a/b/c.pdf") == [b""]
    assert dropper.seen() == ["incoming/a/b/c.pdf", "refused/a/b/c.pdf", "refused/a/b/c.pdf.why.json"]
