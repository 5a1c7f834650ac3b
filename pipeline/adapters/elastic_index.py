"""The Index on an Elasticsearch server.

    <name>                 alias of the index in use
    <name>-building        alias of an index that is being filled by a rebuild; it gets every record that is put meanwhile, too
    <name>-v<n>-<random>   an index; the number is that of the schema

An alias has one index at the most, and the server sees to that: of two that begin an index, or a rebuild, at the same moment one
fails. A rebuild shows that it lives by writing a number every second; one that was killed is found out by the next, which takes
away what it left.

All of it may be deleted: the next `put` begins a new index, and reconciling fills it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Event, Thread
from typing import TypeVar
from uuid import uuid4

import structlog

from pipeline.adapters.elastic_documents import (
    BUILDING,
    MAPPINGS,
    SCHEMA_VERSION,
    SERVING,
    in_batches,
    record_document,
    settings,
    tombstone,
)
from pipeline.adapters.elastic_search import search_view
from pipeline.adapters.elastic_server import LONG_PAUSES, Document, ElasticPlace, ElasticServer, ElasticView, Json, Outcome
from pipeline.errors import BadSetting, IndexUnavailable
from pipeline.index import IndexEntry
from pipeline.ports import Putting
from pipeline.query import Hits, Query
from pipeline.ranking import BOUNDS, Bounds

__all__ = ["ElasticIndex", "ElasticPlace"]

SWAPS = 5
"""Times that the index may be replaced under one operation before it gives up."""

SEEN_SECONDS = 1.0
"""For so long it is believed which index is in use: to ask before every search takes as long as a small search."""

BEAT_SECONDS = 1.0
PATIENCE_SECONDS = 6.0
"""A rebuild that is silent for that long was killed. If it was not, it finds its index gone and fails; nothing is harmed."""

BEAT_ID = ".beat"
"""No record's id: those begin with a letter or a digit."""

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
"""As the server allows, and safe in an address."""

READ_AT_ONCE = 5000
"""Generations of one answer."""

T = TypeVar("T")
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Indexes:
    """What there is. `live`: in use; `building`: being filled; `others`: left over."""

    live: str | None
    building: str | None
    others: tuple[str, ...]


