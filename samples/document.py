"""What a document says, before anybody has set it in type: blocks of runs, and the truth about its fields.

Lengths are in points (1/72 inch). Nothing here knows a page, a pixel or a fault of a scanner.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

DECREE_2020 = date(2020, 3, 5)
"""From this day legal bases are set in italics, and page numbers in the middle of the top margin instead of at the foot."""


class Face(StrEnum):
    """The four cuts of the family; the value is the ending of the font file's name."""

    REGULAR = "Regular"
    BOLD = "Bold"
    ITALIC = "Italic"
    BOLD_ITALIC = "BoldItalic"


class Kind(StrEnum):
    """How a word came onto the paper. BLANK is room that was left for a pen and never filled: it has a width and no word."""

    PRINT = "print"
    HANDWRITING = "handwriting"
    STAMP = "stamp"
    BLANK = "blank"


class Entries(StrEnum):
    """How number and day of a document were entered."""

    TYPED = "typed"
    PENNED = "penned"
    LEFT_BLANK = "left_blank"


class Align(StrEnum):
    JUSTIFY = "justify"
    LEFT = "left"
    CENTRE = "centre"


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one face. Between two runs there is always a space."""

    text: str
    face: Face = Face.REGULAR
    kind: Kind = Kind.PRINT


@dataclass(frozen=True, slots=True)
class Masthead:
    """The two columns at the top of page 1. `above`: the superior organ's lines; `about`: "V/v ..." of a letter."""

    above: tuple[str, ...]
    organ: tuple[str, ...]
    number: tuple[Run, ...]
    about: str | None
    nation: str
    motto: str
    dateline: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Title:
    """Kind of document and its summary; `basis` is the italic line of an appendix that names what it belongs to."""

    name: str
    subject: str
    basis: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`indent`: does the first line start further in. `inset`: how far the whole paragraph stands in, as a share of the width.
    `keep`: never the last thing on a page."""

    runs: tuple[Run, ...]
    align: Align = Align.JUSTIFY
    indent: bool = True
    inset: float = 0.0
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """`share` of the table's width."""

    title: str
    share: float
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Table:
    """Borderless tables have no title row."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    ruled: bool = True


@dataclass(frozen=True, slots=True)
class Signature:
    """`position`: lines as printed, in capitals, prefixes included; `name`: the signer's."""

    position: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Ending:
    """Recipients beside one signature, or two signatures side by side with the recipients (if any) below."""

    recipients: tuple[str, ...]
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """An appendix follows: new page, pages counted anew."""


Block = Masthead | Title | Paragraph | Table | Ending | PageBreak
FieldValue = str | int | None | Sequence[str] | Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Document:
    """`kind`: the document type in Vietnamese, lower case. `fields`: what a perfect reader finds, keys of the archive circular.
    `handwritten`, `left_blank`: names of fields whose value a pen wrote, or nobody did."""

    kind: str
    issued: date
    blocks: tuple[Block, ...]
    fields: Mapping[str, FieldValue]
    handwritten: tuple[str, ...]
    left_blank: tuple[str, ...]
