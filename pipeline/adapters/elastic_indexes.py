"""Which indexes there are on the server, which one is in use, and how another takes its place.

    <name>                 alias of the index in use
    <name>-building        alias of an index that is being filled by a rebuild; it gets every record that is put meanwhile, too
    <name>-v<n>-<random>   an index; the number is that of the schema

An alias has one index at the most, and the server sees to that: of two that begin an index, or a rebuild, at the same moment one
fails.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import uuid4

import structlog

from pipeline.adapters.elastic_answers import NOT_READY, Json
from pipeline.adapters.elastic_documents import FEW_PARTS, MAPPINGS, SCHEMA_VERSION, SERVING, settings
from pipeline.adapters.elastic_server import ElasticPlace, ElasticServer
from pipeline.errors import BadSetting, IndexUnavailable

SWAPS = 5
"""Times that the index may be replaced under one operation before it gives up."""

STARTING_PAUSES = (0.1, 0.2, 0.4, 0.8)
"""Seconds before an index is asked again that is there and has not started: another process may have made it just now."""

SEEN_SECONDS = 1.0
"""For so long it is believed which index is in use: to ask before every search takes as long as a small search."""

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
"""As the server allows, and safe in an address."""

T = TypeVar("T")
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Found:
    """What there is. `live`: in use; `building`: being filled; `others`: left over."""

    live: str | None
    building: str | None
    others: tuple[str, ...]


class ElasticIndexes:
    """Every method raises IndexUnavailable."""

    def __init__(self, server: ElasticServer, place: ElasticPlace) -> None:
        """Asks nothing of the server. Raises BadSetting."""
        if not NAME.fullmatch(place.name):
            raise BadSetting("SOHOA_ELASTIC_NAME: chỉ dùng chữ thường, chữ số, - và _")
        self._server = server
        self._shards = place.shards
        self.name, self.building = place.name, f"{place.name}-building"
        self._seen, self._seen_until = "", 0.0

    def look(self) -> Found:
        name = re.compile(re.escape(self.name) + r"-v\d+-[0-9a-f]{32}")
        found = {one: aliases for one, aliases in self._server.aliases(f"{self.name}-v*").items() if name.fullmatch(one)}
        live = next((one for one, aliases in found.items() if self.name in aliases), None)
        building = next((one for one, aliases in found.items() if self.building in aliases), None)
        return Found(live, building, tuple(one for one in found if one not in (live, building)))

    def begin(self) -> None:
        """An empty one unless there is one."""
        if self.look().live is None:
            try:
                self.make(self.name, {**SERVING, **FEW_PARTS})
            except IndexUnavailable:
                if self.look().live is None:  # else another process was faster
                    raise

    def make(self, alias: str, more: Json) -> str:
        """A new one, that has the alias from the beginning; its name."""
        name = f"{self.name}-v{SCHEMA_VERSION}-{uuid4().hex}"
        self._server.make_index(name, alias, {**settings(self._shards), **more}, MAPPINGS)
        return name

    def usable(self, found: Found) -> str:
        """The one in use, if it is one that this version understands."""
        if found.live is None:
            raise IndexUnavailable("chưa có chỉ mục")
        if not found.live.startswith(f"{self.name}-v{SCHEMA_VERSION}-"):
            raise IndexUnavailable("chỉ mục của phiên bản khác")
        return found.live

    def ask_current(self, ask: Callable[[str], T]) -> T:
        """Ask the index in use; again when it was replaced meanwhile, or has only just been made."""
        index = self._lately_in_use()
        for pause in (*STARTING_PAUSES, None):
            try:
                return ask(index)
            except IndexUnavailable as error:
                self._seen_until = 0.0
                asked, index = index, self._lately_in_use()
                if index == asked:
                    if error.detail != NOT_READY or pause is None:
                        raise
                    time.sleep(pause)
        raise IndexUnavailable("đang được thay")

    def _lately_in_use(self) -> str:
        """As a look of the last second has shown: one that is replaced is deleted, and whoever asks it learns that."""
        if time.monotonic() > self._seen_until:
            self._seen, self._seen_until = self.usable(self.look()), time.monotonic() + SEEN_SECONDS
        return self._seen

    def put_in_use(self, new: str) -> None:
        """Instead of the one that is, which is thrown away."""
        for _ in range(SWAPS):
            before = self.look()
            if before.live == new:
                return  # the answer to the last attempt was lost
            try:
                self._server.swap(new, held=self.building, alias=self.name, old=before.live)
            except IndexUnavailable:
                if before == self.look():
                    raise
            else:
                self.throw_away(before.live)  # only now: whose answer it takes away finds the new one
                return
        raise IndexUnavailable("đang được thay")

    def begin_merging(self, name: str) -> None:
        """One part of many, on the server, which goes on with it by itself. It answers all the same without; only slower."""
        try:
            self._server.change_settings(name, FEW_PARTS)
            self._server.begin_merging(name)
        except IndexUnavailable as error:
            log.warning("index_not_merged", index=name, reason=error.detail)

    def throw_away(self, name: str | None) -> None:
        """Unless it is in use. What cannot be thrown away now the next rebuild takes away."""
        try:
            if name and self.look().live != name:
                self._server.delete_index(name)
        except IndexUnavailable as error:
            log.warning("index_left_behind", index=name, reason=error.detail)
