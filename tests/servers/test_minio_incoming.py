"""A bucket in which others drop files, on real S3 servers and on bad lines to them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from minio import Minio
from minio.error import S3Error

from pipeline.adapters.minio_bucket import S3Place
from pipeline.adapters.minio_incoming import MinioIncoming, create_minio_incoming
from tests.contracts.incoming_contract import DropSite, IncomingContract
from tests.servers.conftest import Access
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
            with self.server.get_object(bucket_name=self.bucket, object_name=key, version_id=version) as answer:
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
