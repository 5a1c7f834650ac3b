"""The connection to an S3 server, and what goes wrong on it, in our words.

Only the modules minio_* know the library minio-py.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from minio import Minio
from minio.error import InvalidResponseError, S3Error, ServerError
from urllib3 import PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

from pipeline.adapters.s3_answers import translated
from pipeline.adapters.tls import TLS, failed_in_tls, trusting
from pipeline.errors import BadSetting, SohoaError, StoreUnavailable

CONNECT_SECONDS, READ_SECONDS = 3.0, 10.0
"""A server in the same building answers within milliseconds; a busy one may think for seconds."""

CONNECTIONS = 32
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class S3Place:
    """Where a store is. `endpoint`: host:port. `ca_file`: whose word for it counts, None: those the system trusts."""

    endpoint: str
    bucket: str
    access_key: str
    secret_key: str = field(repr=False)
    region: str = "us-east-1"
    secure: bool = False
    read_seconds: float = READ_SECONDS
    ca_file: Path | None = None


def connection_pool(place: S3Place) -> PoolManager:
    """Raises BadSetting for a certificate that is none."""
    try:
        context = trusting(place.ca_file) if place.secure else None
    except OSError as error:
        raise BadSetting("SOHOA_S3_CA_FILE: không phải chứng chỉ") from error
    timeout = Timeout(connect=CONNECT_SECONDS, read=place.read_seconds)
    return PoolManager(timeout=timeout, retries=Retry(0), maxsize=CONNECTIONS, blocksize=CHUNK_BYTES, ssl_context=context)


def client_of(place: S3Place, pool: PoolManager) -> Minio:
    """Raises BadSetting for an address that is none."""
    try:
        return Minio(
            endpoint=place.endpoint,
            access_key=place.access_key,
            secret_key=place.secret_key,
            region=place.region,
            secure=place.secure,
            http_client=pool,
        )
    except ValueError as error:
        raise BadSetting("SOHOA_S3_ENDPOINT: cần dạng máy:cổng") from error


@contextmanager
def s3_errors(key: str | None = None, bucket: str = "") -> Iterator[None]:
    """Around what is asked of the server. `key`, `bucket`: what is missing when it says that something is."""
    try:
        yield
    except SohoaError:
        raise
    except S3Error as error:
        raise translated(error.code or "", error.response.status, key, bucket) from error
    except ServerError as error:
        raise translated(f"HTTP {error.status_code}", error.status_code, key) from error
    except (HTTPError, InvalidResponseError, OSError) as error:
        raise StoreUnavailable(TLS if failed_in_tls(error) else type(error).__name__) from error
