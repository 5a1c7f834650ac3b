"""Buckets of tests, taken away with all versions of what is in them."""

from __future__ import annotations

from minio import Minio
from minio.deleteobjects import DeleteObject

from pipeline.adapters.minio_connection import S3Place


def client_of(place: S3Place) -> Minio:
    """For what the adapter has no words for."""
    return Minio(
        endpoint=place.endpoint,
        access_key=place.access_key,
        secret_key=place.secret_key,
        region=place.region,
        secure=place.secure,
    )


def emptied_bucket(place: S3Place, *, locked: bool = False) -> None:
    """Nothing of it stays. `locked`: by GOVERNANCE, which the one who owns the server lifts."""
    server = client_of(place)
    listed = server.list_objects(bucket_name=place.bucket, recursive=True, include_version=True)
    doomed = [DeleteObject(one.object_name or "", one.version_id) for one in listed]
    for _error in server.remove_objects(bucket_name=place.bucket, delete_object_list=doomed, bypass_governance_mode=locked):
        pass
    server.remove_bucket(bucket_name=place.bucket)
