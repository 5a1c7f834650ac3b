"""What it takes to look through a store of so many records: `make bench-looking RECORDS=20000`.

`status` counts all of it, the keeper's survey goes through it part by part. Both read keys, not contents: the objects here are
as many as those of real records of one page, at their real keys, with a few bytes in each. On a folder, and on the servers of
`make servers` where they run. Each look is a process of its own, so that its memory can be told.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import resource
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config.settings import PREFIX, Settings
from config.wiring.home import Home, create_home, open_home
from pipeline.custody import records
from pipeline.custody.status import status
from pipeline.custody.survey import survey
from pipeline.index import IndexEntry, Placement
from tests.soak.places import LISTED, new_place

BATCH, UNITS, WRITERS = 500, 99, 8
FILES = ("record.json", "document.pdf", "alto/0001.xml", "thumbnails/0001.jpg")


def record_ids(count: int) -> list[str]:
    """The same ones ever."""
    return [str(uuid.UUID(bytes=hashlib.sha256(str(number).encode()).digest()[:16], version=4)) for number in range(count)]


def keys_of(number: int, record_id: str) -> Iterator[str]:
    """All objects of a record that was read at the first try."""
    unit, batch = f"xa-{number // BATCH % UNITS:02d}", f"{number // BATCH:06d}"
    sha256 = hashlib.sha256(record_id.encode()).hexdigest()
    yield records.original_key(sha256)
    yield records.content_key(unit, "f1", sha256)
    yield records.manifest_key(record_id, 1)
    yield records.started_key(record_id, 1, 1)
    yield from (records.file_key(record_id, 1, 1, name) for name in FILES)
    yield records.ended_key(record_id, 1, 1)
    yield records.result_key(record_id, 1)
    yield records.arrival_key(unit, batch, uuid.UUID(record_id).hex, record_id)


def entry_of(record_id: str) -> IndexEntry:
    placement = Placement(record_id, 1, "xa-01", "f1", "dat-dai", ("1",), datetime(2026, 1, 1, tzinfo=UTC))
    return IndexEntry(placement, "1.pdf", None, None, None, None, None, None, None, None, None, False, ())


def fill(home: Home, count: int) -> dict[str, float]:
    """Objects and index entries of so many records."""
    began = time.monotonic()
    ids = record_ids(count)

    def write(record: tuple[int, str]) -> int:
        keys = list(keys_of(*record))
        for key in keys:
            home.store.put_new(key, b"{}")
        return len(keys)

    with ThreadPoolExecutor(WRITERS) as writers:
        objects = sum(writers.map(write, enumerate(ids)))
    home.indexing.index.rebuild(map(entry_of, ids))
    return {"objects": objects, "filling_seconds": round(time.monotonic() - began, 1)}


def look(told: dict[str, str], what: str) -> dict[str, Any]:
    """In a process of its own. `resident_mb_more`: at most, beyond what the opened home had."""
    home = open_home(settings_of(told))
    before, began, cpu = _most_resident_mb(), time.monotonic(), time.process_time()
    if what == "status":
        counts = status(home.store).total
        found: dict[str, Any] = {"done": counts.done, "adds_up": counts.adds_up}
    else:
        parts = list(survey(home.custody, home.indexing))
        found = {"parts": len(parts), "healed": sum(one.marked + one.arrivals + one.indexed for one in parts)}
    return {
        "seconds": round(time.monotonic() - began, 2), "cpu_seconds": round(time.process_time() - cpu, 2),
        "resident_mb_more": round(_most_resident_mb() - before, 1), **found,
    }  # fmt: skip


def settings_of(told: dict[str, str]) -> Settings:
    named = {name.removeprefix(PREFIX).lower(): value for name, value in told.items() if name.startswith(PREFIX)}
    return Settings(**named)  # type: ignore[arg-type]  # as text, as the environment would give them


def measured(told: dict[str, str], count: int) -> dict[str, Any]:
    create_home(settings_of(told))
    figures: dict[str, Any] = {"records": count, **fill(open_home(settings_of(told)), count)}
    for what in ("status", "survey"):
        with multiprocessing.get_context("spawn").Pool(1) as process:
            figures[what] = process.apply(look, (told, what))
    return figures


@contextmanager
def places() -> Iterator[dict[str, dict[str, str]]]:
    with tempfile.TemporaryDirectory() as folder:
        homes = {"folder": {"SOHOA_HOME": f"{folder}/embedded"}}
        if not LISTED.exists():
            yield homes
            return
        with new_place() as place:
            yield homes | {"servers": {**place.settings, "SOHOA_HOME": f"{folder}/beside"}}


def main() -> None:
    parser = argparse.ArgumentParser(description="Looking through a large store.")
    parser.add_argument("--records", type=int, nargs="+", default=[10_000, 40_000])
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args()
    looked: dict[str, list[dict[str, Any]]] = {}
    for count in chosen.records:
        with places() as homes:
            for where, told in homes.items():
                looked.setdefault(where, []).append(measured(told, count))
                sys.stdout.write(f"{where} {json.dumps(looked[where][-1])}\n")
                sys.stdout.flush()
    text = json.dumps({"at": datetime.now(UTC).date().isoformat(), **looked}, indent=1) + "\n"
    if chosen.out:
        chosen.out.write_text(text, encoding="utf-8")


def _most_resident_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    main()
