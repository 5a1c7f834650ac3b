"""Questions to one index of an Elasticsearch server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import structlog

from pipeline.adapters.elastic_answers import Json, error_type, in_our_words
from pipeline.errors import IndexUnavailable

VIEW_KEPT = "1m"
"""An unchanging view is closed after use; one whose user was killed is closed by the server after that time."""

log = structlog.get_logger()


class Asked(Protocol):
    """The requests that a view makes, each patient with a busy server. They raise IndexUnavailable."""

    def search_all(self, lines: Sequence[Json]) -> Sequence[Json]:
        """Answers to several searches, each of which is two lines."""

    def close_view(self, view_id: str) -> None: ...


class ElasticView:
    """One index: as it was when the view was opened (`point_in_time`), or (`index`: its name) as it is whenever it is asked."""

    def __init__(self, server: Asked, seconds: float, *, index: str | None = None, point_in_time: str | None = None) -> None:
        self._server = server
        self._timeout = f"{round(1000 * seconds)}ms"
        self._index = index
        self._id = point_in_time

    def search(self, body: Json) -> Json:
        """Raises IndexUnavailable, also when a part of the index did not answer, or not in time."""
        return self.searches([body])[0]

    def searches(self, bodies: Sequence[Json]) -> list[Json]:
        """Several at once."""
        if not bodies:
            return []
        head: Json = {"allow_partial_search_results": False, **({"index": self._index} if self._index else {})}
        lines: list[Json] = []
        for body in bodies:
            lines += [head, {**self._here(), **body}]
        return [self._whole(one) for one in self._server.search_all(lines)]

    def close(self) -> None:
        """A view that is gone already is closed too."""
        try:
            if self._id:
                self._server.close_view(self._id)
        except IndexUnavailable as error:
            log.info("view_not_closed", reason=error.detail)  # the server closes it after VIEW_KEPT

    def _here(self) -> Json:
        seen: Json = {"pit": {"id": self._id, "keep_alive": VIEW_KEPT}} if self._id else {}
        return {**seen, "timeout": self._timeout}

    def _whole(self, answer: Json) -> Json:
        if "error" in answer:
            raise in_our_words(answer["status"], error_type(answer))
        if answer["timed_out"] or answer["_shards"]["failed"]:
            raise IndexUnavailable("TIMEOUT")
        self._id = answer.get("pit_id", self._id)
        return answer
