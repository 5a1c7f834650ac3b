"""The rows of docs/inputs.md that are decided when a file is opened: each ends in a word that a clerk can act on, or in pages."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import Damaged, InputError, NeedsPassword, NoPages, PageTooLarge, SohoaError, TooManyPages
from pipeline.pages import Limits
from tests import bad_images, bad_inputs, printed_page
from tests.pages.opening import LIMITS, difference, only_page, opened

REFUSED: list[tuple[Callable[[], bytes], type[SohoaError]]] = [
    (bad_inputs.pdf_with_password, NeedsPassword),
    (bad_inputs.pdf_without_pages, NoPages),
    (bad_inputs.pdf_of_3000_pages, TooManyPages),
    (bad_inputs.pdf_with_huge_media_box, PageTooLarge),
    (bad_inputs.pdf_with_zero_media_box, Damaged),
    (bad_images.png_of_1600_megapixels, PageTooLarge),
    (bad_images.truncated_jpeg, Damaged),
]

SOUND = [
    bad_inputs.one_page_pdf,
    bad_inputs.pdf_with_owner_password,
    bad_inputs.pdf_with_negative_media_box,
    bad_inputs.pdf_with_javascript,
    bad_inputs.pdf_with_attachment,
    bad_inputs.pdf_in_strips,
]


@pytest.mark.parametrize(("make", "error"), REFUSED, ids=lambda value: getattr(value, "__name__", None))
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(
    make: Callable[[], bytes], error: type[SohoaError], tmp_path: Path
) -> None:
    with pytest.raises(error), opened(make(), tmp_path):
        pass


@pytest.mark.parametrize("make", SOUND)
def test_these_show_the_page_that_they_hold(make: Callable[[], bytes], tmp_path: Path) -> None:
    scan = only_page(make(), tmp_path)
    assert difference(scan.pixels, np.asarray(printed_page.page_picture())) < 2


def test_attachments_are_named(tmp_path: Path) -> None:
    with opened(bad_inputs.pdf_with_attachment(), tmp_path) as source:
        assert [(finding.code, finding.detail) for finding in source.findings] == [("ATTACHMENTS", "1")]


@pytest.mark.parametrize("make", [bad_inputs.truncated_pdf, bad_inputs.truncated_pdf_saved_by_qpdf])
@pytest.mark.parametrize("tenths", range(1, 10))
def test_no_page_of_a_truncated_pdf_is_lost_in_silence(make: Callable[[int], bytes], tenths: int, tmp_path: Path) -> None:
    with opened(bad_inputs.scanned_pdf(3), tmp_path) as whole:
        expected = [whole.load(number).pixels for number in (1, 2, 3)]
    with suppress(Damaged), opened(make(tenths), tmp_path) as source:
        assert source.page_count == 3
        assert [finding.code for finding in source.findings] == ["FILE_REPAIRED"]
        for number in (1, 2, 3):
            with suppress(Damaged):
                assert np.array_equal(source.load(number).pixels, expected[number - 1])


def test_some_of_a_truncated_pdf_can_still_be_read(tmp_path: Path) -> None:
    with opened(bad_inputs.truncated_pdf(9), tmp_path) as source:
        assert source.load(1).height == source.load(2).height
        with pytest.raises(Damaged):
            source.load(3)


def test_a_bad_frame_leaves_the_others_alone(tmp_path: Path) -> None:
    with opened(bad_images.tiff_whose_second_frame_is_cut(), tmp_path) as source:
        assert source.load(1).height == 1754
        with pytest.raises(Damaged):
            source.load(2)
        assert source.load(3).height == 1754


def test_a_tiff_of_too_many_frames_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooManyPages), opened(bad_images.tiff_of_three_frames(), tmp_path, Limits(2, 50)):
        pass


def test_a_large_sheet_is_drawn_coarser_rather_than_refused(tmp_path: Path) -> None:
    tight = Limits(max_pages=10, max_page_megapixels=2)
    scan = only_page(bad_inputs.born_digital_pdf(), tmp_path, tight)
    assert 1_900_000 < scan.width * scan.height <= 2_000_000
    assert scan.dpi == pytest.approx(144, abs=1)
    with pytest.raises(PageTooLarge):
        only_page(bad_inputs.born_digital_pdf(), tmp_path, Limits(10, 0))


@pytest.mark.parametrize("code", ["PAGE_SKIPPED", "PAGE_FAILED"])
def test_a_page_that_failed_keeps_its_picture_for_the_rendition(code: str, tmp_path: Path) -> None:
    with opened(bad_inputs.scanned_pdf(2), tmp_path) as source:
        scan, notice = source.load(2), source.notice(2, code)
    assert (notice.width, notice.height, notice.dpi) == (scan.width, scan.height, scan.dpi)
    assert notice.picture == scan.picture
    assert notice.pixels.min() == 255


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (bad_inputs.born_digital_pdf, "PAGE_FAILED"),
        (bad_inputs.one_page_pdf, "PAGE_TOO_LARGE"),
        (bad_images.tiff_group_4, "DAMAGED"),
    ],
)
def test_a_page_without_a_picture_is_a_white_sheet_that_says_so(make: Callable[[], bytes], code: str, tmp_path: Path) -> None:
    with opened(make(), tmp_path) as source:
        notice = source.notice(1, code)
    assert notice.picture is None
    assert 0 < (notice.pixels < 128).mean() < 0.05


def _damaged(data: bytes, seed: int) -> bytes:
    """A few bytes of the file changed, as a bad disk does."""
    random = np.random.default_rng(seed)
    spoilt = bytearray(data)
    for place in random.integers(0, len(spoilt), 12):
        spoilt[place] = int(random.integers(256))
    return bytes(spoilt)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(
    "make", [bad_inputs.one_page_pdf, bad_inputs.pdf_with_watermark, bad_images.tiff_of_three_frames, bad_images.png_with_palette,
             bad_images.jpeg_2000, bad_images.tiff_group_4]
)  # fmt: skip
def test_whatever_is_in_a_file_only_our_own_errors_come_out(make: Callable[[], bytes], seed: int, tmp_path: Path) -> None:
    with suppress(InputError), opened(_damaged(make(), seed), tmp_path) as source:
        for number in range(1, source.page_count + 1):
            source.notice(number, "PAGE_FAILED")
            scan = source.load(number)
            assert scan.pixels.dtype == np.uint8
            assert scan.width * scan.height <= LIMITS.max_page_pixels
