"""Objects that others write and write over, in a bucket of an S3 server: one version is looked at, copied, removed."""

from __future__ import annotations

import io
from datetime import timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from itertools import takewhile

from minio.commonconfig import ComposeSource, CopySource

from pipeline.adapters.minio_bucket import Bucket
from pipeline.adapters.minio_connection import s3_errors
from pipeline.adapters.s3_answers import Version, refusal, tried
from pipeline.errors import KeyMissing

COPY_BYTES = 64 << 20
"""Of an object that is copied inside a bucket, at one go: a second or so on a slow disk. The last piece may be smaller."""


class SharedBucket(Bucket):
    """What is asked of a bucket that is not ours alone."""

    def looked_at(self, key: str) -> Version | None:
        """The newest version, None where there is none."""
        return tried(lambda _turn: self._looked_at(key))

    def _looked_at(self, key: str) -> Version | None:
        try:
            with s3_errors(key):
                found = self._client.stat_object(bucket_name=self._place.bucket, object_name=key)
        except KeyMissing:
            return None
        headers = found.metadata or {}
        changed_at = found.last_modified or parsedate_to_datetime(headers["Last-Modified"])
        age = parsedate_to_datetime(headers["Date"]) - changed_at if "Date" in headers else timedelta()
        etag = (found.etag or "").strip('"')
        return Version(key, found.size or 0, etag, found.version_id or "", changed_at, age.total_seconds())

    def part_sizes(self, key: str, version: str, count: int) -> list[int]:
        """Bytes of each of the parts in which an object came. Raises KeyMissing."""

        def asked(number: int, _turn: int) -> int:
            with s3_errors(key):
                found = self._client.stat_object(
                    bucket_name=self._place.bucket,
                    object_name=key,
                    version_id=version or None,
                    extra_query_params={"partNumber": str(number)},
                )
            return found.size or 0

        return [tried(partial(asked, number)) for number in range(1, count + 1)]

    def remove_unchanged(self, key: str, etag: str) -> None:
        """Remove what still has this tag: the condition is for servers that know it, the others are asked just before.

        At each try anew: when an answer was lost, what stands there now may be another one.
        """

        def removed(_turn: int) -> None:
            found = self._looked_at(key)
            if found is None or found.etag != etag:
                return
            url = self._client.get_presigned_url("DELETE", bucket_name=self._place.bucket, object_name=key)
            with s3_errors(key):
                answer = self._http.urlopen("DELETE", url, headers={"If-Match": f'"{etag}"'}, redirect=False)
            if answer.status not in (200, 204, 404, 412):
                raise refusal(answer, key)

        tried(removed)

    def versions_of(self, key: str) -> list[Version]:
        """All that the bucket still has of an object, newest first; marks of deletion are none."""

        def listed(_turn: int) -> list[Version]:
            with s3_errors(None, self._place.bucket):
                found = self._client.list_objects(
                    bucket_name=self._place.bucket, prefix=key, recursive=True, include_version=True
                )
                own = takewhile(lambda one: one.object_name == key, found)  # longer names come behind it
                return [
                    Version(key, one.size or 0, (one.etag or "").strip('"'), one.version_id or "", one.last_modified)
                    for one in own
                    if not one.is_delete_marker and one.last_modified
                ]

        return tried(listed)

    def copy(self, source: Version, target: str) -> None:
        """Copy this version inside the bucket, over whatever stands at `target`. Raises KeyMissing, KeyExists (another by now).

        Piece by piece where it is large: a server that is silent for as long as a whole copy takes would seem to be away.
        """
        bucket, pieces = self._place.bucket, range(0, max(source.size_bytes, 1), COPY_BYTES)
        version, tag = source.version or None, source.etag

        def copied(_turn: int) -> None:
            with s3_errors(source.key):
                if len(pieces) == 1:
                    whole = CopySource(bucket, source.key, version_id=version, match_etag=tag)
                    self._client.copy_object(bucket_name=bucket, object_name=target, source=whole)
                    return
                ends = [min(at + COPY_BYTES, source.size_bytes) for at in pieces]
                parts = [
                    ComposeSource(bucket, source.key, version_id=version, match_etag=tag, offset=at, length=end - at)
                    for at, end in zip(pieces, ends, strict=True)
                ]
                self._client.compose_object(bucket_name=bucket, object_name=target, sources=parts)

        tried(copied)

    def write(self, key: str, data: bytes) -> None:
        """Write a small object over whatever stands there."""

        def written(_turn: int) -> None:
            with s3_errors(key):
                self._client.put_object(bucket_name=self._place.bucket, object_name=key, data=io.BytesIO(data), length=len(data))

        tried(written)
