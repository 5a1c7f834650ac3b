"""What a file draws over its scan: shown in the rendition, and read only if it belongs to the page."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
import pytest

from pipeline.model import BoundingBox, RegionKind
from pipeline.pages import PageScan
from pipeline.pages.overlay import joined, laid_over
from pipeline.pages.picture import EncodedImage, Overlay
from pipeline.pixels import Pixels
from tests import bad_inputs
from tests.pages.opening import difference, only_page, seen_by_pdfium
from tests.pages.pdf_images import codings, grey, pdf_with

SCALE = 150 / 72


def plain(folder: Path) -> Pixels:
    return only_page(bad_inputs.one_page_pdf(), folder).pixels


def shown(scan: PageScan) -> Pixels:
    """The page with all that the rendition lays over it."""
    assert scan.picture is not None
    return laid_over(scan.pixels, scan.picture.overlays)


def kinds(scan: PageScan) -> list[RegionKind]:
    return [region.kind for region in scan.regions]


def test_a_signature_box_is_a_region_and_not_read(tmp_path: Path) -> None:
    scan = only_page(bad_inputs.pdf_with_signature_box(), tmp_path)
    assert kinds(scan) == [RegionKind.DIGITAL_SIGNATURE]
    assert np.array_equal(scan.pixels, plain(tmp_path))
    box = scan.regions[0].box
    assert (box.left, box.top) == pytest.approx((360 * SCALE, (841.89 - 835) * SCALE), abs=6)


def test_the_rendition_shows_the_signature_box_over_the_unharmed_image(tmp_path: Path) -> None:
    data = bad_inputs.pdf_with_signature_box()
    scan = only_page(data, tmp_path)
    assert scan.picture is not None
    assert isinstance(scan.picture.images[0].image, EncodedImage)
    (overlay,) = scan.picture.overlays
    assert overlay.pixels.shape[2] == 4
    assert overlay.box.width < 500
    assert difference(shown(scan), seen_by_pdfium(data)) < 1


def test_the_box_is_found_through_the_field_that_it_belongs_to(tmp_path: Path) -> None:
    """A field with several widgets names its type once, above them."""

    with pikepdf.open(io.BytesIO(bad_inputs.pdf_with_signature_box())) as pdf:
        widget = pdf.pages[0].obj.Annots[0]
        del widget["/FT"]
        widget.Parent = pdf.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Sig, Kids=pikepdf.Array([widget])))
        pdf.Root.AcroForm.Fields = pikepdf.Array([widget.Parent])
        file = io.BytesIO()
        pdf.save(file)
    assert kinds(only_page(file.getvalue(), tmp_path)) == [RegionKind.DIGITAL_SIGNATURE]


def test_a_number_stamped_as_a_signature_widget_is_read(tmp_path: Path) -> None:
    data = bad_inputs.pdf_with_stamped_number()
    scan = only_page(data, tmp_path)
    assert scan.regions == ()
    rows, columns = (
        slice(round((841.89 - 685) * SCALE), round((841.89 - 660) * SCALE)),
        slice(round(400 * SCALE), round(470 * SCALE)),
    )
    assert (scan.pixels[rows, columns] < 128).any()
    assert not (plain(tmp_path)[rows, columns] < 128).any()


def test_a_typed_note_is_read_with_the_page(tmp_path: Path) -> None:
    data = bad_inputs.pdf_with_typed_note()
    scan = only_page(data, tmp_path)
    assert scan.regions == ()
    assert difference(scan.pixels, seen_by_pdfium(data)) < 1
    assert not np.array_equal(scan.pixels, plain(tmp_path))


def test_texts_in_the_content_certify_or_watermark_and_are_not_read(tmp_path: Path) -> None:
    data = bad_inputs.pdf_with_watermark()
    scan = only_page(data, tmp_path)
    assert sorted(kinds(scan)) == [RegionKind.CERTIFICATION, RegionKind.WATERMARK]
    assert np.array_equal(scan.pixels, plain(tmp_path))
    assert difference(shown(scan), seen_by_pdfium(data)) < 1.5


def test_invisible_text_is_no_overlay(tmp_path: Path) -> None:
    scan = only_page(bad_inputs.scan_with_garbage_text_layer(), tmp_path)
    assert scan.picture is not None
    assert (scan.regions, scan.picture.overlays, scan.own_text, scan.findings) == ((), (), None, ())
    assert np.array_equal(scan.pixels, plain(tmp_path))


def test_what_was_painted_over_the_scan_cannot_be_read_any_more(tmp_path: Path) -> None:
    """White over a name: the page is read as it is seen."""
    data = pdf_with(codings()["8 bits"], after=b"1 g 0 300 413 285 re f")
    scan = only_page(data, tmp_path)
    assert (grey()[:400] < 128).any()
    assert not (scan.pixels[:400] < 128).any()
    assert difference(scan.pixels, seen_by_pdfium(data)) < 1


def test_a_picture_pasted_on_the_scan_is_read_and_the_scan_kept(tmp_path: Path) -> None:
    data = pdf_with(codings()["8 bits"], after=b"q 60 0 0 60 300 40 cm /Scan Do Q")
    scan = only_page(data, tmp_path)
    assert scan.picture is not None
    assert isinstance(scan.picture.images[0].image, EncodedImage)
    assert difference(scan.pixels, seen_by_pdfium(data)) < 1


def test_an_overlay_in_a_form_around_the_scan_is_kept(tmp_path: Path) -> None:
    """Some producers wrap the page in a form; the scan lies one level down."""

    with pikepdf.open(io.BytesIO(bad_inputs.pdf_with_watermark())) as pdf:
        page = pdf.pages[0]
        form = pdf.make_stream(page.Contents.read_bytes())
        form.Type, form.Subtype, form.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, page.MediaBox
        form.Resources = page.Resources
        page.Contents = pdf.make_stream(b"q /Whole Do Q")
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Whole=form))
        file = io.BytesIO()
        pdf.save(file)
    scan = only_page(file.getvalue(), tmp_path)
    assert sorted(kinds(scan)) == [RegionKind.CERTIFICATION, RegionKind.WATERMARK]
    assert np.array_equal(scan.pixels, plain(tmp_path))
    assert difference(shown(scan), seen_by_pdfium(file.getvalue())) < 1.5


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_overlays_of_a_turned_page_stand_where_they_are_seen(turn: int, tmp_path: Path) -> None:

    with pikepdf.open(io.BytesIO(bad_inputs.pdf_with_signature_box())) as pdf:
        pdf.pages[0].obj.Rotate = turn
        file = io.BytesIO()
        pdf.save(file)
    scan = only_page(file.getvalue(), tmp_path)
    assert kinds(scan) == [RegionKind.DIGITAL_SIGNATURE]
    assert difference(shown(scan), seen_by_pdfium(file.getvalue())) < 1


def test_boxes_that_touch_are_drawn_together() -> None:
    chain = [BoundingBox(0, 0, 10, 10), BoundingBox(18, 0, 30, 10), BoundingBox(8, 5, 20, 8)]
    assert joined([*chain, BoundingBox(100, 100, 110, 110), BoundingBox(5, 5, 5, 9)]) == [
        BoundingBox(0, 0, 30, 10),
        BoundingBox(100, 100, 110, 110),
    ]


def test_a_half_transparent_overlay_is_mixed_with_the_page() -> None:
    page = np.full((4, 4), 200, np.uint8)
    grey_ink = np.full((2, 2, 4), (0, 0, 0, 128), np.uint8)
    red_ink = np.full((2, 2, 4), (255, 0, 0, 255), np.uint8)
    box = BoundingBox(1, 1, 3, 3)
    assert laid_over(page, [Overlay(grey_ink, box)])[1:3, 1:3].tolist() == [[100, 100], [100, 100]]
    assert laid_over(page, [Overlay(red_ink, box)])[1, 1].tolist() == [255, 0, 0]
    assert page.min() == 200
