"""The invisible words of a page, each in its place, so that a viewer finds, marks and copies them.

Every word is stretched to the width of its box, and a real space or line break follows it. Programs that take the text out go
by both: by the characters, and by the gaps that they see.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import cos, radians, sin
from statistics import median

from pipeline.archive.letters import Letters
from pipeline.archive.pdf_file import number
from pipeline.model import BoundingBox, Line, Page
from pipeline.pages.picture import Matrix

ADVANCE_EM = 0.5
DESCENT_EM = 0.2
"""Metrics of glyphless.ttf; see tools/build_glyphless_font.py."""

GAP_EM = 0.2
"""Least gap between words; poppler joins what stands closer than 0.15."""

DROP_EM = 0.6
"""By how much a word is set lower to stand on a line of its own: poppler sees one when baselines differ by half the size,
PDFium when they differ by half a letter's width."""

STEEPEST_STEP_EM = 0.25
"""Half of what makes poppler see a new line."""

SMALLEST_SIZE = 4.0
"""Points: nothing smaller is printed, and at less the rounding of numbers would move words."""

NARROWEST_LINE = 2.0
"""Points that are left to a line at the right edge of the page."""

EDGE = 0.5
"""Points by which a baseline stays away from the page's lower and upper edge."""

LARGEST_SIZE_PER_ADVANCE = 8.0
"""poppler takes letters closer than a tenth of the font's size for one letter struck twice: such words get a smaller size."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A page in points: `scale` points a pixel, the page's size in pixels."""

    scale: float
    columns: int
    rows: int

    @property
    def width(self) -> float:
        return self.columns * self.scale

    @property
    def height(self) -> float:
        return self.rows * self.scale

    def to_points(self) -> Matrix:
        """Pixels of the page (y down) -> points (y up)."""
        return Matrix(self.scale, 0, 0, -self.scale, 0, self.height)

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self.to_points().apply(x, y)

    def within(self, box: BoundingBox) -> BoundingBox:
        """The part of `box` on the page, at least one pixel."""
        left, top = min(max(box.left, 0), self.columns - 1), min(max(box.top, 0), self.rows - 1)
        return BoundingBox(left, top, max(left + 1, min(box.right, self.columns)), max(top + 1, min(box.bottom, self.rows)))


def text_operators(page: Page, paper: Paper, letters: Letters) -> bytes:
    """The content of a page's text layer. The page's resources name the font /T."""
    turn = radians(page.skew)
    pieces = []
    last: _Laid | None = None
    for line in (line for line in page.lines if line.words):
        laid = _lay(line, turn, paper, last)
        if turn and not laid.can_be_tilted(paper):
            laid = _lay(line, 0.0, paper, last)
        pieces.append(_operators(laid, letters))
        last = laid
    return b"BT 3 Tr\n%bET\n" % b"".join(pieces) if pieces else b""


@dataclass(frozen=True, slots=True)
class _Spot:
    """A point of the page in PDF points."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class _Run:
    """A word along its line, in points of the line's own axes: `along` from the line's start, `up` from its baseline."""

    text: str
    along: float
    up: float
    width: float

    @property
    def end(self) -> float:
        return self.along + self.width

    @property
    def advance(self) -> float:
        """From one letter to the next."""
        return self.width / len(self.text)


@dataclass(frozen=True, slots=True)
class _Laid:
    """A line ready to be written: where its axes begin and how they are turned (radians), its words, its font's size."""

    start: _Spot
    turn: float
    runs: list[_Run]
    size: float

    def spot(self, along: float, up: float) -> _Spot:
        across, rise = cos(self.turn), sin(self.turn)
        return _Spot(self.start.x + along * across - up * rise, self.start.y + along * rise + up * across)

    @property
    def end(self) -> _Spot:
        return self.spot(self.runs[-1].end, self.runs[-1].up)

    def can_be_tilted(self, paper: Paper) -> bool:
        """Programs that take texts out throw away what stands outside the page, where a wrong skew may carry words; poppler sees
        a new line when a letter stands half its size higher than the one before."""
        ends = [self.spot(along, run.up) for run in self.runs for along in (run.along, run.end)]
        steps = [run.advance * abs(sin(self.turn)) for run in self.runs]
        inside = all(0 <= end.x <= paper.width and 0 <= end.y <= paper.height for end in ends)
        return inside and max(steps) < STEEPEST_STEP_EM * self.size


def _lay(line: Line, turn: float, paper: Paper, last: _Laid | None) -> _Laid:
    """`last`: the line before. One that begins where it ended, or left of that on the same height, is set a little lower: else
    poppler joins the two words and PDFium puts them in another order."""
    boxes = [paper.within(word.box) for word in line.words]
    sizes = [_upright_size(box, turn) for box in boxes]
    size = max(SMALLEST_SIZE, paper.scale * median(height for _, height in sizes))
    points = (paper.point(*_baseline_start(box, turn)) for box in boxes)
    starts = [(min(across, paper.width - NARROWEST_LINE), down) for across, down in points]
    placed = _along_line(line, starts, [paper.scale * width for width, _ in sizes], turn, size)
    x, y = starts[0]
    runs, size = _squeezed(_apart(placed, size), size, (paper.width - x) / cos(turn))
    if last is not None:
        end, larger = last.end, max(size, last.size, last.runs[-1].advance, runs[0].advance)
        if abs(y + runs[0].up - end.y) < DROP_EM * larger and x < end.x + GAP_EM * larger:
            y = end.y - DROP_EM * larger - runs[0].up
    low, high = EDGE - y, paper.height - EDGE - y
    on_page = [replace(run, up=min(max(run.up, low), high)) for run in runs] if turn == 0 else runs
    return _Laid(_Spot(x, y), turn, on_page, size)


