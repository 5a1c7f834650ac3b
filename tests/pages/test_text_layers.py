"""Which text of a PDF is used, and which is read again from the page."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
import pytest

from pipeline.model import RegionKind
from pipeline.pages import PageScan
from pipeline.pages.text_layer import missed_share
from tests import bad_inputs, printed_page
from tests.pages.opening import difference, only_page, seen_by_pdfium


def own_text(scan: PageScan) -> list[str]:
    assert scan.own_text is not None
    return [line.text for line in scan.own_text]


def test_a_born_digital_page_is_not_read_again(tmp_path: Path) -> None:
    scan = only_page(bad_inputs.born_digital_pdf(), tmp_path)
    assert sorted(own_text(scan)) == sorted(printed_page.TEXT)
    assert (scan.findings, scan.dpi) == ((), 300)


def test_it_is_drawn_as_other_programs_draw_it(tmp_path: Path) -> None:
    data = bad_inputs.born_digital_pdf()
    assert difference(only_page(data, tmp_path).pixels, seen_by_pdfium(data)) < 1.5


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_every_word_stands_on_its_ink(turn: int, tmp_path: Path) -> None:
    scan = only_page(turned(turn, seen_upright=True), tmp_path)
    assert scan.own_text is not None
    assert scan.width < scan.height
    ink = scan.pixels < 128
    for word in (word for line in scan.own_text for word in line.words):
        box = word.box
        assert 0.03 < ink[box.top : box.bottom, box.left : box.right].mean() < 0.5, word.text
    assert missed_share(scan.own_text, scan.pixels) == 0


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_text_that_does_not_stand_upright_is_read_so_that_the_page_is_turned(turn: int, tmp_path: Path) -> None:
    assert only_page(turned(turn, seen_upright=False), tmp_path).own_text is None


def turned(turn: int, *, seen_upright: bool) -> bytes:
    """A born-digital page with /Rotate; its content lies so that it is seen upright, or sideways."""
    with pikepdf.open(io.BytesIO(bad_inputs.born_digital_pdf())) as pdf:
        page = pdf.pages[0]
        width, height = (float(value) for value in page.MediaBox[2:])
        against = {
            0: (1, 0, 0, 1, 0, 0), 90: (0, 1, -1, 0, height, 0), 180: (-1, 0, 0, -1, width, height), 270: (0, -1, 1, 0, 0, width),
        }[turn]  # fmt: skip
        if seen_upright:
            page.Contents = pdf.make_stream(b"%f %f %f %f %f %f cm " % against + page.Contents.read_bytes())
            page.obj.MediaBox = pikepdf.Array([0, 0, height, width] if turn in (90, 270) else [0, 0, width, height])
        page.obj.Rotate = turn
        file = io.BytesIO()
        pdf.save(file)
    return file.getvalue()


@pytest.mark.parametrize("data", [bad_inputs.born_digital_pdf_with_garbage_text(), bad_inputs.born_digital_pdf_in_old_encoding()])
def test_a_garbage_layer_is_read_again_and_that_is_said(data: bytes, tmp_path: Path) -> None:
    scan = only_page(data, tmp_path)
    assert scan.own_text is None
    assert [(finding.code, finding.page_no) for finding in scan.findings] == [("TEXT_LAYER_IGNORED", 1)]


def test_an_old_ocr_layer_under_a_scan_is_passed_over_in_silence(tmp_path: Path) -> None:
    scan = only_page(bad_inputs.scan_with_garbage_text_layer(), tmp_path)
    assert (scan.own_text, scan.findings) == (None, ())


@pytest.mark.parametrize(
    "data", [bad_inputs.born_digital_pdf_with_unnamed_letters(), bad_inputs.born_digital_pdf_with_unnamed_font()]
)
def test_a_layer_with_a_bad_font_is_not_believed_though_most_of_it_is_good(data: bytes, tmp_path: Path) -> None:
    scan = only_page(data, tmp_path)
    assert scan.own_text is None
    assert [finding.code for finding in scan.findings] == ["TEXT_LAYER_IGNORED"]


def test_a_signature_box_is_not_text_of_a_born_digital_page(tmp_path: Path) -> None:
    data = bad_inputs.with_signature_box(bad_inputs.born_digital_pdf())
    scan = only_page(data, tmp_path)
    assert not any("Ky boi" in line for line in own_text(scan))
    assert [region.kind for region in scan.regions] == [RegionKind.DIGITAL_SIGNATURE]
    assert scan.picture is not None
    assert len(scan.picture.overlays) == 1
    without = only_page(bad_inputs.born_digital_pdf(), tmp_path)
    assert np.array_equal(scan.pixels, without.pixels)


def test_a_number_stamped_as_a_signature_widget_is_text_of_the_page(tmp_path: Path) -> None:
    data = bad_inputs.with_stamped_number(bad_inputs.born_digital_pdf())
    assert "128" in own_text(only_page(data, tmp_path))


def test_a_page_with_few_words_is_read(tmp_path: Path) -> None:
    assert only_page(bad_inputs.born_digital_pdf(printed_page.TEXT[:1]), tmp_path).own_text is None


def test_hyphens_that_a_program_called_soft_stay(tmp_path: Path) -> None:
    lines = own_text(only_page(bad_inputs.born_digital_pdf(), tmp_path))
    assert "Độc lập - Tự do - Hạnh phúc" in lines
    assert "Số: 27/KH-UBND" in lines
