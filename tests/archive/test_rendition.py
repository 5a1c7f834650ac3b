"""The rendition shows the page as it was scanned, upright, and holds the scan's own bytes."""

from __future__ import annotations

import io
import re
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from pipeline.archive import RenditionWriter
from pipeline.archive.images import coded
from pipeline.errors import DiskFull, StoreUnavailable
from pipeline.model import DocumentType, Page
from pipeline.pages.fax import is_black_and_white
from tests import bad_images, bad_inputs, printed_page
from tests.archive.writing import A4, ORIGINAL, drawn_by_pdfium, fields, line, page, rendition_of, scan, write
from tests.pages.opening import difference, only_page, seen_by_pdfium
from tests.pages.pdf_images import codings, pdf_with

GROWTH_PER_PAGE = 10_240
WORDS = [line(300, ["Nơi", "nhận:"])]


def page_picture() -> np.ndarray:
    return np.asarray(printed_page.page_picture())


def image_bytes(path: Path) -> list[bytes]:
    with pikepdf.open(path) as pdf:
        return [image.read_raw_bytes() for sheet in pdf.pages for image in sheet.Resources.XObject.values()]


FILES: dict[str, Callable[[], bytes]] = {
    "scan": bad_inputs.one_page_pdf,
    "strips": bad_inputs.pdf_in_strips,
    "JPEG": lambda: bad_images.jpeg_turned_by_exif(1),
    "JPEG, turned": lambda: bad_images.jpeg_turned_by_exif(6),
    "JPEG, CMYK": bad_images.jpeg_in_cmyk,
    "JPEG 2000": bad_images.jpeg_2000,
    "PNG of 1 bit": bad_images.png_of_one_bit,
    "PNG of 16 bits": bad_images.png_of_16_bits,
    "PNG with alpha": bad_images.png_with_alpha,
    "PNG with palette": bad_images.png_with_palette,
    "TIFF": bad_images.tiff_group_4,
    "JPEG in TIFF": bad_images.tiff_of_jpeg_strips,
    "owner password": bad_inputs.pdf_with_owner_password,
    "born digital": bad_inputs.born_digital_pdf,
}


@pytest.mark.parametrize("name", FILES)
def test_it_shows_the_page(name: str, tmp_path: Path) -> None:
    path = rendition_of(FILES[name](), tmp_path, WORDS)
    shown = drawn_by_pdfium(path, width=A4[0])
    if name == "born digital":
        assert 1 < (255 - shown).mean() < 20
    else:
        assert difference(shown, page_picture()) < 2


@pytest.mark.parametrize("name", set(FILES) - {"born digital"})
def test_it_is_hardly_larger_than_the_scan(name: str, tmp_path: Path) -> None:
    data = FILES[name]()
    size = rendition_of(data, tmp_path, WORDS).stat().st_size
    assert size <= max(1.15 * len(data), len(data) + GROWTH_PER_PAGE)


@pytest.mark.parametrize("name", codings())
def test_every_coding_of_a_scan_is_shown_by_another_program(name: str, tmp_path: Path) -> None:
    data = pdf_with(codings()[name])
    assert difference(drawn_by_pdfium(rendition_of(data, tmp_path), width=620), seen_by_pdfium(data)) < 3


@pytest.mark.parametrize("name", ["JPEG, colour", "JPEG 2000", "Group 4", "JBIG2", "8 bits"])
def test_the_scans_own_bytes_are_in_it(name: str, tmp_path: Path) -> None:
    coded_image = codings()[name]
    assert image_bytes(rendition_of(pdf_with(coded_image), tmp_path)) == [coded_image[1]]


def test_a_jpeg_files_bytes_are_in_it(tmp_path: Path) -> None:
    data = bad_images.jpeg_turned_by_exif(6)
    assert image_bytes(rendition_of(data, tmp_path)) == [data]


