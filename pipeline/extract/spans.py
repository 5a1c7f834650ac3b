"""From a stretch of a line's text back to its words: boxes and confidences of fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import BoundingBox, Field, FieldState, Line, Word, bounds, mean_confidence


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line and the page it stands on."""

    page_no: int
    line: Line

    @property
    def text(self) -> str:
        return self.line.text

    @property
    def box(self) -> BoundingBox:
        return self.line.box


@dataclass(frozen=True, slots=True)
class Span:
    """Characters start..end of one line's text."""

    placed: PlacedLine
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.placed.text[self.start : self.end]

    @property
    def words(self) -> list[Word]:
        """Words that the span touches."""
        touched, at = [], 0
        for word in self.placed.line.words:
            if at < self.end and at + len(word.text) > self.start:
                touched.append(word)
            at += len(word.text) + 1
        return touched


def whole(placed: PlacedLine) -> Span:
    return Span(placed, 0, len(placed.text))


def present(value: str, spans: Sequence[Span], written: str | None = None) -> Field:
    """A field that was read. `spans` (at least one word) say where it stands; all on the page of the first."""
    return _field(value, FieldState.PRESENT, spans, written)


def not_read(state: FieldState, spans: Sequence[Span]) -> Field:
    """A field that is on the paper but has no value that can be trusted."""
    return _field(None, state, spans, None)


def _field(value: str | None, state: FieldState, spans: Sequence[Span], written: str | None) -> Field:
    words = [word for span in spans for word in span.words]
    text = written if written is not None else " ".join(span.text.strip() for span in spans).strip()
    page_no = spans[0].placed.page_no
    here = [word for span in spans if span.placed.page_no == page_no for word in span.words]
    box = bounds([word.box for word in here]) if here else spans[0].placed.box
    return Field(value, text or None, state, confidence_of(words), page_no, box)


def confidence_of(words: Sequence[Word]) -> float | None:
    """Mean over characters; a field is as sure as its words are on the whole."""
    return mean_confidence((word.confidence, len(word.text)) for word in words)
