"""A place of its own on the servers of `make servers`, gone at the end: bucket, database, index."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import redis
from elasticsearch import Elasticsearch

from pipeline.adapters.minio_connection import S3Place
from tests.servers.buckets import emptied_bucket

LISTED = Path(__file__).parents[2] / ".servers" / "servers.json"
DATABASE = 9


@dataclass(frozen=True, slots=True)
class Place:
    """`settings`: the environment of those who work there, but for SOHOA_HOME."""

    settings: dict[str, str]


@contextmanager
def new_place(database: int = DATABASE) -> Iterator[Place]:
    """Raises KeyError or FileNotFoundError where the servers were not started."""
    told = json.loads(LISTED.read_text(encoding="utf-8"))
    store, name = told.get("minio") or told["seaweedfs"], f"soak-{uuid4().hex[:12]}"
    broker = f"{told['redis']['url'].rsplit('/', 1)[0]}/{database}"
    client = redis.Redis.from_url(broker)
    client.flushdb()
    bucket = S3Place(store["endpoint"], name, store["access_key"], store["secret_key"])
    try:
        yield Place(
            {
                "SOHOA_S3_ENDPOINT": bucket.endpoint,
                "SOHOA_S3_BUCKET": name,
                "SOHOA_S3_ACCESS_KEY": bucket.access_key,
                "SOHOA_S3_SECRET_KEY": bucket.secret_key,
                "SOHOA_S3_SECURE": "false",
                "SOHOA_BROKER_URL": broker,
                "SOHOA_ELASTIC_URL": told["elasticsearch"]["url"],
                "SOHOA_ELASTIC_NAME": name,
                "SOHOA_MIN_FREE_DISK_MB": "0",
                "OMP_THREAD_LIMIT": "1",
            }
        )
    finally:
        client.flushdb()
        client.close()
        emptied_bucket(bucket)
        with Elasticsearch(told["elasticsearch"]["url"]) as cluster:
            for index in cluster.indices.get(index=f"{name}*"):
                cluster.indices.delete(index=index)
