"""Entries of a PDF that are of another type than the standard says: the page is drawn or named as damaged, nothing falls over."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from pipeline.errors import InputError
from tests.file_parts import A4_POINTS, jpeg
from tests.pages.opening import opened

ODD: dict[str, Callable[[], object]] = {
    "name": lambda: pikepdf.Name.Odd,
    "text": lambda: pikepdf.String("odd"),
    "number": lambda: 10**12,
    "fraction": lambda: -0.5,
    "truth": lambda: True,
    "list": lambda: pikepdf.Array([pikepdf.Name.Odd, 1]),
    "dictionary": lambda: pikepdf.Dictionary(Odd=1),
}

OF_AN_IMAGE = (
    "/Width /Height /BitsPerComponent /ColorSpace /Filter /DecodeParms /Decode /ImageMask /SMask /SMaskInData /Subtype".split()
)
OF_A_PAGE = "/MediaBox /CropBox /Rotate /UserUnit /Resources /Contents /Annots /Parent".split()
OF_A_FILE = "/OCProperties /Names /AcroForm /Pages".split()
SPACES: dict[str, Callable[[], pikepdf.Array]] = {
    "profile": lambda: pikepdf.Array([pikepdf.Name.ICCBased, 3]),
    "palette of nothing": lambda: pikepdf.Array([pikepdf.Name.Indexed, pikepdf.Name.DeviceRGB, 255, pikepdf.Name.Odd]),
    "huge palette": lambda: pikepdf.Array([pikepdf.Name.Indexed, pikepdf.Name.DeviceRGB, 10**12, 10**12]),
}
LOADED = 2


def two_pages() -> pikepdf.Pdf:
    """Pages of a small scan each; of two, so that the second is judged by itself."""
    pdf = pikepdf.new()
    for _ in range(LOADED):
        page = pdf.add_blank_page(page_size=A4_POINTS)
        picture = pdf.make_stream(jpeg(Image.fromarray(np.full((70, 50), 200, np.uint8))))
        entries = {"/Subtype": pikepdf.Name.Image, "/Width": 50, "/Height": 70, "/BitsPerComponent": 8}
        for key, value in {**entries, "/ColorSpace": pikepdf.Name.DeviceGray, "/Filter": pikepdf.Name.DCTDecode}.items():
            picture[key] = value
        name = page.add_resource(picture, pikepdf.Name.XObject)
        page.Contents = pdf.make_stream(b"q %f 0 0 %f 0 0 cm %b Do Q" % (*A4_POINTS, str(name).encode()))
    return pdf


def image_of(pdf: pikepdf.Pdf) -> pikepdf.Object:
    images = pdf.pages[1].Resources.XObject
    return images[next(iter(images.keys()))]


def is_answered(pdf: pikepdf.Pdf, folder: Path) -> None:
    """With pages, notices or an InputError."""
    file = io.BytesIO()
    pdf.save(file)
    with suppress(InputError), opened(file.getvalue(), folder) as source:
        for number in range(1, source.page_count + 1):
            source.notice(number, "PAGE_FAILED")
            with suppress(InputError):
                source.load(number)


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("key", OF_AN_IMAGE)
def test_an_image_with_an_odd_entry(key: str, odd: str, tmp_path: Path) -> None:
    with two_pages() as pdf:
        image_of(pdf)[key] = ODD[odd]()
        is_answered(pdf, tmp_path)


@pytest.mark.parametrize("space", SPACES)
def test_an_image_with_an_odd_colour_space(space: str, tmp_path: Path) -> None:
    with two_pages() as pdf:
        image_of(pdf).ColorSpace = SPACES[space]()
        is_answered(pdf, tmp_path)


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("key", OF_A_PAGE)
def test_a_page_with_an_odd_entry(key: str, odd: str, tmp_path: Path) -> None:
    with two_pages() as pdf:
        pdf.pages[1].obj[key] = ODD[odd]()
        is_answered(pdf, tmp_path)


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("key", OF_A_FILE)
def test_a_file_with_an_odd_entry(key: str, odd: str, tmp_path: Path) -> None:
    with two_pages() as pdf:
        pdf.Root[key] = ODD[odd]()
        is_answered(pdf, tmp_path)


def test_what_the_content_calls_and_does_not_have_does_not_hide_what_lies_over_the_scan(tmp_path: Path) -> None:
    """Viewers pass over it; so does the copy of the page that only what lies over the scan is drawn from."""
    with two_pages() as pdf:
        page = pdf.pages[1]
        page.Contents = pdf.make_stream(page.Contents.read_bytes() + b" /None Do 1 Do 0.5 g 100 100 200 50 re f")
        file = io.BytesIO()
        pdf.save(file)
    with opened(file.getvalue(), tmp_path) as source:
        scan = source.load(2)
    assert scan.picture is not None
    assert len(scan.picture.overlays) == 1
