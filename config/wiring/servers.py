"""Which store, queue and index the settings name. What a server's client needs is imported only where that server is named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from config.settings import Settings, environment_name
from pipeline.adapters.sqlite_index import SqliteIndex
from pipeline.custody import records
from pipeline.errors import BadSetting, ToolMissing
from pipeline.ports import Index, Queue, Store

if TYPE_CHECKING:
    from pipeline.adapters.minio_connection import S3Place
    from pipeline.adapters.s3_answers import Protection


class CreatableIndex(Index, Protocol):
    def create(self) -> None:
        """Make what is missing; harmless where it is. Raises ToolMissing, HomeReadOnly, DiskFull, IndexUnavailable."""


def store_place(settings: Settings) -> S3Place | None:
    """Where the object store is, None without one. Raises BadSetting where its address stands without its keys."""
    if not settings.s3_endpoint:
        return None
    return bucket_on(settings, settings.s3_endpoint, settings.s3_bucket, "SOHOA_S3_ENDPOINT")


def bucket_on(settings: Settings, endpoint: str, bucket: str, named_by: str) -> S3Place:
    """A bucket of an S3 server that knows us by our one pair of keys. Raises BadSetting without them, naming `named_by`."""
    secret = settings.s3_secret_key.get_secret_value()
    if not settings.s3_access_key or not secret:
        raise BadSetting(f"{named_by} cần cả SOHOA_S3_ACCESS_KEY và SOHOA_S3_SECRET_KEY")
    with _client("minio"):
        from pipeline.adapters.minio_connection import S3Place

    return S3Place(
        endpoint=endpoint,
        bucket=bucket,
        access_key=settings.s3_access_key,
        secret_key=secret,
        region=settings.s3_region,
        secure=settings.s3_secure,
        ca_file=ca_file(settings, "s3_ca_file"),
    )


def create_s3_store(place: S3Place) -> None:
    """Raises StoreUnsafe, StoreUnavailable."""
    from pipeline.adapters.minio_store import create_minio_store

    create_minio_store(place)


def open_s3_store(place: S3Place) -> Store:
    """Raises HomeMissing, HomeTooNew, StoreUnsafe, StoreUnavailable."""
    from pipeline.adapters.minio_store import MinioStore

    return MinioStore(place, records.BELIEVED)


def store_protection(settings: Settings) -> Protection | None:
    """What the bucket keeps of what is deleted or written over; None: the home is a folder. Raises HomeMissing, StoreRefused,
    StoreUnavailable."""
    if (place := store_place(settings)) is None:
        return None
    from pipeline.adapters.minio_rules import BucketRules

    return BucketRules(place).protection()


def open_queue(settings: Settings) -> Queue:
    """The broker's. Raises BadSetting for an address that is none."""
    with _client("dramatiq"):
        from config.wiring.broker import open_broker_queue

    return open_broker_queue(settings)


def open_index(settings: Settings) -> CreatableIndex:
    """Nothing is asked of a server yet. Raises BadSetting for a certificate that is not there."""
    if not settings.elastic_url:
        return SqliteIndex(settings.home / "index")
    with _client("elasticsearch"):
        from pipeline.adapters.elastic_index import ElasticIndex, ElasticPlace

    return ElasticIndex(
        ElasticPlace(
            url=settings.elastic_url,
            name=settings.elastic_name,
            api_key=settings.elastic_api_key.get_secret_value() or None,
            ca_file=ca_file(settings, "elastic_ca_file"),
            shards=settings.elastic_shards,
        )
    )


def ca_file(settings: Settings, setting: Literal["s3_ca_file", "broker_ca_file", "elastic_ca_file"]) -> Path | None:
    """The certificate that a setting names, None where it names none. Raises BadSetting for a file that is not there."""
    file: Path = getattr(settings, setting)
    if file == Path():
        return None
    if not file.is_file():
        raise BadSetting(f"{environment_name(setting)}: không có tệp này")
    return file


@contextmanager
def _client(package: str) -> Iterator[None]:
    """Raises ToolMissing where an office's installation lacks what servers need."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise ToolMissing(package) from error
