"""What the typesetter makes: sheets of words in place. Points from the top left corner of the paper; y is the baseline."""

from __future__ import annotations

from dataclasses import dataclass, replace

from samples.document import Face, Kind

A4 = (595.28, 841.89)


@dataclass(frozen=True, slots=True)
class PlacedWord:
    text: str
    face: Face
    kind: Kind
    size: float
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """Words that a reader takes in one go. `header`: belongs to the two columns at the top of page 1, before the stamps."""

    words: tuple[PlacedWord, ...]
    header: bool = False

    @property
    def text(self) -> str:
        """As a transcript has it."""
        return " ".join(f"[handwriting:{word.text}]" if word.kind is Kind.HANDWRITING else word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight printed line; `weight` in points."""

    x0: float
    y0: float
    x1: float
    y1: float
    weight: float = 0.6


@dataclass(frozen=True, slots=True)
class Seat:
    """Where somebody signs: the middle of the gap between position and name."""

    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Strip:
    """A horizontal slice of the text area that is never torn apart; its y counts from its own top.

    `keep_with_next`: may not be the last on a page. `starts_page`: comes first on a new page, where counting begins anew.
    """

    height: float
    lines: tuple[PrintedLine, ...] = ()
    rules: tuple[Rule, ...] = ()
    seats: tuple[Seat, ...] = ()
    keep_with_next: bool = False
    starts_page: bool = False
    is_ending: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One side of paper, lines in reading order. `header_bottom`: where the header of page 1 ends (None elsewhere)."""

    lines: tuple[PrintedLine, ...]
    rules: tuple[Rule, ...]
    seats: tuple[Seat, ...]
    header_bottom: float | None

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


def moved_line(line: PrintedLine, dx: float, dy: float) -> PrintedLine:
    return replace(line, words=tuple(replace(word, x=word.x + dx, y=word.y + dy) for word in line.words))


def moved_rule(rule: Rule, dx: float, dy: float) -> Rule:
    return Rule(rule.x0 + dx, rule.y0 + dy, rule.x1 + dx, rule.y1 + dy, rule.weight)
