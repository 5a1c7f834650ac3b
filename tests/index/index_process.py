"""Another process at the same index: `python -m tests.index.index_process ACTION FOLDER`. It says "begun" and goes on until it is
killed or its standard input closes.

    ask       searches again and again; ends with 1 when an answer is neither of the old index nor of the new one
    put       puts records r-0, r-1, ... of two pages
    rebuild   begins a rebuild that never ends
"""

from __future__ import annotations

import itertools
import select
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from pipeline.adapters.sqlite_index import SqliteIndex
from pipeline.index import IndexEntry
from pipeline.query import Query
from tests.index.entries import entry


def told_to_stop() -> bool:
    return bool(select.select([sys.stdin], [], [], 0)[0])


def say_begun() -> None:
    sys.stdout.write("begun\n")
    sys.stdout.flush()


def ask(index: SqliteIndex) -> int:
    for number in itertools.count():
        total = index.search(Query("đê điều")).total
        if total % 10 or not total:
            return 1
        if number == 0:
            say_begun()
        if told_to_stop():
            return 0
    return 1


def put(index: SqliteIndex) -> int:
    for number in itertools.count():
        index.put([entry(f"r-{number}", "trang một", "trang hai")])
        if number == 0:
            say_begun()
    return 1


def rebuild(index: SqliteIndex) -> int:
    def endless() -> Iterator[IndexEntry]:
        yield from (entry(f"new-{number}", "đê điều") for number in range(100))
        say_begun()
        time.sleep(600)

    return index.rebuild(endless())


if __name__ == "__main__":
    sys.exit({"ask": ask, "put": put, "rebuild": rebuild}[sys.argv[1]](SqliteIndex(Path(sys.argv[2]))))