@pytest.mark.parametrize("orientation", [0, 90, 180, 270])
def test_a_page_that_lay_sideways_is_shown_upright(orientation: int, tmp_path: Path) -> None:
    """`orientation`: quarter turns clockwise by which the content stood in the file."""
    stood = np.rot90(page_picture(), -orientation // 90)
    path = write(tmp_path / "r.pdf", [(scan(np.ascontiguousarray(stood)), page(WORDS, orientation=orientation))])
    with pikepdf.open(path) as pdf:
        assert [float(value) for value in pdf.pages[0].MediaBox] == pytest.approx([0, 0, 595.2, 841.92])
    assert difference(drawn_by_pdfium(path, width=A4[0]), page_picture()) < 2


def test_a_signature_box_is_still_seen(tmp_path: Path) -> None:
    plain, signed = (
        drawn_by_pdfium(rendition_of(data, tmp_path), width=A4[0])
        for data in (bad_inputs.one_page_pdf(), bad_inputs.pdf_with_signature_box())
    )
    assert (signed[:120, 740:] < 128).sum() > (plain[:120, 740:] < 128).sum()
    assert np.array_equal(signed[200:], plain[200:])


def test_scripts_actions_and_attachments_stay_behind(tmp_path: Path) -> None:
    for make in (bad_inputs.pdf_with_javascript, bad_inputs.pdf_with_attachment, bad_inputs.pdf_with_signature_box):
        data = rendition_of(make(), tmp_path).read_bytes()
        assert not re.search(rb"JavaScript|/JS|Launch|OpenAction|/AA|EmbeddedFile|/Annots|AcroForm|so-lieu", data)


@pytest.mark.parametrize(("dpi", "width"), [(300, 297.6), (150, 595.2), (None, 446.4), (0.5, 14_400 * A4[0] / A4[1])])
def test_the_page_is_as_large_as_the_sheet_was(dpi: float | None, width: float, tmp_path: Path) -> None:
    one = page(WORDS)
    unknown = Page(1, one.width, one.height, None, 0, 0.0, False, False, (), one.lines)
    path = write(tmp_path / "r.pdf", [(scan(dpi=dpi), unknown)])
    with pikepdf.open(path) as pdf:
        assert float(pdf.pages[0].MediaBox[2]) == pytest.approx(width, rel=0.001)


def test_it_says_what_it_is(tmp_path: Path) -> None:
    values = {"typeName": "QUYẾT ĐỊNH", "codeNumber": "15", "codeNotation": "QĐ-UBND", "subject": "Ban hành <quy chế> & nội quy"}
    path = write(tmp_path / "r.pdf", [(scan(), page(WORDS))], **values, issuedDate="2021-03-04")
    title = "QUYẾT ĐỊNH 15/QĐ-UBND: Ban hành <quy chế> & nội quy"
    with pikepdf.open(path) as pdf, pdf.open_metadata() as xmp:
        assert str(pdf.docinfo["/Title"]) == xmp["dc:title"] == title
        assert xmp["dc:description"] == str(pdf.docinfo["/Subject"]) == values["subject"]
        assert xmp["dc:identifier"] == f"urn:sha256:{ORIGINAL.sha256}"
        assert xmp["dc:date"] == ["2021-03-04"]
        assert xmp["pdf:Producer"] == str(pdf.docinfo["/Producer"])
        assert xmp["pdf:Producer"].startswith("sohoa")
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("2", "B")


def test_without_fields_it_is_called_as_its_file(tmp_path: Path) -> None:
    path = write(tmp_path / "r.pdf", [(scan(), page(WORDS))])
    with pikepdf.open(path) as pdf:
        assert str(pdf.docinfo["/Title"]) == ORIGINAL.name
        assert "/Subject" not in pdf.docinfo


def test_a_letter_is_called_by_its_kind_though_it_prints_none(tmp_path: Path) -> None:
    with RenditionWriter(tmp_path / "r.pdf") as rendition:
        rendition.add(scan(), page(WORDS))
        rendition.finish(ORIGINAL, DocumentType("CV", "Công văn", 0.9, "V/v"), fields(subject="họp giao ban"))
    with pikepdf.open(tmp_path / "r.pdf") as pdf:
        assert str(pdf.docinfo["/Title"]) == "Công văn: họp giao ban"


def test_the_same_scan_gives_the_same_file_but_for_its_dates(tmp_path: Path) -> None:
    def without_dates(path: Path) -> bytes:
        return re.sub(rb"D:\d{14}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", b"", path.read_bytes())

    one, two = (write(tmp_path / name, [(scan(page_picture()), page(WORDS))]) for name in ("1.pdf", "2.pdf"))
    assert without_dates(one) == without_dates(two)


def test_a_sound_file_by_qpdfs_word(tmp_path: Path) -> None:
    path = rendition_of(bad_inputs.scanned_pdf(3), tmp_path, WORDS)
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == 3
        assert pdf.check_pdf_syntax() == []


def test_nothing_is_left_when_a_page_brings_it_down(tmp_path: Path) -> None:
    spoilt = replace(page(WORDS), orientation=45)
    with pytest.raises(KeyError):
        write(tmp_path / "r.pdf", [(scan(), page(WORDS)), (scan(), spoilt)])
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_of_an_unfinished_one(tmp_path: Path) -> None:
    with RenditionWriter(tmp_path / "r.pdf") as rendition:
        rendition.add(scan(), page(WORDS))
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_named_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "r.pdf.part").symlink_to("/dev/full")
    with pytest.raises(DiskFull):
        write(tmp_path / "r.pdf", [(scan(page_picture()), page(WORDS))])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable), RenditionWriter(tmp_path / "gone" / "r.pdf"):
        pass


def test_memory_does_not_grow_with_the_pages(tmp_path: Path) -> None:
    picture = np.where(page_picture()[:400] < 128, 0, 255).astype(np.uint8)
    one = scan(picture), page(WORDS, size=(A4[0], 400))
    with RenditionWriter(tmp_path / "r.pdf") as rendition:
        for _ in range(50):
            rendition.add(*one)
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(400):
            rendition.add(*one)
        grown = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        rendition.finish(ORIGINAL, None, fields())
    assert grown < 400 * 1000
    with pikepdf.open(tmp_path / "r.pdf") as pdf:
        assert len(pdf.pages) == 450


def test_drawn_print_is_stored_in_black_and_white(tmp_path: Path) -> None:
    soft = only_page(bad_inputs.born_digital_pdf(), tmp_path).pixels
    assert not is_black_and_white(soft)
    assert coded(soft).codec == "CCITTFaxDecode"


def test_a_drawn_photo_stays_grey_and_a_seal_red() -> None:
    shades = np.tile(np.linspace(0, 255, 800).astype(np.uint8), (600, 1))
    assert coded(shades).codec == "DCTDecode"
    red = np.zeros((50, 50, 3), np.uint8)
    red[..., 0] = 200
    stored = coded(red)
    with Image.open(io.BytesIO(stored.data)) as opened:
        assert np.asarray(opened.convert("RGB")).mean(axis=(0, 1)) == pytest.approx((200, 0, 0), abs=3)
