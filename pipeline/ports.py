"""What sohoa needs from outside, as promises. Each port has one contract suite in `tests/contracts/` that every adapter passes.

Store     truth. Keys are slash-separated ASCII; a value is written whole or not at all.
Index     disposable: rebuilt from the store at any time.
Queue     disposable: carries ids only; may lose, double or reorder; the store decides what is still to do.
Incoming  where others drop files; what lies there is theirs until it is in the store.
Readers   turn a picture into words. Pure: same pixels, same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from pipeline.index import IndexEntry
from pipeline.model import BoundingBox, Line, ReaderInfo, Word
from pipeline.query import Hits, Query

if TYPE_CHECKING:  # the parent process, which needs the other ports, loads no image library
    from pipeline.layout.tables import Ruling
    from pipeline.pixels import Pixels


@dataclass(frozen=True, slots=True)
class Kept:
    """What a store keeps of an object that was to be erased. `until`: when its lock ends; None: it keeps it from this account,
    which may not even see what it is: then `key` is the beginning of the keys."""

    key: str
    until: datetime | None


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

    def erase(self, prefix: str) -> list[Kept]:
        """Take away all objects whose keys begin so, with every version that is kept of them; what cannot be is told.

        None of them is listed or read afterwards. Twice is once. Only for what two persons had destroyed.

        Raises StoreUnavailable.
        """


@dataclass(frozen=True, slots=True)
class RecordTask:
    """The only message: which record, and the generation for which work was wanted."""

    record_id: str
    generation: int


INTERACTIVE, BULK, INDEX = "interactive", "bulk", "index"
READING = (INTERACTIVE, BULK)
LANES = (*READING, INDEX)
"""Of a queue. What somebody waits for is read before any batch; what was read goes into the index by takers of its own, so that
a search server that is slow keeps nobody from reading."""


class Queue(Protocol):
    """At least once, or not at all: loss and doubles never change the final state."""

    def send(self, task: RecordTask, lane: str = BULK) -> None:
        """Hand over one task. Raises QueueUnavailable when the queue is full or out of reach."""

    def waiting(self, lane: str = BULK) -> int:
        """Tasks handed over to a lane and not yet taken, as far as known. Raises QueueUnavailable."""


@dataclass(frozen=True, slots=True)
class Lying:
    """One version of a file that others dropped. What is read, set aside or removed is this very version.

    `tag`: the place's own word for its bytes. `version`: empty where the place keeps none. `age_seconds`: how long ago it was
    written when it was looked at, by the clock of the place: clocks of scanners, servers and workers differ.
    """

    key: str
    size_bytes: int
    tag: str
    version: str
    age_seconds: float


class Incoming(Protocol):
    """Where scanners and other systems drop files: keys as their owners made them, any Unicode, `/` between folders.

    `where`: stands before a key to say where it lay. `exact`: nothing can come between comparing and removing; False: a file
    that is written within these milliseconds may be removed in the place of the one that was taken.
    """

    where: str
    exact: bool

    def list_after(self, prefix: str, after: str = "") -> Iterator[str]:
        """Keys below a folder (`incoming/a/`) that sort after `after`, in key order; may be stopped and resumed at any key."""

    def look(self, key: str) -> Lying | None:
        """The newest version that lies there; None: there is none. Raises StoreUnavailable, StoreRefused."""

    def drafts(self, lying: Lying, within_seconds: float) -> list[Lying]:
        """Older versions of the same key that are empty, or that a newer one replaced within so many seconds."""

    def open(self, lying: Lying) -> BinaryIO:
        """The bytes of this version; the caller closes them. The end is reached only if they are those that lie there.

        Raises KeyMissing (gone), FileChanging (another version by now); these, StoreUnavailable and UnreadableFile when read.
        """

    def set_aside(self, lying: Lying, why: Mapping[str, str]) -> None:
        """Move this version to `refused/`, where it came from below that, with a `.why.json` beside it. Twice is once."""

    def remove(self, lying: Lying) -> None:
        """Take this version away, and no other; missing is fine."""


class Putting(StrEnum):
    """What became of an entry that was put into the index.

    REFUSED: the index will not take it as it is, today or tomorrow. PUT_OFF: it was too busy for this one, and took others.
    """

    WRITTEN = "written"
    NEWER_STANDS = "newer_stands"
    REFUSED = "refused"
    PUT_OFF = "put_off"


class Index(Protocol):
    """Search over records and pages. Older generations never overwrite newer ones."""

    def put(self, entries: Iterable[IndexEntry]) -> dict[str, Putting]:
        """Add or replace records; one that is refused keeps no other from being written. Returns record_id -> what became of it.

        Raises IndexUnavailable when none could be written now.
        """

    def search(self, query: Query) -> Hits:
        """Raises BadQuery, IndexUnavailable."""

    def generations(self, beginning: str = "") -> dict[str, int]:
        """record_id -> generation of every record that is indexed and whose id begins so: of millions, ask for a part at a time.

        Raises IndexUnavailable.
        """

    def remove(self, record_id: str, generation: int) -> None:
        """Leave a tombstone: entries of this generation or older stay away."""

    def rebuild(self, entries: Iterable[IndexEntry]) -> int:
        """Fill a new index from nothing while the old one serves, then swap; returns the number of records.

        What it refuses is left out. Raises IndexUnavailable.
        """


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

    @property
    def line_readers(self) -> tuple[LineReader, ...]:
        """What reads single lines here, the quickest first: each is asked by itself where a word is looked for."""

    def quarter_turns(self, picture: Pixels) -> tuple[int, float]:
        """As LineFinder's; (0, 0.0) when it cannot tell."""

    def read_page(self, picture: Pixels, ruling: Ruling) -> list[Line]:
        """`picture` is what is read (grey: paper light, ink dark, rules painted over). Boxes in its pixels; zone BODY."""
