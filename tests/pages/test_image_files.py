"""Image files: every kind of pixel becomes grey or RGB as it is meant, and the file's own bytes are kept where PDF can."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipeline.errors import Damaged
from pipeline.pages.picture import EncodedImage
from tests import bad_images, printed_page
from tests.archive.writing import drawn_by_pdfium, rendition_of
from tests.pages.opening import difference, only_page, opened

A4 = (1754, 1240)


def page() -> np.ndarray:
    return np.asarray(printed_page.page_picture())


def stored(data: bytes, folder: Path) -> EncodedImage:
    scan = only_page(data, folder)
    assert scan.picture is not None
    image = scan.picture.images[0].image
    assert isinstance(image, EncodedImage)
    return image


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


@cache
def exact_files() -> dict[str, bytes]:
    grey = printed_page.page_picture()
    return {
        "16 bits": bad_images.png_of_16_bits(),
        "alpha": bad_images.png_with_alpha(),
        "grey with alpha": saved(grey.convert("LA"), "PNG"),
        "interlaced": saved(grey, "PNG", interlace=True),
        "palette TIFF": saved(grey.quantize(256), "TIFF", compression="lzw"),
        "deflated TIFF": saved(grey, "TIFF", compression="tiff_deflate"),
        "plain TIFF": saved(grey, "TIFF"),
        "16-bit TIFF": saved(Image.fromarray(np.asarray(grey, np.uint16) * 257), "TIFF"),
        "float TIFF": saved(Image.fromarray(np.asarray(grey, np.float32) / 255), "TIFF"),
    }


@pytest.mark.parametrize("name", exact_files())
def test_no_kind_of_pixel_changes_what_is_seen(name: str, tmp_path: Path) -> None:
    scan = only_page(exact_files()[name], tmp_path)
    grey = scan.pixels if scan.pixels.ndim == 2 else scan.pixels[..., 0]
    assert np.abs(grey.astype(int) - page()).max() <= 1


@pytest.mark.parametrize("data", [bad_images.jpeg_in_cmyk(), bad_images.jpeg_2000(), bad_images.png_with_palette()])
def test_lossy_files_look_like_the_page(data: bytes, tmp_path: Path) -> None:
    assert difference(only_page(data, tmp_path).pixels, page()) < 2


@pytest.mark.parametrize("data", [bad_images.png_of_one_bit(), bad_images.tiff_group_4()])
def test_black_and_white_stays_exact(data: bytes, tmp_path: Path) -> None:
    assert np.array_equal(only_page(data, tmp_path).pixels, np.asarray(printed_page.page_picture().convert("1").convert("L")))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_is_applied_once(orientation: int, tmp_path: Path) -> None:
    scan = only_page(bad_images.jpeg_turned_by_exif(orientation), tmp_path)
    assert scan.pixels.shape == A4
    assert difference(scan.pixels, page()) < 1
    assert scan.picture is not None
    unit = scan.picture.images[0].matrix
    assert unit.box(0, 0, 1, 1) == (0, 0, 1240, 1754)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_so_is_the_orientation_of_a_tiff(orientation: int, tmp_path: Path) -> None:
    turned = Image.open(io.BytesIO(bad_images.jpeg_turned_by_exif(orientation)))
    data = saved(turned, "TIFF", compression="tiff_deflate", tiffinfo={274: orientation})
    scan = only_page(data, tmp_path)
    assert scan.pixels.shape == A4
    assert difference(scan.pixels, page()) < 1


@pytest.mark.parametrize(
    ("data", "codec"),
    [
        (bad_images.jpeg_turned_by_exif(1), "DCTDecode"),
        (bad_images.jpeg_2000(), "JPXDecode"),
        (bad_images.png_of_one_bit(), "FlateDecode"),
        (bad_images.png_with_palette(), "FlateDecode"),
        (bad_images.png_of_16_bits(), "FlateDecode"),
        (bad_images.tiff_group_4(), "CCITTFaxDecode"),
    ],
)
def test_the_file_is_kept_as_it_is_coded(data: bytes, codec: str, tmp_path: Path) -> None:
    kept = stored(data, tmp_path)
    assert kept.codec == codec
    assert len(kept.data) <= len(data)
    if codec in ("DCTDecode", "JPXDecode"):
        assert kept.data == data


def test_every_frame_of_a_tiff_is_a_page(tmp_path: Path) -> None:
    with opened(bad_images.tiff_of_three_frames(), tmp_path) as source:
        shapes = [source.load(number).pixels.shape for number in range(1, source.page_count + 1)]
        again = source.load(1).pixels.shape
    assert shapes == [A4, (877, 620), (*A4, 3)]
    assert again == A4


def test_a_loop_of_frames_ends(tmp_path: Path) -> None:
    assert only_page(bad_images.tiff_in_a_loop(), tmp_path).pixels.shape == A4


@pytest.mark.parametrize(
    ("given", "dpi"),
    [((150, 150), 150), ((72, 72), None), ((96, 96), None), ((1, 1), None), ((30_000, 30_000), None), ((0, 0), None)],
)
def test_a_resolution_is_believed_if_a_scanner_may_have_had_it(given: tuple[int, int], dpi: float | None, tmp_path: Path) -> None:
    data = saved(printed_page.page_picture(), "PNG", dpi=given)
    assert only_page(data, tmp_path).dpi == (pytest.approx(dpi, abs=0.1) if dpi else None)


def test_a_file_without_resolution_has_none(tmp_path: Path) -> None:
    assert only_page(saved(printed_page.page_picture(), "PNG"), tmp_path).dpi is None


def test_a_fax_of_204_by_98_dots_is_stretched(tmp_path: Path) -> None:
    squat = printed_page.page_picture().resize((1240, 843)).convert("1")
    scan = only_page(saved(squat, "TIFF", compression="group4", dpi=(204, 98)), tmp_path)
    assert scan.pixels.shape == (round(843 * 204 / 98), 1240)
    assert scan.dpi == 204
    assert scan.picture is not None
    kept = scan.picture.images[0].image
    assert isinstance(kept, EncodedImage)
    assert (kept.width, kept.height) == (1240, 843)


def test_the_tiff_of_a_turned_fax_is_stretched_the_other_way(tmp_path: Path) -> None:
    squat = printed_page.page_picture().resize((1240, 843)).convert("1").transpose(Image.Transpose.ROTATE_90)
    data = saved(squat, "TIFF", compression="group4", dpi=(98, 204), tiffinfo={274: 6})
    assert only_page(data, tmp_path).pixels.shape == (round(843 * 204 / 98), 1240)


@pytest.mark.parametrize(
    "picture", [printed_page.page_picture(), printed_page.page_picture().convert("RGB")], ids=["grey", "colour"]
)
@pytest.mark.parametrize("strip_size", [65_536, 10_000_000], ids=["strips", "one strip"])
def test_the_strips_of_a_jpeg_tiff_become_one_jpeg_with_the_same_code(
    picture: Image.Image, strip_size: int, tmp_path: Path
) -> None:
    data = saved(picture, "TIFF", compression="jpeg", quality=75, dpi=(150, 150), strip_size=strip_size)
    kept = stored(data, tmp_path)
    assert (kept.codec, kept.width, kept.height) == ("DCTDecode", 1240, 1754)
    assert len(kept.data) < len(data)
    with Image.open(io.BytesIO(data)) as tiff:
        start, size = tiff.tag_v2[273][-1], tiff.tag_v2[279][-1]  # type: ignore[attr-defined]
        assert data[start + size - 300 : start + size - 2] in kept.data
        if picture.mode == "L":
            with Image.open(io.BytesIO(kept.data)) as joined:
                assert np.array_equal(np.asarray(joined), np.asarray(tiff))
    assert difference(drawn_by_pdfium(rendition_of(data, tmp_path), width=1240), page()) < 2


@pytest.mark.parametrize("place", [1000, 4000])
def test_a_fax_page_whose_code_is_broken_is_not_taken_for_whole(place: int, tmp_path: Path) -> None:
    """libtiff fills the rest of the page with what it makes of it, and says nothing."""
    spoilt = bytearray(bad_images.tiff_group_4())
    spoilt[place : place + 3] = bytes(value ^ 0x5A for value in spoilt[place : place + 3])
    with pytest.raises(Damaged):
        only_page(bytes(spoilt), tmp_path)
