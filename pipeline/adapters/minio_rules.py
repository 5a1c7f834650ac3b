"""The bucket itself: that it is there, what it keeps, whom it tells of what is written."""

from __future__ import annotations

from contextlib import suppress

from minio.commonconfig import ENABLED
from minio.error import S3Error
from minio.notificationconfig import NotificationConfig, PrefixFilterRule, QueueConfig
from minio.objectlockconfig import YEARS
from minio.versioningconfig import VersioningConfig

from pipeline.adapters.minio_connection import S3Place, client_of, connection_pool, s3_errors
from pipeline.adapters.s3_answers import Protection, tried
from pipeline.errors import KeyExists, StoreRefused

DAYS_IN_A_YEAR = 365
NO_LOCK = {"ObjectLockConfigurationNotFoundError", "NoSuchObjectLockConfiguration", "NotImplemented"}

ANNOUNCED_AS = "sohoa"
"""Our entry among those that a bucket announces its objects to."""


class BucketRules:
    """Each request is tried some times."""

    def __init__(self, place: S3Place) -> None:
        """Asks nothing of the server. Raises BadSetting."""
        self._place = place
        self._client = client_of(place, connection_pool(place))

    def make(self) -> None:
        def made(_turn: int) -> None:
            with s3_errors():
                if not self._client.bucket_exists(bucket_name=self._place.bucket):
                    self._client.make_bucket(bucket_name=self._place.bucket, location=self._place.region)

        with suppress(KeyExists):  # somebody else made it meanwhile
            tried(made)

    def protection(self) -> Protection:
        """Raises StoreRefused where the account may not ask."""

        def asked(_turn: int) -> Protection:
            with s3_errors(None, self._place.bucket):
                versions = self._client.get_bucket_versioning(bucket_name=self._place.bucket).status == ENABLED
                try:
                    lock = self._client.get_object_lock_config(bucket_name=self._place.bucket)
                except S3Error as error:
                    if error.code in NO_LOCK:
                        return Protection(versions, locks=False)
                    raise
            days = (lock.duration or 0) * (DAYS_IN_A_YEAR if (lock.duration_unit or "").upper() == YEARS.upper() else 1)
            return Protection(versions, locks=True, mode=lock.mode or "", days=days)

        return tried(asked)

    def keep_versions(self) -> None:
        """Have the bucket keep what is written over. Raises StoreUnavailable, StoreRefused where the server does not."""

        def told(_turn: int) -> None:
            with s3_errors(None, self._place.bucket):
                self._client.set_bucket_versioning(bucket_name=self._place.bucket, config=VersioningConfig(ENABLED))

        tried(told)

    def keeps_versions(self) -> bool:
        def asked(_turn: int) -> bool:
            with s3_errors(None, self._place.bucket):
                return self._client.get_bucket_versioning(bucket_name=self._place.bucket).status == ENABLED

        return tried(asked)

    def may_hold_versions(self) -> bool:
        """Also where it keeps none any more, or where the account may not ask."""

        def asked(_turn: int) -> bool:
            with s3_errors(None, self._place.bucket):
                return self._client.get_bucket_versioning(bucket_name=self._place.bucket).status is not None

        try:
            return tried(asked)
        except StoreRefused:
            return True

    def announce(self, target: str, prefix: str) -> None:
        """Have the server tell `target` (its ARN) of all that is written below `prefix`; what else it tells is left as it is.

        Raises KeyExists, or StoreUnavailable (InvalidArgument, NotImplemented), where the server knows no such target.
        """

        def told(_turn: int) -> None:
            with s3_errors(None, self._place.bucket):
                config = self._client.get_bucket_notification(bucket_name=self._place.bucket)
                others = [one for one in config.queue_config_list or [] if one.config_id != ANNOUNCED_AS]
                events = ["s3:ObjectCreated:*"]
                ours = QueueConfig(events, ANNOUNCED_AS, PrefixFilterRule(prefix), queue=target)
                whole = NotificationConfig(
                    cloud_func_config_list=config.cloud_func_config_list,
                    queue_config_list=[*others, ours],
                    topic_config_list=config.topic_config_list,
                )
                self._client.set_bucket_notification(bucket_name=self._place.bucket, config=whole)

        tried(told)
