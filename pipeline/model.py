"""The values that pass from stage to stage: frozen, and nothing in them knows how they are stored or shown.

Pixels are counted from the top left corner. Unless said otherwise a box is in pixels of the page *as seen*: after the file's
own rotation (/Rotate, EXIF) and quarter turns, before deskewing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class BoundingBox:
    """Half-open rectangle in whole pixels of a named image; origin top left."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def area(self) -> int:
        return max(0, self.width) * max(0, self.height)

    @property
    def middle(self) -> tuple[float, float]:
        """Centre as (x, y)."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def moved(self, right: int, down: int) -> BoundingBox:
        return BoundingBox(self.left + right, self.top + down, self.right + right, self.bottom + down)

    def union(self, other: BoundingBox) -> BoundingBox:
        return BoundingBox(
            min(self.left, other.left), min(self.top, other.top), max(self.right, other.right), max(self.bottom, other.bottom)
        )

    def overlap(self, other: BoundingBox) -> int:
        """Pixels that both cover."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0, across) * max(0, down)


def bounds(boxes: list[BoundingBox]) -> BoundingBox:
    """The smallest box around all of `boxes` (at least one)."""
    return BoundingBox(
        min(b.left for b in boxes), min(b.top for b in boxes), max(b.right for b in boxes), max(b.bottom for b in boxes)
    )


@dataclass(frozen=True, slots=True)
class Word:
    """Characters between two spaces, NFC, as printed. `confidence` is 0.0-1.0, None = the reader does not say."""

    text: str
    box: BoundingBox
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line; each cell of a table row is a line of its own. `zone` is where on the page it belongs.

    `same_row`: stands on the printed row of the line before it (the next cell): a space joins them in the text, not a line break.
    """

    words: tuple[Word, ...]
    box: BoundingBox
    zone: Zone
    same_row: bool = False

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def confidence(self) -> float | None:
        """Mean over characters of the words that have a confidence."""
        return mean_confidence((word.confidence, len(word.text)) for word in self.words)


def mean_confidence(parts: Iterable[tuple[float | None, int]]) -> float | None:
    """Of parts with a confidence (0.0-1.0 or None) and a number of characters; None where none has one."""
    known = [(confidence, size) for confidence, size in parts if confidence is not None]
    total = sum(size for _, size in known)
    return sum(confidence * size for confidence, size in known) / total if total else None


class Zone(StrEnum):
    """Parts of an administrative page in the order in which they are read."""

    PAGE_NUMBER = "page_number"
    HEADER_LEFT = "header_left"
    HEADER_RIGHT = "header_right"
    STAMP = "stamp"
    BODY = "body"
    TABLE = "table"
    RECIPIENTS = "recipients"
    SIGNATURE = "signature"
    FOOTNOTE = "footnote"


class RegionKind(StrEnum):
    """Things on a page that are not lines of text."""

    SEAL = "seal"
    SIGNATURE = "signature"
    STAMP = "stamp"
    HANDWRITING = "handwriting"
    TABLE = "table"
    PICTURE = "picture"
    DIGITAL_SIGNATURE = "digital_signature"
    CERTIFICATION = "certification"
    WATERMARK = "watermark"


@dataclass(frozen=True, slots=True)
class Region:
    kind: RegionKind
    box: BoundingBox
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Page:
    """What was learned of one page.

    `width`, `height`: pixels of the page as seen. `dpi`: of those pixels; None when the file does not say (a photo).
    `orientation`: quarter turns by which the content stood turned clockwise in the file (0, 90, 180, 270), undone in all boxes.
    `skew`: degrees by which the text lines rise to the right (positive) or fall; boxes are of the skewed page as seen.
    `lines` are in reading order.
    """

    page_no: int
    width: int
    height: int
    dpi: float | None
    orientation: int
    skew: float
    blank: bool
    from_text_layer: bool
    regions: tuple[Region, ...]
    lines: tuple[Line, ...]

    @property
    def confidence(self) -> float | None:
        """Mean over characters of the lines that have a confidence."""
        return mean_confidence((line.confidence, len(line.text)) for line in self.lines)

    @property
    def text(self) -> str:
        """One printed line a line, in reading order."""
        return "".join(f"{' ' if line.same_row else chr(10)}{line.text}" for line in self.lines).lstrip()


class FieldState(StrEnum):
    PRESENT = "present"
    BLANK = "blank"
    HANDWRITTEN = "handwritten"
    UNREADABLE = "unreadable"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Field:
    """`value` is normalised (ISO dates, joined lines); None unless state is PRESENT."""

    value: str | None
    value_as_written: str | None
    state: FieldState
    confidence: float | None
    page_no: int | None
    box: BoundingBox | None


ABSENT = Field(None, None, FieldState.ABSENT, None, None, None)

SCALAR_FIELDS = (
    "organName", "codeNumber", "codeNotation", "place", "issuedDate", "typeName", "subject", "signerName", "signerPosition",
    "urgency", "secrecy", "pageAmount", "language",
)  # fmt: skip
LIST_FIELDS = ("recipients", "addressees", "legalBases")


@dataclass(frozen=True, slots=True)
class Signer:
    name: Field
    position: Field


@dataclass(frozen=True, slots=True)
class Fields:
    """All fields of a record. Every name of SCALAR_FIELDS is in `scalars`, every name of LIST_FIELDS in `lists`."""

    scalars: Mapping[str, Field]
    lists: Mapping[str, tuple[Field, ...]]
    signers: tuple[Signer, ...]

    def __getitem__(self, name: str) -> Field:
        return self.scalars[name]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a person should know. `code` is stable English (pipeline/findings.py); `detail` a number or name, no page text."""

    code: str
    page_no: int | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentType:
    """`code` as in config/doctypes (QD, CV, ...); `name` in Vietnamese; `evidence`: the words that decided."""

    code: str
    name: str
    confidence: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Original:
    """Bytes as received. `name` is the file's name as given (NFC, metadata only); `media_type` is sniffed, never believed."""

    name: str
    sha256: str
    size_bytes: int
    media_type: str


@dataclass(frozen=True, slots=True)
class ReaderInfo:
    """What read the text. `model_digest` is the SHA-256 of the model file."""

    name: str
    version: str
    model_digest: str


@dataclass(frozen=True, slots=True)
class MadeBy:
    sohoa: str
    readers: tuple[ReaderInfo, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """All that was learned of one record; `pipeline/record_json.py` writes and reads it."""

    source: Original
    document_type: DocumentType | None
    fields: Fields
    pages: tuple[Page, ...]
    findings: tuple[Finding, ...]
    made_by: MadeBy

    @property
    def text(self) -> str:
        """Pages separated by a form feed."""
        return "\f".join(page.text for page in self.pages)
