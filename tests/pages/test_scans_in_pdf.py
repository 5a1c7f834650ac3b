"""A page that is one image: its own bytes are kept, and its pixels are the page as other programs show it."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
import pytest

from pipeline.errors import PageTooLarge
from pipeline.pages import Limits
from pipeline.pages.picture import EncodedImage
from tests.pages import pdf_images
from tests.pages.opening import difference, only_page, seen_by_pdfium, shape_difference
from tests.pages.pdf_images import PAGE, codings, pdf_with

NOT_IN_PDF_A = {"JPEG, CMYK", "CMYK samples", "spot colour"}
"""Colours that a rendition with an sRGB intent cannot hold: the page is drawn."""

WIDE, TALL = PAGE


@pytest.mark.parametrize("name", codings())
def test_the_picture_is_what_another_program_sees(name: str, tmp_path: Path) -> None:
    data = pdf_with(codings()[name])
    scan = only_page(data, tmp_path)
    assert difference(scan.pixels, seen_by_pdfium(data)) < 2
    assert difference(scan.pixels, 255 - scan.pixels) > 100


@pytest.mark.parametrize("name", set(codings()) - NOT_IN_PDF_A)
def test_the_image_itself_is_kept(name: str, tmp_path: Path) -> None:
    scan = only_page(pdf_with(codings()[name]), tmp_path)
    assert scan.picture is not None
    (placed,) = scan.picture.images
    assert isinstance(placed.image, EncodedImage)
    assert (placed.image.width, placed.image.height) == (620, 877)
    assert scan.pixels.shape[:2] == (877, 620)


@pytest.mark.parametrize("name", ["JPEG, grey", "JPEG 2000", "Group 4", "8 bits", "JBIG2"])
def test_its_bytes_are_carried_over_unchanged(name: str, tmp_path: Path) -> None:
    coded = codings()[name]
    scan = only_page(pdf_with(coded), tmp_path)
    assert scan.picture is not None
    kept = scan.picture.images[0].image
    assert isinstance(kept, EncodedImage)
    assert kept.data == coded[1]


@pytest.mark.parametrize("name", [name for name in codings() if name.startswith(("Group 4", "JBIG2", "1 bit", "stencil"))])
def test_black_and_white_pixels_are_exact(name: str, tmp_path: Path) -> None:
    scan = only_page(pdf_with(codings()[name]), tmp_path)
    assert np.array_equal(scan.pixels, pdf_images.black_and_white())


@pytest.mark.parametrize("rotate", [0, 90, 180, 270, -90, 450])
@pytest.mark.parametrize(
    "placed",
    [
        (WIDE, 0, 0, TALL, 0, 0),
        (-WIDE, 0, 0, TALL, WIDE, 0),
        (WIDE, 0, 0, -TALL, 0, TALL),
        (-WIDE, 0, 0, -TALL, WIDE, TALL),
    ],
    ids=["plain", "mirrored", "flipped", "upside down"],
)
def test_turns_and_flips_are_those_that_viewers_show(rotate: int, placed: tuple[float, ...], tmp_path: Path) -> None:
    data = pdf_with(codings()["8 bits"], placed=placed, rotate=rotate)
    scan = only_page(data, tmp_path)
    assert scan.picture is not None
    assert isinstance(scan.picture.images[0].image, EncodedImage)
    seen = seen_by_pdfium(data)
    assert shape_difference(scan.pixels, seen) < 0.01
    assert difference(scan.pixels, seen) < 2


@pytest.mark.parametrize("placed", [(0, WIDE, -TALL, 0, TALL, 0), (0, -WIDE, TALL, 0, 0, WIDE), (0, WIDE, TALL, 0, 0, 0)])
def test_an_image_placed_sideways_is_turned(placed: tuple[float, ...], tmp_path: Path) -> None:
    data = pdf_with(codings()["8 bits"], placed=placed, box=(0, 0, TALL, WIDE))
    scan = only_page(data, tmp_path)
    assert scan.pixels.shape == (620, 877)
    assert difference(scan.pixels, seen_by_pdfium(data)) < 2


@pytest.mark.parametrize("box", [(-100, -50, WIDE - 100, TALL - 50), (WIDE, TALL, 0, 0)])
def test_the_page_may_begin_anywhere(box: tuple[float, ...], tmp_path: Path) -> None:
    left, low = min(box[0], box[2]), min(box[1], box[3])
    data = pdf_with(codings()["8 bits"], placed=(WIDE, 0, 0, TALL, left, low), box=box)
    scan = only_page(data, tmp_path)
    assert scan.pixels.shape == (877, 620)
    assert difference(scan.pixels, seen_by_pdfium(data)) < 2


def test_a_scan_with_a_margin_keeps_its_pixels_and_the_margin(tmp_path: Path) -> None:
    data = pdf_with(codings()["Group 4"], placed=(WIDE * 0.8, 0, 0, TALL * 0.8, WIDE * 0.1, TALL * 0.1))
    scan = only_page(data, tmp_path)
    assert scan.pixels.shape == (1096, 775)
    assert difference(scan.pixels, seen_by_pdfium(data)) < 2
    left = int(np.argmax((scan.pixels < 128).any(axis=0))) - int(np.argmax((pdf_images.black_and_white() < 128).any(axis=0)))
    assert left == pytest.approx(775 * 0.1, abs=1)
    assert np.array_equal(scan.pixels[110 : 110 + 877, left : left + 620], pdf_images.black_and_white())


def test_what_the_crop_box_hides_is_not_seen(tmp_path: Path) -> None:
    data = pdf_with(codings()["8 bits"], CropBox=[0, TALL / 2, WIDE, TALL])
    scan = only_page(data, tmp_path)
    assert scan.height == pytest.approx(877 / 2, abs=2)
    assert difference(scan.pixels, seen_by_pdfium(data)) < 2


def test_user_units_and_geometry_give_the_resolution(tmp_path: Path) -> None:
    assert only_page(pdf_with(codings()["8 bits"]), tmp_path).dpi == pytest.approx(108, abs=0.2)
    halved = pdf_with(codings()["8 bits"], placed=(WIDE / 2, 0, 0, TALL / 2, 0, 0), box=(0, 0, WIDE / 2, TALL / 2), UserUnit=2.0)
    assert only_page(halved, tmp_path).dpi == pytest.approx(108, abs=0.2)


def test_a_photo_whose_pixels_were_called_points_has_no_resolution(tmp_path: Path) -> None:
    large = (3000, 4244)
    data = pdf_with(
        ({"BitsPerComponent": 8, "ColorSpace": "/DeviceGray"}, bytes(large[0] * large[1])),
        size=large,
        placed=(*(large[0], 0, 0, large[1]), 0, 0),
        box=(0, 0, *large),
    )
    assert only_page(data, tmp_path).dpi is None


def test_pixels_that_are_not_square_are_made_so(tmp_path: Path) -> None:
    """A fax of 204 x 98 dpi."""
    rows = pdf_images.black_and_white()[::2]
    coded = ({"BitsPerComponent": 1, "ColorSpace": "/DeviceGray"}, np.packbits(rows > 0, axis=1).tobytes())
    data = pdf_with(coded, size=(620, rows.shape[0]))
    scan = only_page(data, tmp_path)
    assert shape_difference(scan.pixels, seen_by_pdfium(data)) < 0.01
    assert scan.width == 620
    assert difference(scan.pixels, seen_by_pdfium(data)) < 3


def test_what_the_image_hides_does_not_matter(tmp_path: Path) -> None:
    data = pdf_with(codings()["8 bits"], before=b"1 0 0 rg 0 0 413 585 re f")
    scan = only_page(data, tmp_path)
    assert scan.picture is not None
    assert isinstance(scan.picture.images[0].image, EncodedImage)
    assert scan.picture.overlays == ()


def test_a_see_through_image_is_drawn_with_what_is_under_it(tmp_path: Path) -> None:
    data = pdf_with(codings()["stencil"], before=b"0.5 g 0 0 413 300 re f 0 g")
    scan = only_page(data, tmp_path)
    assert difference(scan.pixels, seen_by_pdfium(data)) < 3


@pytest.mark.parametrize("placed", [(400, 60, -60, 520, 60, 10), (WIDE, 30, 0, TALL - 30, 0, 0)], ids=["slanting", "sheared"])
def test_an_image_that_stands_slantwise_is_drawn(placed: tuple[float, ...], tmp_path: Path) -> None:
    data = pdf_with(codings()["8 bits"], placed=placed)
    scan = only_page(data, tmp_path)
    assert difference(scan.pixels, seen_by_pdfium(data)) < 4


def test_an_image_that_is_clipped_is_drawn(tmp_path: Path) -> None:
    data = pdf_with(codings()["8 bits"], before=b"50 100 300 400 re W n")
    scan = only_page(data, tmp_path)
    assert difference(scan.pixels, seen_by_pdfium(data)) < 3


def test_an_image_of_too_many_pixels_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    small = Limits(max_pages=10, max_page_megapixels=1)
    with pytest.raises(PageTooLarge):
        only_page(pdf_with(codings()["8 bits"], size=(40_000, 40_000)), tmp_path, small)


def test_a_small_image_does_not_make_a_large_page(tmp_path: Path) -> None:
    """Its own resolution would make 40 megapixels of a page of which it covers a corner."""
    data = pdf_with(codings()["8 bits"], placed=(40, 0, 0, 56, 10, 10))
    scan = only_page(data, tmp_path)
    assert scan.pixels.size < 10_000_000
    assert difference(scan.pixels, seen_by_pdfium(data)) < 3


def test_a_switched_off_layer_is_not_painted(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(pdf_with(codings()["8 bits"], after=b"/OC /Hidden BDC 0 g 0 0 413 585 re f EMC"))) as pdf:
        layer = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="x"))
        off = pikepdf.Dictionary(OFF=pikepdf.Array([layer]))
        pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=pikepdf.Array([layer]), D=off)
        pdf.pages[0].Resources.Properties = pikepdf.Dictionary(Hidden=layer)
        file = io.BytesIO()
        pdf.save(file)
    scan = only_page(file.getvalue(), tmp_path)
    assert difference(scan.pixels, pdf_images.grey()) < 1
    assert scan.picture is not None
    assert scan.picture.overlays == ()
