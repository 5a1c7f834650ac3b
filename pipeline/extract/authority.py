"""The position of a signer: the lines above a name, put together by what decree 30/2020 (appendix I, 7a) lets stand there.

A deputy signs below the position of the head in whose place he signs: "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC". "KT." is often added by a
pen and "PHÓ GIÁM ĐỐC" by a rubber stamp, half under the seal; the one line says what the other has to be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.extract.organs import goes_on
from pipeline.extract.spans import PlacedLine, confidence_of, not_read, present, whole
from pipeline.layout.anchors import is_capitals
from pipeline.layout.positions import DEPUTY, Position, position_in
from pipeline.model import BoundingBox, Field, FieldState
from pipeline.syllables import share_of_syllables
from pipeline.text import clean, fold, words

STANDS_IN, IN_NAME_OF = ("KT.", "K/T"), ("TM.", "T/M")
"""In whose place, and in the name of which organ, somebody signs."""
READ = 0.3
"""Confidence of a block's position lines under which they are not believed."""
WELL_READ = 0.9
"""Confidence from which capitals that are no known title are taken for a position."""
RUINS = 60
"""Likeness (0-100) to the head's title of what is left of a deputy's under a seal: "CUÁM ĐÔ" of "PHÓ GIÁM ĐỐC"."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of capitals above a name. `position` None: an organ, an unknown title, or ruins of one."""

    placed: PlacedLine
    position: Position | None

    @property
    def text(self) -> str:
        return self.position.text if self.position else clean(self.placed.text).strip(" .,-_/*|'\"")

    @property
    def is_words(self) -> bool:
        tokens = words(self.placed.text)
        return (
            len(tokens) >= 2 and all(len(token) > 1 for token in tokens if token.isalpha()) and share_of_syllables(tokens) == 1.0
        )


def rows_of(lines: Sequence[PlacedLine]) -> list[Row]:
    return [Row(placed, position_in(placed.text)) for placed in lines if is_capitals(placed.text)]


def says_position(placed: PlacedLine) -> bool:
    """Such a line stands above a name: a known title, or words in capitals."""
    return is_capitals(placed.text) and (position_in(placed.text) is not None or Row(placed, None).is_words)


def position_field(lines: Sequence[PlacedLine], by_hand: Sequence[BoundingBox]) -> Field | None:
    """None where no line is a position. `by_hand`: boxes of handwriting on the page of the lines."""
    rows = _below_the_head(rows_of(lines))
    known = [row for row in rows if row.position]
    if not known:
        return _unknown_title(rows)
    kept = [row for row in rows if row.position or row.is_words]
    spans = [whole(row.placed) for row in kept]
    texts = _authority(kept, by_hand)
    if texts is None:
        return not_read(FieldState.HANDWRITTEN, spans)
    sure = confidence_of([word for span in spans for word in span.words])
    if _is_incomplete(kept[-1]) or (sure is not None and sure <= READ):
        return not_read(FieldState.UNREADABLE, spans)
    return present(" - ".join(texts), spans, " - ".join(row.placed.text for row in kept))


def _unknown_title(rows: Sequence[Row]) -> Field | None:
    kept = [row for row in rows if row.is_words and (row.placed.line.confidence or 1.0) >= WELL_READ]
    return present(" - ".join(row.text for row in kept), [whole(row.placed) for row in kept]) if kept else None


def _below_the_head(rows: list[Row]) -> list[Row]:
    """The row under a head's title that repeats it, whole or in ruins, is the deputy's."""
    for at in range(1, len(rows)):
        head, below = rows[at - 1].position, rows[at]
        if head is None or not head.is_head or (below.position and below.position.is_deputy):
            continue
        if below.position is None and not below.is_words and fuzz.ratio(fold(below.text), fold(head.title)) >= RUINS:
            rows[at] = Row(below.placed, Position("", "", DEPUTY + head.title, "", marked=True, cut=True))
        elif below.position and not below.position.prefix and fold(below.position.title) == fold(head.title):
            rows[at] = Row(below.placed, Position("", "", DEPUTY + head.title, below.position.tail, marked=True, cut=True))
    return rows


def _is_incomplete(last: Row) -> bool:
    """In whose place or name somebody signs is followed by who does: one more line was not read."""
    position = last.position
    if position is None:
        return False
    names_nobody = position.prefix in IN_NAME_OF and not (position.is_head or position.is_deputy)
    return position.prefix in STANDS_IN or names_nobody


def _authority(rows: Sequence[Row], by_hand: Sequence[BoundingBox]) -> list[str] | None:
    """The lines of the field; None where a pen wrote what makes all the difference and it is not known what."""
    texts: list[str] = []
    for at, row in enumerate(rows):
        position = row.position
        under = rows[at + 1].position if at + 1 < len(rows) else None
        if position is None and at and goes_on(row.text):
            texts[-1] += f" {row.text}"
        elif position is None or position.prefix:
            texts.append(row.text)
        elif position.is_head and under and under.is_deputy and fold(under.head) == fold(position.title):
            if not _is_signed(row, by_hand):
                return None
            texts.append(f"KT. {position.text}")
        elif (position.is_head and _is_signed(row, by_hand)) or (
            position.is_deputy and at == 0 and (position.cut or position.marked)
        ):
            return None
        else:
            texts.append(row.text)
    return texts


def _is_signed(row: Row, by_hand: Sequence[BoundingBox]) -> bool:
    """Some sign stands before the title: read as no word, or found as handwriting. What is not on the paper is not added."""
    box = row.placed.box
    return bool(row.position and row.position.marked) or any(
        min(hand.bottom, box.bottom) - max(hand.top, box.top) > 0.3 * box.height
        and hand.left < box.left
        and abs(hand.right - box.left) < box.height
        for hand in by_hand
    )
