"""Where others drop files, as the settings name it: a bucket, a folder, or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from config.settings import Settings, recipe_of
from config.wiring.servers import bucket_on
from pipeline.custody import Custody
from pipeline.custody.incoming.batches import Desk
from pipeline.custody.receive import Placing
from pipeline.errors import BadSetting
from pipeline.ports import Incoming

if TYPE_CHECKING:
    from pipeline.adapters.minio_connection import S3Place


def create_incoming(settings: Settings) -> None:
    """Make the bucket or the folders; harmless where they are, nothing where none is named.

    Raises FolderUnusable, StoreRefused, StoreUnavailable, BadSetting, ToolMissing.
    """
    if place := incoming_place(settings):
        from pipeline.adapters.minio_incoming import create_minio_incoming

        create_minio_incoming(place, settings.incoming_events_arn)
    elif _has_folder(settings):
        from pipeline.adapters.directory_incoming import create_directory_incoming

        create_directory_incoming(settings.incoming_folder)


def open_incoming(settings: Settings) -> Incoming | None:
    """None where the settings name none. Raises IncomingMissing, StoreRefused, StoreUnavailable, BadSetting, ToolMissing."""
    if place := incoming_place(settings):
        from pipeline.adapters.minio_incoming import MinioIncoming

        return MinioIncoming(place)
    if _has_folder(settings):
        from pipeline.adapters.directory_incoming import DirectoryIncoming

        return DirectoryIncoming(settings.incoming_folder)
    return None


def open_desk(settings: Settings, custody: Custody) -> Desk | None:
    """All that is needed to take what others drop into this custody; None and errors as `open_incoming`."""
    incoming = open_incoming(settings)
    if incoming is None:
        return None
    settle = settings.incoming_settle_seconds
    return Desk(
        custody,
        incoming,
        Placing(settings.fonds, settings.sector, recipe_of(settings)),
        max(settle, settings.watch_settle_seconds) if _has_folder(settings) else settle,
        settings.incoming_wait_for_sidecar,
    )


def incoming_place(settings: Settings) -> S3Place | None:
    """Where the bucket is, None without one. Raises BadSetting where the settings contradict each other."""
    if not settings.incoming_bucket:
        return None
    if _has_folder(settings):
        raise BadSetting("SOHOA_INCOMING_BUCKET, SOHOA_INCOMING_FOLDER: chỉ đặt một trong hai")
    endpoint = settings.incoming_endpoint or settings.s3_endpoint
    if not endpoint:
        raise BadSetting("SOHOA_INCOMING_BUCKET cần SOHOA_S3_ENDPOINT hoặc SOHOA_INCOMING_ENDPOINT")
    if (endpoint, settings.incoming_bucket) == (settings.s3_endpoint, settings.s3_bucket):
        raise BadSetting("SOHOA_INCOMING_BUCKET: phải khác SOHOA_S3_BUCKET")
    return bucket_on(settings, endpoint, settings.incoming_bucket, "SOHOA_INCOMING_BUCKET")


def _has_folder(settings: Settings) -> bool:
    return settings.incoming_folder != Path()
