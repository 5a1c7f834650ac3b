"""The files themselves, opened by others: what they show is the page as seen."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from functools import cache

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageOps

from samples import DrawnSample, draw_sample
from samples.picture import Pixels
from samples.recipe import Mode, Recipe
from samples.scan_file import MARK, write_scan
from samples.spoil.page import ScannedPage


@cache
def page_of(degrade: str) -> tuple[DrawnSample, ScannedPage]:
    sample = draw_sample(1, 7, degrade)
    return sample, sample.pages[0]


def _files(recipe: Recipe, pages: tuple[ScannedPage, ...], wanted: Callable[[str, bytes], bool]) -> bytes:
    """The first file of the wanted sort; what is made depends on chance."""
    for seed in range(200):
        suffix, content = write_scan(pages, recipe, random.Random(seed))
        if wanted(suffix, content):
            return content
    raise AssertionError("no such file in 200 tries")


def _shown(content: bytes, page_no: int = 0) -> Pixels:
    with pypdfium2.PdfDocument(content) as pdf:
        page = pdf[page_no]
        return np.asarray(page.render(scale=100 / 72, grayscale=True).to_numpy(), np.uint8).squeeze()


def _small(pixels: Pixels, like: Pixels) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    image = Image.fromarray(pixels).convert("L").resize((like.shape[1], like.shape[0]), Image.Resampling.BOX)
    return np.asarray(image, np.float64)


def _looks_like(shown: Pixels, page: ScannedPage) -> bool:
    """Difference between the two pictures is far smaller than that to the picture upside down."""
    same = np.abs(_small(page.pixels, shown) - shown).mean()
    turned = np.abs(_small(page.pixels, shown)[::-1, ::-1] - shown).mean()
    return bool(same < 4 and same < turned / 2)


@pytest.mark.parametrize("name", ["none", "jpeg", "bilevel", "fax", "photo"])
def test_a_pdf_shows_the_page_as_seen(name: str) -> None:
    sample, page = page_of(name)
    pdf = _files(sample.recipe, (page,), lambda suffix, _: suffix == ".pdf")
    assert _looks_like(_shown(pdf), page)


def test_a_pdf_says_the_resolution_by_the_size_of_its_paper() -> None:
    sample, page = page_of("dpi-100")
    with pikepdf.open(io.BytesIO(_files(sample.recipe, (page,), lambda suffix, _: suffix == ".pdf"))) as pdf:
        assert [float(side) for side in pdf.pages[0].mediabox] == pytest.approx([0, 0, 595.3, 841.9], abs=0.8)


@pytest.mark.parametrize(("name", "codec"), [("none", "/FlateDecode"), ("jpeg", "/DCTDecode"), ("bilevel", "/CCITTFaxDecode")])
def test_pictures_are_packed_as_scanners_pack_them(name: str, codec: str) -> None:
    sample, page = page_of(name)
    with pikepdf.open(io.BytesIO(_files(sample.recipe, (page,), lambda suffix, _: suffix == ".pdf"))) as pdf:
        (image,) = pdf.pages[0].get_images().values()
        assert image.Filter == codec


def test_a_page_stored_sideways_is_shown_upright_by_its_rotate_entry() -> None:
    sample, page = page_of("jpeg")
    pdf = _files(sample.recipe, (page,), lambda suffix, content: suffix == ".pdf" and b"/Rotate" in content)
    assert _looks_like(_shown(pdf), page)


def test_a_turned_page_lies_turned_in_the_file() -> None:
    sample, page = page_of("turn")
    assert page.turns in (1, 2, 3)
    pdf = _files(sample.recipe, (page,), lambda suffix, content: suffix == ".pdf" and b"/Rotate" not in content)
    undone = np.ascontiguousarray(np.rot90(_shown(pdf), page.turns))
    assert _looks_like(undone, page)
    assert sample.words["pages"][0]["orientation"] == 90 * page.turns


def test_a_phone_notes_how_it_was_held() -> None:
    sample, page = page_of("photo")
    content = _files(
        sample.recipe, (page,), lambda suffix, jpeg: suffix == ".jpg" and Image.open(io.BytesIO(jpeg)).getexif()[274] != 1
    )
    with Image.open(io.BytesIO(content)) as photo:
        assert photo.info["jfif_unit"] == 0
        assert photo.size == page.pixels.shape[:2]
        upright = np.asarray(ImageOps.exif_transpose(photo))
    assert _looks_like(np.asarray(Image.fromarray(upright).convert("L")), page)


def test_a_tiff_has_all_pages() -> None:
    sample = next(one for one in (draw_sample(1, index, "bilevel") for index in range(1, 9)) if len(one.pages) > 1)
    content = _files(sample.recipe, sample.pages, lambda suffix, _: suffix == ".tif")
    with Image.open(io.BytesIO(content)) as tiff:
        assert getattr(tiff, "n_frames", 0) == len(sample.pages)
        for number, page in enumerate(sample.pages):
            tiff.seek(number)
            assert np.array_equal(np.asarray(tiff.convert("L")), page.pixels)


def test_a_grey_or_colour_tiff_shows_the_page_as_seen() -> None:
    sample, page = page_of("jpeg")
    with Image.open(io.BytesIO(_files(sample.recipe, (page,), lambda suffix, _: suffix == ".tif"))) as tiff:
        assert _looks_like(np.asarray(tiff.convert("L").reduce(2)), page)


def test_a_picture_file_without_loss_holds_the_very_pixels() -> None:
    sample, page = page_of("none")
    content = _files(sample.recipe, (page,), lambda suffix, _: suffix == ".png")
    with Image.open(io.BytesIO(content)) as png:
        assert np.array_equal(np.asarray(png), page.pixels)
        assert png.info["dpi"] == pytest.approx((300, 300), abs=0.1)


@pytest.mark.parametrize(("name", "suffix"), [("jpeg", ".pdf"), ("jpeg", ".jpg"), ("none", ".png"), ("bilevel", ".tif")])
def test_every_file_says_in_its_metadata_that_it_is_a_sample(name: str, suffix: str) -> None:
    sample, page = page_of(name)
    content = _files(sample.recipe, (page,), lambda ending, _: ending == suffix)
    assert MARK.encode() in content or MARK in str(pikepdf.open(io.BytesIO(content)).docinfo)


def test_two_level_pages_are_never_jpegs() -> None:
    sample, page = page_of("bilevel")
    assert sample.recipe.mode is Mode.BILEVEL
    assert {write_scan((page,), sample.recipe, random.Random(seed))[0] for seed in range(30)} == {".pdf", ".tif"}
