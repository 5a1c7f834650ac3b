"""What a PDF page's content stream paints, and where. Only as much of the imaging model as that question needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pikepdf

from pipeline.errors import Damaged
from pipeline.pages.decoding import inside_library
from pipeline.pages.entries import resource
from pipeline.pages.geometry import Rectangle
from pipeline.pages.marks import Mark, MarkKind, area, intersection
from pipeline.pages.picture import Matrix

DEEPEST_FORM = 12
"""Forms within forms; producers use two or three, an endless nest is an attack."""

MOST_INSTRUCTIONS = 2_000_000
"""A dense drawing has some 100,000."""

NEARLY_ALL = 0.99
"""Producers clip an image to its own rounded box; what that cuts off is no part of the page."""

EVERYWHERE: Rectangle = (-1e9, -1e9, 1e9, 1e9)
NOMINAL_ADVANCE = 0.5
"""Mean width of a letter in ems: the boxes of overlaid texts are estimates."""

Operands = Sequence[Any]

INVISIBLE_MODES = frozenset({3, 7})
PATH_PAINTERS = frozenset({"f", "F", "f*", "B", "B*", "b", "b*", "S", "s"})
TEXT_SHOWERS = frozenset({"Tj", "TJ", "'", '"'})
OTHER_PAINTERS = frozenset({"Do", "sh", "INLINE IMAGE"})


@dataclass(frozen=True, slots=True)
class _State:
    """The part of the graphics state that decides what is seen. `letter_bytes`: bytes of a string that make one letter."""

    ctm: Matrix
    clip: Rectangle = EVERYWHERE
    solid: bool = True
    black: bool = True
    mode: int = 0
    size: float = 0.0
    letter_bytes: int = 1
    leading: float = 0.0


def marks_of(page: pikepdf.Page, hidden_layers: frozenset[tuple[int, int]], *, complete: bool) -> tuple[Mark, ...]:
    """Everything visible that the page paints, in painting order; annotations are not content.

    `hidden_layers`: object numbers of optional content that is switched off. `complete`: the file is sound, so that what its
    content calls and does not have was never there, and is passed over as viewers do. Raises Damaged when it is missing in a
    file that is not, or when there is no end of the content.
    """
    marks: list[Mark] = []
    _Follower(marks, hidden_layers, page.resources, _State(Matrix()), (), complete=complete).follow(page)
    return tuple(marks)


class _Follower:
    """Follows one content stream and notes what it paints in `marks`."""

    def __init__(
        self,
        marks: list[Mark],
        hidden_layers: frozenset[tuple[int, int]],
        resources: pikepdf.Object,
        state: _State,
        trail: tuple[int, ...],
        *,
        complete: bool,
    ) -> None:
        self._complete = complete
        self._marks = marks
        self._hidden_layers = hidden_layers
        self._resources = resources
        self._state = state
        self._trail = trail
        self._index = 0
        self._stack: list[_State] = []
        self._layers: list[bool] = []
        self._path: list[tuple[float, float]] = []
        self._clipping = False
        self._line = self._text = Matrix()

    def follow(self, stream: pikepdf.Page | pikepdf.Object) -> None:
        if len(self._trail) > DEEPEST_FORM:
            raise Damaged("forms nested too deeply")
        with inside_library():
            instructions = pikepdf.parse_content_stream(stream)
        if len(instructions) + len(self._marks) > MOST_INSTRUCTIONS:
            raise Damaged("too many instructions")
        for self._index, instruction in enumerate(instructions):
            act = ACTIONS.get(str(instruction.operator))
            if act is not None:
                with suppress(TypeError, ValueError, IndexError):  # an instruction that makes no sense is passed over
                    act(self, list(instruction.operands))

    def note(
        self, kind: MarkKind, box: Rectangle, matrix: Matrix, image: pikepdf.Object | None = None, *, opaque: bool = True
    ) -> None:
        """A mark, unless nothing of it is seen."""
        shown = intersection(box, self._state.clip)
        if shown[0] > shown[2] or shown[1] > shown[3] or any(self._layers):
            return
        trail = (*self._trail, self._index)
        whole = area(shown) >= NEARLY_ALL * area(box)
        self._marks.append(Mark(kind, shown, trail, matrix, image, opaque and self._state.solid, whole))

    # graphics state

    def save(self, operands: Operands) -> None:
        self._stack.append(self._state)

    def restore(self, operands: Operands) -> None:
        if self._stack:
            self._state = self._stack.pop()

    def concatenate(self, operands: Operands) -> None:
        self._state = replace(self._state, ctm=_matrix(operands).then(self._state.ctm))

    def set_parameters(self, operands: Operands) -> None:
        named = self._resource("/ExtGState", operands[0])
        if not isinstance(named, pikepdf.Dictionary):
            return
        alpha = min(float(named.get(key, 1)) for key in ("/ca", "/CA"))
        plain = str(named.get("/BM", "/Normal")) in ("/Normal", "/Compatible") and str(named.get("/SMask", "/None")) == "/None"
        self._state = replace(self._state, solid=alpha >= 1 and plain)

    def set_fill(self, operands: Operands) -> None:
        """Only black matters: a stencil painted black is a one-bit image. CMYK counts from white, the others from black."""
        numbers = [float(value) for value in operands if isinstance(value, (int, float, Decimal))]
        black = numbers in ([0], [0, 0, 0], [0, 0, 0, 1])
        self._state = replace(self._state, black=black)

    # paths and clipping

    def rectangle(self, operands: Operands) -> None:
        x, y, width, height = (float(value) for value in operands)
        self._points((x, y), (x + width, y), (x, y + height), (x + width, y + height))

    def points(self, operands: Operands) -> None:
        numbers = [float(value) for value in operands]
        self._points(*zip(numbers[::2], numbers[1::2], strict=False))

    def _points(self, *points: tuple[float, float]) -> None:
        self._path += [self._state.ctm.apply(x, y) for x, y in points]

    def clip(self, operands: Operands) -> None:
        self._clipping = True

    def paint_path(self, operands: Operands) -> None:
        if self._path:
            self.note(MarkKind.PATH, _around(self._path), self._state.ctm)
        self.end_path(operands)

    def end_path(self, operands: Operands) -> None:
        if self._clipping and self._path:
            self._state = replace(self._state, clip=intersection(self._state.clip, _around(self._path)))
        self._clipping = False
        self._path = []

    def shade(self, operands: Operands) -> None:
        self.note(MarkKind.SHADING, self._state.clip, self._state.ctm, opaque=False)

    # text

    def begin_text(self, operands: Operands) -> None:
        self._line = self._text = Matrix()

    def set_font(self, operands: Operands) -> None:
        font = self._resource("/Font", operands[0])
        composite = isinstance(font, pikepdf.Dictionary) and str(font.get("/Subtype")) == "/Type0"
        self._state = replace(self._state, size=float(operands[1]), letter_bytes=2 if composite else 1)

    def set_mode(self, operands: Operands) -> None:
        self._state = replace(self._state, mode=int(operands[0]))

    def set_text_matrix(self, operands: Operands) -> None:
        self._line = self._text = _matrix(operands)

    def move_text(self, operands: Operands) -> None:
        self._line = self._text = Matrix(e=float(operands[0]), f=float(operands[1])).then(self._line)

    def set_leading(self, operands: Operands) -> None:
        self._state = replace(self._state, leading=float(operands[0]))

    def move_and_lead(self, operands: Operands) -> None:
        self.set_leading([-float(operands[1])])
        self.move_text(operands)

    def next_line(self, operands: Operands) -> None:
        self.move_text([0, -self._state.leading])

    def show_on_next_line(self, operands: Operands) -> None:
        self.next_line(operands)
        self.show(operands)

    def show(self, operands: Operands) -> None:
        """The string is the last operand, or the strings of TJ lie in it."""
        last = operands[-1]
        parts = list(last) if isinstance(last, pikepdf.Array) else [last]
        size = sum(len(bytes(part)) for part in parts if isinstance(part, pikepdf.String))
        advance = size / self._state.letter_bytes * NOMINAL_ADVANCE * self._state.size
        matrix = self._text.then(self._state.ctm)
        if size and self._state.mode not in INVISIBLE_MODES:
            self.note(MarkKind.TEXT, matrix.box(0, 0, advance, self._state.size), matrix, opaque=False)
        self._text = Matrix(e=advance).then(self._text)

    # images and forms

    def call(self, operands: Operands) -> None:
        called = self._resource("/XObject", operands[0])
        if not isinstance(called, pikepdf.Stream) or int(called.get("/Length", 1)) == 0:
            if self._complete:
                return
            raise Damaged("an image of the page is missing")
        if self._is_hidden(called.get("/OC")):
            return
        if str(called.get("/Subtype")) == "/Image":
            self._paint_image(called)
        elif str(called.get("/Subtype")) == "/Form":
            self._follow_form(called)

    def _paint_image(self, image: pikepdf.Object) -> None:
        stencil = bool(image.get("/ImageMask", False))
        see_through = stencil or "/SMask" in image or "/Mask" in image
        taken = None if stencil and not self._state.black else image
        self.note(MarkKind.IMAGE, self._state.ctm.box(0, 0, 1, 1), self._state.ctm, taken, opaque=not see_through)

    def _follow_form(self, form: pikepdf.Object) -> None:
        inner = _matrix(form.get("/Matrix", [1, 0, 0, 1, 0, 0])).then(self._state.ctm)
        left, low, right, high = (float(value) for value in form.get("/BBox", EVERYWHERE))
        state = replace(self._state, ctm=inner, clip=intersection(self._state.clip, inner.box(left, low, right, high)))
        resources = form.get("/Resources", self._resources)
        trail = (*self._trail, self._index)
        if not any(self._layers):
            _Follower(self._marks, self._hidden_layers, resources, state, trail, complete=self._complete).follow(form)

    def paint_inline_image(self, operands: Operands) -> None:
        self.note(MarkKind.IMAGE, self._state.ctm.box(0, 0, 1, 1), self._state.ctm, opaque=False)

    # optional content

    def begin_marked(self, operands: Operands) -> None:
        named = len(operands) > 1 and str(operands[0]) == "/OC"
        self._layers.append(named and self._is_hidden(self._resource("/Properties", operands[1])))

    def end_marked(self, operands: Operands) -> None:
        if self._layers:
            self._layers.pop()

    def _is_hidden(self, layer: pikepdf.Object | None) -> bool:
        return isinstance(layer, pikepdf.Dictionary) and layer.objgen in self._hidden_layers

    def _resource(self, category: str, name: pikepdf.Object) -> pikepdf.Object | None:
        return resource(self._resources, category, name)


def _matrix(operands: Iterable[object]) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in operands)  # type: ignore[arg-type]
    return Matrix(a, b, c, d, e, f)


def _around(points: list[tuple[float, float]]) -> Rectangle:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


ACTIONS: dict[str, Callable[[_Follower, Operands], None]] = {
    "q": _Follower.save,
    "Q": _Follower.restore,
    "cm": _Follower.concatenate,
    "gs": _Follower.set_parameters,
    "re": _Follower.rectangle,
    "n": _Follower.end_path,
    "sh": _Follower.shade,
    "BT": _Follower.begin_text,
    "Tf": _Follower.set_font,
    "Tr": _Follower.set_mode,
    "Tm": _Follower.set_text_matrix,
    "Do": _Follower.call,
    "INLINE IMAGE": _Follower.paint_inline_image,
    **dict.fromkeys(("g", "rg", "k", "sc", "scn"), _Follower.set_fill),
    **dict.fromkeys(("m", "l", "c", "v", "y"), _Follower.points),
    **dict.fromkeys(("W", "W*"), _Follower.clip),
    **dict.fromkeys(PATH_PAINTERS, _Follower.paint_path),
    "Td": _Follower.move_text,
    "TD": _Follower.move_and_lead,
    "TL": _Follower.set_leading,
    "T*": _Follower.next_line,
    **dict.fromkeys(("Tj", "TJ"), _Follower.show),
    **dict.fromkeys(("'", '"'), _Follower.show_on_next_line),
    **dict.fromkeys(("BDC", "BMC"), _Follower.begin_marked),
    "EMC": _Follower.end_marked,
}
