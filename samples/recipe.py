"""What is to happen to a document on its way to the file, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from samples.document import Entries
from samples.picture import Colour


class Mode(StrEnum):
    """What the scanner delivers."""

    COLOUR = "colour"
    GREY = "grey"
    BILEVEL = "bilevel"


class Place(StrEnum):
    """Where a mark of secrecy is pressed: under number and "V/v", or above everything."""

    UNDER_NUMBER = "under_number"
    TOP_LEFT = "top_left"
    TOP_MIDDLE = "top_middle"
    TOP_RIGHT = "top_right"


@dataclass(frozen=True, slots=True)
class SecrecyMark:
    """A mark of secrecy on a page. `degrees`: turned to the left. `height_mm`: of the whole stamp. `wide`: letters drawn out by
    that factor. `pressure`: share of the ink that reached the paper."""

    word: str
    place: Place
    degrees: float
    height_mm: float
    wide: float
    framed: bool
    ink: Colour
    pressure: float


@dataclass(frozen=True, slots=True)
class Recipe:
    """Shares are of all pixels, sigmas in grey levels or (blur) in pixels at 200 dpi. `quality` None = no loss."""

    classes: tuple[str, ...] = ()
    dpi: int = 200
    mode: Mode = Mode.COLOUR
    quality: int | None = 90
    entries: Entries = Entries.TYPED
    urgency: str | None = None
    incoming: bool = False
    seal: bool = False
    signature: bool = False
    paper: Colour = (255, 255, 255)
    ink: int = 0
    blotches: int = 0
    show_through: float = 0.0
    folds: int = 0
    holes: bool = False
    skew: float = 0.0
    quarter_turns: int = 0
    photo: bool = False
    edge: float = 0.0
    blur: float = 0.0
    noise: float = 0.0
    specks: float = 0.0
    broken: float = 0.0
    secrecy: SecrecyMark | None = None