class ElasticIndex:
    """Keeps no state of its own that matters: any number of threads, processes and machines may share the index."""

    def __init__(self, place: ElasticPlace, bounds: Bounds = BOUNDS) -> None:
        """Asks nothing of the server. Raises BadSetting."""
        if not NAME.fullmatch(place.name):
            raise BadSetting("SOHOA_ELASTIC_NAME: chỉ dùng chữ thường, chữ số, - và _")
        self._place = place
        self._bounds = bounds
        self._server = ElasticServer(place)
        self._building = f"{place.name}-building"
        self._seen, self._seen_until = "", 0.0

    def create(self) -> None:
        """Begin an empty index unless there is one. Raises IndexUnavailable."""
        if self._look().live is None:
            try:
                self._make(self._place.name, SERVING)
            except IndexUnavailable:
                if self._look().live is None:  # else another process was faster
                    raise

    def put(self, entries: Iterable[IndexEntry]) -> dict[str, Putting]:
        """Add or replace records; record_id -> what became of it. What was written before an error stays."""
        done: dict[str, Outcome] = {}
        for some in _meanwhile(in_batches(map(record_document, entries)), self._write):
            done |= some
        if done:
            _raise_when_all_wait(done.values())
            self._server.show(self._place.name)
        return {record_id: one.putting for record_id, one in done.items()}

    def search(self, query: Query) -> Hits:
        """Raises BadQuery, IndexUnavailable."""
        return self._on_current(lambda index: search_view(self._server.questions(index), query, self._bounds))

    def generations(self, beginning: str = "") -> dict[str, int]:
        """record_id -> generation of the records whose id begins so; empty when there is no index yet."""
        return self._on_current(partial(self._generations, beginning=beginning)) if self._look().live else {}

    def _generations(self, index: str, beginning: str) -> dict[str, int]:
        """By the beginning, the server goes to the ids themselves: they are sorted."""
        with self._server.view(index) as view:
            return dict(_read(view, [{"prefix": {"record_id": beginning}}] if beginning else [], removed=False))

    def remove(self, record_id: str, generation: int) -> None:
        """Leave a tombstone: entries of this generation or older stay away."""
        _raise_when_all_wait(self._write([tombstone(record_id, generation)]).values())
        self._server.show(self._place.name)

    def rebuild(self, entries: Iterable[IndexEntry]) -> int:
        """Fill a new index while the old one serves and takes records, which the new one gets too; bring over tombstones; swap.

        Returns the number of records. An error, or a kill, leaves the old one in use. Raises IndexUnavailable, also when another
        rebuild is under way.
        """
        with self._new_index() as new:
            self._fill_all(new, in_batches(map(record_document, entries)))
            self._bring_over_tombstones(new)
            self._server.change_settings(new, SERVING)
            self._server.force_to_disk(new)
            self._server.show(new)
            with self._server.view(new) as view:
                count = _count(view)
            self._put_in_use(new)
        return count

    # --- the index in use -------------------------------------------------------------------------------------------------

    def _look(self) -> _Indexes:
        name = re.compile(re.escape(self._place.name) + r"-v\d+-[0-9a-f]{32}")
        found = {one: aliases for one, aliases in self._server.aliases(f"{self._place.name}-v*").items() if name.fullmatch(one)}
        live = next((one for one, aliases in found.items() if self._place.name in aliases), None)
        building = next((one for one, aliases in found.items() if self._building in aliases), None)
        return _Indexes(live, building, tuple(one for one in found if one not in (live, building)))

    def _in_use(self) -> str:
        live = self._look().live
        if live is None:
            raise IndexUnavailable("chưa có chỉ mục")
        if not live.startswith(f"{self._place.name}-v{SCHEMA_VERSION}-"):
            raise IndexUnavailable("chỉ mục của phiên bản khác")
        return live

    def _on_current(self, ask: Callable[[str], T]) -> T:
        """Ask the index in use; again when it was replaced meanwhile."""
        index = self._lately_in_use()
        for _ in range(SWAPS):
            try:
                return ask(index)
            except IndexUnavailable:
                self._seen_until = 0.0
                asked, index = index, self._lately_in_use()
                if index == asked:
                    raise
        raise IndexUnavailable("đang được thay")

    def _lately_in_use(self) -> str:
        """As a look of the last second has shown: one that is replaced is deleted, and whoever asks it learns that."""
        if time.monotonic() > self._seen_until:
            self._seen, self._seen_until = self._in_use(), time.monotonic() + SEEN_SECONDS
        return self._seen

    def _write(self, documents: Sequence[Document]) -> dict[str, Outcome]:
        """To the index in use and to one that is being filled; looks again afterwards, for either may have come meanwhile.

        What one of the two puts off is put off.
        """
        done: dict[str, list[Outcome]] = {}
        for _ in range(2 * SWAPS):
            indexes = self._look()
            if indexes.live is None:
                self.create()
                continue
            live = self._in_use()
            if indexes.building and indexes.building not in done:
                alias = self._building
            elif live not in done:
                alias = self._place.name
            else:
                both = zip(done[live], done.get(indexes.building or live, done[live]), strict=True)
                outcomes = [filling if filling.error is not None else serving for serving, filling in both]
                return {one.document_id: outcome for one, outcome in zip(documents, outcomes, strict=True)}
            try:
                where, done_there = self._server.write(alias, documents)
                done[where] = done_there
            except IndexUnavailable:
                if indexes == self._look():
                    raise
        raise IndexUnavailable("đang được thay")

    # --- a new index ------------------------------------------------------------------------------------------------------

    def _make(self, alias: str, more: Json) -> str:
        name = f"{self._place.name}-v{SCHEMA_VERSION}-{uuid4().hex}"
        self._server.make_index(name, alias, {**settings(self._place.shards), **more}, MAPPINGS)
        return name

    @contextmanager
    def _new_index(self) -> Iterator[str]:
        """An index to be filled, alone; gone at the end unless it is in use then."""
        self._sweep()
        try:
            new = self._make(self._building, BUILDING)
        except IndexUnavailable:
            if self._look().building:
                raise IndexUnavailable("đang được dựng lại") from None
            raise
        try:
            with self._beating():
                yield new
        except BaseException:
            self._throw_away(new)
            raise

    def _sweep(self) -> None:
        """Take away what killed rebuilds have left. Raises IndexUnavailable when one is alive."""
        indexes = self._look()
        if indexes.building:
            if self._is_alive(indexes.building):
                raise IndexUnavailable("đang được dựng lại")
            log.warning("dead_rebuild_cleared", index=indexes.building)
            self._server.take_alias(indexes.building, self._building)  # fails if that rebuild came to its end meanwhile
        for name in self._look().others:
            self._server.delete_index(name)

    def _is_alive(self, index: str) -> bool:
        """Whether its number changes. Clocks of two machines are never compared."""
        before = self._server.beat(index, BEAT_ID)
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            time.sleep(BEAT_SECONDS / 4)
            if self._server.beat(index, BEAT_ID) != before:
                return True
        return False

    @contextmanager
    def _beating(self) -> Iterator[None]:
        ended = Event()
        thread = Thread(target=self._beat, args=(ended,), name="rebuild-beat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _beat(self, ended: Event) -> None:
        number = 0
        while True:
            try:
                self._server.write_beat(self._building, BEAT_ID, number)
            except IndexUnavailable as error:
                log.info("rebuild_beat_missed", reason=error.detail)  # the next write of the rebuild itself tells what is wrong
            number += 1
            if ended.wait(BEAT_SECONDS):
                return

    def _fill_all(self, new: str, batches: Iterable[Sequence[Document]]) -> None:
        for _ in _meanwhile(batches, partial(self._fill, new)):
            pass

    def _fill(self, new: str, batch: Sequence[Document]) -> None:
        where, outcomes = self._server.write(self._building, batch, LONG_PAUSES)
        if where != new:
            raise IndexUnavailable("đang được dựng lại")
        for one in outcomes:
            if one.error is not None:
                raise one.error

    def _bring_over_tombstones(self, new: str) -> None:
        """From the index in use. One that cannot be read is left behind: reconciling finds what is missing."""
        live = self._look().live
        if live is None:
            return
        try:
            self._server.show(live)
            with self._server.view(live) as view:
                removed = [tombstone(record_id, generation) for record_id, generation in _read(view, [], removed=True)]
        except IndexUnavailable as error:
            log.warning("old_index_left_behind", reason=error.detail)
            return
        self._fill_all(new, in_batches(removed))

    def _put_in_use(self, new: str) -> None:
        for _ in range(SWAPS):
            before = self._look()
            if before.live == new:
                return  # the answer to the last attempt was lost
            try:
                self._server.swap(new, held=self._building, alias=self._place.name, old=before.live)
            except IndexUnavailable:
                if before == self._look():
                    raise
            else:
                self._throw_away(before.live)  # only now: whose answer it takes away finds the new one
                return
        raise IndexUnavailable("đang được thay")

    def _throw_away(self, name: str | None) -> None:
        """Unless it is in use. What cannot be thrown away now the next rebuild takes away."""
        try:
            if name and self._look().live != name:
                self._server.delete_index(name)
        except IndexUnavailable as error:
            log.warning("index_left_behind", index=name, reason=error.detail)


def _raise_when_all_wait(outcomes: Iterable[Outcome]) -> None:
    """For one and the same reason, most likely."""
    waiting = [one.error for one in outcomes]
    if waiting[0] is not None and all(waiting):
        raise waiting[0]


def _meanwhile(batches: Iterable[Sequence[Document]], take: Callable[[Sequence[Document]], T]) -> Iterator[T]:
    """What `take` makes of each. While the server takes a batch the next one is made: both take about as long."""
    with ThreadPoolExecutor(1, "index-write") as writer:
        under_way = None
        for batch in batches:
            if under_way:
                yield under_way.result()
            under_way = writer.submit(take, batch)
        if under_way:
            yield under_way.result()


def _count(view: ElasticView) -> int:
    found = view.search({"query": {"term": {"removed": False}}, "size": 0, "track_total_hits": True})
    return int(found["hits"]["total"]["value"])


def _read(view: ElasticView, wanted: list[Json], *, removed: bool) -> Iterator[tuple[str, int]]:
    """record_id and generation of all records, or of all tombstones, that are wanted."""
    after: list[int] | None = None
    body: Json = {
        "query": {"bool": {"filter": [{"term": {"removed": removed}}, *wanted]}}, "sort": ["_shard_doc"], "size": READ_AT_ONCE,
        "_source": False, "docvalue_fields": ["generation"], "track_total_hits": False,
    }  # fmt: skip
    while True:
        found = view.search({**body, **({"search_after": after} if after else {})})["hits"]["hits"]
        yield from ((hit["_id"], hit["fields"]["generation"][0]) for hit in found)
        if len(found) < READ_AT_ONCE:
            return
        after = found[-1]["sort"]
