"""Taking files from buckets of real S3 servers into custody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.adapters.minio_connection import S3Place
from pipeline.adapters.minio_incoming import MinioIncoming
from pipeline.adapters.minio_store import MinioStore, create_minio_store
from pipeline.custody.status import status
from tests.contracts.dropped import BATCH, GARBAGE, KEY, contents, counts, received
from tests.contracts.incoming_contract import BIG, DropSite
from tests.contracts.taking_contract import TakingContract
from tests.custody.doubles import PDF, Office
from tests.custody.incoming_doubles import LaterIncoming, desk_of, one_pass
from tests.servers.conftest import Access
from tests.servers.s3_doubles import bad_line
from tests.servers.test_minio_incoming import BucketDropper, bucket_of, site_of
from tests.servers.test_minio_store import client, emptied, new_place


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
def place(minio_access: Access) -> Iterator[S3Place]:
    with bucket_of(minio_access) as place:
        yield place


@pytest.fixture
def dropper(minio_access: Access, place: S3Place) -> BucketDropper:
    return BucketDropper(client(minio_access), place.bucket)


class TestFromMinio(TakingContract):
    @pytest.fixture
    def drop_site(self, minio_access: Access, place: S3Place) -> DropSite:
        return site_of(minio_access, place)


class TestFromABucketWithoutVersions(TakingContract):
    @pytest.fixture
    def drop_site(self, minio_access: Access) -> Iterator[DropSite]:
        with bucket_of(minio_access, versions=False) as place:
            yield site_of(minio_access, place)


@pytest.mark.slow_servers
class TestFromSeaweedfs(TakingContract):
    @pytest.fixture
    def drop_site(self, seaweedfs_access: Access) -> Iterator[DropSite]:
        with bucket_of(seaweedfs_access) as place:
            yield site_of(seaweedfs_access, place)


# --- versions -----------------------------------------------------------------------------------------------------------------


def test_two_files_under_one_key_are_both_taken_though_nobody_looked_in_between(
    office: Office, place: S3Place, dropper: BucketDropper
) -> None:
    dropper.drop(KEY, PDF + b"of one scanner")
    dropper.drop(KEY, PDF + b"of another")
    one_pass(desk_of(office.custody, MinioIncoming(place)))
    assert contents(office) == {PDF + b"of one scanner", PDF + b"of another"}
    assert received(office) == 2
    assert dropper.versions(KEY) == []


def test_what_its_owner_deleted_is_not_taken(office: Office, place: S3Place, dropper: BucketDropper) -> None:
    dropper.drop(KEY, PDF + b"a mistake")
    dropper.server.remove_object(bucket_name=dropper.bucket, object_name=KEY)
    dropper.drop(f"{BATCH}/right.pdf", PDF + b"right")
    for _ in range(2):
        one_pass(desk_of(office.custody, MinioIncoming(place)))
    assert contents(office) == {PDF + b"right"}


def test_a_name_that_was_made_before_its_content_is_one_file(office: Office, place: S3Place, dropper: BucketDropper) -> None:
    """As mounted buckets do: first nothing, then everything."""
    for content in (b"", PDF + b"whole"):
        dropper.drop(KEY, content)
    for _ in range(2):
        one_pass(desk_of(office.custody, LaterIncoming(MinioIncoming(place))))
    assert (received(office), counts(office).rejected) == (1, 0)
    assert dropper.versions(KEY) == []


def test_what_was_written_in_several_goes_is_one_file_and_its_drafts_lie_aside(
    office: Office, place: S3Place, dropper: BucketDropper
) -> None:
    for content in (PDF + b"ha", PDF + b"half", PDF + b"whole"):
        dropper.drop(KEY, content)
    desk = desk_of(office.custody, LaterIncoming(MinioIncoming(place)), settle_seconds=30)
    for _ in range(2):
        one_pass(desk)
    assert contents(office) == {PDF + b"whole"}
    assert received(office) == 1
    aside = [key for key in dropper.seen() if not key.endswith(".why.json")]
    assert {dropper.content(key) for key in aside} == {PDF + b"ha", PDF + b"half"}
    assert b"SUPERSEDED" in (dropper.content(f"{aside[0]}.why.json") or b"")


def test_what_lay_there_before_the_bucket_kept_versions_is_taken_and_nothing_else_leaves(
    office: Office, minio_access: Access
) -> None:
    with bucket_of(minio_access, versions=False) as place:
        dropper = BucketDropper(client(minio_access), place.bucket)
        dropper.drop(KEY, PDF + b"before")
        keep_versions(place)
        incoming = MinioIncoming(place)
        lying = incoming.look(KEY)
        assert lying is not None
        dropper.drop(KEY, PDF + b"after")
        incoming.remove(lying)
        assert dropper.versions(KEY) == [PDF + b"after"]
        one_pass(desk_of(office.custody, incoming))
        assert contents(office) == {PDF + b"after"}


def keep_versions(place: S3Place) -> None:
    from pipeline.adapters.minio_rules import BucketRules

    BucketRules(place).keep_versions()


# --- bad lines ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [PDF + b"one", PDF + BIG], ids=["in one piece", "in parts"])
@pytest.mark.parametrize("fault", ["cut-get", "flip-get"])
def test_what_comes_cut_or_changed_over_the_line_is_never_acknowledged(
    office: Office, place: S3Place, dropper: BucketDropper, fault: str, content: bytes
) -> None:
    dropper.drop(KEY, content)
    with bad_line(place.endpoint, fault, times=0) as (endpoint, line):
        desk = desk_of(
            replace(office.custody, rules=replace(office.rules, max_file_bytes=50_000_000)),
            MinioIncoming(replace(place, endpoint=endpoint)),
        )
        line.spares = "list-type"
        line.times = 1000
        complaints = one_pass(desk).complaints()
        assert complaints == {KEY: "STORE_UNAVAILABLE"}
        assert received(office) == 0
        assert dropper.content(KEY) == content
        line.times = 0
        assert one_pass(desk).fates() == {KEY: "received"}
    assert contents(office) == {content}


@pytest.mark.parametrize("times", [1, 1000])
def test_a_flipped_line_refuses_no_scan(office: Office, place: S3Place, dropper: BucketDropper, times: int) -> None:
    """Its first byte is changed: what arrives begins like no scan."""
    dropper.drop(KEY, PDF + b"one")
    with bad_line(place.endpoint, "flip-get", times=0) as (endpoint, line):
        desk = desk_of(office.custody, MinioIncoming(replace(place, endpoint=endpoint)))
        line.spares = "list-type"
        line.times = times
        one_pass(desk)
    assert (received(office), counts(office).rejected) == (0, 0)
    assert dropper.seen() == [KEY]


def test_where_tags_say_nothing_of_the_bytes_they_are_read_twice(office: Office, place: S3Place, dropper: BucketDropper) -> None:
    dropper.drop(KEY, PDF + b"one")
    with (
        bad_line(place.endpoint, "own-tags", times=1000) as (encrypted, _),
        bad_line(encrypted, "flip-get", times=0) as (endpoint, line),
    ):
        desk = desk_of(office.custody, MinioIncoming(replace(place, endpoint=endpoint)))
        line.spares = "list-type"
        line.times = 1
        assert one_pass(desk).complaints() == {KEY: "STORE_UNAVAILABLE"}
        assert received(office) == 0
        before = line.methods.count("GET")
        assert one_pass(desk).fates() == {KEY: "received"}
    assert line.methods.count("GET") - before >= 2
    assert contents(office) == {PDF + b"one"}


def test_a_busy_server_is_asked_again(office: Office, place: S3Place, dropper: BucketDropper) -> None:
    dropper.drop(KEY, PDF)
    dropper.drop(f"{BATCH}/bad.pdf", GARBAGE)
    with bad_line(place.endpoint, "busy", times=0) as (endpoint, line):
        incoming = MinioIncoming(replace(place, endpoint=endpoint))
        line.times = 3
        one_pass(desk_of(office.custody, incoming))
    assert (received(office), counts(office).rejected) == (2, 1)


# --- a store that is a bucket too -------------------------------------------------------------------------------------------------


def test_from_one_bucket_into_the_other(office: Office, minio_access: Access, place: S3Place, dropper: BucketDropper) -> None:
    home = new_place(minio_access)
    create_minio_store(home)
    custody = office.custody_over(MinioStore(home))
    dropper.drop(KEY, PDF + BIG)
    dropper.drop(f"{BATCH}/bad.pdf", GARBAGE)
    dropper.drop(f"{BATCH}/batch.json", b'{"declared": 2}')
    custody = replace(custody, rules=replace(office.rules, max_file_bytes=50_000_000))
    one_pass(desk_of(custody, MinioIncoming(place)))
    found = status(custody.store)
    assert found.total.adds_up
    assert (found.total.received, found.total.pending, found.total.rejected) == (2, 1, 1)
    assert [key for key in dropper.seen() if key.startswith("incoming/")] == []
    emptied(minio_access, home.bucket)
