"""What an S3 server sends when something was written."""

from __future__ import annotations

import json
import unicodedata
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.custody.incoming.notifications import MAX_BODY_BYTES, MOST_RECORDS, keys_of_notification
from pipeline.errors import BadNotification


def record(key: str, event: str = "s3:ObjectCreated:Put", bucket: str = "scans", **of_object: object) -> dict[str, object]:
    """As MinIO sends it, shortened."""
    told = {"key": quote_plus(key), "size": 9, "eTag": "x", "versionId": "1", "sequencer": "1", **of_object}
    return {"eventVersion": "2.0", "eventName": event, "s3": {"bucket": {"name": bucket, "arn": "a"}, "object": told}}


def body(*records: dict[str, object]) -> bytes:
    return json.dumps({"EventName": "s3:ObjectCreated:Put", "Key": "scans/x", "Records": records}).encode()


def test_keys_are_told_as_their_owners_wrote_them() -> None:
    names = ["a b.pdf", "a+b.pdf", "100%.pdf", "%2e.pdf", "Đ.pdf", unicodedata.normalize("NFD", "Đợt.pdf"), "a/b.pdf", '"\\.pdf']
    keys = [f"incoming/u/b/{name}" for name in names]
    assert keys_of_notification(body(*map(record, keys)), "scans") == keys


def test_a_key_that_is_told_twice_is_looked_at_once() -> None:
    assert keys_of_notification(body(record("incoming/u/b/a"), record("incoming/u/b/a")), "scans") == ["incoming/u/b/a"]


@pytest.mark.parametrize(
    "event", ["s3:ObjectCreated:Put", "s3:ObjectCreated:CompleteMultipartUpload", "ObjectCreated:Copy", "s3:ObjectCreated:Post"]
)
def test_whatever_wrote_it_counts(event: str) -> None:
    assert keys_of_notification(body(record("incoming/u/b/a", event)), "scans") == ["incoming/u/b/a"]


def test_other_events_buckets_places_and_names_that_are_not_final_are_passed_over() -> None:
    told = body(
        record("incoming/u/b/removed", "s3:ObjectRemoved:Delete"),
        record("incoming/u/b/read", "s3:ObjectAccessed:Get"),
        record("incoming/u/b/other", bucket="other"),
        record("refused/u/b/a"),
        record("x"),
        record("incoming/u/b/"),
        record("incoming/u/b/a.part"),
        record("incoming/u/b/a.pdf", size=-1, versionId=None, eTag=5),
    )
    assert keys_of_notification(told, "scans") == ["incoming/u/b/a.pdf"]


def test_no_records_are_no_keys() -> None:
    assert keys_of_notification(body(), "scans") == []


@pytest.mark.parametrize(
    "hostile",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"Records": null}',
        b'{"Records": {}}',
        b'{"Records": [1]}',
        b'{"Records": [{"eventName": "s3:ObjectCreated:Put"}]}',
        b'{"Records": [{"eventName": 1, "s3": {}}]}',
        json.dumps({"Records": [{**record("x"), "s3": {"bucket": {"name": "scans"}, "object": {"key": ["a"]}}}]}).encode(),
        body(record("a")).replace(b'"key": "a"', b'"key": "%ff%fe"'),
        body(record("a" * 4000)),
        body(*[record("incoming/u/b/a")] * (MOST_RECORDS + 1)),
        b"[" * 100_000,
        b'{"Records":' * 50_000,
        b" " * (MAX_BODY_BYTES + 1),
        b"\xff\xfe",
    ],
    ids=range(18),
)
def test_what_no_server_sends_is_refused(hostile: bytes) -> None:
    with pytest.raises(BadNotification):
        keys_of_notification(hostile, "scans")


ODD_JSON = st.recursive(
    st.none() | st.text() | st.integers(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(["Records", "s3", "object", "key", "eventName", "bucket", "name"]), inner)
    ),
)


@given(st.binary(max_size=200) | ODD_JSON.map(lambda value: json.dumps(value).encode()))
def test_whatever_is_sent_is_keys_or_refused(sent: bytes) -> None:
    try:
        keys = keys_of_notification(sent, "scans")
    except BadNotification:
        return
    assert all(key.startswith("incoming/") for key in keys)


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=100))
def test_any_name_comes_through(name: str) -> None:
    key = f"incoming/u/b/{name}x"
    assert keys_of_notification(body(record(key)), "scans") in ([key], [])
