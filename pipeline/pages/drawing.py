"""Pages, or a part of what they show, drawn by poppler: each from a PDF of its own, decrypted, repaired and inert."""

from __future__ import annotations

import subprocess
import tempfile
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pdf2image
import pikepdf
from pdf2image.exceptions import PopplerNotInstalledError
from PIL import Image

from pipeline.errors import Damaged, PageTooLarge, ToolMissing
from pipeline.pages.content import OTHER_PAINTERS, PATH_PAINTERS, TEXT_SHOWERS
from pipeline.pages.decoding import decoding, inside_library
from pipeline.pages.entries import resource
from pipeline.pages.geometry import POINTS_PER_INCH, PageFrame
from pipeline.pages.pixels import as_pixels, grey_if_possible
from pipeline.pixels import Pixels

Instruction = pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage

PAINTERS = TEXT_SHOWERS | OTHER_PAINTERS
NO_PAINTING = pikepdf.ContentStreamInstruction([], pikepdf.Operator("n"))
"""Ends a path without painting it; a clipping path stays in force."""


def page_alone(page: pikepdf.Page, frame: PageFrame, annotations: Iterable[int]) -> pikepdf.Pdf:
    """A PDF of this page alone, cut to `frame`, with the annotations of these indices."""
    alone = pikepdf.new()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "form fields are not reachable": only their looks are wanted
        alone.pages.append(page)
    copy = alone.pages[0].obj
    kept = [copy.Annots[index] for index in annotations]
    copy.Annots = pikepdf.Array(kept)
    copy.MediaBox = copy.CropBox = pikepdf.Array(frame.box)
    copy.Rotate = frame.rotate
    for key in ("/UserUnit", "/AA"):
        if key in copy:
            del copy[key]
    return alone


def remove_content(alone: pikepdf.Pdf) -> None:
    """Leaves the annotations of a lone page."""
    alone.pages[0].obj.Contents = alone.make_stream(b"")


def remove_content_before(alone: pikepdf.Pdf, trail: tuple[int, ...], *, texts: bool) -> None:
    """Leaves what a lone page paints after the image at `trail` (see `marks.Mark`); its texts too if `texts`."""
    page = alone.pages[0]
    page.obj.Contents = alone.make_stream(_Filter(alone, texts).filtered(page, page.resources, trail))


@dataclass(frozen=True, slots=True)
class _Filter:
    """Copies content streams without what is painted before a given instruction, and without texts unless `texts`."""

    pdf: pikepdf.Pdf
    texts: bool

    def filtered(self, stream: pikepdf.Page | pikepdf.Object, resources: pikepdf.Object, trail: tuple[int, ...]) -> bytes:
        kept: list[Instruction] = []
        with inside_library():
            instructions = pikepdf.parse_content_stream(stream)
        for index, instruction in enumerate(instructions):
            operator = str(instruction.operator)
            before = bool(trail) and (index < trail[0] or trail == (index,))
            if operator in PATH_PAINTERS:
                kept.append(NO_PAINTING if before else instruction)
            elif (operator in TEXT_SHOWERS and not self.texts) or (operator in PAINTERS and before):
                continue
            elif operator == "Do":
                inner = trail[1:] if trail and index == trail[0] else ()
                kept.append(self._call(instruction, resources, inner) if inner or not self.texts else instruction)
            else:
                kept.append(instruction)
        return pikepdf.unparse_content_stream(kept)

    def _call(self, instruction: Instruction, resources: pikepdf.Object, trail: tuple[int, ...]) -> Instruction:
        """The call of a filtered copy of a form, under a name of its own; other calls as they are."""
        form = resource(resources, "/XObject", instruction.operands[0] if instruction.operands else None)
        if not isinstance(form, pikepdf.Stream) or str(form.get("/Subtype")) != "/Form":
            return instruction
        copy = self.pdf.make_stream(self.filtered(form, form.get("/Resources", resources), trail))
        for key in ("/Type", "/Subtype", "/BBox", "/Matrix", "/Resources", "/Group"):
            if key in form:
                copy[key] = form[key]
        name = pikepdf.Name(f"/Kept{len(resources.XObject)}")
        resources.XObject[name] = copy
        return pikepdf.ContentStreamInstruction([name], pikepdf.Operator("Do"))


@contextmanager
def saved(alone: pikepdf.Pdf) -> Iterator[Path]:
    """A lone page as a temporary file. Raises DiskFull, Damaged."""
    with tempfile.TemporaryDirectory(prefix="sohoa-") as folder:
        file = Path(folder) / "page.pdf"
        with inside_library():
            alone.save(file)
        yield file


def draw(file: Path, frame: PageFrame, width: int, height: int) -> Pixels:
    """A lone page on white paper, grey or RGB, `height` x `width`. Raises Damaged, PageTooLarge, ToolMissing."""
    colours = _fitted(np.asarray(_drawn(file, frame, width, height, transparent=False).convert("RGB")), width, height)
    return grey_if_possible(colours)


def draw_transparent(file: Path, frame: PageFrame, width: int, height: int) -> Pixels:
    """A lone page on nothing, RGBA. Raises as `draw`."""
    return _fitted(np.asarray(_drawn(file, frame, width, height, transparent=True).convert("RGBA")), width, height)


def decode_image(image: pikepdf.Object, width: int, height: int) -> Pixels:
    """An image XObject in its own pixels, grey or RGB: for codings that only poppler knows. Drawing would blur them.

    Raises Damaged, DiskFull, ToolMissing.
    """
    alone = pikepdf.new()
    page = alone.add_blank_page(page_size=(width, height))
    name = page.add_resource(alone.copy_foreign(image), pikepdf.Name.XObject)
    page.obj.Contents = alone.make_stream(f"{width} 0 0 {height} 0 0 cm {name} Do".encode())
    with saved(alone) as file, decoding():
        try:
            subprocess.run(["pdfimages", "-png", str(file), str(file.with_suffix(""))], capture_output=True, check=True)
        except FileNotFoundError as error:
            raise ToolMissing("poppler-utils") from error
        with Image.open(file.with_name("page-000.png"), formats=["PNG"]) as decoded:
            if decoded.size != (width, height):
                raise Damaged("the image has another size than its dictionary says")
            return as_pixels(decoded)


def _drawn(file: Path, frame: PageFrame, width: int, height: int, *, transparent: bool) -> Image.Image:
    dpi = POINTS_PER_INCH * width / frame.points[0]
    try:
        with inside_library():
            images = pdf2image.convert_from_path(
                file,
                dpi=dpi,  # type: ignore[arg-type]  # pdftoppm takes fractions
                use_cropbox=True,
                fmt="png" if transparent else "ppm",
                transparent=transparent,
                use_pdftocairo=transparent,
            )
    except Damaged as error:
        if isinstance(error.__cause__, PopplerNotInstalledError):
            raise ToolMissing("poppler-utils") from error
        raise
    if not images:
        raise Damaged("poppler")
    # poppler answers an absurd page with a single white pixel and no error
    if abs(images[0].width - width) > 1 or abs(images[0].height - height) > 1:
        raise PageTooLarge(f"{width} x {height}")
    return images[0]


def _fitted(drawn: Pixels, width: int, height: int) -> Pixels:
    """Poppler rounds a page's size up or down: its last row or column is dropped, or written twice."""
    missing = max(0, height - drawn.shape[0]), max(0, width - drawn.shape[1])
    padded = np.pad(drawn, ((0, missing[0]), (0, missing[1]), (0, 0)), mode="edge")
    return np.asarray(padded[:height, :width])
