"""Keys of sohoa's own for the store and the search cluster, each for no more than its bucket and its indexes.

    /opt/sohoa/current/bin/python deploy/make_keys.py --store-admin FILE --elastic-admin FILE --elastic-key FILE

Run once by whoever has the administrators' secrets, with sohoa's settings in the environment: where the servers are, the names of
bucket and index, and the access and secret key that sohoa is to have. Running it again changes nothing; a new secret key in the
settings becomes the valid one. Without --store-admin the store is left alone: any S3 store but MinIO has tools of its own.

    --store-admin    of MinIO: lines MINIO_ROOT_USER=… and MINIO_ROOT_PASSWORD=…
    --incoming       name of the bucket that scanners write into, where the settings do not say it; sohoa may take from it
    --elastic-admin  password of the user `elastic`
    --elastic-key    where the API key is written, for SOHOA_ELASTIC_API_KEY_FILE; one that works already is kept
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from elasticsearch import ApiError, Elasticsearch, TransportError
from minio.credentials.providers import StaticProvider
from minio.error import MinioException
from minio.minioadmin import MinioAdmin
from urllib3 import PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

from config.settings import Settings, read_settings

WAIT_SECONDS = 120
"""For servers that are just coming up."""

NAME = "sohoa"
LOOK = [
    "s3:GetBucketLocation",
    "s3:ListBucket",
    "s3:ListBucketVersions",
    "s3:GetBucketVersioning",
    "s3:GetBucketObjectLockConfiguration",
    "s3:CreateBucket",
]
WORK = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectRetention"]
TAKE = ["s3:PutBucketVersioning", "s3:GetBucketNotification", "s3:PutBucketNotification"]
TAKE_VERSIONS = ["s3:GetObjectVersion", "s3:DeleteObjectVersion", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"]
"""In the incoming bucket exactly the version that was taken is removed. In the store's own no version can be: what somebody
deletes there with sohoa's key is still kept where the bucket keeps versions; `purge` tells of it, and until when it is locked."""


def policy_for(store: str, incoming: str) -> dict[str, Any]:
    """What sohoa may do with an S3 store: nothing outside these two buckets, and no change of other users."""
    rules = [
        ("Allow", LOOK, [store, incoming]),
        ("Allow", WORK, [f"{store}/*", f"{incoming}/*"]),
        ("Allow", TAKE, [incoming]),
        ("Allow", TAKE_VERSIONS, [f"{incoming}/*"]),
        ("Deny", ["s3:DeleteObjectVersion"], [f"{store}/*"]),  # to MinIO who may delete may also delete versions
    ]
    statements = [
        {"Effect": effect, "Action": actions, "Resource": [f"arn:aws:s3:::{place}" for place in places]}
        for effect, actions, places in rules
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def role_for(index: str) -> dict[str, Any]:
    """What sohoa may do with a search cluster: anything with its own indexes, nothing with others."""
    return {NAME: {"cluster": ["monitor"], "indices": [{"names": [index, f"{index}-*"], "privileges": ["all"]}]}}


def make_store_user(settings: Settings, admin: Mapping[str, str], incoming: str) -> None:
    """A user of MinIO with sohoa's access and secret key. Raises MinioException, HTTPError."""
    ca_file = None if settings.s3_ca_file == Path() else str(settings.s3_ca_file)
    server = MinioAdmin(
        endpoint=settings.s3_endpoint,
        credentials=StaticProvider(admin["MINIO_ROOT_USER"], admin["MINIO_ROOT_PASSWORD"]),
        region=settings.s3_region,
        secure=settings.s3_secure,
        http_client=PoolManager(timeout=Timeout(10), retries=Retry(0), ca_certs=ca_file),
    )
    user = settings.s3_access_key
    server.policy_add(user, policy=policy_for(settings.s3_bucket, incoming))
    server.user_add(user, settings.s3_secret_key.get_secret_value())
    server.policy_set(user, user=user)


def make_elastic_key(settings: Settings, password: str, file: Path) -> bool:
    """Write an API key into `file` unless the one there is accepted. Raises ApiError, TransportError, OSError."""
    tls: dict[str, Any] = {} if settings.elastic_ca_file == Path() else {"ca_certs": str(settings.elastic_ca_file)}
    with Elasticsearch(settings.elastic_url, basic_auth=("elastic", password), request_timeout=10, **tls) as server:
        if file.exists() and _is_accepted(server, file.read_text(encoding="ascii").strip()):
            return False
        made = server.security.create_api_key(name=NAME, role_descriptors=role_for(settings.elastic_name))
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "w", encoding="ascii") as sink:
        sink.write(made["encoded"] + "\n")
    part.replace(file)
    return True


def _is_accepted(server: Elasticsearch, key: str) -> bool:
    try:
        server.options(api_key=key).security.authenticate()
    except ApiError as error:
        if error.meta.status == 401:
            return False
        raise
    return True


def lines_of(file: Path) -> dict[str, str]:
    """NAME=VALUE lines."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return {name.strip(): value.strip() for name, found, value in (line.partition("=") for line in lines) if found}


def patiently(make: Callable[[], None], what: str, seconds: float) -> None:
    """Try again while a server is not up. A refusal is told at once. Raises SystemExit with what went wrong."""
    until = time.monotonic() + seconds
    while True:
        try:
            make()
            return
        except (ApiError, MinioException) as error:
            raise SystemExit(f"{what}: {error}") from None
        except (TransportError, HTTPError, OSError) as error:
            if time.monotonic() > until:
                raise SystemExit(f"{what}: not reached in {seconds:.0f} s: {error}") from None
            time.sleep(1)


def main(arguments: list[str]) -> None:
    """Raises SystemExit where something cannot be made."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store-admin", type=Path)
    parser.add_argument("--incoming", default="incoming")
    parser.add_argument("--elastic-admin", type=Path)
    parser.add_argument("--elastic-key", type=Path)
    parser.add_argument("--wait-seconds", type=float, default=WAIT_SECONDS)
    asked = parser.parse_args(arguments)
    settings = read_settings()
    if asked.store_admin:
        admin = lines_of(asked.store_admin)
        incoming = settings.incoming_bucket or asked.incoming
        patiently(lambda: make_store_user(settings, admin, incoming), "store", asked.wait_seconds)
        print(f"store: user {settings.s3_access_key} may use the buckets {settings.s3_bucket} and {incoming}")
    if asked.elastic_admin and asked.elastic_key:
        password = asked.elastic_admin.read_text(encoding="utf-8").strip()
        patiently(lambda: _tell_key(settings, password, asked.elastic_key), "elastic", asked.wait_seconds)


def _tell_key(settings: Settings, password: str, file: Path) -> None:
    made = make_elastic_key(settings, password, file)
    print(f"elastic: {'a new key' if made else 'the key that works is kept'} in {file}")


if __name__ == "__main__":
    main(sys.argv[1:])
