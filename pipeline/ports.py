"""What sohoa needs from outside, as promises. Each port has one contract suite in `tests/contracts/` that every adapter passes.

Store     truth. Keys are slash-separated ASCII; a value is written whole or not at all.
Index     disposable: rebuilt from the store at any time.
Queue     disposable: carries ids only; may lose, double or reorder; the store decides what is still to do.
Readers   turn a picture into words. Pure: same pixels, same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from pipeline.index import IndexEntry
from pipeline.model import BoundingBox, Line, ReaderInfo, Word
from pipeline.query import Hits, Query

if TYPE_CHECKING:  # the parent process, which needs the other ports, loads no image library
    from pipeline.layout.tables import Ruling
    from pipeline.pixels import Pixels


class Store(Protocol):
    """Keys and bytes. What was acknowledged is durable and is read back as it was written."""

    def put_new(self, key: str, content: bytes | Path) -> None:
        """Write durably (fsync) under a key that does not exist yet; a path is streamed.

        Raises KeyExists (nothing changed), DiskFull, StoreUnavailable.
        """

    def get(self, key: str) -> bytes:
        """A small object whole. Raises KeyMissing."""

    def open(self, key: str) -> BinaryIO:
        """A large object as a stream; the caller closes it. Raises KeyMissing."""

    def list_after(self, prefix: str, after: str = "") -> Iterator[str]:
        """Keys that start with `prefix` and sort after `after`, in key order; may be stopped and resumed at any key."""

    def remove(self, key: str) -> None:
        """Take an object away; missing is fine. Only for what never counted, and for damaged bytes before good ones are put."""


@dataclass(frozen=True, slots=True)
class RecordTask:
    """The only message: which record, and the generation for which work was wanted."""

    record_id: str
    generation: int


INTERACTIVE, BULK = "interactive", "bulk"
LANES = (INTERACTIVE, BULK)
"""Of a queue with several takers. What somebody waits for overtakes a batch, because each worker takes from both in turn."""


class Queue(Protocol):
    """At least once, or not at all: loss and doubles never change the final state."""

    def send(self, task: RecordTask) -> None:
        """Hand over one task. Raises QueueUnavailable when the queue is full or out of reach."""

    def waiting(self) -> int:
        """Tasks handed over and not yet taken, as far as known."""


class Index(Protocol):
    """Search over records and pages. Older generations never overwrite newer ones."""

    def put(self, entries: Iterable[IndexEntry]) -> dict[str, bool]:
        """Add or replace records; returns record_id -> written (False: a newer one stands). Raises IndexUnavailable."""

    def search(self, query: Query) -> Hits:
        """Raises BadQuery, IndexUnavailable."""

    def generations(self, beginning: str = "") -> dict[str, int]:
        """record_id -> generation of every record that is indexed and whose id begins so: of millions, ask for a part at a time.

        Raises IndexUnavailable.
        """

    def remove(self, record_id: str, generation: int) -> None:
        """Leave a tombstone: entries of this generation or older stay away."""

    def rebuild(self, entries: Iterable[IndexEntry]) -> int:
        """Fill a new index from nothing while the old one serves, then swap; returns the number of records."""


class Clock(Protocol):
    def now(self) -> datetime:
        """The time, with its zone (UTC)."""


@dataclass(frozen=True, slots=True)
class LineReading:
    """What one reader says of one line image. Word boxes are in pixels of the picture the line was cut from.

    `char_confidences`: for each word one number (0.0-1.0) a character; empty where the reader knows words only.
    """

    words: tuple[Word, ...]
    char_confidences: tuple[tuple[float, ...], ...] = ()


class LineFinder(Protocol):
    """Where text lines stand on an upright, straight page."""

    info: ReaderInfo

    def find_lines(self, picture: Pixels) -> list[BoundingBox]:
        """Boxes of printed lines and table cells, in no particular order; `picture` is grey."""

    def quarter_turns(self, picture: Pixels) -> tuple[int, float]:
        """Degrees (0, 90, 180, 270) by which the content stands turned clockwise, and how sure that is (0.0-1.0)."""


class LineReader(Protocol):
    """Reads lines that were found. Deterministic; keeps no state between pages."""

    info: ReaderInfo

    def read_lines(self, picture: Pixels, boxes: Sequence[BoundingBox]) -> list[LineReading]:
        """One reading for each box, in the same order; an empty reading where it sees no text."""


class PageReader(Protocol):
    """An upright, straight page -> its lines, unordered. Built from a LineFinder and LineReaders, or a whole-page engine."""

    @property
    def infos(self) -> tuple[ReaderInfo, ...]:
        """Every engine that has a part in what is read."""

    def quarter_turns(self, picture: Pixels) -> tuple[int, float]:
        """As LineFinder's; (0, 0.0) when it cannot tell."""

    def read_page(self, picture: Pixels, ruling: Ruling) -> list[Line]:
        """`picture` is what is read (grey: paper light, ink dark, rules painted over). Boxes in its pixels; zone BODY."""