def _operators(laid: _Laid, letters: Letters) -> bytes:
    across, rise = number(cos(laid.turn)), number(sin(laid.turn))
    matrix = b"%b %b %b %b %.2f %.2f Tm" % (across, rise, number(-sin(laid.turn)), across, laid.start.x, laid.start.y)
    return b"\n".join([matrix, *_run_operators(laid.runs, laid.size, letters)]) + b"\n"


def _run_operators(runs: list[_Run], size: float, letters: Letters) -> Iterator[bytes]:
    left, base, current = 0.0, 0.0, 0.0
    before = ""
    for run in runs:
        own_size = round(max(0.1, min(size, run.advance * LARGEST_SIZE_PER_ADVANCE)), 1)
        if own_size != current:
            yield b"/T %b Tf" % number(own_size)
        text = letters.encode(run.text + _separator(run.text, before))
        along, up = round(run.along, 1), round(run.up, 1)
        stretch = round(100 * run.advance / (ADVANCE_EM * own_size), 1)
        yield b"%b %b Td %b Tz%bTj" % (number(along - left), number(up - base), number(stretch), text)
        left, base, current = along, up, own_size
        before = run.text if before != run.text else ""


def _separator(text: str, before: str) -> str:
    """A space, but for two habits of PDFium: of "a-", spaces, "b" it makes one hyphenated word, and the same string twice, close
    together, is a bold print to it. So a line break follows the hyphen, and two spaces a word that was just written."""
    if len(text) > 1 and text[-1] in "-\u00ad":
        return "\n"
    return "  " if text == before else " "


def _along_line(line: Line, starts: list[tuple[float, float]], widths: list[float], turn: float, size: float) -> list[_Run]:
    """Words whose baselines differ by less than a third of their size (descenders, specks) stand on one."""
    origin_x, origin_y = starts[0]
    placed = [
        ((x - origin_x) * cos(turn) + (y - origin_y) * sin(turn), (y - origin_y) * cos(turn) - (x - origin_x) * sin(turn))
        for x, y in starts
    ]
    level = median(up for _, up in placed)
    return [
        _Run(word.text, along, level if abs(up - level) < size / 3 else up, width)
        for word, (along, up), width in zip(line.words, placed, widths, strict=True)
    ]


def _apart(runs: list[_Run], size: float) -> list[_Run]:
    """Words that touch or overlap are moved apart: programs tell words by the gap, whatever spaces are written.

    A word that stands left of the one before it is set a little lower: PDFium sorts what shares a baseline from left to right.
    """
    gap = GAP_EM * size
    done: list[_Run] = []
    for run, after in zip(runs, [*runs[1:], None], strict=True):
        along, up = run.along, run.up
        if done and along > done[-1].along - size:
            along = max(along, done[-1].end + gap)
        elif done:
            drop = DROP_EM * max(size, run.advance, done[-1].advance)
            up = done[-1].up - drop if abs(up - done[-1].up) < drop else up
        room = after.along - along - gap if after and after.along > along else run.width
        done.append(replace(run, along=along, up=up, width=max(size / 10, min(run.width, room))))
    return done


def _squeezed(runs: list[_Run], size: float, room: float) -> tuple[list[_Run], float]:
    """A line that was pushed over the edge of the page, made narrower: readers throw away what stands outside."""
    factor = min(1.0, room / max(run.end for run in runs))
    if factor == 1:
        return runs, size
    return [replace(run, along=run.along * factor, width=run.width * factor) for run in runs], size * factor


def _upright_size(box: BoundingBox, turn: float) -> tuple[float, float]:
    """Width and height of the word whose tilted rectangle fills the upright `box`."""
    across, rise = cos(turn), abs(sin(turn))
    tilt = across * across - rise * rise
    if tilt < 0.1:  # tilted by 40 degrees or more: no page reaches this, and the equations no longer hold
        return box.width, box.height
    width = (box.width * across - box.height * rise) / tilt
    height = (box.height * across - box.width * rise) / tilt
    return max(width, box.width / 2), max(height, box.height / 4)


def _baseline_start(box: BoundingBox, turn: float) -> tuple[float, float]:
    """Where the word's baseline begins, in pixels."""
    width, height = _upright_size(box, turn)
    left = box.left + height * sin(turn) if turn > 0 else box.left
    bottom = box.bottom if turn > 0 else box.bottom + width * sin(turn)
    lift = DESCENT_EM * height
    return left - lift * sin(turn), bottom - lift * cos(turn)
