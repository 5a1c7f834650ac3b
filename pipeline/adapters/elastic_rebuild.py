"""A new index on the server, filled beside the one in use.

A rebuild shows that it lives by writing a number every second; one that was killed is found out by the next, which takes away
what it left.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from threading import Event, Thread

import structlog

from pipeline.adapters.elastic_answers import Document
from pipeline.adapters.elastic_documents import BUILDING, SERVING, in_batches, tombstone
from pipeline.adapters.elastic_indexes import ElasticIndexes
from pipeline.adapters.elastic_server import LONG_PAUSES, ElasticServer
from pipeline.adapters.elastic_standing import count_standing, generations_standing
from pipeline.adapters.meanwhile import meanwhile
from pipeline.errors import IndexUnavailable

BEAT_SECONDS = 1.0
PATIENCE_SECONDS = 6.0
"""A rebuild that is silent for that long was killed. If it was not, it finds its index gone and fails; nothing is harmed."""

BEAT_ID = ".beat"
"""No record's id: those begin with a letter or a digit."""

log = structlog.get_logger()


class ElasticRebuild:
    """Every method raises IndexUnavailable."""

    def __init__(self, server: ElasticServer, indexes: ElasticIndexes) -> None:
        self._server = server
        self._indexes = indexes

    def fill_and_swap(self, documents: Iterable[Document]) -> int:
        """Fill a new index while the old one serves; bring over tombstones; swap; have it merged. Returns the number of records.

        An error, or a kill, leaves the old one in use.
        """
        with self._new_index() as new:
            self._fill_all(new, in_batches(documents))
            self._bring_over_tombstones(new)
            self._server.change_settings(new, SERVING)
            self._server.force_to_disk(new)
            self._server.show(new)
            with self._server.view(new) as view:
                count = count_standing(view)
            self._indexes.put_in_use(new)
        self._indexes.begin_merging(new)  # only now: the old one's room on the disk is free again, and nobody waits for it
        return count

    @contextmanager
    def _new_index(self) -> Iterator[str]:
        """An index to be filled, alone; gone at the end unless it is in use then."""
        self._sweep()
        try:
            new = self._indexes.make(self._indexes.building, BUILDING)
        except IndexUnavailable:
            if self._indexes.look().building:
                raise IndexUnavailable("đang được dựng lại") from None
            raise
        try:
            with self._beating():
                yield new
        except BaseException:
            self._indexes.throw_away(new)
            raise

    def _sweep(self) -> None:
        """Take away what killed rebuilds have left. Raises IndexUnavailable when one is alive."""
        found = self._indexes.look()
        if found.building:
            if self._is_alive(found.building):
                raise IndexUnavailable("đang được dựng lại")
            log.warning("dead_rebuild_cleared", index=found.building)
            self._server.take_alias(found.building, self._indexes.building)  # fails if it came to its end meanwhile
        for name in self._indexes.look().others:
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
                self._server.write_beat(self._indexes.building, BEAT_ID, number)
            except IndexUnavailable as error:
                log.info("rebuild_beat_missed", reason=error.detail)  # the next write of the rebuild itself tells what is wrong
            number += 1
            if ended.wait(BEAT_SECONDS):
                return

    def _fill_all(self, new: str, batches: Iterable[Sequence[Document]]) -> None:
        for _ in meanwhile(batches, partial(self._fill, new)):
            pass

    def _fill(self, new: str, batch: Sequence[Document]) -> None:
        where, outcomes = self._server.write(self._indexes.building, batch, LONG_PAUSES)
        if where != new:
            raise IndexUnavailable("đang được dựng lại")
        for one in outcomes:
            if one.error is not None:
                raise one.error

    def _bring_over_tombstones(self, new: str) -> None:
        """From the index in use. One that cannot be read is left behind: reconciling finds what is missing."""
        live = self._indexes.look().live
        if live is None:
            return
        try:
            self._server.show(live)
            with self._server.view(live) as view:
                removed = [tombstone(record_id, number) for record_id, number in generations_standing(view, removed=True)]
        except IndexUnavailable as error:
            log.warning("old_index_left_behind", reason=error.detail)
            return
        self._fill_all(new, in_batches(removed))
