"""What an S3 server sends when something was written -> the keys to look at. A hint, no more: the place says what is there."""

from __future__ import annotations

from urllib.parse import unquote_plus

from pydantic import BaseModel, Field, ValidationError

from pipeline.custody.incoming.keys import INCOMING, MAX_KEY_BYTES, is_passing
from pipeline.errors import BadNotification

MAX_BODY_BYTES = 1_000_000
"""One event has some 1,500; servers send one or a few at a time."""

MOST_RECORDS = 1_000

CREATED = "ObjectCreated:"
"""MinIO and Ceph write `s3:` before it, AWS does not."""


class _Object(BaseModel):
    key: str = Field(max_length=3 * MAX_KEY_BYTES)
    """Form-encoded: up to three signs for a byte."""


class _Bucket(BaseModel):
    name: str


class _S3(BaseModel):
    bucket: _Bucket
    object: _Object


class _Record(BaseModel):
    eventName: str
    s3: _S3


class _Notification(BaseModel):
    Records: list[_Record] = Field(max_length=MOST_RECORDS)


def keys_of_notification(body: bytes, bucket: str) -> list[str]:
    """Keys of what was written below `incoming/` of our bucket, each once, in the order told.

    What was told of other buckets, of other places and of other events is passed over. Raises BadNotification for what no server
    sends: it is not JSON of this form, is too long, or names a key that cannot be decoded.
    """
    if len(body) > MAX_BODY_BYTES:
        raise BadNotification(f"> {MAX_BODY_BYTES // 1000} kB")
    try:
        told = _Notification.model_validate_json(body)
        written = [
            unquote_plus(record.s3.object.key, errors="strict")
            for record in told.Records
            if record.eventName.removeprefix("s3:").startswith(CREATED) and record.s3.bucket.name == bucket
        ]
    except (ValidationError, UnicodeDecodeError) as error:
        raise BadNotification(type(error).__name__) from None
    return list(dict.fromkeys(key for key in written if key.startswith(INCOMING) and not is_passing(key)))
