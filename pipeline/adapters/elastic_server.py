"""What is asked of an Elasticsearch server. With elastic_answers and elastic_view beside it, all that knows the library.

Every call has a time limit; a server that is too busy (429) is asked again a few times, after growing pauses.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import structlog
from elastic_transport import ApiError
from elasticsearch import Elasticsearch

from pipeline.adapters.elastic_answers import (
    BUSY,
    TOO_LONG,
    Document,
    Json,
    Outcome,
    blocked,
    elastic_errors,
    outcome_of,
    passes,
    status_of,
)
from pipeline.adapters.elastic_view import VIEW_KEPT, ElasticView
from pipeline.adapters.tls import trusting
from pipeline.errors import BadSetting, IndexUnavailable

T = TypeVar("T")

GRACE_SECONDS = 2.0
"""The server gives up a search by itself; only when it does not say so in this time is the line cut."""

WRITE_SECONDS = 60.0
"""For a batch of BATCH_BYTES on a busy server, and for making an index."""

PAUSES = (0.2, 0.4, 0.8, 1.6, 3.2)
"""Seconds before a busy server is asked again: longer than a burst, shorter than a clerk's patience."""

LONG_PAUSES = (*PAUSES, 6.4, 12.8, 25.6, 51.2)
"""For who has been filling an index for hours: a server may take a minute to clear its memory."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ElasticPlace:
    """Where the index is. `url`: scheme, host and port; `name`: of the alias; `shards`: of an index made from now on.
    `answer_seconds`: a search that takes longer is given up."""

    url: str
    name: str
    api_key: str | None = None
    ca_file: Path | None = None
    shards: int = 1
    answer_seconds: float = 10.0


class ElasticServer:
    """Nothing is asked of the server before the first call. Any number of threads may share it.

    Every method raises IndexUnavailable.
    """

    def __init__(self, place: ElasticPlace) -> None:
        """Raises BadSetting for an address or certificate that is none."""
        self._seconds = place.answer_seconds
        try:
            # A context of ours and not a path: the client would look at the file only when it connects.
            tls: Json = {"ssl_context": trusting(place.ca_file)} if place.ca_file else {}
            self._client = Elasticsearch(
                place.url, api_key=place.api_key, request_timeout=self._seconds + GRACE_SECONDS, max_retries=1,
                retry_on_status=(), retry_on_timeout=False, **tls,
            )  # fmt: skip
        except (ValueError, OSError) as error:
            raise BadSetting("SOHOA_ELASTIC_URL, SOHOA_ELASTIC_CA_FILE: không dùng được") from error
        self._patient = self._client.options(request_timeout=WRITE_SECONDS)

    # --- indexes and their aliases ----------------------------------------------------------------------------------------

    def aliases(self, pattern: str) -> dict[str, frozenset[str]]:
        """Index -> its aliases, of all indexes whose name fits."""
        found = self._ask(lambda: self._client.indices.get_alias(index=pattern).body)
        return {name: frozenset(one["aliases"]) for name, one in found.items()}

    def make_index(self, name: str, alias: str, settings: Json, mappings: Json) -> None:
        """With the alias from the beginning; fails while another index has that alias."""
        held = {alias: {"is_write_index": True}}  # the server allows one such index an alias: of two at once one fails
        self._ask(lambda: self._patient.indices.create(index=name, aliases=held, settings=settings, mappings=mappings))

    def swap(self, new: str, *, held: str, alias: str, old: str | None) -> None:
        """In one step `new` gives up the alias `held` and takes `alias` from the old one. All of it or nothing."""
        actions: list[Json] = [{"remove": {"index": new, "alias": held, "must_exist": True}}]
        actions += [{"remove": {"index": old, "alias": alias, "must_exist": True}}] if old else []
        actions += [{"add": {"index": new, "alias": alias, "is_write_index": True}}]
        self._ask(lambda: self._patient.indices.update_aliases(actions=actions))

    def take_alias(self, name: str, alias: str) -> None:
        """Fails when the index does not have it (any more)."""
        actions = [{"remove": {"index": name, "alias": alias, "must_exist": True}}]
        self._ask(lambda: self._patient.indices.update_aliases(actions=actions))

    def delete_index(self, name: str) -> None:
        """Missing is fine."""
        self._ask(lambda: self._patient.indices.delete(index=name, ignore_unavailable=True))

    def change_settings(self, name: str, settings: Json) -> None:
        self._ask(lambda: self._patient.indices.put_settings(index=name, settings=settings))

    def force_to_disk(self, name: str) -> None:
        """What was written until now outlasts a crash of the server, whatever the settings say."""
        self._ask(lambda: self._patient.indices.flush(index=name))

    def show(self, name: str) -> None:
        """From now on searches see what was written until now."""
        self._ask(lambda: self._patient.indices.refresh(index=name))

    def begin_merging(self, name: str) -> None:
        """What the index consists of becomes one part; the server does it in its own time."""
        self._ask(lambda: self._patient.indices.forcemerge(index=name, max_num_segments=1, wait_for_completion=False))

    # --- documents --------------------------------------------------------------------------------------------------------

    def write(self, alias: str, documents: Sequence[Document], pauses: Sequence[float] = PAUSES) -> tuple[str, list[Outcome]]:
        """Returns the index that the alias stood for, and what became of each document. An index is never made by writing."""
        try:
            where, answers = self._write_patiently(alias, documents, pauses)
        except IndexUnavailable as error:
            if status_of(error) != TOO_LONG:
                raise
            return self._write_halves(alias, documents, pauses)
        return where, [outcome_of(one, answer) for one, answer in zip(documents, answers, strict=True)]

    def _write_halves(self, alias: str, documents: Sequence[Document], pauses: Sequence[float]) -> tuple[str, list[Outcome]]:
        """Of a call that is too long to be taken, or looked into, as a whole."""
        if len(documents) == 1:
            return next(iter(self.aliases(alias))), [outcome_of(documents[0], {"status": TOO_LONG})]
        middle = len(documents) // 2
        where, first = self.write(alias, documents[:middle], pauses)
        also, second = self.write(alias, documents[middle:], pauses)
        if where != also:
            raise IndexUnavailable("đang được thay")
        return where, first + second

    def _write_patiently(self, alias: str, documents: Sequence[Document], pauses: Sequence[float]) -> tuple[str, list[Json]]:
        """The last answer for each: those for which the server is too busy are written again."""
        answers: dict[int, Json] = {}
        waiting = dict(enumerate(documents))
        for pause in (*pauses, None):
            where, found = self._bulk(alias, list(waiting.values()), pauses)
            answers |= zip(tuple(waiting), found, strict=True)
            waiting = {at: waiting[at] for at, one in zip(tuple(waiting), found, strict=True) if passes(one)}
            if not waiting or pause is None:
                break
            _wait(pause, len(waiting))
        return where, [answers[at] for at in range(len(documents))]

    def _bulk(self, alias: str, documents: Sequence[Document], pauses: Sequence[float]) -> tuple[str, list[Json]]:
        lines: list[Any] = []
        for one in documents:
            head = {"_id": one.document_id, "version": one.version, "version_type": "external_gte"}
            lines += [{"index": head}, one.content]
        answer = self._ask(lambda: self._patient.bulk(index=alias, operations=lines, require_alias=True).body, pauses)
        answers = [item["index"] for item in answer["items"]]
        return str(answers[0]["_index"]), answers

    def write_beat(self, alias: str, document_id: str, number: int) -> None:
        document = {"beat": number}
        self._ask(lambda: self._client.index(index=alias, id=document_id, document=document, require_alias=True))

    def beat(self, index: str, document_id: str) -> int | None:
        """The number last written; None when there is none yet."""
        found = self._ask(lambda: self._client.mget(index=index, ids=[document_id]).body)["docs"][0]
        return int(found["_source"]["beat"]) if found.get("found") else None

    # --- questions --------------------------------------------------------------------------------------------------------

    def questions(self, index: str) -> ElasticView:
        """Asked of one index, each of it as it is then."""
        return ElasticView(self, self._seconds, index=index)

    @contextmanager
    def view(self, index: str) -> Iterator[ElasticView]:
        """The index as it is now, for as long as the block lasts: what is read part by part."""
        opened = self._ask(lambda: self._client.open_point_in_time(index=index, keep_alive=VIEW_KEPT).body)
        view = ElasticView(self, self._seconds, point_in_time=opened["id"])
        try:
            yield view
        finally:
            view.close()

    def search_all(self, lines: Sequence[Json]) -> Sequence[Json]:
        answers: Sequence[Json] = self._ask(lambda: self._client.msearch(searches=lines).body)["responses"]
        return answers

    def close_view(self, view_id: str) -> None:
        self._ask(lambda: self._client.close_point_in_time(id=view_id))

    def _ask(self, call: Callable[[], T], pauses: Sequence[float] = PAUSES) -> T:
        with elastic_errors():
            for pause in pauses:
                try:
                    return call()
                except ApiError as error:
                    if error.meta.status != BUSY or blocked(error.body):
                        raise
                _wait(pause, 1)
            return call()


def _wait(seconds: float, waiting: int) -> None:
    """Not all who were refused come again at the same moment."""
    log.info("index_busy", waiting=waiting)
    time.sleep(seconds * random.uniform(0.5, 1.0))  # noqa: S311  (no secret)
