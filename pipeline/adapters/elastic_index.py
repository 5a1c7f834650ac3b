"""The Index on an Elasticsearch server: what is put there, asked of it and built anew (elastic_indexes, elastic_rebuild).

All of it may be deleted: the next `put` begins a new index, and reconciling fills it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.adapters.elastic_answers import Document, Outcome
from pipeline.adapters.elastic_documents import in_batches, record_document, tombstone
from pipeline.adapters.elastic_indexes import SWAPS, ElasticIndexes
from pipeline.adapters.elastic_rebuild import ElasticRebuild
from pipeline.adapters.elastic_search import search_view
from pipeline.adapters.elastic_server import ElasticPlace, ElasticServer
from pipeline.adapters.elastic_standing import generations_standing
from pipeline.adapters.meanwhile import meanwhile
from pipeline.errors import IndexUnavailable
from pipeline.index import IndexEntry
from pipeline.ports import Putting
from pipeline.query import Hits, Query
from pipeline.ranking import BOUNDS, Bounds

__all__ = ["ElasticIndex", "ElasticPlace"]


class ElasticIndex:
    """Keeps no state of its own that matters: any number of threads, processes and machines may share the index."""

    def __init__(self, place: ElasticPlace, bounds: Bounds = BOUNDS) -> None:
        """Asks nothing of the server. Raises BadSetting."""
        self._bounds = bounds
        self._server = ElasticServer(place)
        self._indexes = ElasticIndexes(self._server, place)

    def create(self) -> None:
        """Begin an empty index unless there is one. Raises IndexUnavailable."""
        self._indexes.begin()

    def put(self, entries: Iterable[IndexEntry]) -> dict[str, Putting]:
        """Add or replace records; record_id -> what became of it. What was written before an error stays."""
        done: dict[str, Outcome] = {}
        for some in meanwhile(in_batches(map(record_document, entries)), self._write):
            done |= some
        if done:
            _raise_when_all_wait(done.values())
            self._server.show(self._indexes.name)
        return {record_id: one.putting for record_id, one in done.items()}

    def search(self, query: Query) -> Hits:
        """Raises BadQuery, IndexUnavailable."""
        return self._indexes.ask_current(lambda index: search_view(self._server.questions(index), query, self._bounds))

    def generations(self, beginning: str = "") -> dict[str, int]:
        """record_id -> generation of the records whose id begins so; empty when there is no index yet."""

        def asked(index: str) -> dict[str, int]:
            with self._server.view(index) as view:
                return dict(generations_standing(view, beginning))

        return self._indexes.ask_current(asked) if self._indexes.look().live else {}

    def remove(self, record_id: str, generation: int) -> None:
        """Leave a tombstone: entries of this generation or older stay away."""
        _raise_when_all_wait(self._write([tombstone(record_id, generation)]).values())
        self._server.show(self._indexes.name)

    def rebuild(self, entries: Iterable[IndexEntry]) -> int:
        """Fill a new index while the old one serves and takes records, which the new one gets too; bring over tombstones; swap.

        Returns the number of records. An error, or a kill, leaves the old one in use. Raises IndexUnavailable, also when another
        rebuild is under way.
        """
        return ElasticRebuild(self._server, self._indexes).fill_and_swap(map(record_document, entries))

    def _write(self, documents: Sequence[Document]) -> dict[str, Outcome]:
        """To the index in use and to one that is being filled; looks again afterwards, for either may have come meanwhile.

        What one of the two puts off is put off.
        """
        done: dict[str, list[Outcome]] = {}
        for _ in range(2 * SWAPS):
            found = self._indexes.look()
            if found.live is None:
                self.create()
                continue
            live = self._indexes.usable(found)
            if found.building and found.building not in done:
                alias = self._indexes.building
            elif live not in done:
                alias = self._indexes.name
            else:
                return _put_off_by_either(documents, done[live], done[found.building or live])
            try:
                where, done_there = self._server.write(alias, documents)
                done[where] = done_there
            except IndexUnavailable:
                if found == self._indexes.look():
                    raise
        raise IndexUnavailable("đang được thay")


def _put_off_by_either(
    documents: Sequence[Document], serving: Sequence[Outcome], filling: Sequence[Outcome]
) -> dict[str, Outcome]:
    both = zip(documents, serving, filling, strict=True)
    return {one.document_id: (second if second.error is not None else first) for one, first, second in both}


def _raise_when_all_wait(outcomes: Iterable[Outcome]) -> None:
    """For one and the same reason, most likely."""
    waiting = [one.error for one in outcomes]
    if waiting[0] is not None and all(waiting):
        raise waiting[0]
