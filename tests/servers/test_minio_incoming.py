"""A bucket in which others drop files, on real S3 servers and on bad lines to them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

import pytest
from minio import Minio
from minio.error import S3Error
from minio.notificationconfig import NotificationConfig, PrefixFilterRule, QueueConfig
from minio.versioningconfig import SUSPENDED, VersioningConfig

from pipeline.adapters.minio_connection import S3Place
from pipeline.adapters.minio_incoming import MinioIncoming, create_minio_incoming
from pipeline.errors import BadSetting, IncomingMissing, StoreRefused, StoreUnavailable
from tests.contracts.incoming_contract import DropSite, IncomingContract
from tests.servers.conftest import Access
from tests.servers.s3_doubles import bad_line
from tests.servers.test_minio_store import client, emptied, new_place

PART = 5 << 20


@dataclass(frozen=True, slots=True)
class BucketDropper:
    server: Minio
    bucket: str

    def drop(self, key: str, content: bytes) -> None:
        """As a scanner does; what is long goes in parts."""
        self.server.put_object(
            bucket_name=self.bucket, object_name=key, data=io.BytesIO(content), length=len(content), part_size=PART
        )

    def content(self, key: str) -> bytes | None:
        try:
            with self.server.get_object(bucket_name=self.bucket, object_name=key) as answer:
                return bytes(answer.read())
        except S3Error as error:
            if error.code != "NoSuchKey":
                raise
            return None

    def seen(self) -> list[str]:
        found = self.server.list_objects(bucket_name=self.bucket, recursive=True)
        return sorted(one.object_name or "" for one in found if not (one.object_name or "").startswith(".order/"))

    def versions(self, key: str) -> list[bytes]:
        """Of everything that is still kept under a key, newest first."""
        listed = self.server.list_objects(bucket_name=self.bucket, prefix=key, recursive=True, include_version=True)
        ids = [one.version_id for one in listed if one.object_name == key and not one.is_delete_marker]
        found = []
        for version in ids:
            with suppress(S3Error), self.server.get_object(self.bucket, key, version_id=version) as answer:  # gone meanwhile
                found.append(bytes(answer.read()))
        return found


@contextmanager
def bucket_of(access: Access, *, versions: bool = True) -> Iterator[S3Place]:
    place = new_place(access)
    if versions:
        create_minio_incoming(place)
    else:
        client(access).make_bucket(bucket_name=place.bucket)
    yield place
    emptied(access, place.bucket)


def site_of(access: Access, place: S3Place) -> DropSite:
    return DropSite(MinioIncoming(place), BucketDropper(client(access), place.bucket))


@pytest.fixture
def place(minio_access: Access) -> Iterator[S3Place]:
    with bucket_of(minio_access) as place:
        yield place


@pytest.fixture
def dropper(minio_access: Access, place: S3Place) -> BucketDropper:
    return BucketDropper(client(minio_access), place.bucket)


class TestOnMinio(IncomingContract):
    @pytest.fixture
    def drop_site(self, minio_access: Access, place: S3Place) -> DropSite:
        return site_of(minio_access, place)

    def test_versions_are_kept_and_told(self, drop_site: DropSite) -> None:
        assert drop_site.incoming.exact


class TestOnABucketWithoutVersions(IncomingContract):
    @pytest.fixture
    def drop_site(self, minio_access: Access) -> Iterator[DropSite]:
        with bucket_of(minio_access, versions=False) as place:
            yield site_of(minio_access, place)

    def test_that_no_versions_are_kept_is_told(self, drop_site: DropSite) -> None:
        assert not drop_site.incoming.exact


@pytest.mark.slow_servers
class TestOnSeaweedfs(IncomingContract):
    @pytest.fixture
    def drop_site(self, seaweedfs_access: Access) -> Iterator[DropSite]:
        with bucket_of(seaweedfs_access) as place:
            yield site_of(seaweedfs_access, place)


@pytest.mark.slow_servers
class TestOnSeaweedfsWithoutVersions(IncomingContract):
    @pytest.fixture
    def drop_site(self, seaweedfs_access: Access) -> Iterator[DropSite]:
        with bucket_of(seaweedfs_access, versions=False) as place:
            yield site_of(seaweedfs_access, place)


# --- opening ------------------------------------------------------------------------------------------------------------------


def test_making_a_bucket_twice_changes_nothing(place: S3Place, dropper: BucketDropper) -> None:
    dropper.drop("incoming/a/b/c.pdf", b"1")
    create_minio_incoming(place)
    assert dropper.seen() == ["incoming/a/b/c.pdf"]


def test_a_bucket_that_is_not_there_is_told(minio_access: Access) -> None:
    with pytest.raises(IncomingMissing):
        MinioIncoming(new_place(minio_access))


def test_a_bucket_that_is_gone_is_never_an_empty_one(minio_access: Access) -> None:
    place = new_place(minio_access)
    create_minio_incoming(place)
    incoming = MinioIncoming(place)
    emptied(minio_access, place.bucket)
    with pytest.raises(IncomingMissing):
        list(incoming.list_after("incoming/"))


def test_wrong_keys_are_refused(place: S3Place) -> None:
    with pytest.raises(StoreRefused):
        MinioIncoming(replace(place, secret_key="wrong-wrong-wrong"))


def test_a_server_that_is_down_is_told(place: S3Place) -> None:
    with bad_line(place.endpoint, "busy", times=1000) as (endpoint, _), pytest.raises(StoreUnavailable):
        MinioIncoming(replace(place, endpoint=endpoint))


def test_a_bucket_whose_versions_were_stopped_is_not_exact(place: S3Place, dropper: BucketDropper) -> None:
    dropper.server.set_bucket_versioning(bucket_name=place.bucket, config=VersioningConfig(SUSPENDED))
    incoming = MinioIncoming(place)
    assert not incoming.exact
    dropper.drop("incoming/a/b/c.pdf", b"first")
    lying = incoming.look("incoming/a/b/c.pdf")
    assert lying is not None
    dropper.drop("incoming/a/b/c.pdf", b"second")
    incoming.remove(lying)
    assert dropper.content("incoming/a/b/c.pdf") == b"second"


def test_a_deletion_whose_answer_was_lost_never_removes_what_came_after(minio_access: Access) -> None:
    """Without versions a second try would find another file under the same key."""
    with bucket_of(minio_access, versions=False) as place:
        dropper = BucketDropper(client(minio_access), place.bucket)
        dropper.drop("incoming/a/b/c.pdf", b"first")
        with bad_line(place.endpoint, "lost-deletion", times=0) as (endpoint, line):
            incoming = MinioIncoming(replace(place, endpoint=endpoint))
            lying = incoming.look("incoming/a/b/c.pdf")
            assert lying is not None
            line.afterwards = lambda: dropper.drop("incoming/a/b/c.pdf", b"second")
            line.times = 1
            incoming.remove(lying)
        assert dropper.content("incoming/a/b/c.pdf") == b"second"


# --- announcing ---------------------------------------------------------------------------------------------------------------


def test_a_bucket_announces_to_our_target_once_and_to_others_as_before(
    minio_access: Access, place: S3Place, events_arn: str
) -> None:
    server = client(minio_access)
    theirs = QueueConfig(["s3:ObjectRemoved:*"], "theirs", PrefixFilterRule("other/"), queue=events_arn)
    server.set_bucket_notification(bucket_name=place.bucket, config=NotificationConfig(queue_config_list=[theirs]))
    for _ in range(2):
        create_minio_incoming(place, events_arn)
    told = server.get_bucket_notification(bucket_name=place.bucket).queue_config_list
    assert {(one.config_id, one.prefix_filter_rule and one.prefix_filter_rule.value) for one in told} == {
        ("theirs", "other/"),
        ("sohoa", "incoming/"),
    }


def test_a_target_that_the_server_does_not_know_is_told(place: S3Place) -> None:
    with pytest.raises(BadSetting):
        create_minio_incoming(place, "arn:minio:sqs::NOBODY:webhook")
