"""Another process at the same index: `python -m tests.servers.elastic.elastic_process URL NAME`. It begins a rebuild that never ends, and
says "begun"."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

from pipeline.adapters.elastic_documents import BATCH_DOCUMENTS
from pipeline.adapters.elastic_index import ElasticIndex, ElasticPlace
from pipeline.index import IndexEntry
from tests.index.entries import entry


def endless() -> Iterator[IndexEntry]:
    yield from (entry(f"new-{number}", "đê điều") for number in range(BATCH_DOCUMENTS + 1))
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    time.sleep(600)


if __name__ == "__main__":
    ElasticIndex(ElasticPlace(sys.argv[1], sys.argv[2])).rebuild(endless())
